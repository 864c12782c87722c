"""What the search finds, and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from builder import search
from builder.analysis import terms
from builder.search import Index, SearchEntry
from builder.vocabulary import Vocabulary
from tests.search_sample import AWKWARD, ENTRIES, VOCABULARY, answers


@pytest.fixture(scope="module")
def index() -> Index:
    return search.build(ENTRIES, VOCABULARY)


def found(index: Index, query: str, **filters: str) -> list[str]:
    return [hit.id for hit in search.search(index, query, filters)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'appartement d’à côté", ["appart", "cot"]),
        ("Œuvre, œufs et cætera", ["oeuvr", "oeuf", "caet"]),
        ("cafe\u0301", ["caf"]),
        ("tout, pas, plus", ["tout", "pas", "plus"]),
        ("rendez-vous : 8 500 $ à 3h", ["rend", "vous", "500", "3h"]),
        ("première frappée payé loyers", ["premi", "frapp", "pai", "loi"]),
        ("premier frapper payer loyer", ["premi", "frapp", "pai", "loi"]),
        ("l'un de la une est qu'elle", ["ell"]),
        ("", []),
        ("x", []),
        ("مرحبا 😀 <>&", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("il veut tout lâcher son appart", "veut-quitter"),
        ("les voisins chialent pour le bruit", "bruit-la-nuit"),
        ("pas payé le loyer", "loyer-impaye"),
        ("pas paye le loyer", "loyer-impaye"),
        ("oeil au beurre noir", "bruit-la-nuit"),
        ("le landlord appelle", "loyer-impaye"),  # synonym
        ("son chèque d'aide sociale", "loyer-impaye"),  # synonym of two words
        ("y veut pu rien savoir de son appart", "veut-quitter"),  # spelling
        ("vosin", "bruit-la-nuit"),  # a letter forgotten
        ("vosiin", "bruit-la-nuit"),  # two letters exchanged
        ("proprieté", "loyer-impaye"),  # another word with the same beginning
    ],
)
def test_the_situation_is_found(index: Index, query: str, first: str) -> None:
    assert found(index, query, kind="situation")[0] == first


def test_entries_are_found_by_the_situations_that_lead_to_them(index: Index) -> None:
    query = "parle de s'en aller"
    assert found(index, query, kind="theme") == ["etat-mental", "depenses"]
    assert found(index, query, kind="ingredient") == ["ne-pas-paniquer"]
    assert found(index, query, kind="narrative") == ["les-clementines"]


def test_why_is_the_phrase_or_the_summary(index: Index) -> None:
    by_phrase, by_text = (
        search.search(index, query, {"kind": "narrative"})[0]
        for query in ("elle veut remettre ses clés", "des clémentines, un palier")
    )
    assert by_phrase.why == "elle parle de remettre les clés"
    assert by_phrase.situation == "veut-quitter"
    assert [by_phrase.why[start:end] for start, end in by_phrase.marks] == [
        "elle",
        "remettre",
        "clés",
    ]
    assert by_text.why == "Vingt minutes sur le palier, la radio, une circulaire sous la porte."
    assert by_text.situation == ""
    assert [by_text.why[start:end] for start, end in by_text.marks] == ["palier"]


def test_the_answers_are_those_that_were_looked_at() -> None:
    """Terms, weights, order, scores and reasons; `python -m tests.golden` renews them."""
    golden = Path(__file__).parent / "golden/answers.txt"
    index = search.build(ENTRIES, VOCABULARY)
    assert "\n\n".join(answers(index)) + "\n" == golden.read_text("utf-8")
    (hit,) = search.search(index, "son loyer", {"about": "tenant"}, limit=1)
    assert (hit.title, hit.url) == ("Loyer impayé", "situations/loyer-impaye.html")


def test_a_link_speaks_less_as_it_comes_later() -> None:
    """A situation's first theme, the second, the third, the others."""
    situation = SearchEntry("situation", "bruit", "", "", "", phrases=("tapage nocturne",))
    themes = [
        SearchEntry("theme", f"rang-{rank}", "", "", "", ways=(("bruit", rank),))
        for rank in range(5)
    ]
    hits = search.search(search.build([situation, *themes], Vocabulary()), "tapage")
    assert [(hit.id, round(hit.score / hits[0].score, 6)) for hit in hits] == [
        ("bruit", 1.0),
        ("rang-0", 1.0),
        ("rang-1", 0.8),
        ("rang-2", 0.6),
        ("rang-3", 0.5),
        ("rang-4", 0.5),
    ]


def test_the_nearest_phrases_alone_have_a_say() -> None:
    """However many things are said of one situation, the nearest of another is heard."""
    many = [
        SearchEntry("situation", f"s{number:02}", "", "", "", phrases=(f"bruit {'x' * 9}",))
        for number in range(search.NEAREST + 5)
    ]
    hits = search.search(search.build(many, Vocabulary()), "bruit")
    assert len(hits) == search.NEAREST


@pytest.mark.parametrize(
    ("query", "weights"),
    [
        ("police", {"polic": 1.0}),
        ("pilice", {"polic": 0.8}),
        ("oplice", {"polic": 0.8}),
        ("pollice", {"polic": 0.8}),
        ("olice", {"polic": 0.8}),
        ("brui", {"bruit": 0.8, "tapag": 0.8 * 0.3}),
        ("policul", {"polic": 0.5}),  # five letters of seven in common
        ("policula", {}),  # five letters of eight are not two thirds
        ("musiquexxx", {"musiqu": 0.5}),
        ("mus", {"musiqu": 0.5}),  # too short for a misspelling: « musique » begins so
        ("mi", {}),
        ("mue", {}),
        ("x" + "loyer" * 5, {}),
    ],
)
def test_an_unknown_word_is_one_of_the_nearest(
    index: Index, query: str, weights: Mapping[str, float]
) -> None:
    assert search.read_query(index, query).weights == weights


def test_of_the_nearest_words_the_most_frequent_are_tried() -> None:
    said = ("part", "pert", "pert", "pirt", "pirt", "pirt", "port", "port", "port", "port")
    entry = SearchEntry("situation", "a", "", "", "", phrases=said)
    index = search.build([entry], Vocabulary())
    assert search.read_query(index, "purt").weights == {"port": 0.8, "pirt": 0.8, "pert": 0.8}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"about": "neighbours"}, ["bruit-la-nuit"]),
        ({"stage": "inhabit"}, ["depenses"]),
        ({"theory": "humaniste", "kind": "ingredient"}, ["ne-pas-paniquer"]),
        ({"stage": "no-such-stage"}, []),
        ({"no-such-filter": "x"}, []),
    ],
)
def test_filters(index: Index, filters: Mapping[str, str], expected: list[str]) -> None:
    assert found(index, "la police, le bruit, le loyer", **filters) == expected


@pytest.mark.parametrize("query", AWKWARD, ids=lambda query: ascii(query)[:20])
def test_any_text_is_a_query(index: Index, query: str) -> None:
    hits = search.search(index, query)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


def test_filters_without_a_word_give_all_that_fits_them(index: Index) -> None:
    cards = index.catalogue.cards
    for filters in ({"kind": "ingredient"}, {"about": "tenant"}, {"kind": "nothing"}):
        fitting = [card.id for card in cards if search._matches(card, filters)]
        assert found(index, " ", **filters) == fitting
    assert found(index, "") == []


def test_equal_scores_go_by_kind_then_id() -> None:
    twins = [
        SearchEntry(kind=kind, id=id_, title="Clef", url="", summary="")
        for kind in ("theory", "ingredient")
        for id_ in ("b", "a")
    ]
    hits = search.search(search.build(twins, Vocabulary()), "clef")
    assert [(hit.kind, hit.id) for hit in hits] == [
        ("ingredient", "a"),
        ("ingredient", "b"),
        ("theory", "a"),
        ("theory", "b"),
    ]


def test_an_empty_guide_answers_nothing() -> None:
    assert search.search(search.build((), Vocabulary()), "loyer") == []


def test_unknown_words_are_told(index: Index) -> None:
    assert search.read_query(index, "son hypothèque au proprio").unknown == ("hypotheque",)


def test_words_read_as_others_are_told(index: Index) -> None:
    understood = search.read_query(index, "son hypothèque au propriétére")
    assert understood.unknown == ("hypotheque",)
    assert understood.guessed == ("proprietere",)


def test_a_word_that_is_said_counts_more_than_as_the_synonym_of_another(index: Index) -> None:
    """Whichever comes first."""
    for query in ("bruit tapage", "tapage bruit"):
        assert set(search.read_query(index, query).weights.values()) == {1.0}


def test_a_page_of_the_frame_answers_before_a_situation_that_says_the_same() -> None:
    """Of the same phrase, it has but its own voice: no theme, no ingredient leads to it."""
    phrase = ("le zouave a tout cassé",)
    challenge = SearchEntry("challenge", "un-defi", "Un défi", "", "", phrases=phrase)
    situation = SearchEntry("situation", "une-situation", "Une situation", "", "", phrases=phrase)
    hits = search.search(search.build([situation, challenge], Vocabulary()), "zouave")
    assert [hit.kind for hit in hits] == ["challenge", "situation"]
    assert hits[0].score > 1.5 * hits[1].score


def test_a_phrase_that_says_it_all_is_heard_among_many_situations() -> None:
    """Its situation, that speaks of much else, is not among the nearest."""
    many = [
        SearchEntry("situation", f"bruit-{number}", "", "", "", phrases=("du bruit la nuit",))
        for number in range(search.NEAREST)
    ]
    much = ("bruit", *(f"autre chose encore {number}" for number in range(60)))
    alone = SearchEntry("situation", "tout", "", "", "", phrases=much)
    theme = SearchEntry("theme", "voisinage", "", "", "", ways=(("tout", 0),))
    index = search.build([*many, alone, theme], Vocabulary())
    assert "voisinage" in found(index, "bruit")


def test_the_index_is_built_once(tmp_path: Path, index: Index) -> None:
    asked = []
    folder = tmp_path / "work/search"

    def source() -> tuple[tuple[SearchEntry, ...], Vocabulary]:
        asked.append(True)
        return ENTRIES, VOCABULARY

    for fingerprint in ("one", "one", "two"):
        opened = search.cached(folder, fingerprint, source)
        assert search.search(opened, "loyyer bs") == search.search(index, "loyyer bs")
    assert len(asked) == 2
    assert [path.name for path in folder.iterdir()] == ["two"]


@pytest.mark.parametrize("damage", ["empty", "cut", "altered", "gone"])
def test_an_index_that_is_damaged_is_built_again(tmp_path: Path, index: Index, damage: str) -> None:
    def open_index() -> Index:
        return search.cached(tmp_path, "one", lambda: (ENTRIES, VOCABULARY))

    open_index()
    for number in range(len(list((tmp_path / "one").iterdir()))):
        file = sorted((tmp_path / "one").iterdir())[number]
        content = file.read_bytes()
        middle = len(content) // 2
        if damage == "gone":
            file.unlink()
        elif damage == "altered":
            file.write_bytes(content[:middle] + b"\xff\x00" + content[middle + 2 :])
        else:
            file.write_bytes(content[: middle if damage == "cut" else 0])
        assert search.search(open_index(), "loyyer bs") == search.search(index, "loyyer bs")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_an_interrupted_build_is_not_opened(tmp_path: Path) -> None:
    making: list[Path] = []

    def broken() -> Iterator[SearchEntry]:
        yield ENTRIES[0]
        making.extend(tmp_path.iterdir())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search.cached(tmp_path, "one", lambda: (broken(), VOCABULARY))
    assert [path.name for path in making] not in ([], ["one"])  # aside, on the same disk
    assert not list(tmp_path.iterdir())
    opened = search.cached(tmp_path, "one", lambda: (ENTRIES, VOCABULARY))
    assert found(opened, "loyer")[0] == "mettre-le-loyer-a-l-abri"


def test_the_fingerprint_follows_names_bytes_and_the_code(tmp_path: Path) -> None:
    assert search.mark([]) != hashlib.sha256().hexdigest()[:16]
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text("1")
    second.write_text("2")
    before = search.mark([first, second])
    assert search.mark([second, first]) == before
    first.write_text("3")
    assert search.mark([first, second]) != before


def test_a_hit_is_plain_data(index: Index) -> None:
    assert json.loads(json.dumps(search.search(index, "loyer")[0]))[0] in search.KINDS
