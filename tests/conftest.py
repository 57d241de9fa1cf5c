"""What all tests share: Django with the dummy plugin, a database in no time, a small portal."""

from tests.plugins.installing import prepare_django

prepare_django()

import os  # noqa: E402
import shutil  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import pytest  # noqa: E402
from django.conf import settings as django_settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from django.utils import translation  # noqa: E402
from pytest_django.plugin import DjangoDbBlocker  # noqa: E402

from portal.core import structure  # noqa: E402
from tests import databases  # noqa: E402

_DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}
_MARKERS = (
    "database: touches the database; runs on PostgreSQL too (set by itself)",
    "e2e: needs a browser",
)


def pytest_configure(config: pytest.Config) -> None:
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, so that no author has to think of it."""
    for item in items:
        if _uses_database(item) and item.get_closest_marker("database") is None:
            item.add_marker(pytest.mark.database)


def _uses_database(item: pytest.Item) -> bool:
    test_class = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or bool(_DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ())))
        or (isinstance(test_class, type) and issubclass(test_class, TransactionTestCase))
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """The data folder of ``portal.settings.test`` is made anew in each process."""
    folder = Path(django_settings.DATA_DIR)
    if folder.name.startswith("portal-test-"):
        shutil.rmtree(folder, ignore_errors=True)


# --- database -------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Replaces pytest-django's: a copy of a migrated template instead of migrating."""
    with django_db_blocker.unblock():
        database = databases.prepare(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    patch = pytest.MonkeyPatch()
    # After tests that commit: rows made by migrations (root page, locale, site) belong there.
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: database.restore())
    yield
    patch.undo()
    with django_db_blocker.unblock():
        database.remove()


# --- memory of the process ------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def forgetful_process() -> Iterator[None]:
    """What a process keeps in memory would tell one test of another's database."""
    structure._current = None
    cache.clear()
    with translation.override(django_settings.LANGUAGE_CODE):
        yield
    structure._current = None
