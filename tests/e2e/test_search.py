"""Searching by keyboard, by ear, on small screens; suggestions as a listbox, results without script."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from . import tools
from .browsing import DESKTOP, MIRROR, PHONE, ZOOMED, axe_violations, sideways_scroll, watched_page
from .serving import Portal

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]
SUGGEST = "**/api/v1/suggest**"
TEXTS = ("公积金提取", "公积金贷款")


def suggesting(page: Page, *, first_url: str = "/yaowen/") -> list[str]:
    """Answers the page's requests for suggestions; the list of what it asked."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(parse_qs(urlsplit(route.request.url).query)["q"][0])
        found = [
            {"text": text, "kind": "article", "label": "新闻", "name": "", "url": url}
            for text, url in zip(TEXTS, (first_url, ""), strict=True)
        ]
        route.fulfill(body=json.dumps({"suggestions": found}), content_type="application/json")

    page.route(SUGGEST, answer)
    return asked


def test_suggestions_by_keyboard(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context())
    asked = suggesting(page)
    page.goto(portal.at("/yaowen/"))
    field = page.get_by_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("公积金", delay=20)
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    assert asked == ["公积金"], "one request, not one for each key"
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".search-box [role=status]")).to_contain_text("2")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("公积金")
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/search/?**")
    assert parse_qs(urlsplit(page.url).query)["q"] == [TEXTS[1]]
    assert watch.problems == []


def test_suggestions_with_an_address_lead_there(portal: Portal, new_context: NewContext) -> None:
    page, _watch = watched_page(new_context())
    page.set_viewport_size(PHONE)
    suggesting(page, first_url="/search/?q=chosen")
    page.goto(portal.at("/search/"))
    page.get_by_role("combobox").press_sequentially("公")
    page.get_by_role("option").first.click()
    page.wait_for_url("**/search/?q=chosen")


def test_what_fails_is_not_the_visitors_trouble(portal: Portal, new_context: NewContext) -> None:
    page, _watch = watched_page(new_context())
    page.route(SUGGEST, lambda route: route.abort())
    page.goto(portal.at("/"))
    page.get_by_role("combobox").press_sequentially("公积金")
    expect(page.get_by_role("option")).to_have_count(0)
    page.get_by_role("combobox").press("Enter")
    page.wait_for_url("**/search/?**")


def test_results_without_script(indexed: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context(java_script_enabled=False))
    page.goto(indexed.at("/"))
    page.locator(".search-box--home input[name=q]").fill("居住证")
    page.locator(".search-box--home input[name=q]").press("Enter")
    page.wait_for_url("**/search/?**")
    assert page.locator(".result").count() > 3
    page.locator(".search-tab").nth(1).click()
    assert "kind=" in page.url
    page.locator(".search-choice").first.click()
    assert page.locator(".taken").count() >= 1
    assert watch.problems == []


def with_axe(context: BrowserContext) -> BrowserContext:
    context.add_init_script(path=tools.axe_source())
    return context


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, ZOOMED], ids=["desktop", "phone", "400%"])
@pytest.mark.parametrize("query", ["", "?q=居住证", "?q=qqqzzz", "?q=市长&year=2026"])
def test_everybody_can_read_it(
    indexed: Portal, new_context: NewContext, viewport: Any, query: str
) -> None:
    page, watch = watched_page(with_axe(new_context()))
    page.set_viewport_size(viewport)
    page.goto(indexed.at(f"/search/{query}"))
    for folded in page.locator("details.search-facets").all():
        folded.evaluate("details => { details.open = true; }")
    assert axe_violations(page) == []
    assert sideways_scroll(page) == []
    assert watch.problems == []


def test_open_suggestions_are_accessible(portal: Portal, new_context: NewContext) -> None:
    for viewport in (DESKTOP, ZOOMED):
        page, _watch = watched_page(with_axe(new_context()))
        page.set_viewport_size(viewport)
        suggesting(page)
        page.goto(portal.at("/search/"))
        page.get_by_role("combobox").press_sequentially("公积")
        page.get_by_role("option").first.wait_for()
        page.get_by_role("combobox").press("ArrowDown")
        assert axe_violations(page) == []
        assert sideways_scroll(page) == []


def test_right_to_left(indexed: Portal, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script(MIRROR)
    page, _watch = watched_page(context)
    page.set_viewport_size(PHONE)
    page.goto(indexed.at("/search/?q=居住证"))
    assert sideways_scroll(page) == []


def test_opening_a_result_is_told_without_cookies(indexed: Portal, new_context: NewContext) -> None:
    context = new_context()
    page, _watch = watched_page(context)
    told: list[Any] = []
    page.route("**/search/opened/", lambda route: (told.append(route.request), route.continue_()))
    page.goto(indexed.at("/search/?q=居住证"))
    page.locator(".result__title a").first.click()
    page.wait_for_load_state()
    assert all("cookie" not in request.headers for request in told)
    assert context.cookies() == []
