"""Every type of public page: quiet, accessible, and usable on a small screen or by keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from . import tools
from .addresses import EXPECTED_STATUS, FOREIGN_PAGES, OWN_HOST, PUBLIC_PAGES
from .browsing import (
    DESKTOP,
    PHONE,
    ZOOMED,
    axe_violations,
    missing_pictures,
    sideways_scroll,
    small_targets,
    watched_page,
)
from .serving import Portal

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def axe_context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESKTOP, locale="zh-CN")
    context.add_init_script(path=tools.axe_source())
    yield context
    context.close()


def _inspect(page: Page) -> list[str]:
    """What is wrong with a page at the widths that matter."""
    found = [f"no picture: {address}" for address in missing_pictures(page)]
    found += [f"axe: {line}" for line in axe_violations(page)]
    for name, size in (("phone", PHONE), ("400 %", ZOOMED)):
        page.set_viewport_size(size)
        found += [f"{name}, sideways: {line}" for line in sideways_scroll(page)]
        found += [f"{name}, small target: {line}" for line in small_targets(page)]
    page.set_viewport_size(PHONE)
    # At the end of the page the assistant's button has a line of its own and lies upon nothing.
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    found += [f"axe, phone: {line}" for line in axe_violations(page)]
    return found


PAGES = PUBLIC_PAGES | FOREIGN_PAGES


@pytest.mark.parametrize("kind", PAGES)
def test_page_type(portal: Portal, axe_context: BrowserContext, kind: str) -> None:
    status = EXPECTED_STATUS.get(kind, 200)
    page, watch = watched_page(axe_context, expected_status=status)
    response = page.goto(portal.at(PAGES[kind]))
    assert response is not None
    assert response.status == status
    assert _inspect(page) + watch.problems == []
    page.close()


def test_sub_site_with_a_host_name(portal: Portal, axe_context: BrowserContext) -> None:
    page, watch = watched_page(axe_context)
    page.goto(portal.host(OWN_HOST))
    expect(page.get_by_role("heading", level=1)).to_contain_text("云湖高新")
    assert _inspect(page) + watch.problems == []
    page.close()


def test_keyboard(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context())
    page.goto(portal.url)

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    page.set_viewport_size(PHONE)
    menu = page.locator("summary.menu__button")
    entry = page.locator(".menu__panel a").first
    menu.focus()
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    page.keyboard.press("Tab")
    expect(entry).to_be_focused()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(menu).to_be_focused()
    assert watch.problems == []


def test_focus_is_visible_on_every_stop(portal: Portal, new_context: NewContext) -> None:
    page, _watch = watched_page(new_context())
    page.goto(portal.at(PUBLIC_PAGES["article with picture and file"]))
    unseen: list[str] = []
    for _stop in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const element = document.activeElement;
                if (!element || element === document.body) return null;
                const style = getComputedStyle(element);
                const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                return {ring, html: element.outerHTML.slice(0, 120)};
            }"""
        )
        if stop is None:
            break
        if not stop["ring"]:
            unseen.append(stop["html"])
    assert unseen == []


def test_text_size_is_kept(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context())
    page.goto(portal.url)
    page.locator(".utility button[data-size=larger]").click()
    page.goto(portal.at(PUBLIC_PAGES["policy document"]))
    expect(page.locator("html")).to_have_attribute("data-font-size", "larger")
    page.set_viewport_size(PHONE)
    assert sideways_scroll(page) == []
    assert watch.problems == []


def test_html_is_valid(portal: Portal, tmp_path: Path) -> None:
    files = []
    for kind, path in PAGES.items():
        file = tmp_path / f"{kind.replace(' ', '-')}.html"
        try:
            with urlopen(portal.at(path), timeout=60) as response:
                file.write_bytes(response.read())
        except HTTPError as error:
            file.write_bytes(error.read())
        files.append(file)
    assert tools.check_html(files) == ""
