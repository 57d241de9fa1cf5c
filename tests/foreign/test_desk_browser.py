"""The desk in a browser: a page by keyboard, saved while one writes, then through the reviews."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright

from portal.core.models import User
from portal.foreign.models import PageTranslation
from portal.foreign.selectors.texts import texts_of
from tests.e2e import tools

from .desk import again, in_english, translation_of
from .factories import Section

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("DESK_SHOTS", "")


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # The library's loop runs in this thread; the tests ask the database from it all the same.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=tools.browser_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield launched
        launched.close()


@pytest.fixture
def opened(browser: Browser, live_server: Any) -> Callable[..., Page]:
    def open_desk(user: User, translation: PageTranslation, width: int = 1440) -> Page:
        user.user_permissions.add(
            Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin")
        )
        client = Client()
        client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", base_url=live_server.url
        )
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(reverse("foreign_desk", args=[translation.pk]))
        return page

    return open_desk


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def test_a_page_by_keyboard_and_through_the_reviews(
    english: Section, opened: Callable[..., Page]
) -> None:
    team = english.team
    translation = translation_of(english)
    page = opened(team.translator, translation)
    shot(page, "desk-new-1440")
    page.keyboard.press("Alt+KeyN")
    for text in texts_of(translation):
        expect(page.locator("[data-text]:focus")).to_have_count(1)
        page.keyboard.type(in_english(text.source))
        number = page.locator("[data-row]:focus-within").get_attribute("data-number")
        page.keyboard.press("Control+Enter")
        row = page.locator(f"[data-row][data-number='{number}']")
        expect(row).to_have_attribute("data-character", "current", timeout=20_000)
    assert all(text.data for text in texts_of(translation))
    page.locator("[data-toggle-preview]").click()
    expect(page.frame_locator("[data-frame]").locator("h1").first).to_contain_text("T:")
    shot(page, "desk-preview-1440")
    page.locator("button[value=submit]").click()
    for user, word in (
        (team.language_reviewer, "approve"),
        (team.content_reviewer, "approve"),
        (team.lead, "approve"),
    ):
        page = opened(user, translation)
        shot(page, f"desk-{user.username}-1440")
        page.locator(f"button[value={word}]").click()
        page.wait_for_load_state()
    found = again(translation)
    assert found.status == PageTranslation.Status.CURRENT
    page.goto(found.target.url_path.replace("/yunhu-en", "/en", 1))
    shot(page, "desk-public")
    narrow = opened(team.translator, translation, 390)
    shot(narrow, "desk-390")
    overflow = narrow.evaluate(
        "document.querySelector('[data-desk]').scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0


def test_a_text_survives_a_lost_connection(english: Section, opened: Callable[..., Page]) -> None:
    translation = translation_of(english)
    page = opened(english.team.translator, translation)
    page.route("**/save/", lambda route: route.abort())
    page.locator("[data-text]").first.fill("Kept")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-state]").first).to_have_attribute("data-kind", "bad")
    expect(page.locator("[data-text]").first).to_have_value("Kept")
    page.unroute("**/save/")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-row]").first).to_have_attribute("data-character", "current")
    assert texts_of(translation)[0].data == "Kept"
