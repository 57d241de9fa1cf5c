"""The form in a browser: marked where it stands, replaced with one click and back, a reason given."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright

from portal.proofreading.models import Reason
from tests.e2e import tools
from tests.factories import ArticleFactory, UserFactory, make_world

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("PROOFREADING_SHOTS", "")
TEXT = "<p>各单位要做好防汛布署，联系人王敏，电话13812345678，证号330106199003077718。</p>"


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
    def open_form(script: str = "", blocks: Sequence[dict[str, Any]] = ()) -> Page:
        world = make_world(provisioned=True)
        article = ArticleFactory(parent=world.column, live=False, summary="渡假区客流平稳")
        article.body = article._meta.get_field("body").stream_block.to_python(
            [{"type": "paragraph", "value": TEXT}, *blocks]
        )
        article.save_revision()
        client = Client()
        client.force_login(
            UserFactory(superuser=True), backend="portal.core.staff.backend.StaffBackend"
        )
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", base_url=live_server.url
        )
        if script:
            context.add_init_script(script)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(reverse("wagtailadmin_pages:edit", args=[article.pk]))
        return page

    return open_form


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def marked(page: Page, grade: str) -> list[str]:
    script = "grade => [...(CSS.highlights.get(`portal-${grade}`) ?? [])].map(String)"
    return page.evaluate(script, grade)


def test_marked_replaced_and_given_a_reason(opened: Callable[..., Page]) -> None:
    page = opened()
    panel = page.locator(".portal-proofread")
    expect(panel).to_have_attribute("data-state", "blocking", timeout=20_000)
    panel.locator(".portal-proofread__button").click()
    shot(page, "panel")
    assert marked(page, "blocking") == ["330106199003077718"]
    assert marked(page, "warning") == ["布署", "13812345678"]
    expect(page.locator("#id_summary.portal-proofread-field")).to_have_count(1)

    # The place is shown: the words themselves are selected.
    panel.locator(".portal-proofread__words", has_text="330106").click()
    assert page.evaluate("String(document.getSelection())") == "330106199003077718"
    panel.locator(".portal-proofread__words", has_text="渡假").click()
    selected = "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    assert page.evaluate(selected) == "渡假"

    # A plain field: replaced, and back.
    panel.locator("li", has_text="渡假").locator(".button", has_text="度假").click()
    expect(page.locator("#id_summary")).to_have_value("度假区客流平稳")
    panel.locator(".portal-proofread__done .button").click()
    expect(page.locator("#id_summary")).to_have_value("渡假区客流平稳")

    # Rich text: replaced in the editor's own state, which is what is sent, and back.
    handed_over = page.locator("input[type=hidden][name^=body][name$=value]").first
    panel.locator("li", has_text="布署").locator(".button", has_text="部署").click()
    expect(panel.locator(".portal-proofread__done")).to_have_count(1)
    expect(handed_over).to_have_value(holding("防汛部署"), timeout=5_000)
    panel.locator(".portal-proofread__done .button").click()
    expect(handed_over).to_have_value(holding("防汛布署"), timeout=5_000)

    # A reason, by keyboard; the page's form is not sent.
    line = panel.locator("li", has_text="13812345678")
    line.locator("input").fill("值班手机，本人同意")
    line.locator("input").press("Enter")
    expect(panel.locator("li", has_text="值班手机，本人同意")).to_have_count(1)
    assert Reason.objects.get().reason == "值班手机，本人同意"
    shot(page, "reason")


def holding(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))


def test_without_highlights_the_list_does_the_work(opened: Callable[..., Page]) -> None:
    page = opened(
        "delete globalThis.Highlight; Object.defineProperty(CSS, 'highlights', {value: undefined});"
    )
    panel = page.locator(".portal-proofread")
    expect(panel).to_have_attribute("data-state", "blocking", timeout=20_000)
    panel.locator(".portal-proofread__button").click()
    expect(panel.locator(".portal-proofread__item")).to_have_count(4)
    panel.locator(".portal-proofread__words", has_text="330106").click()
    assert page.evaluate("String(document.getSelection())") == "330106199003077718"


def test_what_is_typed_is_marked_and_what_is_mended_is_not(opened: Callable[..., Page]) -> None:
    page = opened()
    panel = page.locator(".portal-proofread")
    expect(panel).to_have_attribute("data-state", "blocking", timeout=20_000)
    writing = page.locator(".Draftail-Editor [role=textbox]").first
    writing.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("各单位要做好防汛部署。")
    page.locator("#id_summary").fill("度假区客流平稳")
    expect(panel).to_have_attribute("data-state", "fine", timeout=20_000)
    page.locator("#id_title").fill("365bet体育在线_新葡京")
    expect(panel).to_have_attribute("data-state", "blocking", timeout=20_000)


def test_the_headings_of_a_table_are_judged_together(opened: Callable[..., Page]) -> None:
    columns = [{"type": "text", "heading": name} for name in ("序号", "姓名", "病种", "渡假区")]
    table = {"columns": columns, "rows": [{"values": ["1", "", "", ""]}], "caption": ""}
    value = {"caption": "名单", "sheet": "", "table": table, "note": ""}
    page = opened(blocks=[{"type": "table", "value": value}])
    panel = page.locator(".portal-proofread")
    expect(panel).to_have_attribute("data-state", "blocking", timeout=20_000)
    panel.locator(".portal-proofread__button").click()
    words = panel.locator(".portal-proofread__words", has_text="姓名")
    expect(words).to_have_count(1)
    words.click()
    active = "[document.activeElement.value, document.activeElement.selectionStart, document.activeElement.selectionEnd]"
    assert page.evaluate(active) == ["姓名", 0, 2]
    # What the cell tells by itself is told once there.
    heading = page.locator("input.column-heading").nth(3)
    line = panel.locator("li", has_text="渡假").filter(has=page.locator(".portal-proofread__words"))
    expect(line).to_have_count(2)
    line.nth(1).locator(".button", has_text="度假").click()
    expect(heading).to_have_value("度假区")
    heading.fill("备注")
    page.locator("input.column-heading").nth(2).fill("科室")
    expect(panel.locator(".portal-proofread__words", has_text="姓名")).to_have_count(0)
