"""Asks what a new entry needs before it is written, or takes it from the options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from builder.skeleton import Question, fault


class IncompleteError(Exception):
    """The options do not say enough, or say what cannot be; the message is in French."""


def ask(title: str, questions: Iterable[Question]) -> tuple[str, dict[str, str]]:
    """Ask in the terminal; give the title and the answers by field."""
    named = ""
    while not named.strip():
        named = click.prompt(title, default="", show_default=False)
    return named, {question.name: _answer(question) for question in questions}


def _answer(question: Question) -> str:
    click.echo(f"\n{question.title} :")
    for value, label in question.choices.items():
        click.echo(f"  {value} ({label})")
    while True:
        answer: str = click.prompt(question.title, default=question.default)
        refused = fault(question, answer)
        if refused is None:
            return answer
        click.echo(refused)


def take(given: Iterable[str], questions: Iterable[Question]) -> dict[str, str]:
    """Read answers « field=value ». Raises IncompleteError."""
    answers = dict(_pairs(given))
    asked = {question.name: question for question in questions}
    for name in answers:
        if name not in asked:
            offered = ", ".join(asked) or "aucun"
            raise IncompleteError(f"« {name} » ne se choisit pas ici. Champs à choisir : {offered}")
    for name, question in asked.items():
        answer = answers.setdefault(name, question.default or "")
        if not answer:
            raise IncompleteError(f"Il manque : --set {name}=… ({', '.join(question.choices)})")
        refused = fault(question, answer)
        if refused:
            raise IncompleteError(refused)
    return answers


def _pairs(given: Iterable[str]) -> Iterator[tuple[str, str]]:
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise IncompleteError(f"« {text} » : écrivez CHAMP=VALEUR")
        yield name.strip(), value.strip()
