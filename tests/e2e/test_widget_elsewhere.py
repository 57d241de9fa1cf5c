"""The assistant on another website: under its strict policy, for those on the list alone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from . import tools
from .browsing import PHONE, TIMEOUT_MS, axe_violations, sign_in, watched_page
from .knowledge import bring_in
from .serving import Portal
from .widgets import Widget

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]

QUESTION, ANSWER = "柳岸医院几点开诊？", "周一至周日8时开诊，急诊全天。"


@contextmanager
def website(portal: Portal) -> Iterator[str]:
    """Another host (127.0.0.1 beside localhost) whose policy names the portal and nothing else."""
    policy = (
        f"default-src 'none'; script-src {portal.url}; connect-src {portal.url}; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    page = f"""<!DOCTYPE html><html lang="zh-Hans"><head><meta charset="utf-8"><title>柳岸医院</title>
        <meta name="viewport" content="width=device-width, initial-scale=1"></head>
        <body><main><h1>柳岸医院</h1>{"<p>就诊须知。</p>" * 80}</main>
        <footer><p>柳岸医院</p></footer>
        <script type="module" src="{portal.url}/assistant/widget.js" data-site="yunhu"
            data-language="zh-Hans"></script></body></html>"""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = page.encode() if self.path == "/" else b""
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Not into the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def elsewhere(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("qa")
    bring_in(portal, folder, {"id": "e2e-hospital", "question": QUESTION, "answer": ANSWER})
    with website(portal) as origin:
        yield origin


def complaints_of(page: Page) -> list[str]:
    """What the policy refused, and what else went wrong."""
    found: list[str] = []
    page.on(
        "console", lambda message: found.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def put_on_the_list(new_context: NewContext, portal: Portal, origin: str) -> None:
    """As an administrator does."""
    page, _watch = watched_page(new_context())
    sign_in(page, portal, "admin")
    page.goto(portal.at("/admin/assistant-websites/new/"))
    main_site = page.locator("[name=site] option", has_text="云湖市人民政府").first
    page.locator("[name=site]").select_option(main_site.get_attribute("value"))
    page.locator("[name=origin]").fill(f"{origin}/")
    page.locator("[name=note]").fill("柳岸医院信息科")
    page.locator("form [type=submit]").last.click()
    page.wait_for_url("**/assistant-websites/")
    expect(page.get_by_role("link", name=origin)).to_be_visible()


def test_only_those_on_the_list_show_it_and_it_works_under_their_policy(
    portal: Portal, new_context: NewContext, elsewhere: str
) -> None:
    context = new_context()
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    complaints = complaints_of(page)
    # The browser hands the refusal over to nobody: to the page it is a request that failed.
    with page.expect_event("requestfailed", lambda sent: "/assistant/widget?" in sent.url):
        page.goto(elsewhere)
    page.wait_for_load_state("networkidle")
    assert (
        page.locator("portal-assistant").evaluate("host => host.shadowRoot.querySelector('button')")
        is None
    )

    put_on_the_list(new_context, portal, elsewhere)
    context = new_context()
    context.set_default_timeout(TIMEOUT_MS)
    context.add_init_script(path=tools.axe_source())
    page = context.new_page()
    complaints = complaints_of(page)
    widget = Widget(page, portal)
    page.goto(elsewhere)
    widget.launcher.click()
    widget.asked(QUESTION)
    expect(widget.answers).to_contain_text(ANSWER)
    # The style sheet came, although the page's policy allows no styles at all.
    assert (
        widget.launcher.evaluate("one => getComputedStyle(one).backgroundColor")
        == "rgb(15, 92, 112)"
    )
    assert axe_violations(page) == []
    widget.tool("useful").click()
    expect(widget.host.locator(".thanks")).to_be_visible()
    # The address of the other website stays with the visitor.
    with page.expect_request("**/assistant/messages") as sent:
        widget.ask("还有呢")
    assert "page" not in sent.value.post_data_json
    assert not sent.value.headers.get("referer")
    widget.answers.nth(1).wait_for()

    page.keyboard.press("Escape")
    page.set_viewport_size(PHONE)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    places = page.evaluate(
        """() => {
            const host = document.querySelector("portal-assistant");
            return [host.shadowRoot.querySelector(".launcher").getBoundingClientRect().bottom,
                    document.querySelector("footer").getBoundingClientRect().top];
        }"""
    )
    assert places == sorted(places)
    assert complaints == []
