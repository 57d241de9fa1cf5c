"""Every type of public page in every view that a visitor can choose, and mirrored."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from . import tools
from .addresses import EXPECTED_STATUS, PUBLIC_PAGES
from .browsing import (
    DESKTOP,
    PHONE,
    ZOOMED,
    axe_violations,
    sideways_scroll,
    small_targets,
    watched_page,
)
from .serving import Portal

pytestmark = pytest.mark.e2e
OpenView = Callable[[str], BrowserContext]

# What the visitor's browser has stored, and what the page's root element then says.
VIEWS = {
    "elder": ("view:elder", "data-view", "elder"),
    "high contrast": ("contrast:high", "data-contrast", "high"),
    "white on black": ("contrast:dark", "data-contrast", "dark"),
    "elder, larger, high contrast": ("view:elder&size:larger&contrast:high", "data-view", "elder"),
}
# A language that is written from right to left is not part of the demo city: its pages are mirrored.
MIRROR = "new MutationObserver(() => { if (document.documentElement.dir !== 'rtl')"
MIRROR += " document.documentElement.dir = 'rtl'; }).observe(document, {childList: true,"
MIRROR += " subtree: true});"


@pytest.fixture(scope="module")
def open_view(browser: Browser) -> Iterator[OpenView]:
    contexts: dict[str, BrowserContext] = {}

    def open_it(view: str) -> BrowserContext:
        if view not in contexts:
            context = browser.new_context(viewport=DESKTOP, locale="zh-CN")
            context.add_init_script(path=tools.axe_source())
            if view == "right to left":
                context.add_init_script(MIRROR)
            else:
                stored = VIEWS[view][0]
                context.add_init_script(f"localStorage.setItem('portal:preferences', '{stored}')")
            contexts[view] = context
        return contexts[view]

    yield open_it
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("kind", PUBLIC_PAGES)
@pytest.mark.parametrize("view", [*VIEWS, "right to left"])
def test_view(portal: Portal, open_view: OpenView, view: str, kind: str) -> None:
    status = EXPECTED_STATUS.get(kind, 200)
    page, watch = watched_page(open_view(view), expected_status=status)
    page.goto(portal.at(PUBLIC_PAGES[kind]))
    if view == "right to left":
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    else:
        _stored, attribute, value = VIEWS[view]
        assert page.locator("html").get_attribute(attribute) == value
    found = [f"axe: {line}" for line in axe_violations(page)]
    for name, size in (("phone", PHONE), ("400 %", ZOOMED)):
        page.set_viewport_size(size)
        found += [f"{name}, sideways: {line}" for line in sideways_scroll(page)]
        found += [f"{name}, small target: {line}" for line in small_targets(page)]
    assert found + watch.problems == []
    page.close()
