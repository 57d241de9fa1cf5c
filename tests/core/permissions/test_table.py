"""The table of roles, proved: each role tries each way to do each thing, at home and elsewhere."""

from collections.abc import Callable

import pytest

from portal.core.roles import FOREIGN_ROOT_ACTIONS, ROLES, Action, Scope

from .actors import Actor, undone
from .attempts import ATTEMPTS, Attempt, Kind
from .places import City

pytestmark = pytest.mark.database

PLACES = ("hubin", "gaoxin", "yunhu")
FOREIGN_SECTIONS = ("hubin-en", "gaoxin-en")
# For the other roles a foreign section is one more subtree with the same rights.
TRIED_IN_FOREIGN_SECTIONS = {*FOREIGN_ROOT_ACTIONS, "site_admin", "information_officer"}


def places_for(role: str, attempt: Attempt) -> tuple[str, ...]:
    abroad = attempt.kind is Kind.PAGES and role in TRIED_IN_FOREIGN_SECTIONS
    return PLACES + FOREIGN_SECTIONS if abroad else PLACES


def outcome(
    actor: Actor, attempt: Attempt, city: City, places: tuple[str, ...]
) -> tuple[dict[str, bool], dict[str, bool]]:
    """What happened and what the table says, for each place."""
    done, allowed = {}, {}
    for name in places:
        place = city.places[name]
        with undone():
            done[name] = attempt.run(actor, place)
        allowed[name] = attempt.allowed(actor.role, actor.home, place)
    return done, allowed


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=str)
@pytest.mark.parametrize("role", ROLES)
def test_own_site_only_and_as_the_table_says(
    role: str, attempt: Attempt, city: City, act_as: Callable[..., Actor]
) -> None:
    done, allowed = outcome(act_as(role), attempt, city, places_for(role, attempt))
    assert done == allowed


@pytest.mark.parametrize("role", [key for key, r in ROLES.items() if r.scope is Scope.SITE])
def test_a_role_at_the_portal_ends_where_a_sub_site_begins(
    role: str, city: City, act_as: Callable[..., Actor]
) -> None:
    """Sub-sites lie below the portal in the tree; rights must not run down into them."""
    actor = act_as(role, at="yunhu")
    wrong = []
    for attempt in ATTEMPTS.values():
        places = ("yunhu", "hubin") if attempt.name in PROBED_AT_THE_PORTAL else ("hubin",)
        done, allowed = outcome(actor, attempt, city, places)
        if done != allowed:
            wrong.append((attempt.name, done, allowed))
    assert wrong == []


# At home a few are enough: that the portal is a site like any other.
PROBED_AT_THE_PORTAL = ("add_page", "unpublish", "choose_image", "change_site_settings")


def test_every_action_is_tried() -> None:
    """A new action needs an attempt that proves it."""
    tried = {action for attempt in ATTEMPTS.values() for action in attempt.needs}
    assert tried == set(Action)


def test_every_action_is_tried_by_itself_or_with_one_more() -> None:
    """Each action decides at least one attempt: with it the answer differs from without."""
    for action in Action:
        assert any(action in a.needs and len(a.needs) <= 2 for a in ATTEMPTS.values()), action
