"""The demo's foreign sections as they are served: gone through whole, and closed."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.foreign.site_crawl import FOREIGN, Crawl, crawl, language_problems, over_http

from . import tools
from .browsing import DESKTOP, axe_violations, sideways_scroll, watched_page
from .serving import REPOSITORY, Portal, environment, serve_demo

pytestmark = pytest.mark.e2e
# The column that entries stand in leads on to their topics.
COLUMN_OF_ENTRIES = re.compile(r"leads to (/zh-hant)?/(hubin/)?wenda/, which answers 302")
CLOSE = """
from portal.foreign.models import ForeignSection
from portal.foreign.services.sections import close_section
for code in ("en", "ar"):
    close_section(section=ForeignSection.objects.get(
        site__code="yunhu", locale__language_code=code), reason="No team")
"""


@pytest.mark.parametrize("language", FOREIGN)
def test_nothing_leads_nowhere_and_all_chinese_says_so(portal: Portal, language: str) -> None:
    found = crawl(over_http(portal.url), [language], origin=portal.url)
    assert len(found.pages) > 5
    assert found.problems == []


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_so_do_questions_and_answers(portal: Portal, language: str) -> None:
    """They stand in the Chinese tree: the topics below ``/assistant/``, entries beside the Chinese."""
    topics, entries = f"/assistant/questions/{language}/", re.compile(rf"/wenda/.+-{language}/")
    found = Crawl(
        over_http(portal.url),
        lambda path: path.startswith(topics) or entries.fullmatch(path) is not None,
        origin=portal.url,
    ).run(topics)
    assert len(found.pages) > 10
    assert [one for one in found.problems if not COLUMN_OF_ENTRIES.search(one)] == []


@pytest.fixture(scope="module")
def closed() -> Iterator[Portal]:
    """A portal of its own: no other test wants its languages closed."""
    with serve_demo() as portal:
        subprocess.run(
            [sys.executable, "-m", "portal", "shell", "-c", CLOSE],
            cwd=REPOSITORY,
            env=environment(portal.data),
            check=True,
            capture_output=True,
        )
        yield portal


@pytest.mark.parametrize("address", ["/en/", "/en/emergency/foreign-emergency-card/", "/ar/"])
def test_a_closed_language_says_so_to_everyone(
    closed: Portal, browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport=DESKTOP, locale="en")
    context.add_init_script(path=tools.axe_source())
    page, watch = watched_page(context, expected_status=410)
    response = page.goto(closed.at(address))
    assert response is not None
    assert response.status == 410
    assert list(language_problems(page.content())) == []
    found = [f"axe: {line}" for line in axe_violations(page)]
    page.set_viewport_size({"width": 320, "height": 256})
    found += [f"sideways: {line}" for line in sideways_scroll(page)]
    assert found + watch.problems == []
    assert page.get_attribute("html", "dir") == ("rtl" if address.startswith("/ar/") else "ltr")
    page.close()
    context.close()
