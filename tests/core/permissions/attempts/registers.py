"""What a site has besides pages and files: units, messages, settings, members, plugins, records."""

from typing import Any

from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from portal.core.audit.recording import record
from portal.core.models import (
    AuditEntry,
    EditableMessage,
    EmergencyBanner,
    GreyPeriod,
    Organisation,
    SiteRecord,
)
from portal.core.roles import Action, Scope
from portal.plugins import registry
from portal.plugins.models import PluginSwitch

from ..actors import Actor
from ..places import Place, model_form
from .registry import attempt


# --- administrators ---------------------------------------------------------------------------
@attempt(Action.ADMIN_ACCESS)
def open_the_dashboard(actor: Actor, place: Place) -> bool:
    """Everybody's is the same address; it counts for the places that the role is held at."""
    here = actor.role.scope is Scope.PLATFORM or actor.home.record == place.record
    return here and actor.reads(actor.user.username, "wagtailadmin_home")


# --- units ------------------------------------------------------------------------------------
def _unit_form(place: Place, **changes: Any) -> dict[str, Any]:
    values = model_form(place.organisation, **changes)
    return nested_form_data(values | {"persons": inline_formset([])})


@attempt(Action.ORGANISATIONS)
def add_organisation(actor: Actor, place: Place) -> bool:
    form = _unit_form(place, code="new-unit", full_name="新局")
    actor.post("organisations:add", data=form)
    return Organisation.objects.filter(code="new-unit", site=place.record).exists()


@attempt(Action.ORGANISATIONS)
def change_organisation(actor: Actor, place: Place) -> bool:
    form = _unit_form(place, phone="12345", site=actor.home.record.pk)
    actor.post("organisations:edit", place.organisation.pk, data=form)
    return Organisation.objects.get(pk=place.organisation.pk).phone == "12345"


@attempt(Action.ORGANISATIONS)
def hand_an_organisation_over(actor: Actor, place: Place) -> bool:
    """The own unit, with the site forged."""
    form = nested_form_data(
        model_form(actor.home.organisation, site=place.record.pk, phone="54321")
        | {"persons": inline_formset([])}
    )
    actor.post("organisations:edit", actor.home.organisation.pk, data=form)
    unit = Organisation.objects.get(pk=actor.home.organisation.pk)
    return unit.site == place.record and unit.phone == "54321"


@attempt(Action.ORGANISATIONS)
def delete_organisation(actor: Actor, place: Place) -> bool:
    actor.post("organisations:delete", place.organisation.pk)
    return not Organisation.objects.filter(pk=place.organisation.pk).exists()


# --- messages ---------------------------------------------------------------------------------
def _message_form(place: Place, **changes: Any) -> dict[str, Any]:
    return model_form(place.message, **changes)


@attempt(Action.MESSAGES)
def add_message(actor: Actor, place: Place) -> bool:
    actor.post("messages:add", data=_message_form(place, language="ja", text="新的"))
    return EditableMessage.objects.filter(site=place.record, language="ja").exists()


@attempt(Action.MESSAGES)
def change_message(actor: Actor, place: Place) -> bool:
    form = _message_form(place, text="改了", site=actor.home.record.pk, language="ko")
    actor.post("messages:edit", place.message.pk, data=form)
    return EditableMessage.objects.get(pk=place.message.pk).text == "改了"


@attempt(Action.MESSAGES)
def delete_message(actor: Actor, place: Place) -> bool:
    actor.post("messages:delete", place.message.pk)
    return not EditableMessage.objects.filter(pk=place.message.pk).exists()


# --- settings ---------------------------------------------------------------------------------
@attempt(Action.SITE_SETTINGS)
def change_site_settings(actor: Actor, place: Place) -> bool:
    form = model_form(place.record, footer_note="改了")
    actor.post("site_records:edit", place.record.pk, data=form)
    return SiteRecord.objects.get(pk=place.record.pk).footer_note == "改了"


# --- modes ------------------------------------------------------------------------------------
def _banner_form(place: Place, **changes: Any) -> dict[str, Any]:
    values = {
        "title": "停水", "level": "blue", "text": "", "phone": "", "site": place.record.pk,
        "starts_at": "2026-01-01 08:00", "ends_at": "", "page": "", "link_url": "",
        "sign_language_url": "",
    }  # fmt: skip
    return nested_form_data(values | changes | {"texts": inline_formset([])})


@attempt(Action.SITE_MODES)
def add_banner(actor: Actor, place: Place) -> bool:
    actor.post("emergency_banners:add", data=_banner_form(place))
    return EmergencyBanner.objects.filter(site=place.record, title="停水").exists()


@attempt(Action.SITE_MODES)
def change_banner(actor: Actor, place: Place) -> bool:
    form = _banner_form(place, site=actor.home.record.pk, title="改了")
    actor.post("emergency_banners:edit", place.banner.pk, data=form)
    return EmergencyBanner.objects.get(pk=place.banner.pk).title == "改了"


@attempt(Action.SITE_MODES)
def end_banner(actor: Actor, place: Place) -> bool:
    actor.post("portal_site_modes", data={"end": f"banner:{place.banner.pk}"})
    return EmergencyBanner.objects.get(pk=place.banner.pk).ends_at is not None


@attempt(Action.SITE_MODES)
def preview_banner(actor: Actor, place: Place) -> bool:
    query = f"?banner={place.banner.pk}"
    response = actor.post("portal_banner_preview", data=_banner_form(actor.home), query=query)
    return response.status_code == 200


@attempt(Action.SITE_MODES)
def turn_grey(actor: Actor, place: Place) -> bool:
    actor.post("portal_site_modes", data={"grey": str(place.record.pk)})
    return GreyPeriod.objects.filter(site=place.record).exists()


@attempt(Action.SITE_MODES)
def plan_grey(actor: Actor, place: Place) -> bool:
    form = {"site": place.record.pk, "starts_at": "2030-01-01 08:00", "ends_at": "", "reason": ""}
    actor.post("mourning_periods:add", data=form)
    return GreyPeriod.objects.filter(site=place.record).exists()


# --- members ----------------------------------------------------------------------------------
@attempt(Action.MEMBERS)
def give_a_role(actor: Actor, place: Place) -> bool:
    form = {"username": place.author.username, "role": "releaser"}
    actor.post("portal_members", place.record.pk, data=form)
    return place.author.groups.filter(site_role__site=place.record).exists()


@attempt(Action.MEMBERS)
def take_a_role(actor: Actor, place: Place) -> bool:
    actor.post("portal_members", place.record.pk, data={"remove": f"{place.member.pk}:editor"})
    return not place.member.groups.exists()


@attempt(Action.MEMBERS)
def read_members(actor: Actor, place: Place) -> bool:
    return actor.reads(place.member.username, "portal_members", place.record.pk)


# --- plugins ----------------------------------------------------------------------------------
@attempt(Action.PLUGINS)
def switch_plugin(actor: Actor, place: Place) -> bool:
    digest = registry.installed().by_slug["dummy"].declaration.digest
    form = {"confirm": "on", "digest": digest}
    actor.post("plugins:switch", "dummy", str(place.record.pk), "on", data=form)
    return PluginSwitch.objects.filter(slug="dummy", site=place.record, enabled=True).exists()


# --- records ----------------------------------------------------------------------------------
@attempt(Action.PUBLICATION_RECORD)
def read_publication_record(actor: Actor, place: Place) -> bool:
    return actor.reads(place.live.title, "portal_publication_record")


@attempt(Action.PUBLICATION_RECORD)
def export_publication_record(actor: Actor, place: Place) -> bool:
    return actor.reads(place.live.title, "portal_publication_record", export="csv")


# --- the audit log ----------------------------------------------------------------------------
@attempt(Action.AUDIT_LOG)
def read_audit_log(actor: Actor, place: Place) -> bool:
    _audited(place)
    return actor.reads("审计中的一件事", "portal_audit_log")


@attempt(Action.AUDIT_LOG)
def export_audit_log(actor: Actor, place: Place) -> bool:
    _audited(place)
    today = timezone.localdate().isoformat()
    span = {"at_from": today, "at_to": today}
    return actor.reads("审计中的一件事", "portal_audit_log", export="csv", **span)


def _audited(place: Place) -> None:
    record(
        "wagtail.edit",
        AuditEntry.Kind.SETTINGS,
        object_name="审计中的一件事",
        site_pk=place.record.pk,
    )
