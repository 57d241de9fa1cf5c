"""Distribution groups: who keeps them, where an order to them goes, what it remembers (R-PUB-44)."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.reposting.models import DistributionGroup, OrderSite, OrderState, RepostOrder
from portal.reposting.services import orders
from portal.reposting.services.errors import RepostingError
from tests.factories import UserFactory, World, member

pytestmark = pytest.mark.django_db
TOLD = {"title": "转载民政通知", "ordered_by": "省民政厅", "ordered_at": "2026-01-01 08:00"}


def as_role(role: str, site: Any) -> Client:
    client = Client()
    client.force_login(member(role, site))
    return client


def make_group(site: Any, *sites: Any, name: str = "各区县", kind: str = "region") -> Any:
    row = DistributionGroup.objects.create(site=site, name=name, kind=kind)
    row.sites.set(sites)
    return row


def hand_on(world: World, *groups: Any, sites: Any = (), by: Any = None, **told: Any) -> Any:
    return orders.hand_on(
        site_pk=world.site.pk, targets={row.pk for row in sites},
        groups={row.pk for row in groups}, by=by or member("site_admin", world.site),
        **{**TOLD, "ordered_at": timezone.now()} | told,
    )  # fmt: skip


def reached(order: RepostOrder) -> set[int]:
    return set(order.parts.values_list("site", flat=True))


# --- keeping them ---------------------------------------------------------------------------------
def test_a_group_is_kept_by_who_sets_the_site_up(provisioned_world: World) -> None:
    world = provisioned_world
    told = {"name": "各区县", "kind": "region", "site": world.site.pk, "sites": [world.hubin.pk]}
    url = reverse("reposting_groups:add")
    for role in ("editor", "releaser", "auditor"):
        assert as_role(role, world.site).post(url, told).status_code in (302, 403)
    # An administrator of a site below has nothing to say about the groups of the one above.
    assert as_role("site_admin", world.hubin).post(url, told).status_code == 200
    assert DistributionGroup.objects.count() == 0
    office = as_role("site_admin", world.site)
    assert office.post(url, told | {"sites": []}).status_code == 200
    assert DistributionGroup.objects.count() == 0
    assert office.post(url, told).status_code == 302
    assert office.post(url, told).status_code == 200  # of this name there is one
    row = DistributionGroup.objects.get()
    assert list(row.sites.all()) == [world.hubin]
    shown = office.get(reverse("reposting_groups:index")).content.decode()
    assert reverse("reposting_groups:edit", args=[row.pk]) in shown


def test_the_groups_of_another_site_are_refused(provisioned_world: World) -> None:
    world = provisioned_world
    row = make_group(world.site, world.hubin)
    stranger = as_role("site_admin", world.hubin)
    assert row.name not in stranger.get(reverse("reposting_groups:index")).content.decode()
    for name in ("edit", "delete"):
        url = reverse(f"reposting_groups:{name}", args=[row.pk])
        assert stranger.get(url).status_code in (302, 403)
        assert stranger.post(url, {"name": "x"}).status_code in (302, 403)
    assert DistributionGroup.objects.get().name == "各区县"


def test_a_group_holds_only_what_lies_below(provisioned_world: World) -> None:
    world = provisioned_world
    told = {"name": "x", "kind": "sector", "site": world.hubin.pk, "sites": [world.gaoxin.pk]}
    url = reverse("reposting_groups:add")
    assert as_role("site_admin", world.hubin).post(url, told).status_code == 200
    everywhere = Client()
    everywhere.force_login(UserFactory(is_superuser=True))
    refused = everywhere.post(url, told)
    assert world.gaoxin.short_name in refused.context["form"].errors["sites"][0]
    assert DistributionGroup.objects.count() == 0


# --- orders to them -------------------------------------------------------------------------------
def test_an_order_goes_to_the_union_and_keeps_the_groups(provisioned_world: World) -> None:
    world = provisioned_world
    regions = make_group(world.site, world.hubin, world.gaoxin)
    sector = make_group(world.site, world.hubin, name="民政部门", kind="sector")
    order = hand_on(world, regions, sector, sites=[world.site, world.hubin])
    assert reached(order) == {world.site.pk, world.hubin.pk, world.gaoxin.pk}
    assert set(order.target.split("、")) == {"各区县", "民政部门"}
    assert hand_on(world, sector, target="民政系统").target == "民政系统"
    # What becomes of a group later is no matter of the orders of the past.
    sector.sites.add(world.gaoxin)
    sector.name = "民政"
    sector.save()
    regions.delete()
    order.refresh_from_db()
    assert set(order.group_names) == {"各区县", "民政部门"}
    assert reached(order) == {world.site.pk, world.hubin.pk, world.gaoxin.pk}
    kept = {group["name"]: group["sites"] for group in order.groups}
    assert kept["民政部门"] == [world.hubin.pk]


def test_a_group_with_a_site_outside_is_refused(provisioned_world: World) -> None:
    world = provisioned_world
    below = member("site_admin", world.hubin)
    drifted = make_group(world.hubin, world.hubin, world.gaoxin)
    told = TOLD | {"ordered_at": timezone.now()}
    with pytest.raises(RepostingError, match=world.gaoxin.short_name):
        orders.hand_on(site_pk=world.hubin.pk, targets=(), groups={drifted.pk}, by=below, **told)
    above = make_group(world.site, world.hubin)
    with pytest.raises(RepostingError, match=above.name):
        orders.hand_on(site_pk=world.hubin.pk, targets=(), groups={above.pk}, by=below, **told)
    with pytest.raises(RepostingError):
        hand_on(world, make_group(world.site, name="空"))
    with pytest.raises(PermissionDenied):
        hand_on(world, above, by=member("editor", world.site))
    with pytest.raises(PermissionDenied):
        hand_on(world, above, by=below)
    assert RepostOrder.objects.count() == 0


def test_the_form_offers_the_own_groups(provisioned_world: World) -> None:
    world = provisioned_world
    regions = make_group(world.site, world.hubin, world.gaoxin)
    foreign = make_group(world.hubin, world.hubin, world.gaoxin, name="外")
    url = reverse("reposting_new_order")
    office = as_role("site_admin", world.site)
    told = TOLD | {"site": world.site.pk}
    refused = office.post(url, told)
    assert refused.status_code == 422
    assert "sites" in refused.context["form"].errors
    below = as_role("site_admin", world.hubin)
    drifted = below.post(url, TOLD | {"site": world.hubin.pk, "groups": [foreign.pk]})
    assert drifted.status_code == 422
    assert world.gaoxin.short_name in drifted.context["form"].errors["groups"][0]
    assert office.post(url, told | {"groups": [foreign.pk]}).status_code == 422
    assert (
        as_role("site_admin", world.gaoxin)
        .post(url, TOLD | {"site": world.gaoxin.pk, "groups": [regions.pk]})
        .status_code
        == 422
    )
    assert RepostOrder.objects.count() == 0
    assert office.post(url, told | {"groups": [regions.pk]}).status_code == 302
    order = RepostOrder.objects.get()
    assert (reached(order), order.target) == ({world.hubin.pk, world.gaoxin.pk}, "各区县")


# --- results --------------------------------------------------------------------------------------
def test_the_office_reads_how_far_each_group_is(provisioned_world: World) -> None:
    world = provisioned_world
    regions = make_group(world.site, world.hubin, world.gaoxin)
    sector = make_group(world.site, world.hubin, name="民政部门", kind="sector")
    order = hand_on(world, regions, sector, sites=[world.site])
    OrderSite.objects.filter(order=order, site=world.hubin).update(state=OrderState.DONE)
    url = reverse("reposting_order", args=[order.pk])
    office = as_role("site_admin", world.site)
    with CaptureQueriesContext(connection) as queries:
        answer = office.get(url)
    rows = {row["name"]: row for row in answer.context["groups"]}
    assert (rows["各区县"]["all"], rows["各区县"]["done"], rows["各区县"]["open"]) == (2, 1, 1)
    assert (rows["民政部门"]["all"], rows["民政部门"]["open"]) == (1, 0)
    assert not any("distributiongroup" in query["sql"].lower() for query in queries)
    # A site that was told reads its own result, not how the others do.
    told = as_role("editor", world.hubin).get(url)
    assert told.context["groups"] == []
    assert [part.site_id for part in told.context["parts"]] == [world.hubin.pk]
