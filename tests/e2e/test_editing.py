"""The story of the portal: an editor signs in, publishes, and it is there and nowhere else."""

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect

from . import tools
from .addresses import OWN_HOST
from .browsing import TIMEOUT_MS, axe_violations, sign_in, watched_page
from .serving import Portal

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]

EDITOR = "hubin-editor"
SITE = "湖滨区人民政府"
COLUMN = "湖滨动态"
TITLE = "望湖路人行道翻修完工"
TEXT = "望湖路三点二公里人行道今天全部开放，坡道和盲道已经接通。"


# --- what an editor does --------------------------------------------------------------------------
def _new_article(page: Page, portal: Portal, *, will_write: bool = True) -> None:
    """From the dashboard to the empty form, as an editor goes; until Wagtail has seen what is in it,
    two seconds later: what a machine types before that is no change to it, and not autosaved."""
    page.add_init_script(
        "addEventListener('w-unsaved:watch-edits',"
        " () => { document.documentElement.dataset.watched = 'yes' }, true)"
    )
    page.goto(portal.at("/admin/"))
    page.get_by_role("link", name=f"在“{COLUMN}”新建").click()
    page.locator("a[href*='/articlepage/']").get_by_text("文章").or_(
        page.locator("#id_title")
    ).first.click()
    page.locator("#id_title").wait_for()
    if will_write:
        page.locator("html[data-watched]").wait_for(state="attached")


def _write(page: Page, title: str, text: str) -> Locator:
    page.locator("#id_title").fill(title)
    page.locator("[id$=-body-section] .c-sf-add-button").first.click()
    page.get_by_role("option", name="文字").click()
    writing = page.locator("[id$=-body-section] .Draftail-Editor [role=textbox]").first
    writing.click()
    page.keyboard.insert_text(text)
    # The editor hands what was typed to the form a moment later.
    handed_over = page.locator("[id$=-body-section] input[type=hidden][name^=body][name$=value]")
    expect(handed_over.first).to_have_value(re.compile(text))
    return writing


def _submit(page: Page) -> None:
    page.get_by_role("button", name="更多动作").click()
    page.locator("button[name=action-submit]").click()


def _released(portal: Portal, new_context: NewContext, title: str) -> None:
    """Four people, each from their own list, until the item is public."""
    for account in ("first-checker", "secrecy-reviewer", "reviewer", "releaser"):
        page, watch = watched_page(new_context())
        sign_in(page, portal, account)
        page.get_by_role("link", name=title).first.click()
        preview = page.frame_locator(".portal-review__frame")
        expect(preview.get_by_role("heading", level=1)).to_have_text(title)
        for answer in page.get_by_role("radio", name="否").all():
            answer.check()
        page.locator("button[name=sign]").click()
        expect(page.locator(".messages .success")).to_be_visible()
        assert watch.problems == []
        page.context.close()


def _source(page: Page, address: str) -> str:
    """What an address answers, as text; nothing when it is not there."""
    # Only browsers know that every name below localhost is this machine.
    parts = urlsplit(address)
    here = parts._replace(netloc=f"localhost:{parts.port}")
    response = page.request.get(here.geturl(), headers={"host": parts.netloc})
    if not response.ok:
        return ""
    if "json" in response.headers["content-type"]:
        return json.dumps(response.json(), ensure_ascii=False)
    return response.text()


# --- tests ----------------------------------------------------------------------------------------
def test_from_the_portal_to_an_article(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context())
    page.goto(portal.url)
    page.get_by_role("link", name="湖滨区人民政府").click()
    expect(page).to_have_url(portal.at("/hubin/"))
    expect(page.locator("html")).to_have_attribute("data-theme", "pine")
    page.get_by_role("link", name="老小区 新生活").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("老小区 新生活")
    article = page.locator(".lead-story__title a")
    title = article.inner_text()
    article.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".breadcrumb")).to_contain_text("老小区 新生活")
    page.locator(".utility__home").click()
    expect(page).to_have_url(portal.at("/"))
    page.get_by_role("link", name="云湖高新技术产业开发区管理委员会").click()
    expect(page).to_have_url(portal.host(OWN_HOST) + "/")
    assert watch.problems == []


def test_published_here_and_nowhere_else(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context())
    sign_in(page, portal, EDITOR)
    _new_article(page, portal)
    _write(page, TITLE, TEXT)
    _submit(page)
    expect(page.locator(".messages .success")).to_contain_text(TITLE, timeout=TIMEOUT_MS)
    assert TITLE not in _source(page, portal.at("/hubin/hubin-dongtai/"))
    _released(portal, new_context, TITLE)

    here = {
        "column": portal.at("/hubin/hubin-dongtai/"),
        "sub-site": portal.at("/hubin/"),
        "sub-site in the API": portal.at("/api/v1/pages?site=hubin&page_size=100"),
    }
    elsewhere = {
        "portal home": portal.at("/"),
        "news of the portal": portal.at("/yaowen/"),
        "news of the districts": portal.at("/yaowen/quxian-dongtai/"),
        "neighbouring column": portal.at("/hubin/tongzhi-gonggao/"),
        "sub-site by path": portal.at("/rsj/"),
        "sub-site by host name": portal.host(OWN_HOST),
        "portal in the API": portal.at("/api/v1/pages?site=yunhu&page_size=100"),
        "neighbour in the API": portal.at("/api/v1/pages?site=rsj&page_size=100"),
    }
    for name, address in here.items():
        assert TITLE in _source(page, address), name
    for name, address in elsewhere.items():
        source = _source(page, address)
        assert source, name
        assert TITLE not in source, name

    page.goto(here["column"])
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator(".prose")).to_contain_text(TEXT)
    article = page.url

    # Withdrawn again, from the explorer of the own column.
    page.goto(portal.at("/admin/"))
    page.locator("#my-columns-content").get_by_role("link", name=COLUMN, exact=True).click()
    page.locator("#listing-results td.title a", has_text=TITLE).click()
    page.get_by_role("button", name="更多动作").click()
    page.locator("a[href*='/unpublish/']").first.click()
    page.locator("form[action*='/unpublish/'] [type=submit]").click()
    expect(page.locator(".messages .success")).to_contain_text(TITLE, timeout=TIMEOUT_MS)
    for name, address in here.items():
        assert TITLE not in _source(page, address), name
    assert page.request.get(article).status == 404
    assert watch.problems == []


def test_a_button_pressed_while_a_new_page_is_saved_makes_one_page(
    portal: Portal, new_context: NewContext
) -> None:
    title = "望湖路路灯亮了"
    page, watch = watched_page(new_context())
    sign_in(page, portal, EDITOR)
    _new_article(page, portal)
    held: list[Route] = []
    page.route("**/admin/pages/add/**", lambda route: _hold_autosave(route, held))
    with page.expect_request(_is_autosave):
        _write(page, title, TEXT)
    _submit(page)
    assert len(held) == 1, "nothing else is sent before the autosave is answered"
    held[0].continue_()
    expect(page.locator(".messages .success")).to_contain_text(title, timeout=TIMEOUT_MS)
    assert watch.problems == []

    page.goto(portal.at("/admin/"))
    page.locator("#my-columns-content").get_by_role("link", name=COLUMN, exact=True).click()
    expect(page.locator("#listing-results td.title a", has_text=title)).to_have_count(1)


def _is_autosave(request: Request) -> bool:
    """Of the preview it is said in the address, and it makes no page."""
    is_preview = "/preview/" in request.url
    return request.method == "POST" and "/pages/add/" in request.url and not is_preview


def _hold_autosave(route: Route, held: list[Route]) -> None:
    if _is_autosave(route.request):
        held.append(route)
    else:
        route.continue_()


def test_an_editor_sees_only_the_own_site(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context())
    sign_in(page, portal, EDITOR)
    strangers = ("人力资源", "云湖高新", "云湖要闻", "共享实验室")

    # Opened by the menu, and by its address: both begin at the own site.
    page.locator(".sidebar").get_by_role("button", name="页面").click()
    explorer = page.locator(".c-page-explorer__drawer, .c-page-explorer")
    expect(explorer.first).to_contain_text(COLUMN)
    for stranger in strangers:
        expect(explorer.first).not_to_contain_text(stranger)

    page.goto(portal.at("/admin/pages/"))
    listing = page.locator("#listing-results")
    expect(listing).to_contain_text(COLUMN)
    for stranger in strangers:
        expect(listing).not_to_contain_text(stranger)
    # So does a chooser; the portal above the own site shows it only the way there.
    chooser = _source(page, portal.at("/admin/choose-page/"))
    assert COLUMN in chooser
    above = re.search(rf'data-title=."{SITE}." .*?data-parent-id=."(\d+)', chooser)
    assert above is not None
    portal_home = f"/admin/choose-page/{above[1]}/"
    ways = set(re.findall(r"/admin/choose-page/\d+/", _source(page, portal.at(portal_home))))
    # One link leads down, others to the home in other languages: from there only back again.
    leads_down = r'(/admin/choose-page/\d+/)\?\\?" class=\\?"navigate-pages'
    (down,) = set(re.findall(leads_down, _source(page, portal.at(portal_home))))
    for way in ways:
        shown = _source(page, portal.at(way))
        assert COLUMN in shown, way
        for stranger in strangers:
            assert stranger not in shown, (way, stranger)
    for address in ("/admin/choose-page/", portal_home, down, "/admin/pages/search/?q=湖滨"):
        listed = _source(page, portal.at(address))
        assert "湖滨" in listed, address
        for stranger in strangers:
            assert stranger not in listed, (address, stranger)

    # The search finds the own article by words from its middle, and never a neighbour's.
    for search in ("/admin/pages/search/?q=", "/admin/choose-page/search/?q="):
        assert "23公里湖滨步道" in _source(page, portal.at(f"{search}湖滨步道")), search
        assert "31间共享实验室" not in _source(page, portal.at(f"{search}共享实验室")), search
    assert watch.problems == []


def test_a_refusal_keeps_what_was_typed(portal: Portal, new_context: NewContext) -> None:
    page, watch = watched_page(new_context())
    sign_in(page, portal, EDITOR)
    _new_article(page, portal)
    writing = _write(page, "没有来源的稿子", TEXT)
    page.locator("#id_summary").fill("摘要也要留着。")
    page.locator("#id_source").fill("")
    _submit(page)

    refusal = page.locator("[id$=-source-errors]")
    expect(refusal).not_to_be_empty()
    expect(refusal).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("没有来源的稿子")
    expect(page.locator("#id_summary")).to_have_value("摘要也要留着。")
    expect(writing).to_contain_text(TEXT)
    assert "没有来源的稿子" not in _source(page, portal.at("/hubin/hubin-dongtai/"))

    page.locator("#id_source").fill("湖滨区人民政府办公室")
    _submit(page)
    expect(page.locator(".messages .success")).to_contain_text("没有来源的稿子")
    assert watch.problems == []


def test_the_admin_is_quiet_and_accessible(portal: Portal, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script(path=tools.axe_source())
    page, watch = watched_page(context)
    sign_in(page, portal, EDITOR)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = axe_violations(page)

    look("dashboard")
    page.locator("#my-columns-content").get_by_role("link", name=COLUMN, exact=True).click()
    page.locator("table.listing").wait_for()
    look("explorer")
    _new_article(page, portal, will_write=False)
    look("editor")
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert watch.problems == []
