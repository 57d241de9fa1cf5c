"""A letter with an attachment, and its answer read by code: on a phone without JavaScript, with the
keyboard alone, and through what a screen reader is told.

Each makes one mistake first: what was written and attached must come back.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.interaction.files import pdf, png

from .browsing import PHONE, axe_violations, sideways_scroll, small_targets, watched_page
from .letter_office import Office
from .serving import Portal
from .tools import axe_source

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]
HUB, WRITE, STATUS = "/letters/", "/letters/write/", "/letters/status/"
READING = 2_200  # ms; whoever sends a form sooner is taken for a program
SUBJECT, ANSWER = "楼道声控灯损坏", "您好：楼道声控灯已于10月20日修复。感谢您的来信。"
TEXT = "湖滨路七号院三单元的声控灯坏了两周，老人夜里上下楼不便。\n请派人修理。"
REFUSED, NO_NAME = "来信尚未提交，请检查以下内容：", "请填写姓名。"
SENT, LOOK_UP = "来信已提交", "信件查询"


@pytest.fixture(scope="module")
def office(portal: Portal) -> Iterator[Office]:
    with Office(portal) as answering:
        yield answering


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "情况说明.pdf"
    path.write_bytes(pdf())
    return path


def _receipt(page: Page) -> tuple[str, str]:
    """Number and code, as they can be read on the page."""
    expect(page.get_by_role("heading", level=1)).to_have_text(SENT)
    values = page.get_by_role("definition")
    number = re.search(r"[A-Z]+-\d{6}-\d{7}", values.nth(0).inner_text())
    code = re.search(r"\w{4}-\w{4}-\w{4}", values.nth(1).inner_text())
    assert number
    assert code
    return number[0], code[0]


def _expect_answered(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(SUBJECT)
    expect(page.get_by_text(ANSWER)).to_be_visible()


# --- a phone without JavaScript -------------------------------------------------------------------
def _axe_without_script(new_context: NewContext, portal: Portal) -> Callable[[Page], list[str]]:
    """Judges a page as it stands in a browser without JavaScript, which axe itself needs.

    Without the corner, where the assistant offers itself on every page.
    """
    context = new_context()
    context.add_init_script(path=axe_source())
    judge, _watch = watched_page(context)
    judge.set_viewport_size(PHONE)
    shown = ""
    address = portal.at(WRITE)
    judge.route(
        address, lambda route: route.fulfill(body=shown, content_type="text/html; charset=utf-8")
    )

    def violations(page: Page) -> list[str]:
        nonlocal shown
        shown = re.sub(r"<script\b.*?</script>", "", page.content(), flags=re.DOTALL)
        judge.goto(address)
        judge.locator(".corner").evaluate_all("found => found.forEach(each => each.remove())")
        return [*axe_violations(judge), *sideways_scroll(judge), *small_targets(judge)]

    return violations


def test_on_a_phone_without_script(
    portal: Portal, new_context: NewContext, office: Office, tmp_path: Path
) -> None:
    picture = tmp_path / "声控灯.png"
    picture.write_bytes(png())
    faults_of = _axe_without_script(new_context, portal)
    page, watch = watched_page(new_context(java_script_enabled=False), expected_status=422)
    page.set_viewport_size(PHONE)
    page.goto(portal.at(HUB))
    assert faults_of(page) == []
    page.get_by_role("main").get_by_role("link", name="我要投诉").click()
    assert faults_of(page) == []
    expect(page.get_by_label("我要投诉")).to_be_checked()
    page.get_by_label("主题").fill(SUBJECT)
    page.get_by_label("来信内容").fill(TEXT)
    page.get_by_label("选择文件").set_input_files(picture)
    page.get_by_role("button", name="寄出").click()

    problem = page.get_by_role("alert")
    expect(problem).to_contain_text(REFUSED)
    assert faults_of(page) == []
    expect(page.get_by_label("主题")).to_have_value(SUBJECT)
    expect(page.get_by_label("来信内容")).to_have_value(TEXT)
    expect(page.get_by_text(picture.name).first).to_be_visible()
    problem.get_by_role("link", name=NO_NAME).click()
    assert page.url.endswith("#id_name")
    page.get_by_label("姓名").fill("赵小明")
    page.wait_for_timeout(READING)
    page.get_by_role("button", name="寄出").click()

    number, code = _receipt(page)
    assert faults_of(page) == []
    office.answer(number, ANSWER)
    page.goto(portal.at(STATUS))
    assert faults_of(page) == []
    page.get_by_label("信件编号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询", exact=True).click()
    _expect_answered(page)
    assert faults_of(page) == []
    with page.expect_download() as kept:
        page.get_by_role("button", name=picture.name).click()
    assert kept.value.suggested_filename == picture.name
    assert kept.value.path().read_bytes().startswith(b"\x89PNG")
    assert watch.problems == []


# --- the keyboard alone ---------------------------------------------------------------------------
MOST_TABS = 120
IS_SEEN = """element => {
    const shown = [element, element.closest("label") ?? element].map(each => getComputedStyle(each));
    return shown.some(style => style.outlineStyle !== "none" || style.boxShadow !== "none");
}"""


def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until something has the focus; it must be seen that it has it."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            break
    expect(target).to_be_focused()
    assert target.evaluate(IS_SEEN), "nobody sees where the focus is"


def test_with_the_keyboard_alone(
    portal: Portal, new_context: NewContext, office: Office, document: Path
) -> None:
    context = new_context()
    context.add_init_script(path=axe_source())
    page, watch = watched_page(context, expected_status=422)
    page.goto(portal.at(HUB))
    assert axe_violations(page) == []
    _tab_to(page, page.get_by_role("main").get_by_role("link", name="我要提问"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{WRITE}**")
    assert axe_violations(page) == []
    _tab_to(page, page.get_by_label("我要提问"))
    while not page.get_by_label("我要投诉").is_checked():
        page.keyboard.press("ArrowDown")
    _tab_to(page, page.get_by_label("主题"))
    page.keyboard.type(SUBJECT)
    _tab_to(page, page.get_by_label("来信内容"))
    page.keyboard.type(TEXT)
    _tab_to(page, page.get_by_label("选择文件"))
    with page.expect_file_chooser() as opened:
        page.keyboard.press("Enter")
    opened.value.set_files(document)
    _tab_to(page, page.get_by_role("button", name="寄出"))
    page.keyboard.press("Enter")

    # The focus stands on what is wrong; its link leads to the field.
    expect(page.get_by_role("alert")).to_be_focused()
    assert axe_violations(page) == []
    expect(page.get_by_label("我要投诉")).to_be_checked()
    expect(page.get_by_label("来信内容")).to_have_value(TEXT)
    expect(page.get_by_text(document.name).first).to_be_visible()
    _tab_to(page, page.get_by_role("link", name=NO_NAME))
    page.keyboard.press("Enter")
    expect(page.get_by_label("姓名")).to_be_focused()
    page.keyboard.type("赵小明")
    page.wait_for_timeout(READING)
    page.keyboard.press("Enter")  # in a field it sends the letter, and takes no file out

    number, code = _receipt(page)
    assert axe_violations(page) == []
    office.answer(number, ANSWER)
    _tab_to(page, page.get_by_role("main").get_by_role("link", name="查询办理进度"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(LOOK_UP)
    expect(page.get_by_label("信件编号")).to_have_value(number)
    assert axe_violations(page) == []
    _tab_to(page, page.get_by_label("查询码"))
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    _expect_answered(page)
    assert axe_violations(page) == []
    _tab_to(page, page.get_by_role("button", name=document.name))
    with page.expect_download() as kept:
        page.keyboard.press("Space")
    assert kept.value.path().read_bytes() == pdf()
    assert watch.problems == []


# --- through the accessibility tree ---------------------------------------------------------------
type Node = dict[str, Any]


class Reader:
    """What a screen reader is told of a page, and what it can do there: roles and names."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._line = page.context.new_cdp_session(page)

    def nodes(self) -> list[Node]:
        """The tree in the order in which it is read."""
        found = self._line.send("Accessibility.getFullAXTree")["nodes"]
        by_id = {node["nodeId"]: node for node in found}
        ordered: list[Node] = []
        waiting = [found[0]["nodeId"]]
        while waiting:
            node = by_id.get(waiting.pop())
            if node is not None:
                ordered.append(node)
                waiting += reversed(node.get("childIds", []))
        return [node for node in ordered if not node.get("ignored")]

    def headings(self) -> list[tuple[int, str]]:
        return [
            (int(_property(node, "level")), _value(node, "name"))
            for node in self.nodes()
            if _value(node, "role") == "heading"
        ]

    def focused(self) -> tuple[str, str]:
        """Role and name of what is read out because the focus has moved there."""
        having = [node for node in self.nodes() if _property(node, "focused")]
        node = having[-1]  # the document itself has it too
        return _value(node, "role"), _value(node, "name")

    def node(self, role: str, name: str) -> Node:
        found = [
            node
            for node in self.nodes()
            if (_value(node, "role"), _value(node, "name")) == (role, name)
        ]
        assert len(found) == 1, f"{len(found)} of {role} “{name}”"
        return found[0]


def _value(node: Node, name: str) -> str:
    return str(node.get(name, {}).get("value", ""))


def _property(node: Node, name: str) -> Any:
    for each in node.get("properties", []):
        if each["name"] == name:
            return each["value"].get("value")
    return None


def _check_outline(reader: Reader, title: str) -> None:
    """One first heading, and none that skips a level."""
    headings = reader.headings()
    assert [name for level, name in headings if level == 1] == [title]
    last = 1
    for level, name in headings[headings.index((1, title)) :]:
        assert level <= last + 1, name
        last = level
    assert axe_violations(reader.page) == []


def test_through_what_a_screen_reader_is_told(
    portal: Portal, new_context: NewContext, office: Office, document: Path
) -> None:
    context = new_context()
    context.add_init_script(path=axe_source())
    page, watch = watched_page(context, expected_status=422)
    reader = Reader(page)
    page.goto(portal.at(WRITE))
    _check_outline(reader, "我要写信")
    page.get_by_role("group", name="您要写什么信？").get_by_role("radio", name="我要投诉").check()
    page.get_by_role("textbox", name="主题").fill(SUBJECT)
    described = _value(reader.node("textbox", "来信内容"), "description")
    assert "4,000" in described or "4000" in described
    page.get_by_role("textbox", name="来信内容").fill(TEXT)
    files = page.get_by_role("group", name="附件（选填）").get_by_role("button", name="选择文件")
    files.set_input_files(document)
    page.get_by_role("button", name="寄出").press("Enter")

    # The summary is an alert that has the focus; each problem leads to a field that says it again.
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(REFUSED)
    assert reader.focused()[0] == "alert"
    _check_outline(reader, "我要写信")
    alert.get_by_role("link", name=NO_NAME).press("Enter")
    assert reader.focused() == ("textbox", "姓名")
    wrong = reader.node("textbox", "姓名")
    assert _property(wrong, "invalid") == "true"
    assert _value(wrong, "description").startswith(NO_NAME)
    expect(page.get_by_role("radio", name="我要投诉")).to_be_checked()
    expect(page.get_by_role("textbox", name="来信内容")).to_have_value(TEXT)
    expect(page.get_by_role("button", name=re.compile(rf"\S+ {document.name}"))).to_be_visible()
    page.get_by_role("textbox", name="姓名").fill("赵小明")
    page.wait_for_timeout(READING)
    page.get_by_role("button", name="寄出").press("Enter")

    number, code = _receipt(page)
    assert SENT in page.title()
    _check_outline(reader, SENT)
    terms = [_value(node, "name") for node in reader.nodes() if _value(node, "role") == "term"]
    assert len(terms) >= 2 or page.get_by_role("term").all_inner_texts()[:2] == [
        "信件编号",
        "查询码",
    ]
    office.answer(number, ANSWER)
    page.get_by_role("main").get_by_role("link", name="查询办理进度").press("Enter")
    page.get_by_role("textbox", name="查询码").fill("0000-0000-0000")
    page.get_by_role("button", name="查询", exact=True).press("Enter")
    expect(page.get_by_role("alert")).not_to_be_empty()
    _check_outline(reader, LOOK_UP)
    expect(page.get_by_role("textbox", name="信件编号")).to_have_value(number)
    page.get_by_role("textbox", name="查询码").fill(code)
    page.get_by_role("button", name="查询", exact=True).press("Enter")
    _expect_answered(page)
    _check_outline(reader, SUBJECT)
    region = page.get_by_role("region").filter(has_text=ANSWER)
    expect(region).to_have_count(1)
    with page.expect_download() as kept:
        page.get_by_role("button", name=document.name).press("Enter")
    assert kept.value.path().read_bytes() == pdf()
    assert watch.problems == []
