"""The screens on which editors look after search, as they use them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from . import tools
from .browsing import DESKTOP, PHONE, axe_violations, sideways_scroll, sign_in, watched_page
from .serving import Portal

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]
# Nobody says it, so nothing is found by it before.
NICKNAME = "水喉衙门"
SCREENS = (
    "figures/",
    "weights/",
    "tasks/",
    "samples/",
    "changes/",
    "synonyms/",
    "synonyms/table/",
    "synonyms/new/",
    "stop-phrases/",
    "blocked-words/",
    "best-bets/",
    "best-bets/new/",
    "queries/",
)


def test_a_word_that_an_editor_teaches_counts_at_once_and_can_be_taken_back(
    indexed: Portal, new_context: NewContext
) -> None:
    desk, watch = watched_page(new_context())
    sign_in(desk, indexed, "portal-office")
    visitor, _ = watched_page(new_context())

    def found() -> int:
        visitor.goto(indexed.at(f"/search/?q={NICKNAME}"))
        return visitor.locator(".result__title", has_text="水务局").count()

    assert not found()
    desk.goto(indexed.at("/admin/search-desk/synonyms/new/"))
    desk.locator("[name=words]").fill(NICKNAME)
    desk.locator("[name=meanings]").fill("水务局")
    desk.locator("main form button[type=submit]").last.click()
    expect(desk.locator(".messages")).to_contain_text(NICKNAME)
    assert found()
    desk.goto(indexed.at("/admin/search-desk/changes/"))
    row = desk.locator("tr", has_text=NICKNAME).first
    row.get_by_role("button").click()
    desk.wait_for_load_state()
    assert not found()
    assert watch.problems_while_writing() == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_screens_can_be_read_by_everybody(
    indexed: Portal, new_context: NewContext, size: dict[str, int]
) -> None:
    context = new_context()
    context.add_init_script(path=tools.axe_source())
    page, watch = watched_page(context)
    sign_in(page, indexed, "portal-office")
    page.set_viewport_size(size)
    problems = []
    for screen in SCREENS:
        page.goto(indexed.at(f"/admin/search-desk/{screen}"))
        found = [*axe_violations(page, "main"), *sideways_scroll(page)]
        # Wagtail's own sentence where a list is empty, with its link.
        found = [line for line in found if not line.startswith("link-in-text-block (1)")]
        problems += [f"{screen}: {line}" for line in found]
    assert problems == []
    assert watch.problems == []
