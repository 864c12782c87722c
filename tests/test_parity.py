"""The browser's search gives what the command line gives: same order, same scores, same words.

Once in Node where there is one, once in a real Chromium. The words: those of the vocabulary file,
of the sample and of a few hundred roots, each with every ending of French that the stemmer cuts.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest
from playwright.sync_api import Browser

from builder import browser_index, search
from builder.analysis import STOP_WORDS, terms
from builder.findable import findable
from builder.guide import Checked
from builder.search import Hit, Index, SearchEntry
from builder.vocabulary import Vocabulary
from tests.search_sample import AWKWARD, ENTRIES, VOCABULARY, queries, write_scripts

ENDINGS = re.findall(
    r"\w+",
    """
    s e es ée ées é és er ez ent ons ant ante antes ants ait aient ais erai era eras eront erait
    eriez erions iez ions a as âmes ât èrent asse assent ement ements amment emment ation ations
    ateur atrice ateurs atrices ution usion ité ités abilité icité ivité able ables ible isme iste
    istes ique iques if ive ifs ives eux euse euses eusement ier ière iers ières ance ances ence
    ences logie ir is it ît issent issait issement ie ies aux al ale elle ette enne eille oux
    """,
)
ROOTS = re.findall(
    r"\w+",
    """
    aband abrit achet agr amen appel apport arriv atten boit bouch brul calm chang chican clé cogn
    compl consom contact coup couv cri dang débord déménag désorganis dépens dorm échou écout effac
    élev ennuy entend épuis équip espac essay étouff expuls fâch fatigu ferm frapp gél gên habit
    héberg hospital inquiet install invit isol jet jou laiss lav loc loy march médic menac nettoy
    nou œuv ouvr pani pay peur piqu plac pleur préoccup prêt propr qu quitt ram rang recev refus
    relog répar répond respons retard rêv ru sécur sign sobr soul souven suiv surveill tann tapag
    tir trembl trouv vid vieill viol visit voisin vol voyag zon ïa noë haï aiguë coïncid naïv
    """,
)


def word_list() -> Iterator[str]:
    """More than 20,000 words of French make, accents and all."""
    yield from (word for text in AWKWARD for word in text.split())
    for root, ending, before in product(ROOTS, ENDINGS, ("", "re", "dé")):
        yield before + root + ending


class Engine(Protocol):
    """Runs the scripts, then gives the terms of each text and the answer to each query."""

    def __call__(
        self, scripts: Sequence[Path], texts: Sequence[str], queries: Sequence[str]
    ) -> dict[str, list[Any]]: ...


ASK = """({texts, queries}) => JSON.stringify({
    terms: texts.map((text) => UneFois.search.terms(text)),
    answers: queries.map((query) => UneFois.search(query)),
})"""


def in_node(
    scripts: Sequence[Path], texts: Sequence[str], queries: Sequence[str]
) -> dict[str, list[Any]]:
    program = "\n".join(
        [
            "globalThis.window = globalThis;",
            *(
                f"require('vm').runInThisContext({json.dumps(path.read_text())});"
                for path in scripts
            ),
            f"console.log(({ASK})({json.dumps({'texts': texts, 'queries': queries})}));",
        ]
    )
    node = shutil.which("node")
    assert node
    done = subprocess.run([node, "-"], input=program, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def in_chromium(browser: Browser) -> Engine:
    """Give an engine that runs in a page of its own."""

    def run(
        scripts: Sequence[Path], texts: Sequence[str], queries: Sequence[str]
    ) -> dict[str, list[Any]]:
        page = browser.new_page()
        for path in scripts:
            page.add_script_tag(path=path)
        answer = page.evaluate(ASK, {"texts": texts, "queries": queries})
        page.close()
        return json.loads(answer)  # type: ignore[no-any-return]

    return run


@pytest.fixture(params=["node", "chromium"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "chromium":
        return in_chromium(request.getfixturevalue("browser"))
    if not shutil.which("node"):
        pytest.skip("Node n'est pas installé ici")
    return in_node


@pytest.fixture(scope="module")
def sample() -> Index:
    return search.build(ENTRIES, VOCABULARY)


class Content(NamedTuple):
    """What is indexed, once by Whoosh and once for the browser."""

    entries: Sequence[SearchEntry]
    vocabulary: Vocabulary
    built: Index
    #: What Whoosh answers, worked out once for every browser.
    ask: Callable[[str], list[Hit]]


@pytest.fixture(scope="module", params=["sample", "guide"])
def content(request: pytest.FixtureRequest, sample: Index) -> Content:
    if request.param == "sample":
        return Content(ENTRIES, VOCABULARY, sample, cache(partial(search.search, sample)))
    checked: Checked = request.getfixturevalue("checked")
    entries, vocabulary = list(findable(checked.library)), checked.library.vocabulary
    built = search.build(entries, vocabulary)
    return Content(entries, vocabulary, built, cache(partial(search.search, built)))


def test_same_terms(engine: Engine, tmp_path: Path) -> None:
    texts = sorted(set(word_list()))
    assert len(texts) > 20_000
    found = engine(write_scripts(ENTRIES, VOCABULARY, tmp_path), texts, [])["terms"]
    assert found == [terms(text) for text in texts]


@pytest.mark.parametrize("whole", [True, False], ids=["one script", "several"])
def test_same_answers(
    engine: Engine,
    content: Content,
    whole: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries, vocabulary, index, ask = content
    if not whole:
        monkeypatch.setattr(browser_index, "WHOLE", 5)
        monkeypatch.setattr(browser_index, "SHOWN", 7)
    asked = [*AWKWARD, *queries(index, 400)] if whole else [*queries(index, 40)]
    written = write_scripts(entries, vocabulary, tmp_path)
    assert (len(written) > 3) is not whole
    answers = engine(written, [], asked)["answers"]
    for query, answer in zip(asked, answers, strict=True):
        understood = search.read_query(index, query)
        assert answer["unknown"] == list(understood.unknown), query
        assert answer["guessed"] == list(understood.guessed), query
        found = [
            (hit["kind"], hit["id"], hit["url"], hit["why"], hit["situation"], hit["score"])
            for hit in answer["hits"]
        ]
        assert found == [
            (hit.kind, hit.id, hit.url, hit.why, hit.situation, hit.score) for hit in ask(query)
        ], query


@pytest.mark.parametrize("query", ["il veut son loyer", ""])
def test_same_filters(engine: Engine, sample: Index, tmp_path: Path, query: str) -> None:
    scripts = write_scripts(ENTRIES, VOCABULARY, tmp_path)
    shown = tmp_path / "filtered.js"
    shown.write_text(
        "UneFois.plain = UneFois.search;"
        "UneFois.search = (text) => UneFois.plain(text, {about: 'tenant', kind: 'situation'}, 2);"
    )
    (answer,) = engine([*scripts, shown], [], [query])["answers"]
    assert answer["hits"]
    assert [(hit["id"], hit["marks"]) for hit in answer["hits"]] == [
        (hit.id, [list(mark) for mark in hit.marks])
        for hit in search.search(sample, query, {"about": "tenant", "kind": "situation"}, 2)
    ]


def test_same_bytes() -> None:
    again = list(browser_index.scripts(reversed(ENTRIES), VOCABULARY))
    assert again == list(browser_index.scripts(ENTRIES, VOCABULARY))


def test_no_constant_is_written_twice() -> None:
    """The browser's code has no number of the ranking and no stop word."""
    code = (Path(__file__).parent.parent / "builder/theme/assets/search.js").read_text()
    code = re.sub(r"/\*.*?\*/|//.*", "", code, flags=re.DOTALL)
    assert not re.search(r"\d\.\d", code)
    assert not any(f'"{word}"' in code for word in STOP_WORDS)
