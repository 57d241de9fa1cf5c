"""What all tests share: Django with the dummy plugin, a database in no time, a small portal."""

import errno
import gc
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Generator, Iterator
from pathlib import Path

from tests.plugins.installing import prepare_django

# Never the folder that a portal on this machine works in; one for each test process.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_DATA_DIR = (
    Path(os.environ["PORTAL_DATA_DIR"], _WORKER)
    if _WORKER
    else Path(tempfile.mkdtemp(prefix="portal-test-"))
)
os.environ["PORTAL_DATA_DIR"] = str(_DATA_DIR)
prepare_django()
# Test processes inherit it otherwise, and pytest-django would set Django up before this file runs.
os.environ.pop("DJANGO_SETTINGS_MODULE")

import pytest  # noqa: E402
from django.conf import settings as django_settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.files.storage import FileSystemStorage  # noqa: E402
from django.db import reset_queries  # noqa: E402
from django.test import RequestFactory, TransactionTestCase  # noqa: E402
from django.utils import translation  # noqa: E402
from pytest_django.plugin import DjangoDbBlocker  # noqa: E402
from wagtail.models import Page  # noqa: E402

from portal.core import structure  # noqa: E402
from portal.core.context import PortalContext, context_for_request  # noqa: E402
from portal.core.models import Basis  # noqa: E402
from portal.core.reviews.grounds import no_ground, releasing_as  # noqa: E402
from portal.testing import reset_plugin_state  # noqa: E402
from tests import databases, statements  # noqa: E402
from tests.factories import World  # noqa: E402
from tests.shared_worlds import WORLDS, SharedWorlds, commits, kind_of, sort_items  # noqa: E402

_DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}
_recorder: statements.Recorder | None = None
_MARKERS = (
    "database: touches the database; runs on PostgreSQL too (set by itself)",
    "each_database: looks at how a database works; never left to another test's statements",
    "one_database: about pages or the table of roles, whatever the database: SQLite is enough",
    "e2e: needs a browser",
    "long: minutes of walks, storms, killed processes or training; `make test-long` runs it",
    "own_world: builds the small city itself, at a time of its own",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--one-of-each",
        action="store_true",
        help="Of tests with many values run one: those of a second database tell it apart by then.",
    )
    parser.addoption(
        "--record-statements",
        metavar="FOLDER",
        type=Path,
        help="Write down which statements each test makes in the database.",
    )
    parser.addoption(
        "--each-statement", metavar="FOLDER", type=Path,
        help="Run the tests that together make each statement of such a record, and all that commit.",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    # Two lines for each task, which run at once in tests, would bury what matters.
    logging.getLogger("django.tasks").setLevel(logging.WARNING)
    Path(django_settings.STATIC_ROOT).mkdir(exist_ok=True)  # whitenoise warns without it
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    if folder := config.getoption("record_statements"):
        global _recorder
        _recorder = statements.Recorder(folder, _WORKER)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what touches the database, so that no author has to think of it."""
    for item in items:
        if _uses_database(item) and item.get_closest_marker("database") is None:
            item.add_marker(pytest.mark.database)
    if config.getoption("one_of_each"):
        first = {item.nodeid.partition("[")[0]: item.nodeid for item in reversed(items)}
        _deselect(config, items, set(first.values()))
    if folder := config.getoption("each_statement"):
        _deselect(config, items, _making_each_statement(items, statements.read(folder)))
    sort_items(items)


def pytest_collection_finish() -> None:
    """Code and tests stay for good: the collector need not look through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def _deselect(config: pytest.Config, items: list[pytest.Item], kept: Collection[str]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in kept])
    items[:] = [item for item in items if item.nodeid in kept]


def _making_each_statement(items: list[pytest.Item], record: list[statements.Made]) -> set[str]:
    """Names of tests to run; those of tests that only the record has do no harm."""
    there = {item.nodeid for item in items}
    known = {made.test for made in record}
    always = {
        item.nodeid
        for item in items
        if item.nodeid not in known or commits(item) or item.get_closest_marker("each_database")
    }
    return statements.covering([made for made in record if made.test in there], always)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    if _recorder is None or item.get_closest_marker("database") is None:
        return (yield)
    with _recorder.of(item.nodeid):
        return (yield)


def _uses_database(item: pytest.Item) -> bool:
    test_class = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or bool(_DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ())))
        or (isinstance(test_class, type) and issubclass(test_class, TransactionTestCase))
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_DATA_DIR, ignore_errors=True)
    _operator.__exit__(None, None, None)


# --- database -------------------------------------------------------------------------------------
_blocker: DjangoDbBlocker | None = None


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Replaces pytest-django's: a copy of a migrated template instead of migrating."""
    global _blocker
    _blocker = django_db_blocker
    with django_db_blocker.unblock():
        database = databases.prepare(_WORKER or "main")
    patch = pytest.MonkeyPatch()
    # After tests that commit: rows made by migrations (root page, locale, site) belong there.
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: database.restore())
    yield
    patch.undo()
    with django_db_blocker.unblock():
        _worlds.close()
        database.remove()


# --- memory of the process ------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def forgetful_process(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a process keeps in memory would tell one test of another's database."""
    structure._current = _worlds.structure if kind_of(request.node) == _worlds.kind else None
    reset_plugin_state()
    cache.clear()
    # A full log takes no further statement: who counts them would count none.
    reset_queries()
    with translation.override(django_settings.LANGUAGE_CODE):
        yield
    structure._current = None


# --- reviews --------------------------------------------------------------------------------------
# What tests publish themselves is an operator's doing; requests stand on their own, as everywhere.
_operator = releasing_as(Basis.OPERATOR, "tests")
_operator.__enter__()


@pytest.fixture
def reviews_demanded() -> Iterator[None]:
    """What the test publishes needs its three reviews too."""
    with no_ground():
        yield


# --- content --------------------------------------------------------------------------------------
_worlds = SharedWorlds()


def _open_world(kind: str) -> None:
    if kind != _worlds.kind:
        assert _blocker is not None, "the database is set up before any world"
        with _blocker.unblock():
            _worlds.open(kind)
        structure._current = _worlds.structure


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The browser's library keeps an event loop running, in which Django refuses the database:
    a world that is open goes before the browser comes."""
    if item.get_closest_marker("e2e"):
        _open_world("")


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> None:
    """Before pytest-django begins the test's transaction: open the world around it, or none.

    Fixtures that go to the database by themselves, mostly for many tests, find none.
    """
    if fixturedef.argname == "_django_db_helper":
        _open_world(kind_of(request.node))
    elif fixturedef.argname == "_django_setup_unittest":
        # Set up for every test, and does nothing but for Django's own test cases.
        if issubclass(request.cls or object, TransactionTestCase):
            _open_world("")
    elif "django_db_blocker" in fixturedef.argnames and fixturedef.argname != "django_db_setup":
        _open_world("")


@pytest.fixture
def shared() -> SharedWorlds:
    """For fixtures whose objects a world has ready."""
    return _worlds


@pytest.fixture
def world(db: None, shared: SharedWorlds) -> World:
    """A portal with a sub-site by path and one by host name, a column in each; no groups."""
    return shared.copy("world") or WORLDS["world"]()


@pytest.fixture
def provisioned_world(db: None, shared: SharedWorlds) -> World:
    """The same with groups, permissions, collections and workflows."""
    return shared.copy("provisioned_world") or WORLDS["provisioned_world"]()


@pytest.fixture
def portal_of() -> Callable[..., PortalContext]:
    """The surroundings that a visitor's request gets, without a response."""

    def make(path: str = "/", host: str = "testserver", page: Page | None = None) -> PortalContext:
        request = RequestFactory().get(path, headers={"host": host})
        found = context_for_request(request)
        return found.for_page(page) if page is not None else found

    return make


# --- faults ---------------------------------------------------------------------------------------
@pytest.fixture
def fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it, and no upload or rendition can be written any more."""

    def no_room(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return lambda: monkeypatch.setattr(FileSystemStorage, "_save", no_room)
