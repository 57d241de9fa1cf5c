"""Without JavaScript everything reads and everything can be reached."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from .addresses import PUBLIC_PAGES
from .browsing import PHONE, watched_page
from .serving import Portal

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]


def test_reading_and_finding_the_way(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context(java_script_enabled=False))
    page.goto(portal.url)
    navigation = page.locator("nav.nav")
    navigation.get_by_role("link", name="要闻", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("要闻")
    page.get_by_role("link", name="下一页").click()
    expect(page.locator(".pagination [aria-current=page]")).to_have_text("2")

    first = page.locator(".row__title a").first
    title = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".prose")).not_to_be_empty()

    page.get_by_role("link", name="打印").click()
    expect(page.locator(".sheet h1")).to_have_text(title)
    page.get_by_role("link", name="返回原页").click()
    expect(page.locator(".article h1")).to_have_text(title)
    assert watch.problems == []


def test_sharing_by_code(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context(java_script_enabled=False))
    page.goto(portal.at(PUBLIC_PAGES["article with picture and file"]))
    page.locator(".share summary").click()
    code = page.locator(".share__code")
    expect(code).to_be_visible()
    expect(page.locator(".share__address")).to_have_value(page.url)
    answer = page.request.get(portal.at(code.get_attribute("src") or ""))
    assert answer.headers["content-type"] == "image/svg+xml"
    assert watch.problems == []


def test_topic_and_menu_on_a_phone(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context(java_script_enabled=False))
    page.set_viewport_size(PHONE)
    page.goto(portal.at(PUBLIC_PAGES["topic of a sub-site"]))
    expect(page.get_by_role("heading", level=1)).to_have_text("老小区 新生活")
    page.locator("summary.menu__button").click()
    page.locator(".menu__panel").get_by_role("link", name="通知公告").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("通知公告")
    assert watch.problems == []
