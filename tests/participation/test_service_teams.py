"""Service teams: the advice before publishing, and who may record them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.core.gate import problems_of
from portal.participation.models import ServiceTeam, YearlyNumber
from tests.factories import OrganisationFactory, UserFactory, World, member

from .factories import make_survey

pytestmark = pytest.mark.django_db


def advice(page: Any) -> list[Any]:
    return [one for one in problems_of(page) if one.code == "service_team"]


def test_a_column_without_a_team_is_pointed_out_and_not_held_up(world: World) -> None:
    page = make_survey(world.column)
    (found,) = advice(page)
    assert not found.blocking
    assert found.url.endswith(f"?column={world.column.pk}")
    ServiceTeam.objects.create(
        site=world.site,
        column=world.column,
        unit=OrganisationFactory(),
        persons="甲",
        intake="每日",
    )
    assert advice(page) == []


def form(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "column": world.hubin_column.pk,
        "unit": OrganisationFactory().pk,
        "persons": "甲\n乙",
        "intake": "每天上午",
    } | changes


def test_the_column_says_which_site_the_team_is_of(provisioned_world: World) -> None:
    world = provisioned_world
    client = Client()
    client.force_login(member("site_admin", world.hubin))
    answer = client.post(reverse("participation_teams:add"), form(world))
    assert answer.status_code == 302
    assert ServiceTeam.objects.get().site_id == world.hubin.pk


def test_columns_of_other_sites_are_refused(provisioned_world: World) -> None:
    world = provisioned_world
    client = Client()
    client.force_login(member("site_admin", world.hubin))
    answer = client.post(reverse("participation_teams:add"), form(world, column=world.column.pk))
    assert answer.status_code == 200
    assert not ServiceTeam.objects.exists()


@pytest.mark.parametrize("name", ["participation_teams:add", "participation_settings:add"])
def test_editors_set_nothing(provisioned_world: World, name: str) -> None:
    client = Client()
    client.force_login(member("editor", provisioned_world.hubin))
    assert client.get(reverse(name)).status_code in (302, 403)


def test_the_yearly_numbers_are_the_platforms(provisioned_world: World) -> None:
    number, _made = YearlyNumber.objects.get_or_create(
        site_class="portal", counted="asking", defaults={"number": 6}
    )
    address = reverse("participation_numbers:edit", args=[number.pk])
    client = Client()
    client.force_login(member("site_admin", provisioned_world.site))
    client.post(address, {"number": 1})
    number.refresh_from_db()
    assert number.number == 6
    client.force_login(UserFactory(superuser=True))
    client.post(address, {"number": 8})
    number.refresh_from_db()
    assert number.number == 8
    assert client.get("/admin/participation-numbers/new/").status_code == 404
