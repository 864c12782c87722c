"""Measure the search on a synthetic guide: `python -m bench.search [ENTRIES]`.

Prints the time to index, the size of the browser's index, and the time of a query, here and in
Chromium. Words follow Zipf's law over a made-up vocabulary, so nothing compresses better than real
text would. Entries are short ones: four phrases for a situation, a few lines for the others.
"""

from __future__ import annotations

import gzip
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import sync_playwright

from builder import search
from builder.search import SearchEntry
from builder.vocabulary import Vocabulary
from tests.browser import OPTIONS, executable
from tests.search_sample import queries, write_scripts

ENTRIES: Final = 10_000
QUERIES: Final = 200
VOCABULARY: Final = 20_000
SYLLABLES: Final = ("ba", "ca", "dron", "é", "fi", "gro", "jou", "la", "ment", "pla", "ré", "son")
MIX: Final = ("situation",) * 4 + ("ingredient",) * 2 + ("narrative",) * 3 + ("theme",)

TIMED: Final = """(queries) => queries.map((query) => {
    const start = performance.now();
    UneFois.search(query, {}, 20);
    return performance.now() - start;
})"""


def entries(count: int, seed: int = 1) -> Iterator[SearchEntry]:
    """Give `count` entries, always the same."""
    chance = random.Random(seed)
    words = sorted({_word(chance) for _ in range(3 * VOCABULARY)})[::2][:VOCABULARY]
    chance.shuffle(words)
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))

    def text(least: int, most: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(least, most)))

    for number in range(count):
        kind = MIX[number % len(MIX)]
        spoken = kind == "situation"
        yield SearchEntry(
            kind=kind,
            id=f"{kind}-{number}",
            title=text(4, 6),
            url=f"{kind}s/{kind}-{number}.html",
            summary="" if spoken else text(8, 12),
            body="" if spoken else text(30, 50),
            phrases=tuple(text(3, 7) for _ in range(4)) if spoken else (),
            ways=() if spoken else _ways(chance, number // len(MIX)),
            facets={"about": (chance.choice(("tenant", "landlord", "worker")),)},
        )


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.choice((1, 2, 2, 3, 3, 4))))


def _ways(chance: random.Random, rows: int) -> tuple[tuple[str, int], ...]:
    """Three situations among those of the rows already laid and this one."""
    found = {len(MIX) * chance.randint(0, rows) + place for place in range(3)}
    return tuple((f"situation-{number}", rank) for rank, number in enumerate(sorted(found)))


def in_chromium(scripts: Sequence[Path], asked: Sequence[str]) -> list[float]:
    """Milliseconds of each query; a first one, which reads the index, is not counted."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(playwright), args=list(OPTIONS)
        )
        page = browser.new_page()
        for path in scripts:
            page.add_script_tag(path=path)
        page.evaluate(TIMED, ["loyer"])
        times: list[float] = page.evaluate(TIMED, asked)
        browser.close()
        return times


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    listed = list(entries(count))
    start = time.perf_counter()
    index = search.build(listed, Vocabulary())
    print(f"{count} fiches indexées en {time.perf_counter() - start:.1f} s")
    asked = list(queries(index, QUERIES))
    with TemporaryDirectory() as folder:
        scripts = write_scripts(listed, Vocabulary(), Path(folder))
        size = len(gzip.compress(scripts[1].read_bytes(), 9))  # what a first search waits for
        print(f"index du navigateur : {size / 1000:.0f} ko compressé (gzip -9)")
        times = in_chromium(scripts, asked)
    print(f"requête, Chromium : {_summary(times)}")
    start = time.perf_counter()
    for query in asked:
        search.search(index, query, limit=20)
    print(
        f"requête, Python : {1000 * (time.perf_counter() - start) / len(asked):.1f} ms en moyenne"
    )


def _summary(times: Sequence[float]) -> str:
    ninetieth = statistics.quantiles(times, n=10)[-1]
    return f"{statistics.median(times):.1f} ms (médiane), {ninetieth:.1f} ms (9 sur 10)"


if __name__ == "__main__":
    main()
