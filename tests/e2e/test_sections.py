"""Tabs and carousels by keyboard, by address and without JavaScript; a topic from a starter."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .addresses import PUBLIC_PAGES
from .browsing import TIMEOUT_MS, sign_in, watched_page
from .serving import Portal

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]


def shown_panels(page: Page) -> list[str]:
    """The titles of the tab panels that a visitor sees."""
    panels = page.locator(".tabs__panel").all()
    return [panel.locator(".tabs__title").inner_text() for panel in panels if panel.is_visible()]


def test_tabs_by_keyboard_and_by_address(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context())
    page.goto(portal.at(PUBLIC_PAGES["open topic"]))
    first = page.get_by_role("tab", name="最新活动")
    expect(first).to_have_attribute("aria-selected", "true")
    assert shown_panels(page) == ["最新活动"]

    first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="怎么参加")).to_be_focused()
    assert shown_panels(page) == ["怎么参加"]
    page.keyboard.press("End")
    assert shown_panels(page) == ["常问的问题"]
    page.keyboard.press("Tab")
    expect(page.get_by_role("tabpanel", name="常问的问题")).to_be_focused()

    address = page.url
    assert "#s-" in address
    page.goto(portal.url)
    page.goto(address)
    assert shown_panels(page) == ["常问的问题"]
    assert watch.problems == []


def test_tabs_without_javascript(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context(java_script_enabled=False))
    page.goto(portal.at(PUBLIC_PAGES["open topic"]))
    assert shown_panels(page) == ["最新活动", "怎么参加", "常问的问题"]
    assert watch.problems == []


def test_a_carousel_stands_still_and_turns_on_demand(
    portal: Portal, new_context: NewContext
) -> None:
    page, watch = watched_page(new_context(reduced_motion="reduce"))
    page.goto(portal.at(PUBLIC_PAGES["topic of a sub-site"]))
    place = page.locator("[data-carousel-place]")
    expect(place).to_have_text("1 / 2")
    page.locator("[data-carousel-step='1']").click()
    expect(place).to_have_text("2 / 2")
    for button in page.locator(".carousel__button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 48
    assert watch.problems == []


def test_a_topic_from_a_starter(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context())
    sign_in(page, portal, "portal-editor")
    page.goto(portal.at("/admin/pages/"))
    add = page.locator("a[href*='/add_subpage/']").first.get_attribute("href") or ""
    home = re.search(r"/pages/(\d+)/add_subpage/", add)
    assert home is not None
    page.goto(portal.at(f"/admin/pages/add/pages/topicpage/{home[1]}/"))
    expect(page).to_have_url(re.compile("/admin/starters/topicpage/"))
    page.get_by_role("link", name="政策宣传").click()
    expect(page.locator("#id_intro")).to_have_value(re.compile("【请填写"))
    page.locator("#id_title").fill("新政策专题")
    page.get_by_role("button", name="保存草稿", exact=True).click()
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/edit/"), timeout=TIMEOUT_MS)
    page.get_by_role("button", name="更多动作").click()
    page.locator("button[name=action-submit]").click()
    expect(page.locator(".messages")).to_be_visible()
    expect(page.locator("#panel-child-content-sections-section, body")).to_contain_text(
        "【请填写：政策的简称】"
    )
    expect(page).to_have_url(re.compile("/edit/"))
    assert watch.problems == []
