from collections.abc import Iterator

import pytest
from wagtail.models import Page

from assistant.portal_plugin.index import serving
from tests.factories import World


@pytest.fixture(autouse=True)
def forgetful_index() -> Iterator[None]:
    """What a process knows of one test's questions is none of the next one's business."""
    serving.forget()
    yield
    serving.forget()


@pytest.fixture
def column(world: World) -> Page:
    """A column of the portal that takes questions."""
    return world.column
