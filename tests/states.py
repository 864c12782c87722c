"""What a state of a page must pass, whatever it shows: axe, no sideways scroll, large targets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

#: WCAG 2.2 A and AA, and what axe advises; in the dark, only what colours decide.
RULES: dict[Literal["dark", "light"], dict[str, Any]] = {
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}},
    "light": {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
}

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


def spare(context: BrowserContext) -> None:
    """Make a device spare data: what stays long on a page does not copy the whole guide aside."""
    context.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
    )


@contextmanager
def watched(browser: Browser, *, sparing: bool = True, **options: Any) -> Iterator[Page]:
    """Give a page of its own; any error, message or dialog in it fails the test."""
    options = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce", **options}
    script = options.pop("init_script", None)
    context = browser.new_context(**options)
    if sparing:
        spare(context)
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
    """List what is wrong with a page as it stands, narrow and wide; no larger text breaks it."""
    found: list[str] = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        found += axe_faults(page, f"{state}, {width}")
        found += _size_faults(page, f"{state}, {width}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found += _size_faults(page, f"{state}, {width}, texte à 200 %")
        page.evaluate("document.documentElement.style.removeProperty('font-size')")
    return found


def axe_faults(page: Page, state: str) -> Iterator[str]:
    """Yield what axe finds in a page as it stands, dark and light."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme)
        options = {**rules, "resultTypes": ["violations"]}
        found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
        for fault in found:
            yield f"{state}, {scheme}: {fault['id']} {fault['nodes'][0]['html'][:160]}"


def _size_faults(page: Page, state: str) -> Iterator[str]:
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield f"{state}: défile de côté"
    for target in page.evaluate(SMALL_TARGETS):
        yield f"{state}: cible trop petite {target}"
