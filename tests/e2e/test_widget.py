"""The widget: by keyboard, by ear, on small screens; nothing typed is lost, nothing personal leaves."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from . import tools
from .browsing import (
    DESKTOP,
    MIRROR,
    PHONE,
    ZOOMED,
    Watch,
    axe_violations,
    sideways_scroll,
    watched_page,
)
from .knowledge import bring_in
from .serving import Portal
from .widgets import Widget, status_texts

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]

QUESTION = "荷香坊的水上巴士几点发船？"
ANSWER = "每天6时30分起每20分钟一班，末班21时10分。"
OTHER, OTHER_ANSWER = "荷香坊的水上巴士票价多少？", "全程2元，65周岁以上免费。"
SOURCE = "https://www.yunhu.gov.cn/shuishang-bashi"
MESSAGES = "**/api/v1/assistant/messages"
# 1280 x 900 at 400 %.
FOUR_TIMES = {"width": 320, "height": 225}


@pytest.fixture(scope="module")
def knows(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> None:
    bring_in(
        portal,
        tmp_path_factory.mktemp("qa"),
        {"id": "e2e-ferry", "question": QUESTION, "answer": ANSWER, "source_url": SOURCE},
        {"id": "e2e-fare", "question": OTHER, "answer": OTHER_ANSWER},
    )


@pytest.fixture
def visit(
    portal: Portal, new_context: NewContext, knows: None
) -> Callable[..., tuple[Widget, Watch]]:
    def start(**options: Any) -> tuple[Widget, Watch]:
        page, watch = watched_page(new_context(**options))
        return Widget(page, portal), watch

    return start


def sent_by(page: Page) -> list[dict[str, Any]]:
    """The messages that leave the browser from now on."""
    sent: list[dict[str, Any]] = []
    page.on(
        "request",
        lambda request: (
            sent.append(request.post_data_json)
            if request.url.endswith("/assistant/messages") and request.method == "POST"
            else None
        ),
    )
    return sent


# --- the launcher ---------------------------------------------------------------------------------
def test_without_a_script_the_launcher_is_a_link_to_the_same_conversation(
    portal: Portal, new_context: NewContext, knows: None
) -> None:
    page, watch = watched_page(new_context(java_script_enabled=False))
    page.goto(portal.at("/zoujin-yunhu/gaikuang/"))
    page.locator("portal-assistant a").click()
    expect(page.locator("#ask-text")).to_be_visible()
    page.locator("#ask-text").fill(QUESTION)
    page.locator(".ask__button").click()
    expect(page.locator(".answer__text")).to_contain_text(ANSWER)
    assert "/assistant/conversations/" in page.url
    page.locator("#ask-text").fill(OTHER)
    page.locator(".ask__button").click()
    expect(page.locator("#latest .answer__text")).to_contain_text(OTHER_ANSWER)
    page.locator(".earlier > summary").click()
    page.locator(".earlier__turn > summary").click()
    expect(page.locator(".earlier__turn .answer__text")).to_contain_text(ANSWER)
    assert watch.problems == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE, FOUR_TIMES])
def test_the_launcher_covers_neither_the_footer_nor_the_last_lines(
    visit: Callable[..., tuple[Widget, Watch]], size: dict[str, int]
) -> None:
    widget, watch = visit()
    page = widget.page
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(widget.portal.at("/zoujin-yunhu/gaikuang/"))
    widget.launcher.wait_for()
    page.locator(".site-footer").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    places = page.evaluate(
        """() => {
            const box = one => document.querySelector(one).getBoundingClientRect();
            return [box("main").bottom, box("portal-assistant button").top,
                    box("portal-assistant button").bottom, box(".site-footer").top];
        }"""
    )
    assert places == sorted(places)
    if size is FOUR_TIMES:
        page.evaluate("scrollTo(0, 0)")
        assert not page.evaluate(
            """() => document.querySelector("portal-assistant button").getBoundingClientRect().top
                < innerHeight"""
        )
    page.emulate_media(media="print")
    expect(widget.launcher).to_be_hidden()
    assert watch.problems == []


def test_nothing_of_the_widget_is_loaded_before_somebody_comes_near(
    visit: Callable[..., tuple[Widget, Watch]],
) -> None:
    widget, _watch = visit()
    loaded: list[str] = []
    widget.page.on("request", lambda request: loaded.append(request.url))
    widget.page.goto(widget.portal.url)
    widget.launcher.wait_for()
    ours = [url for url in loaded if "/assistant/" in url and "ask_box" not in url]
    assert [url.rpartition("/")[2] for url in ours] == ["launcher.js"]
    heavy = widget.page.evaluate(
        """async () => (await (await fetch(document.querySelector("script[src*=launcher]").src)).text())
            .length + document.querySelector(".corner").outerHTML.length"""
    )
    assert heavy < 3000  # characters, before compression; about 1.3 KB on the way


# --- by keyboard and by ear -----------------------------------------------------------------------
def test_by_keyboard_alone_and_said_to_those_who_do_not_see(
    visit: Callable[..., tuple[Widget, Watch]],
) -> None:
    widget, watch = visit()
    page = widget.page
    page.goto(widget.portal.url)
    widget.launcher.focus()
    page.keyboard.press("Enter")
    widget.field.wait_for()
    expect(widget.field).to_be_focused()
    expect(widget.launcher).to_have_attribute("aria-expanded", "true")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(widget.heading).to_be_focused()
    expect(widget.heading).to_have_text(QUESTION)
    labelled = widget.answers.get_attribute("aria-labelledby")
    expect(widget.heading).to_have_attribute("id", labelled or "")
    told = [text for text in status_texts(page) if QUESTION in text]
    assert told, status_texts(page)
    assert "1" in told[0].replace(QUESTION, "")  # one source

    # The number in the text, its source, and back again.
    page.keyboard.press("Tab")
    assert widget.focused.startswith("A ")
    page.keyboard.press("Enter")
    expect(widget.host.locator(".drawer h3")).to_be_focused()
    page.keyboard.press("Escape")
    assert widget.focused.startswith("A ")
    expect(widget.window).to_be_visible()
    page.keyboard.press("Escape")
    expect(widget.window).to_be_hidden()
    expect(widget.launcher).to_be_focused()
    assert watch.problems == []


def test_who_types_on_is_told_and_not_moved(visit: Callable[..., tuple[Widget, Watch]]) -> None:
    widget, watch = visit()
    page = widget.open().page
    held: list[Route] = []
    page.route(MESSAGES, lambda route: held.append(route))
    widget.ask(QUESTION)
    page.wait_for_function("() => true")
    widget.field.press_sequentially("还有")
    # One message at a time: the second waits in the field.
    widget.field.press("Enter")
    expect(widget.trouble).to_contain_text(widget.text("one_at_a_time"))
    assert len(held) == 1
    held[0].continue_()
    widget.answers.first.wait_for()
    expect(widget.field).to_be_focused()
    expect(widget.field).to_have_value("还有")
    assert any(QUESTION in text for text in status_texts(page))
    assert watch.problems == []


# --- an answer ------------------------------------------------------------------------------------
def test_the_row_below_an_answer(visit: Callable[..., tuple[Widget, Watch]]) -> None:
    widget, watch = visit(permissions=["clipboard-read", "clipboard-write"])
    page = widget.open().page
    widget.asked(QUESTION)
    expect(widget.answers).to_contain_text(ANSWER)

    widget.host.locator(".source").click()
    expect(widget.host.locator(".drawer a")).to_have_attribute("href", SOURCE)
    expect(widget.host.locator(".log")).to_be_hidden()
    widget.host.get_by_role("button", name=widget.text("back_to_answer")).click()

    widget.tool("copy").click()
    expect(widget.answers.get_by_text(widget.text("copied"))).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert ANSWER in copied
    assert SOURCE in copied
    assert "/assistant/answers/" in copied

    widget.tool("person").click()
    expect(widget.host.locator(".person__phone a")).to_have_attribute("href", "tel:12345")
    widget.tool("not_useful").click()
    expect(widget.host.locator(".person")).to_have_count(0)
    widget.host.locator(".radio").first.click()
    widget.host.locator(".reasons textarea").fill("少了周末的时间")
    widget.host.locator(".reasons button").click()
    expect(widget.host.locator(".thanks")).to_have_text(widget.text("thanks_not"))
    expect(widget.host.locator(".thanks")).to_be_focused()

    widget.tool("translate").click()
    widget.host.get_by_role("button", name="繁體中文").click()
    expect(widget.heading.nth(1)).to_have_text("荷香坊的水上巴士幾點發船？")

    # Printed is the answer, not the page around it.
    page.evaluate("window.print = () => {}")
    widget.tool("print").click()
    page.emulate_media(media="print")
    expect(page.locator("main")).to_be_hidden()
    expect(page.locator("body > .only-print")).to_be_hidden()
    expect(widget.answers.nth(0)).to_be_hidden()
    expect(widget.heading.nth(1)).to_be_visible()
    expect(widget.field).to_be_hidden()
    assert watch.problems == []


def test_close_questions_are_chosen_and_go_on_in_the_conversation(
    visit: Callable[..., tuple[Widget, Watch]],
) -> None:
    widget, watch = visit()
    widget.open().asked("荷香坊水上巴士")
    choice = widget.host.locator("article .choice").first
    chosen = choice.text_content() or ""
    choice.click()
    expect(widget.heading.nth(1)).to_have_text(chosen)
    assert watch.problems == []


# --- personal data --------------------------------------------------------------------------------
def test_personal_data_does_not_leave_the_browser(
    visit: Callable[..., tuple[Widget, Watch]],
) -> None:
    widget, watch = visit()
    page = widget.open().page
    sent = sent_by(page)
    typed = "我的身份证是330106199003071234，电话 138 1234 5678，邮箱 a.b@example.com，怎么办"
    widget.ask(typed)
    alert = widget.host.get_by_role("alert")
    expect(alert).to_contain_text(widget.text("kind_identity_number"))
    expect(alert).to_contain_text(widget.text("kind_mobile"))
    expect(alert).to_contain_text(widget.text("kind_email"))
    expect(widget.field).to_have_value(typed)
    kept = page.evaluate("JSON.stringify({...sessionStorage}) + JSON.stringify({...localStorage})")
    assert "330106199003071234" not in kept
    assert sent == []
    widget.host.get_by_role("button", name=widget.text("personal_hide")).click()
    widget.answers.first.wait_for()
    assert [one["text"] for one in sent] == ["我的身份证是***，电话 ***，邮箱 ***，怎么办"]
    assert watch.problems == []


# --- when something fails -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answer", "key", "status"),
    [
        (None, "offline", 200),
        ({"status": 503, "body": "{}"}, "unavailable", 503),
        ({"status": 429, "headers": {"Retry-After": "1"}, "body": "{}"}, "too_many", 429),
    ],
)
def test_a_failure_is_said_and_the_same_message_can_be_sent_again(
    portal: Portal,
    new_context: NewContext,
    knows: None,
    answer: dict[str, Any] | None,
    key: str,
    status: int,
) -> None:
    page, watch = watched_page(new_context(), expected_status=status)
    widget = Widget(page, portal).open()
    sent = sent_by(page)
    page.route(MESSAGES, lambda route: route.fulfill(**answer) if answer else route.abort())
    widget.ask(QUESTION)
    words = widget.text(key).split("{")[0]
    expect(widget.host.get_by_role("alert")).to_contain_text(words)
    expect(widget.field).to_have_value(QUESTION)
    page.unroute(MESSAGES)
    widget.host.locator(".trouble button").click()
    expect(widget.answers).to_contain_text(ANSWER)
    expect(widget.field).to_have_value("")
    assert len({one["turn"] for one in sent}) == 1
    assert len(sent) == 2
    assert [line for line in watch.problems if "net::ERR_FAILED" not in line] == []


def test_a_reload_brings_back_what_was_said_and_what_was_being_written(
    visit: Callable[..., tuple[Widget, Watch]],
) -> None:
    widget, watch = visit()
    page = widget.open().page
    widget.asked(QUESTION).asked(OTHER)
    widget.field.fill("还没写完")
    page.reload()
    expect(widget.heading.last).to_have_text(OTHER)
    expect(widget.field).to_have_value("还没写完")
    expect(widget.host.locator(".earlier article")).to_be_hidden()
    widget.host.locator(".earlier summary").click()
    expect(widget.host.locator(".earlier article")).to_contain_text(ANSWER)

    widget.host.get_by_role("button", name=widget.text("new"), exact=True).click()
    widget.host.get_by_role("button", name=widget.text("new_yes")).click()
    expect(widget.answers).to_have_count(0)
    expect(widget.field).to_be_focused()
    page.reload()
    expect(widget.field).to_be_visible()
    expect(widget.answers).to_have_count(0)
    assert watch.problems == []


def test_a_message_that_was_on_its_way_is_not_lost_and_not_doubled(
    visit: Callable[..., tuple[Widget, Watch]],
) -> None:
    widget, _watch = visit()
    page = widget.open().page
    sent = sent_by(page)
    page.route(MESSAGES, lambda route: None)  # never answered
    widget.ask(QUESTION)
    widget.host.locator(".waiting__text").wait_for()
    page.reload()  # gives the message up; taking the route away before would let it go on
    page.unroute_all(behavior="ignoreErrors")
    expect(widget.host.get_by_role("alert")).to_contain_text(widget.text("unanswered"))
    expect(widget.field).to_have_value(QUESTION)
    widget.host.locator(".trouble button").click()
    expect(widget.answers).to_contain_text(ANSWER)
    assert len({one["turn"] for one in sent}) == 1


# --- what is waited for ---------------------------------------------------------------------------
REVIEW = {
    "kind": "confirm",
    "field": "letter_confirmed",
    "question": "这样写对吗？",
    "hint": "确认以后才生成信件。",
    "buttons": [
        {"title": "对，就这样", "payload": "/confirm"},
        {"title": "改内容", "payload": '/change{"field": "letter_text"}'},
    ],
    "review": [{"label": "内容", "value": "路灯坏了\n三天了", "field": "letter_text"}],
    "step": {"form": "letter_form", "title": "写一封信", "number": 4, "count": 4},
    "longest": 0,
    "secret": False,
    "can_skip": True,
    "can_stop": True,
}
SECRET = REVIEW | {
    "kind": "text", "field": "status_code", "question": "请写查询码。", "buttons": [], "review": [],
    "secret": True, "can_skip": False, "longest": 20,
}  # fmt: skip


def waiting_for(prompt: dict[str, Any] | None) -> Callable[[Route], None]:
    """Real answers, with what the dialogue would wait for."""

    def lead(route: Route) -> None:
        content = route.request.post_data_json
        asked = {**content, "text": QUESTION}
        asked.pop("payload", None)
        response = route.fetch(post_data=json.dumps(asked))
        route.fulfill(response=response, json={**response.json(), "prompt": prompt})

    return lead


def test_a_form_shows_its_progress_and_sends_only_what_was_pressed(
    visit: Callable[..., tuple[Widget, Watch]],
) -> None:
    widget, watch = visit()
    page = widget.open().page
    sent = sent_by(page)
    page.route(MESSAGES, waiting_for(REVIEW))
    widget.asked("/confirm")
    prompt = widget.host.locator(".prompt")
    assert prompt.locator("progress").evaluate("bar => [bar.value, bar.max]") == [4, 4]
    expect(prompt.locator("dd")).to_have_text("路灯坏了\n三天了")
    for title in ("对，就这样", widget.text("skip"), widget.text("stop")):
        before = widget.answers.count()
        prompt.get_by_role("button", name=title).click()
        widget.answers.nth(before).wait_for()
        expect(prompt).to_have_count(1)
    assert [one.get("payload", "") for one in sent] == ["", "/confirm", "/skip", "/stop_form"]
    assert sent[0]["text"] == "/confirm"
    assert len({one["turn"] for one in sent}) == 4
    assert watch.problems == []


def test_a_key_is_neither_shown_nor_kept_nor_stopped(
    visit: Callable[..., tuple[Widget, Watch]],
) -> None:
    widget, watch = visit()
    page = widget.open().page
    page.route(MESSAGES, waiting_for(SECRET))
    widget.asked(QUESTION)
    expect(widget.field).to_be_focused()  # something is to be written: the field keeps the focus
    key = "13812345678"
    widget.field.press_sequentially(key)
    assert key not in page.evaluate("JSON.stringify({...sessionStorage})")
    widget.field.press("Enter")
    widget.answers.nth(1).wait_for()
    assert key not in (widget.host.locator(".turns").inner_text())
    assert key not in page.evaluate("JSON.stringify({...sessionStorage})")
    assert watch.problems == []


def test_the_counter_appears_at_eighty_per_cent_and_is_said(
    visit: Callable[..., tuple[Widget, Watch]],
) -> None:
    widget, watch = visit()
    page = widget.open().page
    page.route(MESSAGES, waiting_for(SECRET))
    widget.asked(QUESTION)
    count = widget.host.locator(".count")
    widget.field.fill("1" * 15)
    expect(count).to_be_hidden()
    widget.field.fill("1" * 16)
    expect(count).to_have_text(widget.text("left").replace("{count}", "4"))
    assert any("4" in text for text in status_texts(page))
    widget.field.fill("1" * 23)
    over = widget.text("over").replace("{count}", "3")
    expect(count).to_have_text(over)
    widget.field.press("Enter")
    expect(widget.host.get_by_role("alert")).to_have_text(over)
    expect(widget.field).to_have_value("1" * 23)
    assert watch.problems == []


# --- every view -----------------------------------------------------------------------------------
VIEWS: dict[str, dict[str, Any]] = {
    "standard": {},
    "elder": {"path": "/?settings=view:elder"},
    "dark contrast": {"path": "/?settings=contrast:dark"},
    "large": {"path": "/?settings=size:larger"},
    "forced colours": {"options": {"forced_colors": "active"}},
    "right to left": {"mirror": True, "language": "ar"},
    "english": {"language": "en"},
}


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_accessible_and_fits(
    portal: Portal, new_context: NewContext, knows: None, view: str
) -> None:
    wanted = VIEWS[view]
    # Still pictures: colours in the middle of a movement are nobody's.
    context = new_context(reduced_motion="reduce", **wanted.get("options", {}))
    context.add_init_script(path=tools.axe_source())
    if wanted.get("mirror"):
        context.add_init_script(MIRROR)
    if language := wanted.get("language"):
        kept = json.dumps({"language": language})
        context.add_init_script(
            f"sessionStorage.getItem('portal-assistant:yunhu') ??"
            f" sessionStorage.setItem('portal-assistant:yunhu', '{kept}')"
        )
    page, watch = watched_page(context)
    widget = Widget(page, portal).open(wanted.get("path", "/"))
    found = [f"open: {line}" for line in axe_violations(page)]
    page.route(MESSAGES, waiting_for(REVIEW))
    widget.asked(QUESTION)
    widget.answers.last.locator(".tool[aria-expanded]").last.click()
    found += [f"answer: {line}" for line in axe_violations(page)]
    for size in (PHONE, ZOOMED, FOUR_TIMES, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        expect(widget.window).to_be_visible()
        found += sideways_scroll(page) + widget.overflow() + widget.small_targets()
    widget.ask("13812345678 是谁的电话")
    widget.host.locator(".stopped").wait_for()
    found += [f"stopped: {line}" for line in axe_violations(page)] + widget.overflow()
    widget.host.locator(".stopped__buttons .secondary").click()
    widget.host.locator(".source").last.click()
    found += [f"source: {line}" for line in axe_violations(page)]
    if view == "forced colours":  # the system chooses them; axe computes with those of the page
        found = [line for line in found if "color-contrast" not in line]
    assert found + watch.problems == []


def test_on_a_phone_it_is_a_page_of_its_own_and_the_field_stays_in_reach_at_400_percent(
    visit: Callable[..., tuple[Widget, Watch]],
) -> None:
    widget, watch = visit(reduced_motion="reduce")
    page = widget.page
    page.set_viewport_size(FOUR_TIMES)  # type: ignore[arg-type]
    widget.open()
    box = widget.window.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 320, 225)
    widget.asked(QUESTION)
    # What lies behind cannot be reached with the keyboard.
    for _press in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "['PORTAL-ASSISTANT', 'BODY'].includes(document.activeElement.tagName)"
        )
    widget.field.scroll_into_view_if_needed()
    expect(widget.field).to_be_in_viewport()
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    expect(widget.window).to_be_visible()
    assert (
        page.evaluate(
            "document.querySelector('portal-assistant').shadowRoot.querySelector('dialog').matches(':modal')"
        )
        is False
    )
    assert watch.problems == []


# --- what is taken over ---------------------------------------------------------------------------
def test_an_approved_text_brings_nothing_but_text(
    visit: Callable[..., tuple[Widget, Watch]],
) -> None:
    widget, _watch = visit()
    page = widget.page
    page.goto(widget.portal.at("/assistant/"))
    page.evaluate("() => { window.bad = () => (window.isBad = true); }")
    html = """<p onclick="bad()" style="color:red" id="x" class="y">甲<script>bad()</script></p>
        <a href="javascript:bad()">乙</a><a href="/yaowen/">丙</a><a href="#source-1">丁</a>
        <iframe src="/"></iframe><svg><a href="/">戊</a></svg><img src="x" onerror="bad()" alt="图">
        <custom-thing><b>己</b></custom-thing><form><input name="q">庚</form><h2>辛</h2>
        <table><tr><td colspan="2">壬</td></tr></table>"""
    made = page.evaluate(
        """async html => {
            const { fragment } = await import("/static/assistant/modules/markup.js");
            const box = document.createElement("div");
            box.append(fragment(html, "https://portal.example"));
            return box.innerHTML.replace(/\\s+/g, " ");
        }""",
        html,
    )
    assert "bad()" not in made
    for gone in (
        "style=",
        'class="y"',
        "id=",
        "iframe",
        "svg",
        "form",
        "input",
        "script",
        "戊",
        "庚",
    ):
        assert gone not in made
    for kept in (
        "<p>甲</p>", "<a>乙</a>", '<a href="https://portal.example/yaowen/">丙</a>',
        '<a href="#source-1">丁</a>', "图", "<b>己</b>", "<h4>辛</h4>", '<td colspan="2">壬</td>',
    ):  # fmt: skip
        assert kept in made, made
    assert page.evaluate("window.isBad") is None
