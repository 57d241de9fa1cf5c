"""One city for all permission tests of a process; what a test does in it is rolled back.

Building the city costs as much as a hundred tests, so it stands in a transaction of its own around
all of them, where Django's test case would begin anew each time.
"""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from portal.core import structure
from portal.core.roles import ROLES
from portal.foreign.models import ForeignSection, TeamMember, TeamRole
from portal.plugins import switches
from tests.factories import member

from .actors import Actor
from .places import City, build_city


class _Undo(Exception):
    """Leaves a transaction on purpose."""


@pytest.fixture(autouse=True)
def forgetful_process() -> Iterator[None]:
    """In place of the one for all tests: here the database stays, and with it the structure."""
    cache.clear()
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="package")
def standing_city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    structure.forget()
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                yield build_city()
                raise _Undo
        except _Undo:
            pass
        structure.forget()
        switches.invalidate()


@pytest.fixture
def city(standing_city: City, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    try:
        with django_db_blocker.unblock(), transaction.atomic():
            switches.invalidate()
            yield standing_city
            raise _Undo
    except _Undo:
        pass
    switches.invalidate()


@pytest.fixture
def act_as(city: City) -> Callable[..., Actor]:
    """Sign in somebody who holds one role, at the sub-site ``hubin`` unless told otherwise."""

    def sign_in(role: str, at: str = "hubin", username: str = "") -> Actor:
        place = city.places[at]
        user = member(role, place.record, username=username or f"{role}-of-{at}")
        if role in ("translator", "language_reviewer"):  # nothing abroad without a team
            for section in ForeignSection.objects.filter(site=place.record):
                TeamMember.objects.create(section=section, user=user, role=TeamRole.TRANSLATOR)
        return Actor(user, ROLES[role], place)

    return sign_in
