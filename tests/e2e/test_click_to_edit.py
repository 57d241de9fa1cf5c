"""The live preview and the form know each other's blocks: the whole library, both ways."""

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from .block_library import make_pages
from .browsing import sign_in, watched_page
from .serving import Portal

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]
EDITOR = "portal-editor"
WIDE = {"width": 1440, "height": 900}
IS_BLOCK = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")

# Where a mark can be clicked: a point on something that lies in it and in no mark inside it.
POINT_OF_MARK = """path => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL);
    const open = [];
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.nodeType === Node.COMMENT_NODE) {
            if (node.data.startsWith("block ")) open.push(node.data.slice(6));
            else if (node.data === "/block") open.pop();
        } else if (open.at(-1) === path) {
            const isText = node.nodeType === Node.TEXT_NODE && node.data.trim();
            if (!isText && node.nodeType !== Node.ELEMENT_NODE) continue;
            if (!isText && node.firstChild) continue;
            const holder = isText ? node.parentElement : node;
            if (!holder.checkVisibility({visibilityProperty: true})) continue;
            holder.scrollIntoView({block: "center", behavior: "instant"});
            const range = document.createRange();
            range.selectNode(node);
            const box = [...range.getClientRects()].find(box => box.width > 1 && box.height > 1);
            if (!box) continue;
            const x = box.left + Math.min(box.width / 2, 40), y = box.top + box.height / 2;
            const hit = document.elementFromPoint(x, y);
            if (hit === holder || holder.contains(hit)) return {x, y};
        }
    }
    return null;
}"""
ALL_MARKS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
    const found = [];
    while (walker.nextNode())
        if (walker.currentNode.data.startsWith("block ")) found.push(walker.currentNode.data.slice(6));
    return found;
}"""
FOCUSED = """() => {
    const element = document.activeElement;
    const place = element.closest("[data-streamfield-child]") ?? element.closest("[data-contentpath]");
    return place?.dataset.contentpath ?? element.outerHTML.slice(0, 200);
}"""
OUTLINED = (
    """() => document.querySelector(".portal-preview-frame--current")?.dataset.path ?? null"""
)


@pytest.fixture(scope="module")
def pages(portal: Portal) -> dict[str, int]:
    return make_pages(portal)


@pytest.fixture(scope="module")
def signed_in(portal: Portal, browser: Browser) -> Any:
    """The cookies of an editor who has signed in, once for all tests."""
    context = browser.new_context(locale="zh-CN")
    page, _watch = watched_page(context)
    sign_in(page, portal, EDITOR)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def editor(
    portal: Portal, new_context: NewContext, pages: dict[str, int], signed_in: Any
) -> Iterator[Callable[[str], Page]]:
    page, watch = watched_page(new_context(storage_state=signed_in))
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]

    def open_page(name: str) -> Page:
        page.goto(portal.at(f"/admin/pages/{pages[name]}/edit/"))
        page.locator("iframe#w-preview-iframe[src]").wait_for()
        preview(page).locator("[data-preview-list]").wait_for(state="attached")
        come_to_rest(page)
        return page

    yield open_page
    assert watch.problems_while_writing() == []


def preview(page: Page) -> Any:
    return page.frame_locator("iframe#w-preview-iframe")


def in_preview(page: Page, script: str, arg: Any = None) -> Any:
    """The result of a script in the preview, whose window is another after each change."""
    for _attempt in range(20):
        with contextlib.suppress(Error):
            handle = page.locator("iframe#w-preview-iframe").element_handle()
            frame = handle.content_frame() if handle else None
            if frame is not None:
                return frame.evaluate(script, arg)
        page.wait_for_timeout(100)
    raise AssertionError("The preview never came to rest.")


def come_to_rest(page: Page) -> None:
    """Wait until the preview's window stays the same: the form is sent once more after it opened."""
    for _attempt in range(20):
        in_preview(page, "() => { window.stays = true; }")
        page.wait_for_timeout(800)
        if in_preview(page, "() => window.stays === true"):
            return
    raise AssertionError("The preview never came to rest.")


def shows(page: Page, path: str) -> bool:
    """Whether the preview outlines a block, within the moment that a message takes."""
    for _attempt in range(20):
        if in_preview(page, OUTLINED) == path:
            return True
        page.wait_for_timeout(100)
    return False


def click_mark(page: Page, path: str) -> bool:
    """Click a mark where it can be seen; False for one that others cover completely."""
    for _attempt in range(20):
        point = in_preview(page, POINT_OF_MARK, path)
        if point is None:
            return False
        box = page.locator("iframe#w-preview-iframe").bounding_box()
        if box is not None:  # while one preview gives way to the next, neither has a place
            page.mouse.click(box["x"] + point["x"], box["y"] + point["y"])
            return True
        page.wait_for_timeout(100)
    raise AssertionError("The preview has no place on the screen.")


@pytest.mark.parametrize("name", ["body", "sections"])
def test_a_click_in_the_preview_focuses_exactly_that_block(
    editor: Callable[[str], Page], name: str
) -> None:
    page = editor(name)
    marks = in_preview(page, ALL_MARKS)
    assert sum(bool(IS_BLOCK.fullmatch(path)) for path in marks) > 5
    assert len(set(marks)) == len(marks), "two places claim to be the same block"
    wrong = []
    for path in marks:
        page.locator("#id_slug, body").last.evaluate("() => document.activeElement.blur()")
        if not click_mark(page, path):
            by_keyboard(page, marks.index(path))
        # The message between the windows takes a moment.
        try:
            page.wait_for_function(f"path => ({FOCUSED})() === path", arg=path, timeout=5000)
        except Error:  # told for all blocks at once
            wrong.append(f"{path}: {page.evaluate(FOCUSED)}")
        if IS_BLOCK.fullmatch(path):
            inside = "element => element.contains(document.activeElement)"
            assert page.locator(f'[data-contentpath="{path}"]').evaluate(inside)
    assert wrong == []


def by_keyboard(page: Page, index: int) -> None:
    button = preview(page).locator("[data-preview-list] button").nth(index)
    button.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("name", ["body", "sections"])
def test_the_block_that_holds_the_focus_is_outlined_in_the_preview(
    editor: Callable[[str], Page], name: str
) -> None:
    page = editor(name)
    marks = set(in_preview(page, ALL_MARKS))
    blocks = page.locator("[data-streamfield-child]")
    seen = 0
    for index in range(blocks.count()):
        block = blocks.nth(index)
        path = block.get_attribute("data-contentpath")
        if path not in marks:
            continue
        block.evaluate(
            "element => element.querySelector('[data-panel-toggle]').focus({preventScroll: true})"
        )
        assert shows(page, path), f"{path} has the focus, {in_preview(page, OUTLINED)} is outlined"
        seen += 1
    assert seen > 5


def test_every_block_inside_a_shown_block_has_a_mark(editor: Callable[[str], Page]) -> None:
    """Else a click on it would open the block around it."""
    missing = {}
    for name in ("body", "sections"):
        page = editor(name)
        marks = in_preview(page, ALL_MARKS)
        missing[name] = page.evaluate(
            """marks => [...document.querySelectorAll(
                "[data-streamfield-child] [data-streamfield-child]")]
                .filter(e => !marks.includes(e.dataset.contentpath) && marks.includes(
                    e.parentElement.closest("[data-streamfield-child]").dataset.contentpath))
                .map(e => e.querySelector("[data-panel-heading]").textContent.trim()
                     + " in " + e.parentElement.closest("[data-streamfield-child]")
                        .querySelector("[data-panel-heading]").textContent.trim())""",
            marks,
        )
    assert missing == {"body": [], "sections": []}


def test_typing_in_a_long_page_draws_only_what_changed(editor: Callable[[str], Page]) -> None:
    """How soon it is seen is measured by ``make bench ONLY=browser``."""
    page = editor("long")
    marks = [path for path in in_preview(page, ALL_MARKS) if IS_BLOCK.fullmatch(path)]
    assert len(marks) == 100
    assert click_mark(page, marks[80])
    page.wait_for_function(f"path => ({FOCUSED})() === path", arg=marks[80])
    in_preview(page, "() => { window.isTheSame = true; }")
    for sentence in ("新写的第一句话。", "新写的第二句话。", "新写的第三句话。"):
        page.keyboard.insert_text(sentence)
        expect(preview(page).locator("main").get_by_text(sentence)).to_be_visible(timeout=20_000)
    assert shows(page, marks[80])
    # Words of the page itself, too, come without loading it anew.
    page.locator("#id_title").fill("换了一个标题")
    expect(preview(page).locator("h1")).to_have_text("换了一个标题")
    expect(preview(page).locator(".breadcrumb [aria-current]")).to_have_text("换了一个标题")
    assert in_preview(page, "() => window.isTheSame")
    # What was drawn again is found as before, a block inside it too.
    assert click_mark(page, marks[80])
    page.wait_for_function(f"path => ({FOCUSED})() === path", arg=marks[80])


def test_a_new_block_is_found_before_it_is_saved(
    portal: Portal, editor: Callable[[str], Page], pages: dict[str, int]
) -> None:
    page = editor("long")
    parent = page.url.split("/pages/")[0]
    page.goto(f"{parent}/pages/{pages['long']}/edit/")
    page.locator("[id$=-body-section] .c-sf-add-button").first.click()
    page.get_by_role("option", name="标题").click()
    field = page.locator("[name=body-0-value-text], [name$=-value-text]").last
    field.fill("刚加的小标题")
    heading = preview(page).get_by_role("heading", name="刚加的小标题")
    expect(heading).to_be_visible(timeout=30_000)
    page.locator("#id_title").focus()
    heading.click()
    expect(field).to_be_focused(timeout=10_000)


def test_links_in_the_preview_lead_nowhere_by_accident(editor: Callable[[str], Page]) -> None:
    page = editor("body")
    before = in_preview(page, "location.href")
    preview(page).locator(".breadcrumb a").first.click()
    preview(page).locator(".attachments a").first.click()
    assert in_preview(page, "location.href") == before


def test_half_an_address_does_not_stop_the_preview(
    portal: Portal, new_context: NewContext, pages: dict[str, int], signed_in: Any
) -> None:
    # Saving by itself is refused meanwhile, which Wagtail says above the form.
    page, watch = watched_page(new_context(storage_state=signed_in), expected_status=400)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(portal.at(f"/admin/pages/{pages['body']}/edit/"))
    preview(page).locator("[data-preview-list]").wait_for(state="attached")
    note = page.locator("[data-portal-left-out]")
    address = page.locator("[name^=body][name$='-url'][type=url]").first
    last = address.input_value()
    address.fill("https://ww w")
    expect(note).to_contain_text("正文")
    page.locator("#id_title").fill("预览照样更新")
    expect(preview(page).locator("h1")).to_have_text("预览照样更新")
    expect(address).to_have_value("https://ww w")
    address.fill(last)
    expect(note).to_be_hidden()
    assert watch.problems_while_writing() == []
