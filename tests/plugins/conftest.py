from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from portal.plugins import registry, switches
from portal.plugins.points import ExtensionPoint, catalogue
from portal.testing import reset_plugin_state

from .plugins import metadata


@pytest.fixture(autouse=True)
def fresh_plugin_state() -> Iterator[None]:
    reset_plugin_state()
    yield
    reset_plugin_state()


@pytest.fixture
def two_plugins() -> Iterator[registry.Plugins]:
    """The plugins “late” (order 20) and “early” (order 10), on for site 1; no database."""
    rows = {("early", 1): True, ("late", 1): True}
    with ExitStack() as stack:
        plugins = stack.enter_context(
            registry.override(metadata("late", order=20), metadata("early", order=10))
        )
        stack.enter_context(switches.override(rows, exact=True))
        yield plugins


@pytest.fixture
def forget_points() -> Iterator[list[ExtensionPoint]]:
    """Collects points that a test defines, and takes them out of the catalogue again."""
    points: list[ExtensionPoint] = []
    yield points
    for point in points:
        catalogue.forget(point)


@pytest.fixture
def as_in_production(settings) -> None:
    settings.PORTAL_PLUGIN_ERRORS_RAISE = False
