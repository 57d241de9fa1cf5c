"""The assistant's widget in a browser: opening it, asking, and what it looks like from outside."""

from typing import Any

from playwright.sync_api import Locator, Page

from .serving import Portal


class Widget:
    """The widget of a page. Playwright looks into its shadow by itself."""

    def __init__(self, page: Page, portal: Portal) -> None:
        self.page, self.portal = page, portal
        self.host = page.locator("portal-assistant")
        self.launcher = self.host.locator("button[aria-haspopup=dialog]")
        self.window = self.host.locator("dialog")
        self.field = self.host.locator("textarea.field")
        self.answers = self.host.locator("article")
        self.heading = self.host.locator("article .answer__title")
        self.trouble = self.host.locator(".trouble")

    def open(self, path: str = "/") -> "Widget":
        self.page.goto(self.portal.at(path))
        self.launcher.click()
        self.field.wait_for()
        return self

    def ask(self, question: str) -> None:
        self.field.fill(question)
        self.field.press("Enter")

    def asked(self, question: str) -> "Widget":
        """Ask, and wait for one more answer."""
        before = self.answers.count()
        self.ask(question)
        self.answers.nth(before).wait_for()
        return self

    def tool(self, key: str) -> Locator:
        return self.answers.last.get_by_role("button", name=self.text(key), exact=True)

    def text(self, key: str, language: str = "zh-hans") -> str:
        """A word of the widget, as the API gives it."""
        answer = self.page.request.get(
            self.portal.at(f"/api/v1/assistant/widget?language={language}")
        )
        found: str = answer.json()["texts"][key]
        return found

    @property
    def focused(self) -> str:
        """Classes and name of what has the focus, through shadows."""
        found: str = self.page.evaluate(
            """() => {
                let active = document.activeElement;
                while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
                return `${active.tagName} ${active.className} ${active.textContent}`;
            }"""
        )
        return found

    def small_targets(self, least: int = 24) -> list[str]:
        """Visible buttons, links and fields in the widget that are smaller than a finger needs.

        Numbers within a text are left out: they have a larger area than their box.
        """
        found: list[str] = self.host.evaluate(
            """(host, least) => [...host.shadowRoot.querySelectorAll("button, select, .field, .primary")]
                .filter(element => element.checkVisibility())
                .map(element => [element, element.getBoundingClientRect()])
                .filter(([, box]) => box.height < least - .5 || box.width < least - .5)
                .map(([element, box]) => `${Math.round(box.width)}x${Math.round(box.height)} `
                     + element.outerHTML.slice(0, 120))""",
            least,
        )
        return found

    def overflow(self) -> list[str]:
        """What in the window is wider than the window."""
        found: list[str] = self.host.evaluate(
            """host => {
                const window = host.shadowRoot.querySelector("dialog");
                const edge = window.getBoundingClientRect();
                return [...window.querySelectorAll("*")]
                    .filter(one => one.checkVisibility() && !one.closest(".visually-hidden, .scroll"))
                    .filter(one => {
                        const box = one.getBoundingClientRect();
                        return box.width && (box.right > edge.right + 1 || box.left < edge.left - 1);
                    })
                    .slice(0, 5).map(one => one.outerHTML.slice(0, 140));
            }"""
        )
        return found


def status_texts(page: Page) -> list[str]:
    """The polite live regions in the accessibility tree, with what a screen reader gets of them."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}

    def words(node: dict[str, Any]) -> str:
        own = (
            node.get("name", {}).get("value", "")
            if node.get("role", {}).get("value") == "StaticText"
            else ""
        )
        return own + "".join(words(by_id[key]) for key in node.get("childIds", ()) if key in by_id)

    found = []
    for node in nodes:
        properties = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
        if node.get("role", {}).get("value") == "status" and properties.get("live") == "polite":
            found.append(words(node))
    return found
