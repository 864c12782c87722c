"""One target under atheris: `python -m fuzz.campaign TARGET FOLDER [options of libFuzzer]`.

Coverage is that of `builder`. An input is damaged by our grammar or by libFuzzer, in turns.
"""

from __future__ import annotations

import sys
from random import Random

import atheris

with atheris.instrument_imports(include=["builder"]):
    from fuzz.targets import TARGETS, Target

from fuzz.grammar import damaged
from fuzz.guard import SECONDS, bounded

#: Instrumented code takes as many times what it takes without.
SLOWER = 4


def main() -> None:
    """Fuzz until libFuzzer's options say to stop, or something is found."""
    target = TARGETS[sys.argv[1]]
    target.prepare()

    def attack(data: bytes) -> None:
        with bounded(SECONDS * SLOWER):
            target.run(data)

    def mutate(data: bytes, largest: int, seed: int) -> bytes:
        return _mutated(target, data, largest, Random(seed))

    options = [sys.argv[0], *sys.argv[2:], f"-max_len={target.largest}"]
    atheris.Setup(options, attack, custom_mutator=mutate)
    atheris.Fuzz()


def _mutated(target: Target, data: bytes, largest: int, chance: Random) -> bytes:
    way = chance.randrange(10)
    if way < 2:
        data = target.make(chance)
    if way < 6:
        return damaged(chance, data)[:largest]
    mutated: bytes = atheris.Mutate(data[:largest], largest)
    return mutated


if __name__ == "__main__":
    main()
