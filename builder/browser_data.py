"""Writes what the pages' scripts read: names of ingredients, passages to train with, entries kept.

A page opened from a USB key may not fetch, so each is a classic script that adds to `UneFois`. A
page loads only what it shows: the entries have a script each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from builder.addresses import PAGE_FOLDERS, url
from builder.library import Library
from builder.model import LABELS, Citation, Ingredient, Kind, Narrative, Theme, kind_of
from builder.passages import Paragraph
from builder.typography import french


class Script(NamedTuple):
    """A script to write in the site, at `path` from its root."""

    path: str
    write: Callable[[Library], str]


def browser_data(library: Library) -> Iterator[Script]:
    """Yield every script; the same bytes for the same entries."""
    yield Script("assets/ingredients.js", partial(_script, "ingredients", _names))
    yield Script("assets/passages.js", partial(_script, "training", _training))
    yield Script("assets/entries.js", partial(_script, "titles", _titles))
    for id_ in library.narratives:
        yield Script(f"assets/entries/recits/{id_}.js", partial(_narrative_script, id_))
    for id_ in library.ingredients:
        yield Script(f"assets/entries/ingredients/{id_}.js", partial(_ingredient_script, id_))


def _script(name: str, content: Callable[[Library], str], library: Library) -> str:
    return f"window.UneFois = window.UneFois || {{}};\nUneFois.{name} = {content(library)};\n"


def _narrative_script(id_: str, library: Library) -> str:
    return _entry_script(f"recits/{id_}", _narrative(library, library.narratives[id_]))


def _ingredient_script(id_: str, library: Library) -> str:
    return _entry_script(f"ingredients/{id_}", _ingredient(library, library.ingredients[id_]))


def _entry_script(key: str, content: Mapping[str, Any]) -> str:
    start = "window.UneFois = window.UneFois || {};\nUneFois.entries = UneFois.entries || {};\n"
    return f'{start}UneFois.entries["{key}"] = {_js(content)};\n'


def _js(content: Any) -> str:
    """Write plain data as JavaScript, its texts in French typography."""
    return json.dumps(_set(content), ensure_ascii=False, separators=(",", ":"))


class _Ready(str):
    """Words of a story: the library has set them, in their whole sentence."""

    __slots__ = ()


def _set(content: Any) -> Any:
    if isinstance(content, _Ready):
        return content
    if isinstance(content, str):
        return french(content)
    if isinstance(content, Mapping):
        return {key: _set(value) for key, value in content.items()}
    return [_set(value) for value in content] if isinstance(content, (list, tuple)) else content


def _names(library: Library) -> str:
    """Id, short name, full name and meaning of each ingredient, to search while typing."""
    return _js([[it.id, it.short, it.name, it.summary] for it in library.ingredients.values()])


def _titles(library: Library) -> str:
    """Titles of what can be kept, by id, and the ids that former names have become."""
    titles = {
        PAGE_FOLDERS[Kind.NARRATIVE]: {it.id: it.title for it in library.narratives.values()},
        PAGE_FOLDERS[Kind.INGREDIENT]: {it.id: it.short for it in library.ingredients.values()},
    }
    former: dict[str, dict[str, str]] = {folder: {} for folder in titles}
    for entry in (*library.narratives.values(), *library.ingredients.values()):
        former[PAGE_FOLDERS[kind_of(entry)]] |= dict.fromkeys(entry.former_names, entry.id)
    return _js({"titles": titles, "former": former})


def _training(library: Library) -> str:
    """Marked passages in their context, and what is needed to tell their ingredients apart.

    A passage: id of its story, its number there, words before, the words, words after, ids. Of many
    stories, some from one end of the guide to the other: nobody trains on all of them.
    """
    stories = list(library.narratives.values())
    stories = stories[:: -(-len(stories) // STORIES) or 1]
    return _js(
        {
            "themes": {it.id: _theme_name(it) for it in library.themes.values()},
            "theories": {it.id: it.name for it in library.theories.values()},
            "ingredients": {
                it.id: {
                    "short": it.short,
                    "summary": it.summary,
                    "status": [it.status, LABELS[it.status]],
                    "theories": [link.theory for link in it.theories],
                    "contrasts": it.contrasts,
                }
                for it in library.ingredients.values()
            },
            "narratives": {
                it.id: {
                    "title": it.title,
                    "theme": it.theme,
                    "origin": [it.origin.kind, LABELS[it.origin.kind]],
                    "readings": it.readings,
                }
                for it in stories
            },
            "passages": [
                [narrative.id, *passage]
                for narrative in stories
                for passage in _passages(library.paragraphs[narrative.id])
            ],
        }
    )


#: How many stories there are to train with, at most.
STORIES: Final = 200
#: How many sentences of context stand on each side of a passage.
CONTEXT: Final = 2
_SENTENCE: Final = re.compile(r"(?<=[.!?…])(?:[\u00a0\u202f]»)?[ \n]+(?=[«\w])")


def _passages(story: Sequence[Paragraph]) -> Iterator[tuple[int, str, str, str, Sequence[str]]]:
    """Yield number, words before, words, words after and ingredients of each passage."""
    texts = ["".join(segment.words for segment in paragraph) for paragraph in story]
    for place, paragraph in enumerate(story):
        start = 0
        for segment in paragraph:
            end = start + len(segment.words)
            if segment.number:
                before = "\n".join([*texts[:place][-1:], texts[place][:start]])
                after = "\n".join([texts[place][end:], *texts[place + 1 : place + 2]])
                yield (
                    segment.number,
                    _Ready(_last_sentences(before)),
                    _Ready(segment.words),
                    _Ready(_first_sentences(after)),
                    segment.ingredients,
                )
            start = end


def _last_sentences(text: str) -> str:
    """Keep the end of a text: the sentence under way, if any, and those just before."""
    starts = [0, *(found.end() for found in _SENTENCE.finditer(text))]
    return text[starts[-CONTEXT:][0] :]


def _first_sentences(text: str) -> str:
    """Keep the beginning of a text: the end of the sentence under way, and the next one."""
    ends = [*(found.end() for found in _SENTENCE.finditer(text)), len(text)]
    return text[: ends[min(CONTEXT, len(ends)) - 1]].rstrip()


def _theme_name(theme: Theme) -> str:
    return f"Thème {theme.number} – {theme.short}"


def _narrative(library: Library, narrative: Narrative) -> dict[str, Any]:
    """Give what is printed of a story; each run of words with the letters of its ingredients."""
    ingredients = library.ingredients_by_narrative[narrative.id]
    place = {ingredient.id: number for number, ingredient in enumerate(ingredients)}
    return {
        "url": url(narrative),
        "title": narrative.title,
        "theme": _theme_name(library.themes[narrative.theme]),
        "teller": narrative.teller,
        "origin": [narrative.origin.kind, LABELS[narrative.origin.kind]],
        "sources": _cited(library, narrative.origin.sources),
        "summary": narrative.summary,
        "story": [
            [
                [_Ready(segment.words), [place[id_] for id_ in segment.ingredients]]
                for segment in paragraph
            ]
            for paragraph in library.paragraphs[narrative.id]
        ],
        "ingredients": [
            {
                "name": ingredient.name,
                "status": [ingredient.status, LABELS[ingredient.status]],
                "reading": narrative.readings[ingredient.id],
            }
            for ingredient in ingredients
        ],
        "questions": narrative.questions,
    }


def _ingredient(library: Library, ingredient: Ingredient) -> dict[str, Any]:
    """Give what is printed of an ingredient, whole or as a card."""
    return {
        "url": url(ingredient),
        "title": ingredient.short,
        "name": ingredient.name,
        "status": [ingredient.status, LABELS[ingredient.status]],
        "sources": _cited(library, ingredient.sources),
        "summary": ingredient.summary,
        "description": re.split(r"\n\s*\n", ingredient.description.strip()),
        "practice": ingredient.practice,
        "pitfalls": ingredient.pitfalls,
        "questions": ingredient.questions,
        "theories": [
            {
                "name": library.theories[link.theory].name,
                "why": link.why,
                "status": [link.status, LABELS[link.status]],
                "sources": _cited(library, link.sources),
            }
            for link in ingredient.theories
        ],
        "narratives": [
            narrative.title for narrative in library.narratives_by_ingredient.get(ingredient.id, ())
        ],
    }


def _cited(library: Library, citations: Sequence[Citation]) -> str:
    """Name the sources: « Boivin et Dozois, 2022 (thème 4) »."""
    return ", ".join(
        library.references[it.ref].short + (f" ({it.detail})" if it.detail else "")
        for it in citations
    )
