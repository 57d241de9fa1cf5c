"""A counter card prints on one sheet of A4, and opens from the phone's memory without network."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from . import tools
from .browsing import PHONE, ZOOMED, axe_violations, sideways_scroll
from .serving import Portal

pytestmark = pytest.mark.e2e


@pytest.fixture
def card(portal: Portal, new_context: Callable[..., BrowserContext]) -> Page:
    page = new_context().new_page()
    page.goto(portal.at("/en/services-for-foreigners/"))
    page.click("main a[href*='residence-permit']")
    page.click("a[href*='/en/card/']")
    return page


def test_it_is_accessible_and_valid(card: Page, tmp_path: Path) -> None:
    card.evaluate(tools.axe_source().read_text(encoding="utf-8"))
    assert axe_violations(card) == []
    for size in (PHONE, ZOOMED):
        card.set_viewport_size(size)
        assert sideways_scroll(card) == []
    file = tmp_path / "card.html"
    file.write_bytes(card.request.get(card.url).body())
    assert tools.check_html([file]) == ""


def test_exactly_one_sheet(card: Page) -> None:
    sheet = card.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1


@pytest.fixture
def answer_card(portal: Portal, new_context: Callable[..., BrowserContext]) -> Page:
    """From an answer of the assistant in English to its card."""
    page = new_context().new_page()
    page.goto(portal.at("/assistant/?lang=en"))
    page.locator("#ask-text").fill("How do I set up a company in Yunhu, and how long does it take?")
    page.locator(".ask__button").click()
    page.locator("article.answer a[href*='/en/card/']").click()
    return page


def test_an_answers_card_has_both_languages_on_one_sheet(answer_card: Page) -> None:
    assert "set up a company" in answer_card.inner_text("h1")
    assert "开公司" in answer_card.inner_text(".wish__what")
    sheet = answer_card.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1


def test_an_answers_card_is_kept_and_listed(answer_card: Page) -> None:
    title = answer_card.inner_text("h1")
    answer_card.click("[data-keep]")
    answer_card.wait_for_selector("[data-drop]:not([hidden])")
    answer_card.wait_for_function("navigator.serviceWorker.controller !== null")
    answer_card.context.set_offline(True)
    answer_card.reload()
    assert answer_card.inner_text("h1") == title
    answer_card.click("text=My cards")
    expect(answer_card.locator(".kept")).to_contain_text(title)


def test_kept_cards_open_without_network(card: Page) -> None:
    title = card.inner_text("h1")
    card.click("[data-keep]")
    card.wait_for_selector("[data-drop]:not([hidden])")
    card.wait_for_function("navigator.serviceWorker.controller !== null")
    card.context.set_offline(True)
    card.reload()
    assert card.inner_text("h1") == title
    assert (
        card.evaluate("getComputedStyle(document.querySelector('.wish')).borderLeftWidth") == "6px"
    )
    card.click("text=My cards")
    expect(card.locator(".kept")).to_contain_text(title)
