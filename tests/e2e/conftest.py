"""One served demo city for all browser tests of a process, one browser for each module."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from . import tools
from .browsing import DESKTOP
from .serving import REPOSITORY, Portal, environment, serve_demo


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    with serve_demo() as served:
        yield served


@pytest.fixture(scope="session")
def indexed(portal: Portal) -> Portal:
    """The demo with its search index, as the indexer makes it."""
    subprocess.run(
        [sys.executable, "-m", "portal", "rebuild_index", "search"],
        cwd=REPOSITORY,
        env=environment(portal.data),
        check=True,
        capture_output=True,
    )
    return portal


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
