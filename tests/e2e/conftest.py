"""One served demo city for all browser tests of a process, one browser for each module."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from . import tools
from .browsing import DESKTOP
from .serving import Portal, serve_demo


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    with serve_demo() as served:
        yield served


# Not for the session: while Playwright runs, Django takes the thread for an asynchronous one and
# refuses the database to every other test of the process.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=tools.browser_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield launched
        launched.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes contexts (a visitor with cookies of their own) that are closed after the test."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(viewport=DESKTOP, locale="zh-CN", **options)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
