"""The rules of the search vocabulary, each with the fault that it names."""

from __future__ import annotations

import pytest

from builder.vocabulary import Vocabulary, faults

Groups = tuple[tuple[str, ...], ...]
Spellings = tuple[tuple[str, str], ...]


@pytest.mark.parametrize(
    ("synonyms", "spellings", "expected"),
    [
        ((("proprio", "propriétaire"), ("bloc", "immeuble")), (("pu", "plus"),), []),
        (
            (("bloc", "immeuble"), ("édifice", "blocs")),
            (),
            [("vocabulaire-deux-groupes", ("synonyms", 1, 1))],
        ),
        (
            (),
            (("pu", "plus"), ("PU", "pas")),
            [("vocabulaire-deux-groupes", ("spellings", 1, "written"))],
        ),
        (
            (("loyer", "loyers", "mensualité"),),
            (),
            [("vocabulaire-superflu", ("synonyms", 0, 1))],
        ),
        (
            (("refus", "refuser"),),
            (),
            [
                ("vocabulaire-superflu", ("synonyms", 0, 1)),
                ("vocabulaire-superflu", ("synonyms", 0)),
            ],
        ),
        ((("seul",),), (), [("vocabulaire-superflu", ("synonyms", 0))]),
        ((), (("epuise", "épuisée"),), [("vocabulaire-superflu", ("spellings", 0, "written"))]),
        (
            (("de la", "proprio", "propriétaire"),),
            (),
            [("vocabulaire-inutilisable", ("synonyms", 0, 0))],
        ),
        (
            (("capoter", "ne plus savoir du tout où se mettre"),),
            (),
            [("vocabulaire-inutilisable", ("synonyms", 0, 1))],
        ),
        ((), (("j'ai", "avoir"),), [("vocabulaire-inutilisable", ("spellings", 0, "written"))]),
        (
            (),
            (("tx", "txt"), ("txt", "texto"), ("pis", "puis")),
            [("vocabulaire-cycle", ("spellings", 0, "meant"))],
        ),
        (
            (),
            (("pis", "pus"), ("pus", "pis")),
            [
                ("vocabulaire-cycle", ("spellings", 0, "meant")),
                ("vocabulaire-cycle", ("spellings", 1, "meant")),
            ],
        ),
    ],
)
def test_rules(synonyms: Groups, spellings: Spellings, expected: list[tuple[str, object]]) -> None:
    found = faults(Vocabulary(synonyms, spellings))
    assert [(fault.rule, fault.path) for fault in found] == expected
