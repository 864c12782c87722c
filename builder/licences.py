"""What the site ships that has an author, and under which licence; and what builds it.

A licence that asks for its text to go along has it in the site, at `text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Final, NamedTuple

from builder.pinned import Pinned

ROOT: Final = Path(__file__).parents[1]


class Work(NamedTuple):
    """Something that the site ships. `licence` is an SPDX expression.

    `files` are patterns of paths in the site; `purl` names the work to programs, where it has a
    public place.
    """

    id: str
    name: str
    version: str
    author: str
    licence: str
    text: str
    files: tuple[str, ...]
    home: str
    purl: str
    use: str


CONTENT: Final = Work(
    id="textes",
    name="Textes, feuilles à imprimer et données du guide",
    version="",
    author="Les personnes qui contribuent à « Une fois où… »",
    licence="CC-BY-4.0",
    text="licence.txt",
    files=(
        *("*.html", "*.pdf", "*.png", "data/*", "schemas/*", "nouveautes.xml", "CITATION.cff"),
        *("empreintes.txt", "une-fois-ou.zip"),
        *("assets/entries*", "assets/ingredients.js", "assets/passages.js"),
        *("assets/search-index*", "assets/search-cards*", "assets/workshop-data.js"),
    ),
    home="",
    purl="",
    use="À reprendre et à adapter, en nommant le guide.",
)
CODE: Final = Work(
    id="code",
    name="Programmes, styles et icônes du guide",
    version="",
    author="Les personnes qui contribuent à « Une fois où… »",
    licence="MIT",
    text="licences/une-fois-ou.txt",
    files=(
        *("assets/*.js", "assets/*.css", "assets/*.svg", "sw.js", "manifest.webmanifest"),
        *("_headers", ".htaccess", ".well-known/*"),
    ),
    home="",
    purl="",
    use="La recherche, les ateliers, le formulaire et l’apparence des pages.",
)
_SKELETON: Final = "mkdocs-material"
_FONT_HOME: Final = "https://github.com/adobe-fonts/"
#: What others made and the site ships, in part or whole.
OTHERS: Final = (
    Work(
        id=_SKELETON,
        name=_SKELETON,
        version=version(_SKELETON),
        author="Martin Donath",
        licence="MIT",
        text="licences/mkdocs-material.txt",
        files=("*.html",),
        home="https://squidfunk.github.io/mkdocs-material/",
        purl=f"pkg:pypi/{_SKELETON}@{version(_SKELETON)}",
        use="Le squelette de chaque page, sans ses styles ni ses programmes.",
    ),
    Work(
        id="snowball",
        name="Snowball, racines des mots français",
        version="3.0.1",
        author="Martin Porter, Richard Boulton, Yoshiki Shibukawa, Olly Betts",
        licence="BSD-3-Clause",
        text="licences/snowball.txt",
        files=("assets/snowball-french.js",),
        home="https://snowballstem.org/",
        purl="pkg:github/snowballstem/snowball@v3.0.1",
        use="Dans la recherche, « visitait » et « visiter » trouvent la même chose.",
    ),
    Work(
        id="source-sans-3-web",
        name="Source Sans 3, à l’écran",
        version="3.052",
        author="Adobe",
        licence="OFL-1.1",
        text="assets/fonts/OFL-source-sans-3.txt",
        files=("assets/fonts/*source-sans-3*",),
        home=f"{_FONT_HOME}source-sans",
        purl="pkg:github/adobe-fonts/source-sans@3.052R",
        use="Les caractères des textes et des menus.",
    ),
    Work(
        id="source-serif-4-web",
        name="Source Serif 4, à l’écran",
        version="4.004",
        author="Adobe",
        licence="OFL-1.1",
        text="assets/fonts/OFL-source-serif-4.txt",
        files=("assets/fonts/*source-serif-4*",),
        home=f"{_FONT_HOME}source-serif",
        purl="pkg:github/adobe-fonts/source-serif@4.004R",
        use="Les caractères des titres et des récits.",
    ),
    Work(
        id="source-sans-3-print",
        name="Source Sans 3, sur papier",
        version="3.052",
        author="Adobe",
        licence="OFL-1.1",
        text="licences/source-sans-3.txt",
        files=("*.pdf", "*.png"),
        home=f"{_FONT_HOME}source-sans",
        purl="pkg:github/adobe-fonts/source-sans@3.052R",
        use="Les caractères des titres et des cartes ; chaque PDF porte ceux qu’il emploie.",
    ),
    Work(
        id="source-serif-4-print",
        name="Source Serif 4, sur papier",
        version="4.005",
        author="Adobe",
        licence="OFL-1.1",
        text="licences/source-serif-4.txt",
        files=("*.pdf", "*.png"),
        home=f"{_FONT_HOME}source-serif",
        purl="pkg:github/adobe-fonts/source-serif@4.005R",
        use="Les caractères des textes et des récits imprimés.",
    ),
    Work(
        id="compact-icc-profiles",
        name="Compact ICC Profiles",
        version="",
        author="Clinton Ingram",
        licence="CC0-1.0",
        text="",
        files=("*.pdf",),
        home="https://github.com/saucecontrol/Compact-ICC-Profiles",
        purl="pkg:github/saucecontrol/Compact-ICC-Profiles",
        use="Dans chaque PDF, ce que sont le noir et les gris.",
    ),
)
#: Works in the order that people read them.
WORKS: Final = (CONTENT, CODE, *OTHERS)

#: The licences that people read of, by SPDX identifier.
NAMES: Final = {
    "CC-BY-4.0": "Creative Commons Attribution 4.0 (CC BY 4.0)",
    "CC0-1.0": "Creative Commons Zéro (CC0 1.0), domaine public",
    "MIT": "Licence MIT",
    "BSD-3-Clause": "Licence BSD à trois clauses",
    "OFL-1.1": "SIL Open Font License 1.1",
}

#: What is said of a package whose licence nobody wrote down yet.
UNKNOWN: Final = "Licence à relever"
#: Licences of the Python packages that build the guide, as their authors declare them.
PACKAGES: Final = {
    package: licence
    for licence, packages in {
        "MIT": (
            "annotated-types backrefs charset-normalizer mergedeep mkdocs-get-deps mkdocs-material "
            "mkdocs-material-extensions paginate platformdirs pydantic pydantic-core "
            "pymdown-extensions pyyaml pyyaml-env-tag typing-inspection urllib3"
        ),
        "BSD-3-Clause": (
            "babel cached-property click colorama flit-core idna jinja2 markdown markupsafe "
            "python-dateutil snowballstemmer"
        ),
        "BSD-2-Clause": "mkdocs pygments whoosh-reloaded",
        "Apache-2.0": "ghp-import requests typst tzdata watchdog zxing-cpp",
        "Apache-2.0 AND BSD-3-Clause": "pypdfium2",
        "Apache-2.0 OR BSD-2-Clause": "packaging",
        "MIT-CMU": "pillow",
        "MPL-2.0": "certifi pathspec",
        "PSF-2.0": "defusedxml typing-extensions",
    }.items()
    for package in packages.split()
}


def works_of(path: str) -> list[Work]:
    """List the works in a file of the site. The guide's own code is what nobody else made."""
    found = [
        work
        for work in WORKS
        if work is not CODE and any(fnmatchcase(path, pattern) for pattern in work.files)
    ]
    if not found and any(fnmatchcase(path, pattern) for pattern in CODE.files):
        return [CODE]
    return found


def texts() -> Iterator[tuple[str, str]]:
    """Yield the texts that licences ask for: where in the site, and the text.

    Those of the fonts of the screen are already beside them.
    """
    yield CODE.text, _read("LICENSE")
    material = distribution(_SKELETON).read_text("licenses/LICENSE")
    yield f"licences/{_SKELETON}.txt", material or ""
    snowball = _read("builder/theme/assets/snowball-french.js")
    yield "licences/snowball.txt", snowball.partition("/*\n")[2].partition("*/")[0]
    for font in ("source-sans-3", "source-serif-4"):
        yield f"licences/{font}.txt", _read(f"builder/handouts/fonts/OFL-{font}.txt")


def _read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def by_licence(packages: Iterable[Pinned]) -> dict[str, list[Pinned]]:
    """Group packages by licence, the most common first."""
    groups: dict[str, list[Pinned]] = {}
    for package in packages:
        groups.setdefault(PACKAGES.get(package.name, UNKNOWN), []).append(package)
    return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])))
