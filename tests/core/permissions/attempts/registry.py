from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from portal.core.roles import FOREIGN_ROOT_ACTIONS, Action, Role, Scope

from ..actors import Actor
from ..places import Place

type Try = Callable[[Actor, Place], bool]


class Kind(StrEnum):
    """Where an attempt is made: pages exist in every language, other things once for a site."""

    PAGES = "pages"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Attempt:
    """``needs``: all of them; ``or_needs``: any of them is enough."""

    name: str
    run: Try
    kind: Kind
    needs: frozenset[Action]
    any_of: frozenset[Action]

    def allowed(self, role: Role, held_at: Place, place: Place) -> bool:
        """What the table says."""
        if role.scope is Scope.SITE and place.record != held_at.record:
            return False
        actions = role.actions
        if place.is_foreign and role.scope is Scope.SITE:
            actions = FOREIGN_ROOT_ACTIONS.get(role.key, frozenset())
        return self.needs <= actions and (not self.any_of or bool(self.any_of & actions))

    def __str__(self) -> str:
        return self.name


ATTEMPTS: dict[str, Attempt] = {}


def attempt(
    *needs: Action, kind: Kind = Kind.SITE, any_of: tuple[Action, ...] = ()
) -> Callable[[Try], Try]:
    """Register a function under its name."""

    def register(run: Try) -> Try:
        name = run.__name__
        assert name not in ATTEMPTS, f"two attempts are called {name}"
        ATTEMPTS[name] = Attempt(name, run, kind, frozenset(needs), frozenset(any_of))
        return run

    return register
