import pytest
from wagtail.models import Page

from tests.factories import World


@pytest.fixture
def column(world: World) -> Page:
    """A column of the portal that takes questions."""
    return world.column
