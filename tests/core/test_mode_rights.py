"""Who administers a site does not thereby switch modes on at the sites below it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from portal.core.models import EmergencyBanner, GreyPeriod, User
from portal.core.permissions import ModePolicy
from tests.factories import World, member

pytestmark = pytest.mark.django_db
POLICY = ModePolicy(EmergencyBanner)


def may_change(user: User, banner: EmergencyBanner) -> bool:
    listed = POLICY.instances_user_has_any_permission_for(user, ["change"])
    answer = POLICY.user_has_permission_for_instance(user, "change", banner)
    assert answer == listed.filter(pk=banner.pk).exists(), "lists and objects must agree"
    return answer


def form(site: int | str, **changes: Any) -> dict[str, Any]:
    values = {
        "title": "停水", "level": "blue", "text": "今晚八点起。", "phone": "", "site": site,
        "starts_at": "2026-01-01 08:00", "ends_at": "", "page": "", "link_url": "",
        "sign_language_url": "",
    }  # fmt: skip
    return nested_form_data(values | changes | {"texts": inline_formset([])})


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


def test_what_reaches_further_than_ones_own_sites(provisioned_world: World) -> None:
    world = provisioned_world
    own = member("site_admin", world.site)
    all_sites = member("site_admin", world.site)
    for site in (world.hubin, world.gaoxin):
        all_sites.groups.add(site.role_groups.get(role="site_admin").group)
    platform = member("platform_admin")
    wide = EmergencyBanner.objects.create(title="a", site=world.site, with_sub_sites=True)
    narrow = EmergencyBanner.objects.create(title="b", site=world.site)
    leaf = EmergencyBanner.objects.create(title="c", site=world.hubin, with_sub_sites=True)
    everywhere = EmergencyBanner.objects.create(title="d")
    banners = (wide, narrow, leaf, everywhere)
    assert [may_change(own, b) for b in banners] == [False, True, False, False]
    assert [may_change(all_sites, b) for b in banners] == [True, True, True, False]
    assert [may_change(platform, b) for b in banners] == [True, True, True, True]


def test_the_form_refuses_and_keeps_what_was_typed(provisioned_world: World) -> None:
    world = provisioned_world
    client = signed_in(member("site_admin", world.site))
    response = client.post(
        reverse("emergency_banners:add"), form(world.site.pk, with_sub_sites="on")
    )
    html = response.content.decode()
    assert not EmergencyBanner.objects.exists()
    assert world.hubin.short_name in html
    assert "今晚八点起。" in html
    client.post(reverse("emergency_banners:add"), form(""))
    assert not EmergencyBanner.objects.exists(), "the whole platform is not theirs"


def test_one_click_reaches_as_far_as_the_person(provisioned_world: World) -> None:
    world = provisioned_world
    own, platform = member("site_admin", world.site), member("platform_admin")
    address = reverse("portal_site_modes")
    signed_in(own).post(address, {"grey": str(world.site.pk)})
    assert not GreyPeriod.objects.get().with_sub_sites
    signed_in(own).post(address, {"grey": str(world.site.pk)})
    assert GreyPeriod.objects.count() == 1, "pressed twice"
    assert signed_in(own).post(address, {"grey": "platform"}).status_code == 302
    assert not GreyPeriod.objects.filter(site=None).exists()
    signed_in(platform).post(address, {"grey": "platform"})
    assert GreyPeriod.objects.filter(site=None, with_sub_sites=True).exists()


def test_a_private_page_is_not_linked(provisioned_world: World) -> None:
    world = provisioned_world
    world.column.unpublish()
    client = signed_in(member("site_admin", world.site))
    client.post(reverse("emergency_banners:add"), form(world.site.pk, page=world.column.pk))
    assert not EmergencyBanner.objects.exists()


def test_the_record_names_who_and_hides_other_sites(provisioned_world: World) -> None:
    world = provisioned_world
    admins = {site: member("site_admin", site) for site in (world.hubin, world.gaoxin)}
    for site, admin in admins.items():
        signed_in(admin).post(
            reverse("emergency_banners:add"), form(site.pk, title=f"停水 {site.code}")
        )
    page = signed_in(admins[world.hubin]).get(reverse("portal_site_modes")).content.decode()
    assert "停水 hubin" in page
    assert admins[world.hubin].username in page
    assert "停水 gaoxin" not in page


def test_the_preview_stores_nothing(provisioned_world: World) -> None:
    client = signed_in(member("site_admin", provisioned_world.site))
    address = reverse("portal_banner_preview")
    html = client.post(address, form(provisioned_world.site.pk, level="red")).content.decode()
    assert "alert-banner--red" in html
    assert "今晚八点起。" in html
    wrong = client.post(address, form(provisioned_world.site.pk, title=""))
    assert wrong.status_code == 200
    assert "alert-banner--" not in wrong.content.decode()
    assert not EmergencyBanner.objects.exists()
