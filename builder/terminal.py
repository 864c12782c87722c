"""The command line's manners: French help, French usage errors, exit codes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from builder.refusals import told

#: Exit codes of the contract: fine, problems found, wrong usage.
FINE: Final = 0
PROBLEMS: Final = 1
WRONG_USAGE: Final = 2


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "Utilisation : ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))


_HEADINGS: Final = {"Commands": "Commandes", "Options": "Options"}


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help is in French."""

    context_class = _Context

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Name in French what may follow the command."""
        return [_usage(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Describe --help in French."""
        return _french_help(super().get_help_option(ctx))


class Group(click.Group):
    """A group of French commands that turns every usage error into one French line."""

    context_class = _Context
    command_class = Command

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Name in French what may follow the group."""
        return [_usage(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Describe --help in French."""
        return _french_help(super().get_help_option(ctx))

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, and end the process with one of the contract's exit codes."""
        extra["standalone_mode"] = False
        try:
            with _interruptible(), _flushed():
                code = super().main(*args, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.ctx.get_help() if error.ctx else "")
            code = WRONG_USAGE
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "guide"
            click.echo(f"{_said(error)}\nVoir : {command} --help", err=True)
            code = WRONG_USAGE
        except (click.Abort, KeyboardInterrupt):
            click.echo("Interrompu.", err=True)
            code = PROBLEMS
        except BrokenPipeError:  # whoever read the answer has read enough
            code = PROBLEMS
        except OSError as error:
            click.echo(told(error), err=True)
            code = PROBLEMS
        sys.exit(code if isinstance(code, int) else FINE)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Have all that asks a command to end do as Ctrl+C does: it clears up, then says so."""
    names = ("SIGTERM", "SIGHUP")
    asked = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {one: signal.signal(one, signal.default_int_handler) for one in asked}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _flushed() -> Iterator[None]:
    """Have all that was said go out while a refusal can still be told."""
    try:
        yield
    finally:
        try:
            sys.stdout.flush()
        except OSError:  # Python flushes again as it ends, and would complain in English
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise


class Place(click.Path):
    """A path; what is wrong with it is said in French."""

    def __init__(self, *, exists: bool = False, file_okay: bool = True, dir_okay: bool = True):
        super().__init__(exists, file_okay, dir_okay, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Give the path. Raises BadParameter when nothing fitting is there."""
        try:
            return Path(os.fsdecode(super().convert(value, param, ctx)))
        except click.BadParameter:
            self.fail(f"« {value} » {self._fault(Path(value))}", param, ctx)

    def _fault(self, place: Path) -> str:
        if not os.path.lexists(place):
            return "n'existe pas"
        if place.is_dir() and not self.dir_okay:
            return "est un dossier, pas un fichier"
        if place.is_file() and not self.file_okay:
            return "est un fichier, pas un dossier"
        return "ne peut pas être lu : voyez ses droits d'accès"


def _usage(piece: str) -> str:
    return piece.replace("COMMAND [ARGS]...", "COMMANDE")


def _french_help(option: click.Option | None) -> click.Option | None:
    if option:
        option.help = "Afficher cette aide."
    return option


def _typed(param: click.Parameter | None) -> str:
    """Name a parameter as it is typed: « --start », « FICHIER »."""
    if param is None:
        return ""
    return param.opts[0] if isinstance(param, click.Option) else param.human_readable_name


def _why(error: click.BadParameter) -> str:
    """Say what was expected, when it can be said in French: click's own types speak English."""
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return f". Au choix : {', '.join(kind.choices)}"
    return "" if type(kind).__module__.startswith("click.") else f" : {error.message}"


def _said(error: click.UsageError) -> str:
    """Say a usage error in French."""
    if isinstance(error, click.NoSuchOption):
        near = f" — vouliez-vous dire {error.possibilities[0]} ?" if error.possibilities else ""
        return f"Option inconnue : {error.option_name}{near}"
    if isinstance(error, click.MissingParameter):
        return f"Il manque : {_typed(error.param)}"
    if isinstance(error, click.BadParameter):
        return f"Valeur inattendue pour {_typed(error.param)}{_why(error)}"
    if error.message.startswith("No such command"):
        return f"Commande inconnue : {error.message.removeprefix('No such command').strip(' .')}"
    return "Cette commande ne se lit pas ainsi"
