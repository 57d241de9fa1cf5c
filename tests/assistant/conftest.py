from collections.abc import Callable, Iterator
from typing import Any

import pytest
from wagtail.models import Page

from assistant.portal_plugin.index import serving
from tests.factories import ArticleFactory, World


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


@pytest.fixture
def make_basis(column: Page) -> Callable[..., Page]:
    """Makes public pages that an answer may rest on."""

    def make(**values: Any) -> Page:
        page = ArticleFactory(parent=column, **{"title": "户口登记办法"} | values)
        page.save_revision().publish()
        found: Page = type(page).objects.get(pk=page.pk)
        return found

    return make
