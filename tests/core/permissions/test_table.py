"""The table of roles, proved: each role tries each way to do each thing, at home and elsewhere."""

from collections.abc import Callable, Iterable, Iterator

import pytest

from portal.core.roles import FOREIGN_ROOT_ACTIONS, ROLES, SITE_ROLES, Action, Role, Scope

from .actors import Actor, undone
from .attempts import ATTEMPTS, GROUPS, Attempt, Kind
from .places import City

pytestmark = pytest.mark.one_database

# Those that work abroad, and those that write and release at home: the latter may nothing abroad.
# A partner in a team works nowhere at home, and is tried by the plugin's own tests.
TRIED_ABROAD = {*FOREIGN_ROOT_ACTIONS, "editor", "releaser", "information_officer"} - {"partner"}


def places_for(role: Role, attempt: Attempt, allowed_at_home: bool) -> Iterator[str]:
    yield "hubin"
    if role.scope is Scope.PLATFORM or allowed_at_home:
        yield "yunhu"
    if role.scope is Scope.SITE:
        yield "gaoxin"
    if attempt.kind is Kind.PAGES and role.key in TRIED_ABROAD:
        yield from ("hubin-en", "gaoxin-en")


def surprises(actor: Actor, attempt: Attempt, city: City, places: Iterable[str]) -> Iterator[str]:
    """In words, where an attempt came to something else than the table says."""
    for name in places:
        place = city.places[name]
        allowed = attempt.allowed(actor.role, actor.home, place)
        with undone():
            done = attempt.run(actor, place)
        if done != allowed:
            yield f"{attempt} at {name}: {'could, but may not' if done else 'may, but could not'}"


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("role", ROLES)
def test_own_site_only_and_as_the_table_says(
    role: str, group: str, city: City, act_as: Callable[..., Actor]
) -> None:
    actor = act_as(role)
    wrong: list[str] = []
    for attempt in GROUPS[group]:
        at_home = attempt.allowed(actor.role, actor.home, actor.home)
        wrong += surprises(actor, attempt, city, places_for(actor.role, attempt, at_home))
    assert wrong == []


@pytest.mark.parametrize("role", [role.key for role in SITE_ROLES])
def test_a_role_at_the_portal_ends_where_a_sub_site_begins(
    role: str, city: City, act_as: Callable[..., Actor]
) -> None:
    """Sub-sites lie below the portal in the tree; rights must not run down into them."""
    actor = act_as(role, at="yunhu")
    wrong: list[str] = []
    for attempt in ATTEMPTS.values():
        if attempt.allowed(actor.role, actor.home, actor.home):
            places = ["hubin", "yunhu"] if attempt.name in A_FEW else ["hubin"]
            wrong += surprises(actor, attempt, city, places)
    assert wrong == []


# Enough to see that the portal is a site like any other.
A_FEW = ("add_page", "unpublish", "choose_image", "change_site_settings")


def test_every_action_is_tried() -> None:
    """A new action needs an attempt that proves it."""
    tried = {action for attempt in ATTEMPTS.values() for action in attempt.needs}
    assert tried == set(Action)


@pytest.mark.parametrize("action", Action)
def test_every_action_decides_something(action: Action) -> None:
    """Some attempt comes out differently for some role, were this action not in the table."""
    assert any(
        action in attempt.needs and attempt.needs <= role.actions
        for attempt in ATTEMPTS.values()
        for role in ROLES.values()
    )
