"""Bringing texts in, with a real clipboard event in a real editor, and taking them back."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.text import docx_samples
from tests.text.docx_samples import png, saved

from .browsing import TIMEOUT_MS, sign_in, watched_page
from .serving import Portal

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]

CLIPBOARD = Path(__file__).parents[1] / "text" / "clipboard"
EDITOR = "hubin-editor"
COLUMN = "湖滨动态"
# What programs put on the clipboard, dispatched where the cursor is.
PASTE = """(element, {html, text, picture}) => {
  const clipboard = new DataTransfer();
  if (html) clipboard.setData("text/html", html);
  if (text) clipboard.setData("text/plain", text);
  if (picture) clipboard.items.add(
    new File([Uint8Array.from(picture)], "image.png", {type: "image/png"}));
  element.dispatchEvent(new ClipboardEvent("paste",
    {clipboardData: clipboard, bubbles: true, cancelable: true}));
}"""
# The blocks of the body as the form would send them: kind, and the words of rich texts.
BODY = """() => document.getElementById("body-root").rootBlock.children.map((child) =>
  [child.type, child.type === "paragraph"
    ? (JSON.parse(child.block.getValue() || "null") || {blocks: []}).blocks.map((each) => each.text).join("/")
    : JSON.stringify(child.block.getValue())])"""


def new_article(page: Page, portal: Portal, title: str = "带入的文章") -> None:
    page.goto(portal.at("/admin/"))
    page.get_by_role("link", name=f"在“{COLUMN}”新建").click()
    page.locator("a[href*='/articlepage/']").get_by_text("文章").or_(
        page.locator("#id_title")
    ).first.click()
    page.locator(".importing-bar").wait_for()
    # The form saves itself, and there is no draft without a title.
    page.locator("#id_title").fill(title)


def body(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate(BODY)
    return found


def expect_body(page: Page, expected: list[list[str]]) -> None:
    """The editor hands what was typed or put in to the form a moment later."""
    page.wait_for_function(
        f"(expected) => JSON.stringify(({BODY})()) === JSON.stringify(expected)", arg=expected
    )


def kinds(page: Page) -> list[str]:
    return [kind for kind, _words in body(page)]


def paste(element: Locator, **clip: Any) -> None:
    element.focus()
    element.evaluate(PASTE, {"html": "", "text": "", "picture": None} | clip)


def paste_file(element: Locator, name: str, **clip: Any) -> None:
    paste(element, html=(CLIPBOARD / name).read_text(encoding="utf-8"), text="纯文字", **clip)


def report(page: Page) -> Locator:
    return page.locator(".importing-report[data-kind=done]")


def undo(page: Page) -> None:
    page.locator(".importing-report [data-importing=undo]").click()


def begin_writing(writing: Locator) -> None:
    """Click until the editor has the cursor and keeps it.

    It comes a moment after its block, and what is clicked before that is drawn anew without focus:
    on a busy machine that moment is long.
    """
    ends = time.monotonic() + TIMEOUT_MS / 1000
    while True:
        writing.click()
        try:
            expect(writing).to_be_focused(timeout=2_000)
        except AssertionError:
            if time.monotonic() > ends:
                raise
        else:
            return


def write(page: Page, text: str) -> Locator:
    page.locator("[id$=-body-section] .c-sf-add-button:visible").first.click()
    page.get_by_role("option", name="文字").click()
    writing = page.locator("[id$=-body-section] [role=textbox][contenteditable=true]:visible").last
    begin_writing(writing)
    page.keyboard.insert_text(text)
    expect(writing).to_contain_text(text)
    return writing


def test_typing_where_only_pastes_belong_is_not_lost_in_silence(
    portal: Portal, new_context: NewContext
) -> None:
    page, watch = watched_page(new_context())
    sign_in(page, portal, EDITOR)
    new_article(page, portal)
    area = page.locator(".importing-drop")
    label = area.inner_text()
    refusal = page.locator(".importing-report[data-kind=error]")
    area.click()

    page.keyboard.type("abc")
    expect(refusal).to_be_visible()
    expect(area).to_have_text(label)
    refusal.locator("[data-importing=close]").click()
    expect(refusal).to_be_hidden()

    # As Chinese is typed: no script can stop an input method.
    area.click()
    method = page.context.new_cdp_session(page)
    method.send("Input.imeSetComposition", {"text": "望湖", "selectionStart": 2, "selectionEnd": 2})
    method.send("Input.insertText", {"text": "望湖路"})
    expect(refusal).to_be_visible()
    expect(area).to_have_text(label)
    assert watch.problems_while_writing() == []


def test_pastes_come_in_clean_and_go_back(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context())
    sign_in(page, portal, EDITOR)
    new_article(page, portal)

    # A whole text into the empty body, with the bytes of its one picture.
    area = page.locator(".importing-drop")
    paste_file(area, "word.html", picture=list(png(40, 30)))
    expect(report(page)).to_contain_text("内部批注勿外传")
    assert kinds(page) == [
        "aligned_text", "heading", "paragraph", "heading", "paragraph", "heading", "paragraph",
        "table", "image", "aligned_text", "paragraph",
    ]  # fmt: skip
    undo(page)
    expect_body(page, [])

    # Into a text at the cursor: it parts in two, and Ctrl+Z puts it together again.
    writing = write(page, "前文后文")
    for _step in range(2):
        page.keyboard.press("ArrowLeft")
    paste_file(writing, "wechat.html")
    expect(report(page)).to_contain_text("mmbiz.example.invalid")
    page.wait_for_function(
        f"() => {{ const all = ({BODY})(); return all.at(0)[1] + all.at(-1)[1] === '前文后文' }}"
    )
    texts = body(page)
    assert "heading" in kinds(page)
    assert "优惠券" not in json.dumps(texts, ensure_ascii=False)
    page.keyboard.press("Control+z")
    expect_body(page, [["paragraph", "前文后文"]])

    # Words alone go into the sentence; the editor's own undo takes them out.
    writing = page.locator("[id$=-body-section] [role=textbox][contenteditable=true]:visible").last
    writing.click()
    page.keyboard.press("End")
    paste(writing, html="<b style='mso-x:y'>加</b>一句<script>alert(1)</script>", text="加一句")
    expect(report(page)).to_be_visible()
    expect_body(page, [["paragraph", "前文后文加一句"]])
    undo(page)
    expect_body(page, [["paragraph", "前文后文"]])
    assert watch.problems_while_writing() == []


def test_typesetting_and_its_undo(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context())
    sign_in(page, portal, EDITOR)
    new_article(page, portal)
    writing = write(page, "一、总则")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("为了规范管理,制定本办法.")
    expect(writing).to_contain_text("本办法")
    before = [["paragraph", "一、总则/为了规范管理,制定本办法."]]
    expect_body(page, before)

    page.locator("[data-importing=typeset]").click()
    expect(report(page)).to_be_visible()
    assert kinds(page) == ["heading", "paragraph"]
    assert body(page)[1] == ["paragraph", "为了规范管理，制定本办法。"]
    page.keyboard.press("Control+z")
    expect_body(page, before)

    # And once more it is the same; what is set already says so.
    page.locator("[data-importing=typeset]").click()
    expect(page.locator(".importing-report [data-importing=undo]")).to_be_visible()
    page.locator("[data-importing=typeset]").click()
    expect(page.locator(".importing-report [data-importing=undo]")).to_have_count(0)
    expect(report(page)).to_be_visible()
    assert kinds(page) == ["heading", "paragraph"]
    assert watch.problems_while_writing() == []


def test_a_word_file_becomes_the_article(
    portal: Portal, new_context: NewContext, tmp_path: Path
) -> None:
    page, watch = watched_page(new_context(), expected_status=400)
    sign_in(page, portal, EDITOR)
    new_article(page, portal, title="")
    page.locator("#id_summary").fill("摘要留着")
    for name, data in (
        ("坏.docx", docx_samples.bad_files()["cut off"].data),
        ("来稿.docx", saved(docx_samples.numbered_headings())),
    ):
        (tmp_path / name).write_bytes(data)
    chooser = page.locator(".importing-bar input[type=file]")
    chooser.set_input_files(tmp_path / "坏.docx")
    expect(page.locator(".importing-report[data-kind=error]")).to_be_visible()
    chooser.set_input_files(tmp_path / "来稿.docx")
    expect(report(page)).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("关于印发《云湖市渡船管理办法》的通知")
    expect(page.locator("#id_summary")).to_have_value("摘要留着")
    assert kinds(page)[:3] == ["aligned_text", "paragraph", "heading"]

    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator(".messages .success")).to_be_visible()
    page.locator(".importing-bar").wait_for()
    assert kinds(page)[:3] == ["aligned_text", "paragraph", "heading"]
    assert watch.problems_while_writing() == []
