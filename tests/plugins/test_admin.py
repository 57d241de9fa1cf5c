"""The administrators' pages: list, one plugin, activation gate."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.core.models import User
from portal.plugins import registry, switches
from portal.plugins.models import PluginIncident, PluginSwitch
from portal.plugins.services import set_switch
from portal.testing import make_site

from .plugins import metadata

pytestmark = pytest.mark.django_db
INDEX = "/admin/plugins/"


def only_own_site(user, site_pk):
    """A rule as the core has one: the account's first name says its site."""
    return user.first_name == str(site_pk)


@pytest.fixture(autouse=True)
def no_rule_of_the_core(settings):
    """The right alone decides, unless a test says otherwise."""
    settings.PORTAL_PLUGIN_SWITCH_RULE = ""


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def staff(client):
    """Make a signed-in account that may open the admin, with or without the right."""

    def make(*, right: bool, **fields):
        user = User.objects.create_user("staff", "staff@example.org", "x" * 12, **fields)
        codenames = ["access_admin", *(["change_pluginswitch"] if right else [])]
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return user

    return make


def gate(site, target="on"):
    place = "platform" if site is None else site.pk
    return reverse("plugins:switch", args=["dummy", place, target])


def confirmation(**changes):
    digest = registry.installed().get("dummy").declaration.digest
    return {"confirm": "on", "digest": digest} | changes


def test_without_the_right_nothing_can_be_seen_or_done(client, staff, site):
    staff(right=False)
    for address in (INDEX, f"{INDEX}dummy/", gate(site)):
        assert client.get(address).status_code in (302, 403)
    client.post(gate(site), confirmation())
    assert not PluginSwitch.objects.exists()


def test_the_list_shows_every_plugin_and_its_state(client, staff, site):
    staff(right=True)
    response = client.get(INDEX)
    assert response.status_code == 200
    text = response.content.decode()
    assert "示例插件" in text or "Dummy" in text
    assert "1.0.0" in text
    set_switch(slug="dummy", site=site, enabled=True)
    switches.invalidate()
    assert client.get(INDEX).context["table"].data[0].is_on


def test_the_menu_leads_there_for_holders_of_the_right(client, staff, site):
    staff(right=True)
    assert f'"{INDEX}"' in client.get("/admin/").content.decode()


def test_the_menu_does_not_for_others(client, staff, site):
    staff(right=False)
    assert f'"{INDEX}"' not in client.get("/admin/").content.decode()


def test_the_gate_shows_what_is_declared(client, staff, site):
    staff(right=True)
    response = client.get(gate(site))
    text = response.content.decode()
    declared = registry.installed().get("dummy").declaration
    for line in declared.permissions:
        assert line in text
    assert response.context["declaration"].data


def test_the_gate_wants_an_explicit_yes(client, staff, site):
    staff(right=True)
    response = client.post(gate(site), {"digest": confirmation()["digest"]})
    assert response.status_code == 200
    assert response.context["form"].errors["confirm"]
    assert not PluginSwitch.objects.exists()


def test_the_gate_wants_a_yes_to_what_is_declared_now(client, staff, site):
    staff(right=True)
    response = client.post(gate(site), confirmation(digest="of an earlier version"))
    assert response.context["form"].errors["digest"]
    assert not PluginSwitch.objects.exists()


def test_switching_on_records_who_when_and_what(
    client, staff, site, django_capture_on_commit_callbacks
):
    user = staff(right=True)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(gate(site), confirmation(), follow=True)
    assert response.status_code == 200
    row = PluginSwitch.objects.get(slug="dummy", site=site)
    assert row.enabled
    assert row.changed_by == user
    assert (timezone.now() - row.changed_at).total_seconds() < 60
    assert row.acknowledged["permissions"]
    assert switches.is_enabled("dummy", site)
    entry = ModelLogEntry.objects.get(action="plugins.switch_on")
    assert (entry.user, entry.data["slug"]) == (user, "dummy")


def test_switching_off_tells_what_it_means_and_needs_no_gate(client, staff, site):
    staff(right=True)
    set_switch(slug="dummy", site=site, enabled=True)
    response = client.get(gate(site, "off"))
    assert response.status_code == 200
    assert not response.context["turning_on"]
    client.post(gate(site, "off"))
    assert not PluginSwitch.objects.get(slug="dummy", site=site).enabled


def test_the_platform_can_stop_a_plugin_everywhere(
    client, staff, site, django_capture_on_commit_callbacks
):
    staff(right=True)
    set_switch(slug="dummy", site=site, enabled=True)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(gate(None, "off"))
    assert not switches.is_enabled("dummy", site)
    assert PluginSwitch.objects.get(slug="dummy", site=site).enabled


def test_looking_does_not_switch(client, staff, site):
    staff(right=True)
    client.get(gate(site))
    client.get(gate(site, "off"))
    assert not PluginSwitch.objects.exists()


def test_what_cannot_work_has_no_button(client, staff, site):
    staff(right=True)
    with registry.override(metadata("needy", requires=["ghost"])):
        address = reverse("plugins:switch", args=["needy", site.pk, "on"])
        response = client.get(address)
        assert "ghost" in response.content.decode()
        assert 'name="confirm"' not in response.content.decode()
        digest = registry.installed().get("needy").declaration.digest
        refused = client.post(address, {"confirm": "on", "digest": digest})
    assert refused.status_code == 200
    assert not PluginSwitch.objects.exists()


def test_what_depends_on_it_is_told(client, staff, site):
    staff(right=True)
    with (
        registry.override(metadata("base"), metadata("top", title="Top", requires=["base"])),
        switches.override({("base", site.pk): True, ("top", site.pk): True}),
    ):
        address = reverse("plugins:switch", args=["base", site.pk, "off"])
        assert [p.slug for p in client.get(address).context["dependants"]] == ["top"]


def test_a_site_administrator_switches_the_own_site_only(client, staff, site, settings):
    settings.PORTAL_PLUGIN_SWITCH_RULE = f"{__name__}.only_own_site"
    staff(right=True, first_name=str(site.pk))
    assert [row.key for row in client.get(f"{INDEX}dummy/").context["sites"].data] == [str(site.pk)]
    assert client.get(gate(site)).status_code == 200
    client.post(gate(None, "off"))
    assert not PluginSwitch.objects.exists()


def test_another_sites_administrator_cannot(client, staff, site, settings):
    settings.PORTAL_PLUGIN_SWITCH_RULE = f"{__name__}.only_own_site"
    staff(right=True, first_name="0")
    assert client.get(gate(site)).status_code in (302, 403)
    client.post(gate(site), confirmation())
    assert not PluginSwitch.objects.exists()


def test_new_rights_are_pointed_out(client, staff, site):
    staff(right=True)
    old = metadata("dummy").declaration  # declares nothing
    set_switch(slug="dummy", site=site, enabled=True, acknowledged=old)
    context = client.get(f"{INDEX}dummy/").context
    assert context["declaration_changed"]
    assert [row.target for row in context["sites"].data if row.unconfirmed] == ["on"]
    set_switch(
        slug="dummy",
        site=site,
        enabled=True,
        acknowledged=registry.installed().get("dummy").declaration,
    )
    assert not client.get(f"{INDEX}dummy/").context["declaration_changed"]


def test_incidents_are_shown(client, staff, site):
    staff(right=True)
    now = timezone.now()
    PluginIncident.objects.create(
        slug="dummy", point="slot:header_slot", message="ValueError at slots.py:3", count=7,
        first_at=now, last_at=now,
    )  # fmt: skip
    text = client.get(f"{INDEX}dummy/").content.decode()
    assert "ValueError at slots.py:3" in text


@pytest.mark.parametrize(
    "address", ["ghost/", "ghost/platform/on/", "dummy/99999/on/", "dummy/1/sideways/"]
)
def test_unknown_addresses_are_404(client, staff, site, address):
    staff(right=True)
    assert client.get(f"{INDEX}{address}").status_code == 404


def test_the_list_costs_the_same_queries_for_any_number_of_plugins(client, staff, site):
    staff(right=True)
    client.get(INDEX)
    with CaptureQueriesContext(connection) as few:
        client.get(INDEX)
    with registry.override(*(metadata(f"plugin_{letter}") for letter in "abcdefghij")):
        client.get(INDEX)
        with CaptureQueriesContext(connection) as many:
            client.get(INDEX)
    assert len(many) <= len(few)
