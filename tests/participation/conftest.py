from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from tests.factories import World


@pytest.fixture
def column(world: World) -> Page:
    """A column of the portal that takes documents."""
    return world.column


@pytest.fixture
def queries(client: Client) -> Callable[[str], list[str]]:
    """The queries of a second request: the first one fills the memory of the process."""

    def count(path: str) -> list[str]:
        assert client.get(path).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return [query["sql"] for query in captured]

    return count
