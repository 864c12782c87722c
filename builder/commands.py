"""The `guide` command."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.model import FINDABLE, LABELS, Kind
from builder.problems import as_github, as_json, as_text, count, has_errors
from builder.terminal import FINE, PROBLEMS, WRONG_USAGE, Group

if TYPE_CHECKING:
    from builder.library import Library
    from builder.search import Hit


@click.group(cls=Group)
def main() -> None:
    """Construire et vérifier le guide « Une fois où… »."""


def _root() -> Path:
    """Give the folder that the command is run in, if it is a guide's."""
    from builder.reading import is_guide

    root = Path.cwd()
    if not is_guide(root):
        click.echo(
            "Aucun contenu ici (themes/, narratives/, ingredients/…) : "
            "lancez la commande à la racine du guide.",
            err=True,
        )
        raise click.exceptions.Exit(WRONG_USAGE)
    return root


@main.command(short_help="Vérifier tous les fichiers YAML.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    metavar="FORME",
    help="text (une ligne par problème), json ou github (annotations).",
)
@click.option("--report", is_flag=True, help="Montrer aussi l'équilibre de la collection.")
def check(form: str, report: bool) -> int:
    """Vérifier tous les fichiers YAML du dossier courant, et dire où et quoi corriger."""
    from builder.guide import examine

    library, problems = examine(_root())
    if report:
        from builder.balance import report as balance_report

        click.echo("\n".join(balance_report(library)))
    if form == "json":
        click.echo(as_json(problems))
    elif problems:
        click.echo(as_github(problems) if form == "github" else as_text(problems))
        click.echo(f"\n{count(problems)}", err=True)
    return PROBLEMS if has_errors(problems) else FINE


@main.command(short_help="Vérifier l'orthographe, avec hunspell.")
@click.option(
    "--report", "reported", is_flag=True, help="Donner plutôt de quoi guider une relecture."
)
def prose(reported: bool) -> int:
    """Dire quels mots ni hunspell ni context/dictionary.txt ne connaissent, et où.

    Avec --report : les mots communs à deux récits, les phrases longues et les mots rares.
    """
    from builder.prose import HunspellError, dictionary, misspellings, report
    from builder.reading import read

    root = _root()
    reading = read(root)
    if has_errors(reading.problems):
        click.echo("Des fichiers ont des erreurs : lancez d'abord « guide check ».", err=True)
        return PROBLEMS
    if reported:
        click.echo("\n".join(report(reading)))
        return FINE
    try:
        unknown = misspellings(reading, dictionary(root))
    except HunspellError as error:
        click.echo(error, err=True)
        return WRONG_USAGE
    if unknown:
        click.echo(f"{as_text(unknown)}\n\n{count(unknown)}")
    return PROBLEMS if unknown else FINE


@main.command(short_help="Construire le site.")
@click.option("--quiet", is_flag=True, help="Ne rien afficher si tout va bien.")
def build(quiet: bool) -> int:
    """Construire le guide dans site/. En cas d'erreur, le dernier site reste en place."""
    return _build(_root(), quiet)


def _build(root: Path, quiet: bool) -> int:
    from builder.guide import build as build_guide
    from builder.site import SiteError

    start = time.monotonic()
    shown = sys.stderr.isatty() and not quiet
    try:
        built = build_guide(root, _show if shown else lambda stage: None)
    except (SiteError, OSError) as error:
        click.echo(f"{error}\nLe dernier site reste en place.", err=True)
        return PROBLEMS
    finally:
        if shown:
            click.echo("\r\033[K", nl=False, err=True)
    problems = built.checked.problems
    if problems:
        click.echo(as_text(problems), err=True)
    if built.written is None:
        click.echo(f"\n{count(problems)} : rien n'a été construit.", err=True)
        return PROBLEMS
    if not quiet:
        click.echo(
            f"{_contents(built.checked.library)}\n"
            f"{built.written.pages} pages, dont {built.written.changed} à refaire, "
            f"en {time.monotonic() - start:.1f} s. Ouvrir : {root / 'site' / 'index.html'}"
        )
    return FINE


def _contents(library: Library) -> str:
    """Count what the guide holds: « 35 récits, 50 ingrédients… »."""
    counts = (
        (library.narratives, "récit"),
        (library.ingredients, "ingrédient"),
        (library.themes, "thème"),
        (library.theories, "théorie"),
        (library.situations, "situation"),
    )
    return ", ".join(f"{len(of)} {noun}{'s' if len(of) > 1 else ''}" for of, noun in counts)


def _show(stage: str) -> None:
    click.echo(f"\r\033[K{stage}…", nl=False, err=True)


@main.command(short_help="Trouver ce qui aide dans une situation.")
@click.argument("query", metavar="SITUATION")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in FINDABLE]),
    metavar="SORTE",
    help="Ne montrer que : theme, narrative, ingredient, theory ou situation.",
)
@click.option("--limit", type=click.IntRange(min=1), default=10, metavar="N", help="Au plus N.")
@click.option("--json", "as_data", is_flag=True, help="Donner du JSON.")
@click.option(
    "--unknown", is_flag=True, help="Donner les mots que le guide ne connaît pas, un par ligne."
)
def search(query: str, kind: str | None, limit: int, as_data: bool, unknown: bool) -> int:
    """Dire ce qui se passe, en mots de tous les jours, et trouver ce qui aide.

    SITUATION est un texte, ou « - » pour lire une situation par ligne à l'entrée.
    """
    from builder.finding import NotSearchableError, open_search
    from builder.search import read_query
    from builder.search import search as find

    try:
        index = open_search(_root())
    except NotSearchableError:
        click.echo("Le contenu a des erreurs : lancez d'abord « guide check ».", err=True)
        return PROBLEMS
    lines = (
        sys.stdin.buffer.read().decode(errors="replace").splitlines() if query == "-" else [query]
    )
    if unknown:
        known_to_none = {word for line in lines for word in read_query(index, line).unknown}
        click.echo("\n".join(sorted(known_to_none)))
        return FINE
    filters = {"kind": kind} if kind else {}
    for line in lines:
        hits = find(index, line, filters, limit)
        click.echo(
            _as_data(hits, indent=None if query == "-" else 2) if as_data else _as_list(hits)
        )
    return FINE


def _as_data(hits: Sequence[Hit], indent: int | None) -> str:
    """Give hits as the contract's JSON list."""
    fields = ("kind", "id", "title", "url", "score", "why")
    rows = [{name: getattr(hit, name) for name in fields} for hit in hits]
    return json.dumps(rows, ensure_ascii=False, indent=indent)


def _as_list(hits: Sequence[Hit]) -> str:
    """Give hits as a short list to read, the words that matched underlined."""
    if not hits:
        return "Rien trouvé. Essayez avec d'autres mots, plus simples."
    return "\n\n".join(
        f"{click.style(hit.title, bold=True)} ({LABELS[Kind(hit.kind)]})\n"
        f"  {_highlighted(hit)}\n  site/{hit.url}"
        for hit in hits
    )


def _highlighted(hit: Hit) -> str:
    parts, end = [], 0
    for start, stop in hit.marks:
        parts += [hit.why[end:start], click.style(hit.why[start:stop], underline=True)]
        end = stop
    return "".join(parts) + hit.why[end:]


@main.command(short_help="Servir le site et le reconstruire à chaque changement.")
@click.option("--port", default=8000, show_default=True, metavar="N", help="Port à écouter.")
def serve(port: int) -> int:
    """Servir le guide sur cette machine ; chaque changement le reconstruit et recharge la page."""
    from builder.preview import preview

    root = _root()
    if _build(root, quiet=False) != FINE and not (root / "site").is_dir():
        return PROBLEMS
    try:
        preview(root, port, lambda: _build(root, quiet=False))
    except OSError as error:
        click.echo(f"Le port {port} ne peut pas servir ({error.strerror}).", err=True)
        return PROBLEMS
    return FINE
