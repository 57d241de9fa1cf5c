"""A portal with sections in other languages."""

from collections.abc import Callable, Iterator

import pytest
from django.utils.translation import override

from tests.factories import World
from tests.shared_worlds import SharedWorlds

from .factories import Section, make_section


@pytest.fixture
def words_of_the_code() -> Iterator[None]:
    """What is told is read in English, whatever the catalogues hold."""
    with override("en"):
        yield


@pytest.fixture
def english(world: World, shared: SharedWorlds) -> Section:
    """The portal's open English section: root, columns, a feed, a core article, a team."""
    return shared.copy("english") or make_section(world)


@pytest.fixture
def provisioned_english(provisioned_world: World, shared: SharedWorlds) -> Section:
    """The same in the world with groups and permissions."""
    return shared.copy("provisioned_english") or make_section(provisioned_world)


@pytest.fixture
def japanese(world: World) -> Section:
    """The same in Japanese."""
    return make_section(world, "ja")


@pytest.fixture
def add_section(world: World) -> Callable[..., Section]:
    """``make_section`` in this test's world."""

    def make(language: str, **fields: object) -> Section:
        return make_section(world, language, **fields)

    return make
