"""A browser that remembers what went wrong behind a page's back, and what it can measure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from .addresses import OWN_HOST
from .serving import Portal

TIMEOUT_MS = 60_000
HOSTS = frozenset({"localhost", OWN_HOST})
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# 1280 px at 400 %: the width at which WCAG 1.4.10 asks for reflow.
ZOOMED = {"width": 320, "height": 640}
# The demo city has no language that is written from right to left: pages are turned before anything is drawn.
MIRROR = """new MutationObserver(() => {
    if (document.documentElement && document.documentElement.dir !== "rtl")
        document.documentElement.dir = "rtl";
}).observe(document, {childList: true, subtree: true});"""


@dataclass
class Watch:
    """Everything that a visitor would not see but should not happen either."""

    expected_status: int = 200
    problems: list[str] = field(default_factory=list)

    def problems_while_writing(self) -> list[str]:
        """Without what Wagtail's own checks remark on half-written content, and without their
        remark that a preview was drawn anew before they had ended."""
        return [
            line
            for line in self.problems
            if not any(words in line for words in ("axe.run results", "Axe is already running"))
        ]

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser reports violations of the content security policy here as well.
        if message.type in ("error", "warning") and not self._is_expected(message.text):
            self.problems.append(f"console {message.type}: {message.text}")

    def _is_expected(self, text: str) -> bool:
        return self.expected_status >= 400 and f"status of {self.expected_status}" in text

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in HOSTS:
            self.problems.append(f"asks another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status != self.expected_status:
            self.problems.append(f"{response.status} {response.url}")

    def _failed(self, request: Request) -> None:
        # Leaving a page cancels what it still loads.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"failed ({request.failure}): {request.url}")


def watched_page(context: BrowserContext, *, expected_status: int = 200) -> tuple[Page, Watch]:
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    watch = Watch(expected_status)
    watch.follow(page)
    return page, watch


def sign_in(page: Page, portal: Portal, account: str) -> None:
    page.goto(portal.at("/admin/"))
    page.locator("[name=username]").fill(account)
    page.locator("[name=password]").fill(portal.passwords[account])
    page.locator("form button[type=submit]").click()
    page.locator(".sidebar__inner").wait_for()


# --- accessibility --------------------------------------------------------------------------------
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_violations(page: Page, within: str = "html") -> list[str]:
    """One line for each rule that is broken, with the first elements that break it.

    ``within``: the part that is ours, on screens that Wagtail draws around it. The engine is an init script of the browser context: the page's policy stays as it is.
    """
    found = page.evaluate(
        "([within, tags]) => axe.run(within,"
        " {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
        ".then(result => result.violations)",
        [within, AXE_TAGS],
    )
    return list(_lines(found))


def _lines(violations: list[dict[str, Any]]) -> Iterator[str]:
    for violation in violations:
        nodes = ", ".join(str(node["html"])[:160] for node in violation["nodes"][:3])
        yield f"{violation['id']} ({len(violation['nodes'])}): {violation['help']} - {nodes}"


# --- layout ---------------------------------------------------------------------------------------
def sideways_scroll(page: Page) -> list[str]:
    """What makes the window wider than the screen, outermost first; frames that scroll are fine."""
    found: list[str] = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const wide = [...document.body.querySelectorAll("*")].filter(
                element => element.getBoundingClientRect().right > width + 1);
            return ["wider than " + width + " px: " + document.documentElement.scrollWidth,
                    ...wide.slice(0, 5).map(element => element.outerHTML.slice(0, 160))];
        }"""
    )
    return found


PRIMARY = (
    ".menu__button, .button, .nav__item, .pagination a, .tool, .font-size button, "
    ".section__more, .local-menu__item, .attachment, .menu__item"
)


def small_targets(page: Page, selector: str = PRIMARY, least: int = 44) -> list[str]:
    """Visible targets of a finger that are lower or narrower than ``least`` CSS pixels."""
    found: list[str] = page.evaluate(
        """([selector, least]) => [...document.querySelectorAll(selector)]
            .filter(element => element.checkVisibility())
            .map(element => [element, element.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.height < least - .5 || box.width < least - .5))
            .map(([element, box]) => `${Math.round(box.width)}x${Math.round(box.height)} `
                 + element.outerHTML.slice(0, 120))""",
        [selector, least],
    )
    return found


def missing_pictures(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """async () => {
            for (const image of document.images) image.loading = "eager";
            await Promise.all([...document.images].map(image => image.decode().catch(() => 0)));
            return [...document.images].filter(image => !image.naturalWidth)
                .map(image => image.src);
        }"""
    )
    return found
