"""A hostile guide does nothing: not in the browser, on paper, in a table, a deck or a feed.

The oracle: the same guide in harmless words has the same pages. Every element, attribute, class and
address of a hostile page must be one of the harmless page's, no more and no fewer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from builder.guide import build
from tests import hostile

#: Attributes whose value is where something leads or how it looks; of the others, only the name.
SKELETON = """(sources) => sources.map((html) => {
  const telling = new Set(["href", "src", "srcset", "action", "formaction", "style", "class", "id",
    "rel", "type", "target", "http-equiv", "srcdoc", "data", "name", "for", "poster", "xlink:href"]);
  const document = new DOMParser().parseFromString(html, "text/html");
  return [...document.querySelectorAll("*")].map((element) => [
    element.namespaceURI.split("/").at(-1), element.localName,
    ...[...element.attributes].map(({name, value}) => telling.has(name) ? `${name}=${value}` : name),
  ].join(" "));
})"""


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give the sites of a hostile guide and of the same one in harmless words."""
    built = []
    for name, fill in (("hostile", hostile.Attack()), ("harmless", hostile.Calm())):
        root = hostile.write(tmp_path_factory.mktemp(name), fill)
        done = build(root, lambda stage: None)
        assert done.written, "\n".join(map(str, done.checked.problems))
        built.append(root / "site")
    return built[0], built[1]


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def test_no_page_has_an_element_that_its_template_did_not_write(
    attacked: tuple[Path, Path], blank: Page
) -> None:
    site, harmless = attacked
    names = sorted(path.relative_to(harmless) for path in harmless.rglob("*.html"))
    assert names == sorted(path.relative_to(site) for path in site.rglob("*.html"))
    found, expected = (
        blank.evaluate(SKELETON, [(root / name).read_text("utf-8") for name in names])
        for root in (site, harmless)
    )
    strange = {
        str(name): (more, fewer)
        for name, one, other in zip(names, found, expected, strict=True)
        if (more := Counter(one) - Counter(other)) or (fewer := Counter(other) - Counter(one))
    }
    assert not strange
