"""A site with one account for each role; what becomes public needs its reviews."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from tests.bundles.factories import Staff, make_staff
from tests.factories import World

from .servers import Elsewhere, elsewhere


@pytest.fixture(autouse=True)
def words_of_the_code() -> Iterator[None]:
    """What is told is read in English, whatever the catalogues hold."""
    with override("en"):
        yield


@pytest.fixture
def other(settings: Any) -> Iterator[Elsewhere]:
    """A real server on a port that the installation names as one of its own network."""
    with elsewhere() as found:
        settings.PORTAL_INNER_HOSTS = [found.place]
        yield found


@pytest.fixture
def staff(provisioned_world: World) -> Staff:
    return make_staff(provisioned_world.site)
