from collections.abc import Iterator

import pytest
from django.utils.translation import override

from tests.factories import World

from .people import Desk, make_desk


@pytest.fixture(autouse=True)
def words_of_the_code() -> Iterator[None]:
    """What is told is read in English, whatever the catalogues hold."""
    with override("en"):
        yield


@pytest.fixture
def desk(provisioned_world: World) -> Desk:
    return make_desk(provisioned_world)
