"""The whole block library in every view: accessible, valid, and nothing lost on small screens.

Pages with one of each block, nested ones too, as a draft shows them; and the sheet of the style
guide, which shows every component with its sample.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from . import tools
from .block_library import make_pages
from .browsing import (
    DESKTOP,
    MIRROR,
    PHONE,
    ZOOMED,
    axe_violations,
    missing_pictures,
    sideways_scroll,
    sign_in,
    watched_page,
)
from .serving import Portal

pytestmark = pytest.mark.e2e
EDITOR = "portal-editor"
PAGES = ("body", "sections", "long")
SHEET = "/admin/style-guide/sheet/"
# What the visitor's browser has stored before the page comes; the mirrored view is a language's.
STORED = {
    "normal": "",
    "elder": "view:elder&size:larger",
    "high": "contrast:high",
    "dark": "contrast:dark",
    "mirrored": "",
}
SWITCHES = {
    "normal": "",
    "elder": "?view=elder",
    "high": "?view=high",
    "dark": "?view=dark",
    "mirrored": "?direction=rtl",
}
# Words of one section that another one lies upon.
COVERED = """() => [...document.querySelectorAll("main .section :is(h2, h3, h4, p, summary, li)")]
    .filter(element => element.checkVisibility() && element.textContent.trim())
    .filter(element => {
        element.scrollIntoView({block: "center", behavior: "instant"});
        const box = element.getBoundingClientRect();
        const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        const own = element.closest(".section"), other = hit?.closest(".section");
        return other && !other.contains(own) && !own.contains(other);
    })
    .map(element => element.outerHTML.slice(0, 120))"""
UNFOLD = "() => { for (const part of document.querySelectorAll('main details')) part.open = true; }"


@pytest.fixture(scope="module")
def pages(portal: Portal) -> dict[str, int]:
    return make_pages(portal)


@pytest.fixture(scope="module")
def signed_in(portal: Portal, browser: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    """One editor's browser for each view, with the sign-in of the first one."""
    made: dict[str, BrowserContext] = {}
    first = browser.new_context(viewport=DESKTOP, locale="zh-CN")
    page, _watch = watched_page(first)
    sign_in(page, portal, EDITOR)
    state = first.storage_state()
    first.close()

    def context_for(view: str) -> BrowserContext:
        if view not in made:
            made[view] = browser.new_context(viewport=DESKTOP, locale="zh-CN", storage_state=state)
            made[view].add_init_script(path=tools.axe_source())
            if STORED[view]:
                stored = f'localStorage.setItem("portal:preferences", "{STORED[view]}")'
                made[view].add_init_script(stored)
            if view == "mirrored":
                made[view].add_init_script(MIRROR)
        return made[view]

    yield context_for
    for context in made.values():
        context.close()


def _inspect(page: Page) -> list[str]:
    """What is wrong with a page as it is, and with everything in it unfolded on small screens."""
    found = [f"no picture: {address}" for address in missing_pictures(page)]
    found += [f"axe: {line}" for line in axe_violations(page)]
    page.evaluate(UNFOLD)
    for size in (PHONE, ZOOMED):
        page.set_viewport_size(size)
        found += [f"{size['width']}, sideways: {line}" for line in sideways_scroll(page)]
        found += [f"{size['width']}, axe: {line}" for line in axe_violations(page)]
    return found


@pytest.mark.parametrize("view", STORED)
@pytest.mark.parametrize("name", PAGES)
def test_library(
    portal: Portal,
    pages: dict[str, int],
    signed_in: Callable[[str], BrowserContext],
    name: str,
    view: str,
) -> None:
    page, watch = watched_page(signed_in(view))
    page.goto(portal.at(f"/admin/pages/{pages[name]}/view_draft/"))
    root = page.locator("html")
    assert {key: root.get_attribute(f"data-{key}") for key in ("view", "contrast")} == {
        "view": "elder" if view == "elder" else None,
        "contrast": view if view in ("high", "dark") else None,
    }
    assert _inspect(page) + watch.problems == []
    page.close()


def test_no_section_lies_upon_another(
    portal: Portal, pages: dict[str, int], signed_in: Callable[[str], BrowserContext]
) -> None:
    page, _watch = watched_page(signed_in("normal"))
    page.goto(portal.at(f"/admin/pages/{pages['sections']}/view_draft/"))
    page.evaluate(UNFOLD)
    assert page.evaluate(COVERED) == []
    page.close()


@pytest.mark.parametrize("view", SWITCHES)
def test_style_guide(portal: Portal, signed_in: Callable[[str], BrowserContext], view: str) -> None:
    page, watch = watched_page(signed_in("mirrored" if view == "mirrored" else "normal"))
    page.goto(portal.at(SHEET + SWITCHES[view]))
    assert _inspect(page) + watch.problems == []
    page.close()


def test_html_is_valid(
    portal: Portal,
    pages: dict[str, int],
    signed_in: Callable[[str], BrowserContext],
    tmp_path: Path,
) -> None:
    addresses = {name: f"/admin/pages/{pages[name]}/view_draft/" for name in PAGES}
    addresses |= {f"sheet-{view}": SHEET + switches for view, switches in SWITCHES.items()}
    files = []
    for name, address in addresses.items():
        response = signed_in("normal").request.get(portal.at(address))
        assert response.ok, address
        file = tmp_path / f"{name}.html"
        file.write_bytes(response.body())
        files.append(file)
    assert tools.check_html(files) == ""
