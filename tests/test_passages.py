"""Marked words of a story, case by case."""

from __future__ import annotations

import pytest

from builder.passages import letter, malformed, paragraphs, passages, plain, targets

CASES = [
    ("Rien.", [[("Rien.", ())]]),
    ("[mots](a)", [[("mots", ("a",))]]),
    ("Avant [mots](a) après.", [[("Avant ", ()), ("mots", ("a",)), (" après.", ())]]),
    ("[mots](a, b)", [[("mots", ("a", "b"))]]),
    ("[mots]( a ,b )", [[("mots", ("a", "b"))]]),
    ("[un](a)[deux](b)", [[("un", ("a",)), ("deux", ("b",))]]),
    ("[deux\nlignes](a)", [[("deux lignes", ("a",))]]),
    ("une\nligne", [[("une ligne", ())]]),
    ("un\n\ndeux", [[("un", ())], [("deux", ())]]),
    ("un\n   \ndeux", [[("un", ())], [("deux", ())]]),
    ("« [Attends.](a) »", [[("« ", ()), ("Attends.", ("a",)), (" »", ())]]),
    ("[mots]()", [[("mots", ())]]),
    ("", []),
    ("\n\n", []),
    ("Avant.\n\n[ ](a)", [[("Avant.", ())]]),
]


@pytest.mark.parametrize(("story", "expected"), CASES)
def test_a_story_is_cut_into_segments(
    story: str, expected: list[list[tuple[str, tuple[str, ...]]]]
) -> None:
    found = [[(it.words, it.ingredients) for it in paragraph] for paragraph in paragraphs(story)]
    assert found == expected


def test_passages_are_numbered_through_the_story() -> None:
    found = list(passages(paragraphs("[un](a) puis\n\n[deux](b) et [trois](a, c).")))
    assert [(it.number, it.words) for it in found] == [(1, "un"), (2, "deux"), (3, "trois")]


def test_offsets_lead_back_to_the_text() -> None:
    story = "Un.\n\nAvant [mots](premier, second) entre [deux](tiers) après."
    assert all(story.startswith(it.id, it.offset) for it in targets(story))
    segments = [it for paragraph in paragraphs(story) for it in paragraph]
    assert [it.words for it in segments] == ["Un.", "Avant ", "mots", " entre ", "deux", " après."]
    assert all(story.startswith(it.words, it.offset) for it in segments)


def test_a_story_without_its_marks() -> None:
    assert plain("Un [mot](a), un autre.") == "Un mot, un autre."


@pytest.mark.parametrize(
    ("story", "offsets"),
    [
        ("[bien](a)", []),
        ("[ouvert", [0]),
        ("ouvert](a)", [6]),
        ("[trop](a)]", [9]),
        ("[vide]()", [0]),
        ("[bien](a), puis [un\n\nautre](b)", [16]),
        ("[un [dans](a) l'autre](b)", [0, 21]),
    ],
)
def test_stray_brackets_are_found(story: str, offsets: list[int]) -> None:
    assert list(malformed(story)) == offsets


@pytest.mark.parametrize(
    ("index", "expected"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (702, "AAA")]
)
def test_ingredients_are_lettered_as_in_the_study(index: int, expected: str) -> None:
    assert letter(index) == expected
