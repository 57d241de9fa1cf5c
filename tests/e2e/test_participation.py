"""Taking part with a phone without JavaScript, and reading along while an interview is live."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest
from playwright.sync_api import BrowserContext, expect

from .browsing import DESKTOP, PHONE, axe_violations, sideways_scroll, watched_page
from .serving import REPOSITORY, Portal, environment
from .tools import axe_source

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]
COLUMN = "/hudong/zhengji-diaocha/"
INTERVIEW = "/hudong/xinwen-fabu/interview-childcare/"
# Typed into the shell of the served portal. Going on air is for the announced time only.
FIND = """
from django.utils import timezone
from portal.core.models import PortalImage
from portal.participation.models import Activity, InterviewPage
from portal.participation.services import activities, interviews
page = InterviewPage.objects.get(slug="interview-childcare")
row = Activity.objects.filter(page=page)
"""
BEGIN = (
    FIND
    + """
row.update(started_at=timezone.now(), ended_at=None)
activities.changed(page_pk=page.pk)
"""
)
END = (
    FIND
    + """
row.update(started_at=None)
activities.changed(page_pk=page.pk)
"""
)
SAY = (
    FIND
    + """
image = next(i for i in PortalImage.objects.order_by("pk") if not i.lacks_description)
interviews.post(page=page, speaker="主持人", text={words!r}, image=image)
"""
)


def test_a_survey_and_a_clause_on_a_phone_without_script(
    portal: Portal, new_context: NewContext
) -> None:
    page, watch = watched_page(new_context(java_script_enabled=False), expected_status=422)
    page.set_viewport_size(PHONE)
    page.goto(portal.at(f"{COLUMN}survey-footpath-2027/"))
    page.locator(".part-call .button").click()
    page.get_by_label("走路").check()
    page.locator(".part-steps .button").last.click()
    page.locator("textarea").fill("柳岸路全段。")
    page.locator(".part-steps .button").last.click()
    # What has to be answered was not: that is said, and what was written stays.
    expect(page.get_by_role("alert")).to_contain_text("什么最让您头疼")
    expect(page.locator("textarea")).to_have_value("柳岸路全段。")
    assert sideways_scroll(page) == []
    page.get_by_label("晚上太暗").check()
    page.locator(".part-steps .button").last.click()
    expect(page).to_have_url(re.compile("/thanks/$"))

    page.goto(portal.at(f"{COLUMN}ask-camping-draft/"))
    page.locator(".part-do").nth(2).click()
    expect(page.locator(".part-quote")).to_contain_text("第三条")
    page.locator("#id_text").fill("建议增加遮雨棚。")
    page.locator(".part-sheet button[type=submit]").click()
    expect(page).to_have_url(re.compile("/thanks/$"))
    assert watch.problems == []


def test_forms_by_keyboard_without_faults(portal: Portal, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script(path=axe_source())
    page, _watch = watched_page(context, expected_status=422)
    for path in (
        "/participation/",
        f"{COLUMN}ask-ebike-draft/",
        f"{COLUMN}survey-library-night/",
    ):
        page.set_viewport_size(PHONE)
        page.goto(portal.at(path))
        assert sideways_scroll(page) == []
        # On the phone the portal's own bar may lie over a link that can be scrolled.
        page.set_viewport_size(DESKTOP)
        assert axe_violations(page) == []
    page.goto(portal.at(f"{COLUMN}ask-camping-draft/"))
    assert axe_violations(page) == []
    page.locator(".part-call .button").focus()
    page.keyboard.press("Enter")
    page.locator("#id_name").focus()
    page.keyboard.press("Enter")  # sent without an opinion
    expect(page.get_by_role("alert")).to_be_visible()
    assert axe_violations(page) == []
    page.locator("#id_text").focus()
    page.keyboard.type("用键盘写的意见。")
    page.locator(".part-sheet button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks/")
    assert axe_violations(page) == []


def _get(portal: Portal, path: str) -> tuple[HTTPConnection, HTTPResponse]:
    connection = HTTPConnection("localhost", int(portal.port), timeout=20)
    connection.request("GET", path)
    return connection, connection.getresponse()


@pytest.fixture
def on_air(portal: Portal) -> Iterator[str]:
    """The announced interview of the demo, put on air before its time. Gives its path."""
    _in_portal(portal, BEGIN)
    yield INTERVIEW
    _in_portal(portal, END)


def _in_portal(portal: Portal, program: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "portal", "shell", "-c", program],
        cwd=REPOSITORY,
        env=environment(portal.data),
        check=True,
        capture_output=True,
    )


def test_streams_leave_threads_to_the_others(
    portal: Portal, new_context: NewContext, on_air: str
) -> None:
    """One worker with four threads: two streams are held, the third is sent away, pages answer."""
    page, _watch = watched_page(new_context(java_script_enabled=False))
    page.goto(portal.at(on_air))
    path = page.locator("[data-live]").get_attribute("data-live") or ""
    page.close()
    held = [_get(portal, path) for _ in range(2)]
    try:
        for _connection, response in held:
            assert response.status == 200
            assert response.headers["Content-Type"].startswith("text/event-stream")
            assert response.readline() == b"retry: 2000\n"
        connection, refused = _get(portal, path)
        assert refused.status == 503
        assert refused.headers["Retry-After"] == "10"
        connection.close()
        connection, answer = _get(portal, "/participation/")
        assert answer.status == 200
        connection.close()
    finally:
        for connection, _response in held:
            connection.close()


@pytest.mark.parametrize("is_refused", [False, True], ids=["stream", "asking"])
def test_what_is_said_appears_while_it_is_read(
    portal: Portal, new_context: NewContext, on_air: str, is_refused: bool
) -> None:
    """With text and picture, and without loading the page again; also where no stream is free."""
    page, watch = watched_page(new_context(), expected_status=503)
    if is_refused:
        page.route("**/live?*", lambda route: route.fulfill(status=503))
    page.goto(portal.at(on_air))
    page.evaluate("window.isTheSame = true")
    words = f"现场说的话：{'stream' if not is_refused else 'asking'} <b>&"
    _in_portal(portal, SAY.format(words=words))
    entry = page.locator(".said__entry", has_text=words)
    expect(entry).to_be_visible(timeout=20_000)
    expect(entry.locator("img")).to_have_attribute("alt", re.compile("."))
    assert page.evaluate("window.isTheSame")
    assert watch.problems == []
