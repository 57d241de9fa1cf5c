from collections.abc import Iterator
from typing import Any

import pytest

from assistant.portal_plugin.answering import finding
from portal.plugin_api import error_reports, letters
from portal.testing import disable_plugin
from tests.assistant.asking import FakeRetriever
from tests.factories import World

from .providers import LettersInMemory, ReportsInMemory
from .talking import Talk


@pytest.fixture
def nobody_takes_letters(db: None) -> Iterator[None]:
    """Where the portal's own plugin is off."""
    with disable_plugin("interaction"):
        yield


@pytest.fixture
def post(world: World) -> Iterator[LettersInMemory]:
    """Somebody takes letters."""
    provider = LettersInMemory()
    with letters.temporarily(provider, plugin="assistant"):
        yield provider


@pytest.fixture
def reports(world: World) -> Iterator[ReportsInMemory]:
    """Somebody takes reports of errors."""
    provider = ReportsInMemory()
    with error_reports.temporarily(provider, plugin="assistant"):
        yield provider


@pytest.fixture
def knowledge(monkeypatch: pytest.MonkeyPatch) -> FakeRetriever:
    """What the index finds: nothing, until a test puts entries into it."""
    retriever = FakeRetriever()
    monkeypatch.setattr(finding, "_retriever", lambda: retriever)
    return retriever


@pytest.fixture
def talk(world: World, knowledge: FakeRetriever) -> Talk:
    return Talk(site=world.site.pk)


@pytest.fixture
def failing_plugins(settings: Any) -> None:
    """A plugin that fails is left out, as in operation; tests let it raise otherwise."""
    settings.PORTAL_PLUGIN_ERRORS_RAISE = False
