"""Every type of public page, mirrored: as in a language that is written from right to left."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from . import tools
from .addresses import EXPECTED_STATUS, PUBLIC_PAGES
from .browsing import (
    DESKTOP,
    MIRROR,
    PHONE,
    ZOOMED,
    axe_violations,
    sideways_scroll,
    watched_page,
)
from .serving import Portal

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def mirrored(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESKTOP, locale="zh-CN")
    context.add_init_script(path=tools.axe_source())
    context.add_init_script(MIRROR)
    yield context
    context.close()


@pytest.mark.parametrize("kind", PUBLIC_PAGES)
def test_mirrored(portal: Portal, mirrored: BrowserContext, kind: str) -> None:
    page, watch = watched_page(mirrored, expected_status=EXPECTED_STATUS.get(kind, 200))
    page.goto(portal.at(PUBLIC_PAGES[kind]))
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    found = [f"axe: {line}" for line in axe_violations(page)]
    for name, size in (("phone", PHONE), ("400 %", ZOOMED)):
        page.set_viewport_size(size)
        found += [f"{name}, sideways: {line}" for line in sideways_scroll(page)]
    assert found + watch.problems == []
    page.close()
