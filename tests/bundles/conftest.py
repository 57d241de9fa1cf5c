"""A site with one account for each role; what becomes public needs its reviews."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from portal.core.reviews.grounds import no_ground
from tests.factories import World

from .factories import Staff, make_staff


@pytest.fixture(autouse=True)
def words_of_the_code() -> Iterator[None]:
    """What is told is read in English, whatever the catalogues hold."""
    with override("en"):
        yield


@pytest.fixture
def staff(provisioned_world: World) -> Staff:
    return make_staff(provisioned_world.site)


@pytest.fixture(autouse=True)
def reviews_demanded(request: pytest.FixtureRequest) -> Iterator[None]:
    """After the world is there: tests publish nothing without a ground."""
    for name in ("provisioned_world", "world", "committed", "english"):
        if name in request.fixturenames:
            request.getfixturevalue(name)
    with no_ground():
        yield
