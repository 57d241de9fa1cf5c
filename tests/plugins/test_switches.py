import pytest
from django.db import DatabaseError

from portal.plugins import registry, switches
from portal.plugins.models import PluginSwitch
from portal.plugins.registry import PORTAL, examine
from portal.plugins.services import SwitchRefused, set_switch
from portal.plugins.sites import site_pk
from portal.plugins.switches import MAX_AGE, MAX_AGE_FOLLOWING, SwitchBoard, resolve
from portal.testing import make_site

from .plugins import metadata

PLUGINS = examine(
    [
        metadata("plain"),
        metadata("default_on", default_enabled=True),
        metadata("needy", requires=["plain"], default_enabled=True),
        metadata("neediest", requires=["needy"], default_enabled=True),
        metadata("wide", level="platform"),
        metadata("wide_needy", level="platform", requires=["plain"], default_enabled=True),
        metadata("broken", requires=["ghost"], default_enabled=True),
    ]
)


@pytest.mark.parametrize(
    ("slug", "site", "rows", "expected"),
    [
        ("plain", 1, {}, False),
        ("plain", 1, {("plain", 1): True}, True),
        ("plain", 2, {("plain", 1): True}, False),
        ("plain", None, {("plain", 1): True}, True),
        ("plain", None, {}, False),
        ("default_on", 1, {}, True),
        ("default_on", 1, {("default_on", 1): False}, False),
        ("default_on", 2, {("default_on", 1): False}, True),
        # the platform's stop
        ("default_on", 1, {("default_on", None): False}, False),
        ("plain", 1, {("plain", None): False, ("plain", 1): True}, False),
        ("plain", None, {("plain", None): False, ("plain", 1): True}, False),
        ("plain", 1, {("plain", None): True}, False),
        # requirements
        ("needy", 1, {}, False),
        ("needy", 1, {("plain", 1): True}, True),
        ("needy", 2, {("plain", 1): True}, False),
        ("neediest", 1, {("plain", 1): True}, True),
        ("neediest", 1, {("plain", 1): True, ("needy", 1): False}, False),
        # platform plugins
        ("wide", 1, {}, False),
        ("wide", 1, {("wide", None): True}, True),
        ("wide", None, {("wide", None): True}, True),
        ("wide_needy", None, {}, False),
        ("wide_needy", None, {("plain", 3): True}, True),
        # not there, or not working
        ("broken", 1, {("broken", 1): True}, False),
        ("unknown", 1, {("unknown", 1): True}, False),
        (PORTAL, 1, {}, True),
    ],
)
def test_resolving(slug, site, rows, expected):
    assert resolve(slug, site, rows, PLUGINS) is expected


class Table:
    """A table that counts how often it is read."""

    def __init__(self):
        self.rows = {}
        self.reads = 0
        self.broken = False

    def __call__(self):
        self.reads += 1
        if self.broken:
            raise DatabaseError("gone")
        return dict(self.rows)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def board(table, clock):
    with registry.override(metadata("plain")):
        yield SwitchBoard(table, clock=clock)


def test_questions_cost_no_reading(board, table):
    for _ in range(100):
        board.is_enabled("plain", 1)
    assert table.reads == 1


def test_another_process_is_right_within_a_second(board, table, clock):
    assert not board.is_enabled("plain", 1)
    table.rows[("plain", 1)] = True
    clock.now = MAX_AGE + 0.01
    assert clock.now < 1
    assert board.is_enabled("plain", 1)


def test_a_version_to_follow_is_right_at_once(board, table, clock):
    version = [1]
    board.follow(lambda: version[0])
    assert not board.is_enabled("plain", 1)
    table.rows[("plain", 1)] = True
    clock.now = MAX_AGE + 1
    assert not board.is_enabled("plain", 1)
    version[0] = 2
    assert board.is_enabled("plain", 1)
    assert table.reads == 2


def test_a_version_is_not_trusted_for_ever(board, table, clock):
    board.follow(lambda: 1)
    assert not board.is_enabled("plain", 1)
    table.rows[("plain", 1)] = True
    clock.now = MAX_AGE_FOLLOWING + 0.1
    assert board.is_enabled("plain", 1)


def test_without_the_database_the_last_known_state_goes_on(board, table, clock):
    table.rows[("plain", 1)] = True
    assert board.is_enabled("plain", 1)
    table.broken = True
    clock.now = 5
    assert board.is_enabled("plain", 1)


def test_before_the_first_migration_the_defaults_hold(board, table):
    table.broken = True
    assert not board.is_enabled("plain", 1)


def test_overrides_nest_and_end(board, table):
    with board.override({("plain", 1): True}):
        assert board.is_enabled("plain", 1)
        with board.override({("plain", 1): False}):
            assert not board.is_enabled("plain", 1)
        assert board.is_enabled("plain", 1)
    assert not board.is_enabled("plain", 1)


def test_sites_are_records_keys_or_nothing():
    class Record:
        pk = 7

    assert [site_pk(site) for site in (Record(), 7, None)] == [7, 7, None]


@pytest.mark.parametrize("mistake", ["7", True, object(), 7.0])
def test_a_mistaken_site_never_reads_as_the_platform(mistake):
    with pytest.raises(TypeError):
        site_pk(mistake)


def test_an_unsaved_site_never_reads_as_the_platform():
    class Unsaved:
        pk = None

    with pytest.raises(TypeError):
        site_pk(Unsaved())


@pytest.mark.django_db
def test_no_question_costs_a_query(django_assert_num_queries):
    site = make_site()
    switches.is_enabled("dummy", site)
    with django_assert_num_queries(0):
        for _ in range(10):
            switches.is_enabled("dummy", site)
            switches.is_enabled("dummy", None)


@pytest.mark.django_db
def test_switching_is_recorded_and_effective_on_commit(
    django_capture_on_commit_callbacks, admin_user
):
    site = make_site()
    plugin = registry.installed().get("dummy")
    assert not switches.is_enabled("dummy", site)
    with django_capture_on_commit_callbacks(execute=True):
        set_switch(
            slug="dummy", site=site, enabled=True, user=admin_user, acknowledged=plugin.declaration
        )
    assert switches.is_enabled("dummy", site)
    row = PluginSwitch.objects.get(slug="dummy", site=site)
    assert row.changed_by == admin_user
    assert row.acknowledged["data"] == list(plugin.declaration.data)


@pytest.mark.django_db
def test_switching_twice_keeps_one_row_and_the_declaration():
    site = make_site()
    declaration = registry.installed().get("dummy").declaration
    set_switch(slug="dummy", site=site, enabled=True, acknowledged=declaration)
    set_switch(slug="dummy", site=site, enabled=False)
    row = PluginSwitch.objects.get(slug="dummy")
    assert not row.enabled
    assert row.acknowledged["digest"] == declaration.digest


@pytest.mark.django_db
def test_what_cannot_work_cannot_be_switched_on():
    with (
        registry.override(metadata("a", requires=["b", "ghost"]), metadata("b")),
        pytest.raises(SwitchRefused) as refused,
    ):
        set_switch(slug="a", site=1, enabled=True)
    assert "ghost" in str(refused.value)
    assert not PluginSwitch.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("slug", "site"), [("ghost", None), ("wide", 1)])
def test_there_must_be_something_to_switch(slug, site):
    with registry.override(metadata("wide", level="platform")), pytest.raises(SwitchRefused):
        set_switch(slug=slug, site=site, enabled=True)
