"""The `guide` command."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from builder.library import Library
from builder.problems import as_github, as_json, as_text, count, has_errors
from builder.terminal import FINE, PROBLEMS, WRONG_USAGE, Group


@click.group(cls=Group)
def main() -> None:
    """Construire et vérifier le guide « Une fois où… »."""


def _root() -> Path:
    """Give the folder that the command is run in, if it is a guide's."""
    from builder.guide import is_guide

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
def check(form: str) -> int:
    """Vérifier tous les fichiers YAML du dossier courant, et dire où et quoi corriger."""
    from builder.guide import examine

    problems = examine(_root()).problems
    if form == "json":
        click.echo(as_json(problems))
    elif problems:
        click.echo(as_github(problems) if form == "github" else as_text(problems))
        click.echo(f"\n{count(problems)}", err=True)
    return PROBLEMS if has_errors(problems) else FINE


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
