"""The `guide` command."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import click

from builder.model import CONTENT, FOLDERS, LABELS, PRACTICE, SEARCHABLE, Kind
from builder.problems import as_github, as_json, as_table, as_text, count, has_errors
from builder.stamps import named
from builder.terminal import FINE, PROBLEMS, WRONG_USAGE, Group, Place

#: What `guide new` makes: what stories need. The rest comes from the sources.
NEW_KINDS = [kind.value for kind in PRACTICE]
#: Problems that a build tells; beyond, « guide check » has them all.
TOLD: Final = 20

if TYPE_CHECKING:
    from builder.library import Library
    from builder.preview import Step
    from builder.problems import Problem
    from builder.search import Hit, Query

F = TypeVar("F", bound=Callable[..., Any])


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
    type=click.Choice(["text", "json", "github", "table"]),
    default="text",
    metavar="FORME",
    help="text (une ligne par problème), json, github (annotations) ou table (Markdown).",
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
    elif form == "table":
        click.echo(as_table(problems))
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


class _Outcome(NamedTuple):
    """How a build ended.

    `faults` are the problems that kept it from making a site, `late` the handouts left to print.
    """

    code: int
    faults: str = ""
    late: int = 0


def _build(root: Path, quiet: bool) -> int:
    return _built(root, quiet).code


def _built(root: Path, quiet: bool, *, hurried: bool = False, again: bool = False) -> _Outcome:
    """Build alone in this folder, and tell what came of it; `again` leaves out what was told."""
    from builder.engine import SiteError
    from builder.lock import alone
    from builder.press import PrintError
    from builder.refusals import told
    from builder.scratch import scratch
    from builder.stamps import UnsteadyError

    shown = sys.stderr.isatty() and not quiet
    clear = "\r\033[K" if shown else ""
    try:
        with _writing(root):  # clears what a killed command left
            pass
        with alone(root, "build", _tell), scratch(root):
            return _make(root, quiet, shown, hurried=hurried, again=again)
    except (SiteError, PrintError, UnsteadyError, OSError) as error:
        said = told(error) if isinstance(error, OSError) else str(error)
        click.echo(f"{clear}{said}\n{_kept(root)}", err=True)
        return _Outcome(PROBLEMS, said)
    except KeyboardInterrupt:
        click.echo(f"{clear}{_kept(root)}", err=True)
        raise click.Abort from None


def _kept(root: Path) -> str:
    exists = (root / "site").is_dir()
    return "Le dernier site reste en place." if exists else "Aucun site n'a été fait."


def _make(root: Path, quiet: bool, shown: bool, *, hurried: bool, again: bool) -> _Outcome:
    from builder.guide import build as build_guide

    start = time.monotonic()
    built = build_guide(root, _show if shown else lambda stage: None, hurried=hurried)
    if shown:
        click.echo("\r\033[K", nl=False, err=True)
    problems = built.checked.problems
    if problems and not again:
        click.echo(_first(problems), err=True)
    if built.written is None:
        click.echo(f"\n{count(problems)} : rien n'a été construit.", err=True)
        return _Outcome(PROBLEMS, _first(problems))
    if built.changed:
        click.echo(
            f"{named(built.changed)} : changement pendant la construction. Le site dit ce qui "
            "était écrit avant; relancez « guide build ».",
            err=True,
        )
    if not quiet:
        click.echo(
            f"{_contents(built.checked.library)}\n"
            f"{built.written.pages} pages, dont {built.written.renewed} à refaire, "
            f"en {time.monotonic() - start:.1f} s. Ouvrir : {root / 'site' / 'index.html'}"
        )
    return _Outcome(FINE, late=built.late)


def _first(problems: Sequence[Problem]) -> str:
    """List the first problems, the errors before the warnings, and count the others."""
    ordered = sorted(problems, key=lambda problem: problem.severity != "error")
    more = len(problems) - TOLD
    rest = f"\n… et {more} de plus : « guide check » les dit tous." if more > 0 else ""
    return as_text(ordered[:TOLD]) + rest


def _tell(said: str) -> None:
    click.echo(said, err=True)


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    """Write entries alone in this folder, once what a killed command was writing is cleared."""
    from builder import durable
    from builder.lock import alone

    with alone(root, "writing", _tell):
        durable.sweep(root / name for name in {*FOLDERS.values(), *CONTENT, "schemas"})
        yield


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
    type=click.Choice([kind.value for kind in SEARCHABLE]),
    metavar="SORTE",
    help="Ne montrer que : theme, narrative, ingredient, theory, situation, challenge, program "
    "ou chapter.",
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
    from builder.stamps import UnsteadyError

    try:
        index = open_search(_root())
    except NotSearchableError:
        click.echo("Le contenu a des erreurs : lancez d'abord « guide check ».", err=True)
        return PROBLEMS
    except UnsteadyError as error:
        click.echo(error, err=True)
        return PROBLEMS
    # As bytes: a text would also end a line at a form feed or at U+2028, for one query two answers.
    told = (line.rstrip(b"\r\n").decode(errors="replace") for line in sys.stdin.buffer)
    lines = told if query == "-" else [query]
    if unknown:
        for word in sorted({word for line in lines for word in read_query(index, line).unknown}):
            click.echo(word)
        return FINE
    filters = {"kind": kind} if kind else {}
    for line in lines:
        hits = find(index, line, filters, limit)
        if as_data:
            click.echo(_as_data(hits, indent=None if query == "-" else 2))
        else:
            click.echo("\n".join([_as_list(hits), *_misread(read_query(index, line))]))
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


def _misread(query: Query) -> Iterator[str]:
    """Say which words of a query were not read as they stand."""
    if query.unknown:
        yield f"\nMots que le guide ne connaît pas : {', '.join(query.unknown)}."
    if query.guessed:
        words = ", ".join(query.guessed)
        yield f"\nMots que le guide ne connaît pas, lus comme des mots voisins : {words}."


def _highlighted(hit: Hit) -> str:
    parts, end = [], 0
    for start, stop in hit.marks:
        parts += [hit.why[end:start], click.style(hit.why[start:stop], underline=True)]
        end = stop
    return "".join(parts) + hit.why[end:]


class _Clock(click.ParamType[int]):
    """A time of day, « 13:30 » or « 13h30 »; gives minutes after midnight."""

    name = "heure"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"(\d{1,2})\s*[:h]\s*(\d{2})?", str(value).strip())
        if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
            self.fail(f"« {value} » n'est pas une heure", param, ctx)
        return int(found[1]) * 60 + int(found[2] or 0)


def _ids(flag: str, what: str) -> Callable[[F], F]:
    """Make an option that names entries of a kind, any number of times."""
    return click.option(flag, f"{flag[2:]}s", multiple=True, metavar="ID", help=what)


@main.command(short_help="Imprimer les feuilles d'un atelier sur mesure.")
@_ids("--theme", "Tous les récits d'un thème. Répétable.")
@_ids("--narrative", "Un récit. Répétable.")
@_ids("--ingredient", "Un ingrédient, plutôt que tous ceux des récits. Répétable.")
@click.option(
    "--duration", type=click.IntRange(60, 210), metavar="MIN", help="Durée, de 60 à 210 minutes."
)
@click.option(
    "--start", type=_Clock(), default="9:00", metavar="HEURE", help="Heure du début (9:00)."
)
@click.option(
    "--persons", type=click.IntRange(2, 60), default=8, metavar="N", help="Personnes (8)."
)
@click.option(
    "--paper",
    type=click.Choice(["letter", "a4"]),
    default="letter",
    metavar="P",
    help="letter, a4.",
)
@click.option("--large", is_flag=True, help="En gros caractères (16 points et plus).")
@click.option(
    "--output",
    type=Place(file_okay=False),
    default=Path("feuilles"),
    metavar="DOSSIER",
    help="Où écrire les PDF (feuilles/).",
)
def handout(
    themes: tuple[str, ...],
    narratives: tuple[str, ...],
    ingredients: tuple[str, ...],
    duration: int | None,
    start: int,
    persons: int,
    paper: str,
    large: bool,
    output: Path,
) -> int:
    """Imprimer en PDF ce qu'il faut pour un atelier : récits, guide d'animation, cartes, trousse.

    L'horaire s'ajuste à la durée; les étapes abandonnées sont nommées.
    """
    from builder import durable, press, site
    from builder.agenda import agenda
    from builder.guide import examine
    from builder.handouts import Format, dropped, workshop_handouts
    from builder.lock import alone
    from builder.reading import WORK
    from builder.workshops import Choice, UnknownChoiceError, chosen_workshop

    root = _root()
    choice = Choice(themes, narratives, ingredients)
    if not any(choice):
        click.echo("Dites quoi imprimer : --theme, --narrative ou --ingredient.", err=True)
        return WRONG_USAGE
    library, problems = examine(root)
    if has_errors(problems):
        click.echo("Le contenu a des erreurs : lancez d'abord « guide check ».", err=True)
        return PROBLEMS
    minutes = duration or (library.method.minutes if library.method else 0)
    form = Format("", "", {"letter": "us-letter", "a4": "a4"}[paper], large=large, main=True)
    try:
        workshop = chosen_workshop(library, choice, minutes, start, persons)
        address = site.address(root / "mkdocs.yml")
        cache = root / WORK / "handouts"
        with alone(root, "build", _tell):  # a build clears from the cache what it does not use
            printed = press.press(workshop_handouts(library, workshop, address, {"": form}), cache)
            durable.sweep({(output / one.path).parent for one in printed})
            for path, content in press.sheets(printed, cache):
                (output / path).parent.mkdir(parents=True, exist_ok=True)
                durable.write(output / path, content, flush=False)
    except UnknownChoiceError as error:
        click.echo(error, err=True)
        return WRONG_USAGE
    except press.PrintError as error:
        click.echo(error, err=True)
        return PROBLEMS
    for one in printed:
        click.echo(f"{output / one.path}  ({one.pages} page{'s' if one.pages > 1 else ''})")
    if library.method and workshop.narratives:
        left_out = dropped(agenda(library.method.steps, minutes, start))
        if left_out:
            click.echo(left_out)
    return FINE


@main.command(short_help="Inscrire au registre les fiches nouvelles.")
def publish() -> int:
    """Inscrire dans context/published.yaml les identifiants qui vont être publiés."""
    from builder import durable
    from builder.guide import examine
    from builder.ledger import completed, unlisted

    root = _root()
    with _writing(root):
        library, problems = examine(root)
        if has_errors(problems):
            click.echo("Des fichiers ont des erreurs : lancez d'abord « guide check ».", err=True)
            return PROBLEMS
        new = list(unlisted(library))
        if new:
            (root / "context").mkdir(exist_ok=True)
            durable.write(root / "context/published.yaml", completed(library).encode())
    click.echo("\n".join(f"{LABELS[kind]} : {id_}" for kind, id_ in new) or "Rien de nouveau.")
    return FINE


@main.command(short_help="Retirer une fiche du guide.")
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]), metavar="SORTE")
@click.argument("id_", metavar="ID")
@click.option(
    "--reason", required=True, metavar="TEXTE", help="Ce que les lecteurs en sauront; public."
)
def withdraw(kind: str, id_: str, reason: str) -> int:
    """Retirer une fiche : son fichier s'efface, son adresse dit qu'elle est retirée et pourquoi.

    SORTE est theme, narrative, ingredient, theory, situation, reference… ; ID, le nom du fichier.
    Dit ensuite ce qui, ailleurs, mène encore à elle. SECURITY.md donne la suite.
    """
    from builder.guide import examine
    from builder.reading import LEDGER
    from builder.refusals import told
    from builder.withdrawal import RefusedError, withdrawal
    from builder.withdrawal import withdraw as take_out

    root = _root()
    try:
        with _writing(root):
            done = withdrawal(root, examine(root).library, Kind(kind), id_, reason)
            take_out(root, done)
    except RefusedError as error:
        click.echo(f"{error}\nRien n'a été retiré.", err=True)
        return WRONG_USAGE
    except OSError as error:
        click.echo(f"{told(error)}\nRien n'a été retiré.", err=True)
        return PROBLEMS
    click.echo(f"{done.file} : retiré. {LEDGER} : la raison y est.")
    for place in done.left:
        click.echo(f"{place} : cette ligne nomme encore la fiche.")
    problems = examine(root).problems
    if problems:
        click.echo(f"\n{as_text(problems)}\n\n{count(problems)}")
    return PROBLEMS if has_errors(problems) else FINE


class _Serving:
    """What `guide serve` builds: what is read first, then the sheets; `late` are left to print."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.late = 0

    def rebuild(self) -> Iterator[Step]:
        """Build, then print what waits."""
        from builder.preview import SHEETS_BEHIND, Step

        first = _built(self._root, quiet=False, hurried=True)
        self.late = first.late
        yield Step(first.faults)
        if self.late:
            click.echo(f"{_sheets(self.late)} à imprimer…")
            last = _built(self._root, quiet=True, again=True)
            self.late = last.late if last.code == FINE else self.late
            if not self.late:
                click.echo("Feuilles à jour.")
            yield Step(last.faults, SHEETS_BEHIND)


def _sheets(count: int) -> str:
    return "1 feuille" if count == 1 else f"{count} feuilles"


@main.command(short_help="Servir le site et le reconstruire à chaque changement.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    metavar="N",
    help="Port à écouter.",
)
def serve(port: int) -> int:
    """Servir le guide sur cette machine; chaque changement le reconstruit et recharge la page."""
    from builder.preview import preview
    from builder.refusals import said

    root = _root()
    serving = _Serving(root)
    try:
        served = preview(root, port, serving.rebuild)
    except OSError as error:
        click.echo(f"Le port {port} ne peut pas servir : {said(error)}.", err=True)
        return PROBLEMS
    if serving.late:
        sheets = _sheets(serving.late)
        click.echo(f"{sheets} d'avant le dernier changement dans site/ : lancez « guide build ».")
    return FINE if served else PROBLEMS


@main.command(short_help="Décrire les fiches aux éditeurs de texte.")
def schema() -> int:
    """Récrire schemas/ : ce qu'un éditeur de texte complète et souligne dans chaque fichier."""
    from builder import durable
    from builder.guide import examine
    from builder.schemas import schema_files, titles

    root = _root()
    library, problems = examine(root)
    if has_errors(problems):
        click.echo("Des fichiers ont des erreurs : lancez d'abord « guide check ».", err=True)
        return PROBLEMS
    with _writing(root):
        for path, text in schema_files(titles(library)):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            durable.write(root / path, text.encode())
    return FINE


@main.command("format", short_help="Écrire les fiches d'une seule façon.")
@click.argument("names", nargs=-1, metavar="[FICHIER]...")
@click.option("--check", "only_check", is_flag=True, help="Ne rien écrire; nommer les fichiers.")
def format_files(names: tuple[str, ...], only_check: bool) -> int:
    """Récrire des fichiers YAML dans l'ordre et la forme du guide, sans en changer le sens.

    Sans FICHIER, tous. Les commentaires restent; un fichier qui a des erreurs n'est pas touché.
    """
    from builder.formatting import LossyError, reformat

    root = _root()
    try:
        with nullcontext() if only_check else _writing(root):
            done = reformat(root, _content_names(root, names), write=not only_check)
    except LossyError as error:
        click.echo(f"{error} : le récrire changerait ce qu'il dit. Il reste tel quel.", err=True)
        return PROBLEMS
    if done.changed:
        click.echo("\n".join(done.changed))
    if done.problems:
        click.echo(as_text(done.problems), err=True)
        click.echo(f"\n{count(done.problems)} : ces fichiers ne sont pas touchés.", err=True)
    return PROBLEMS if done.problems or (only_check and done.changed) else FINE


def _content_names(root: Path, names: Sequence[str]) -> tuple[str, ...]:
    """Name from the root the content files that were asked for; all of them if none was."""
    from builder.reading import files

    known = {file.relative_to(root).as_posix() for file in files(root)}
    asked = [Path(os.path.relpath(Path(name).absolute(), root)).as_posix() for name in names]
    for name, given in zip(asked, names, strict=True):
        if name not in known:
            click.echo(f"« {given} » n'est pas une fiche du guide.", err=True)
            raise click.exceptions.Exit(WRONG_USAGE)
    return tuple(asked) or tuple(sorted(known))


@main.command(short_help="Commencer une fiche.")
@click.argument("kind", type=click.Choice(NEW_KINDS), metavar="SORTE")
@click.option("--title", metavar="TEXTE", help="Le titre ou le nom de la fiche.")
@click.option("--id", "id_", metavar="ID", help="Le nom du fichier; tiré du titre sinon.")
@click.option("--theme", metavar="ID", help="Le thème d'un récit.")
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="CHAMP=VALEUR",
    help="Un autre choix, par exemple origin.kind=field.",
)
def new(
    kind: str, title: str | None, id_: str | None, theme: str | None, given: tuple[str, ...]
) -> int:
    """Écrire une fiche à remplir : narrative, ingredient, theme, theory ou situation.

    Sans option, pose quelques questions. Chaque champ a son aide en commentaire, et « guide check »
    dit ce qui reste à écrire.
    """
    from builder.drafts import RefusedError, save
    from builder.guide import examine
    from builder.interview import IncompleteError, ask, take
    from builder.reading import slug
    from builder.skeleton import questions, skeleton, title_field

    root, of = _root(), Kind(kind)
    given = (*given, *([f"theme={theme}"] if theme else []))
    try:
        asked = list(questions(of, examine(root).library))
        if title or given or not sys.stdin.isatty():
            answers = take(given, asked)
        else:
            title, answers = ask("Titre", asked)
        if not title:
            raise IncompleteError("Il manque : --title")
        text = skeleton(of, {title_field(of): title, **answers})
        with _writing(root):
            name = save(root, of, id_ or slug(title), text)
    except (IncompleteError, RefusedError) as error:
        click.echo(error, err=True)
        return WRONG_USAGE
    click.echo(f"{name} : remplissez-le, puis lancez « guide check ».")
    return FINE


@main.command("import", short_help="Faire d'un texte reçu le brouillon d'un récit.")
@click.argument("file", type=Place(exists=True, dir_okay=False), metavar="FICHIER")
@click.option("--id", "id_", metavar="ID", help="Le nom du fichier; tiré du titre sinon.")
@click.option("--theme", metavar="ID", help="Le thème du récit, si le texte ne le dit pas.")
def import_file(file: Path, id_: str | None, theme: str | None) -> int:
    """Écrire dans narratives/ le brouillon d'un récit reçu, et dire ce qui reste à faire.

    FICHIER est le .yaml du formulaire, ou une feuille d'écriture remplie (.docx ou .txt).
    """
    from builder.drafts import RefusedError as NotSavedError
    from builder.drafts import save
    from builder.guide import examine
    from builder.importing import RefusedError, draft
    from builder.skeleton import fault, questions

    root = _root()
    if theme:
        for question in questions(Kind.NARRATIVE, examine(root).library):
            if question.name == "theme" and (unknown := fault(question, theme)):
                click.echo(f"{unknown}\nRien n'a été écrit.", err=True)
                return WRONG_USAGE
    try:
        made = draft(file, theme)
        with _writing(root):
            name = save(root, Kind.NARRATIVE, id_ or made.id, made.text)
    except (RefusedError, NotSavedError) as error:
        click.echo(f"{error}\nRien n'a été écrit.", err=True)
        return PROBLEMS
    problems = [problem for problem in examine(root).problems if problem.file == name]
    click.echo("\n".join([name, *(f"  {note}" for note in made.notes)]))
    if problems:
        click.echo(f"\n{as_text(problems)}\n\n{count(problems)}")
    return PROBLEMS if has_errors(problems) else FINE


@main.command(short_help="Donner de quoi relire une fiche.")
@click.argument("file", metavar="FICHIER")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    metavar="FORME",
    help="text, ou markdown (pour la page d'une demande de fusion).",
)
def review(file: str, form: str) -> int:
    """Dire d'une fiche ce qui aide à la relire : problèmes, voisines, ce qu'elle apporte."""
    from builder.reading import read
    from builder.review import FORMATS
    from builder.review import review as sections_of

    root = _root()
    (name,) = _content_names(root, [file])
    click.echo(FORMATS[form](sections_of(read(root), name)))
    return FINE
