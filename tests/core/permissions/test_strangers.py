"""Who has no business in the admin: visitors, accounts that were closed, accounts without a role."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.core.models import User
from tests.factories import UserFactory, member

from .actors import Actor, body_of
from .places import City
from .test_reading import admin_patterns, requests_for

pytestmark = pytest.mark.one_database


def _nobody(city: City) -> User | None:
    return None


def _without_role(city: City) -> User:
    return UserFactory()


def _closed(city: City) -> User:
    return member("site_admin", city.places["gaoxin"].record, is_active=False)


def _closed_superuser(city: City) -> User:
    return UserFactory(superuser=True, is_active=False)


@pytest.mark.parametrize(
    "make", [_nobody, _without_role, _closed, _closed_superuser], ids=lambda f: f.__name__
)
def test_every_address_of_the_admin_sends_strangers_to_the_sign_in_page(
    make: Callable[[City], User | None], city: City
) -> None:
    client, place = Client(), city.places["gaoxin"]
    user = make(city)
    if user is not None:
        client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    shown = []
    for address in admin_patterns():
        if address.startswith(("admin/login", "admin/dummy")):
            continue
        for url in requests_for(address, place):
            for send in (client.get, client.post) if user is None else (client.get,):
                response = send(url)
                if response.status_code not in (302, 403, 404):
                    shown.append((url, response.status_code))
                elif response.status_code == 302 and "/admin/login/" not in response["location"]:
                    shown.append((url, response["location"]))
    assert shown == []


def test_a_closed_account_is_out_at_once(city: City, act_as: Callable[..., Actor]) -> None:
    actor = act_as("site_admin")
    assert actor.get("wagtailadmin_home").status_code == 200
    User.objects.filter(pk=actor.user.pk).update(is_active=False)
    assert actor.get("wagtailadmin_home").status_code == 302


def test_a_role_that_was_taken_ends_at_once(city: City, act_as: Callable[..., Actor]) -> None:
    actor = act_as("site_admin")
    assert actor.reads(actor.home.draft.title, "wagtailadmin_pages:edit", actor.home.draft.pk)
    actor.user.groups.clear()
    assert not actor.reads(actor.home.draft.title, "wagtailadmin_pages:edit", actor.home.draft.pk)


@pytest.mark.parametrize("role", ["site_admin", "platform_admin", "security_admin", None])
def test_the_public_api_knows_no_roles(
    role: str | None, city: City, act_as: Callable[..., Actor]
) -> None:
    """The same for everybody: what is not public is not in it."""
    client = act_as(role).client if role else Client()
    place = city.places["hubin"]
    addresses = [
        "/api/v1/sites", "/api/v1/columns", "/api/v1/pages", "/api/v1/organisations",
        "/api/v1/pages?site=hubin", f"/api/v1/pages/{place.draft.pk}",
        f"/api/v1/pages/{place.scheduled.pk}", f"/api/v1/pages/{place.in_review.pk}",
    ]  # fmt: skip
    for address in addresses:
        body = body_of(client.get(address))
        for hidden in (place.draft, place.scheduled, place.in_review):
            assert hidden.title not in body, address


def test_api_v1_is_there(city: City) -> None:
    """Otherwise the test above would prove nothing."""
    assert city.places["hubin"].live.title in body_of(Client().get("/api/v1/pages?site=hubin"))
