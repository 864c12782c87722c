"""What a state of a page must pass, whatever it shows: axe, no sideways scroll, large targets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

#: A browser that keeps nothing, as some do in private windows.
REFUSE_STORAGE = """
for (const area of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, area, { get() { throw new DOMException("", "SecurityError"); } });
}
"""
#: A device that has no room left.
FULL_STORAGE = """
Storage.prototype.setItem = () => { throw new DOMException("", "QuotaExceededError"); };
"""

SMALL_TARGETS = """() => [...document.querySelectorAll(
    "button, select, input, textarea, summary, [role=option]")]
  .filter((it) => it.checkVisibility() && !it.closest(".visually-hidden"))
  .map((it) => [it.outerHTML.slice(0, 80), it.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"""


@contextmanager
def watched(browser: Browser, **options: Any) -> Iterator[Page]:
    """Give a page of its own; any error, message or dialog in it fails the test."""
    options = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce", **options}
    script = options.pop("init_script", None)
    context = browser.new_context(**options)
    if script:
        context.add_init_script(script)
    context.set_default_timeout(10_000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    yield page
    context.close()
    assert not faults


def faults(page: Page, state: str) -> list[str]:
    """List what is wrong with a page as it stands, narrow and wide, light and dark, and large."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = []
    for width, scheme in product((390, 1280), ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        found += _faults(page, f"{state}, {width}, {scheme}")
    page.emulate_media(color_scheme="light")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found += _faults(page, f"{state}, {width}, texte à 200 %")
        page.evaluate("document.documentElement.style.removeProperty('font-size')")
    return found


def _faults(page: Page, state: str) -> Iterator[str]:
    violations = page.evaluate(
        "(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS
    )["violations"]
    for fault in violations:
        yield f"{state}: {fault['id']} {fault['nodes'][0]['html'][:160]}"
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield f"{state}: défile de côté"
    for target in page.evaluate(SMALL_TARGETS):
        yield f"{state}: cible trop petite {target}"
