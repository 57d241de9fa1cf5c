"""Who may look after the assistant, where: stop it, look up receipts, act for visitors' letters."""

from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from assistant.portal_plugin.models.conversations import AnswerRecord
from assistant.portal_plugin.models.switches import AssistantPause
from portal.plugin_api import Action, may, sites_allowing

LOOK_UP = "assistant.look_up_receipts"


def may_pause(user: Any, site: int | None) -> bool:
    """Administrators of the site, and of the platform; everywhere at once only the latter."""
    return may(user, Action.SITE_MODES, site)


def may_pause_somewhere(user: Any) -> bool:
    sites = sites_allowing(user, Action.SITE_MODES)
    return sites is None or bool(sites)


def sites_to_pause(user: Any) -> QuerySet[Any]:
    records: QuerySet[Any] = apps.get_model("core", "SiteRecord").objects.order_by("pk")
    sites = sites_allowing(user, Action.SITE_MODES)
    return records if sites is None else records.filter(pk__in=sites)


def pauses_for(user: Any) -> QuerySet[AssistantPause]:
    """The history of the own sites, and of the platform's, which hold there too."""
    rows = AssistantPause.objects.select_related("site", "paused_by", "ended_by")
    sites = sites_allowing(user, Action.SITE_MODES)
    return rows if sites is None else rows.filter(Q(site__in=sites) | Q(site=None))


# --- receipts -------------------------------------------------------------------------------------
def sites_to_look_up(user: Any) -> set[int] | None:
    """Where somebody may look up receipts; None for everywhere.

    Site administrators at their sites; hotline staff, whose group has the permission, wherever they
    hold any role at all.
    """
    own = sites_allowing(user, Action.SITE_SETTINGS)
    if own is None or not user.has_perm(LOOK_UP):
        return own
    member_at = sites_allowing(user, Action.ADMIN_ACCESS)
    return None if member_at is None else own | member_at


def may_look_up(user: Any) -> bool:
    sites = sites_to_look_up(user)
    return sites is None or bool(sites)


def receipts_for(user: Any) -> QuerySet[AnswerRecord]:
    rows = AnswerRecord.objects.select_related("feedback", "basis", "conversation__site", "site")
    sites = sites_to_look_up(user)
    return rows if sites is None else rows.filter(site__in=sites)


def may_act_for_visitor(user: Any, site: int | None) -> bool:
    """Whether somebody may hand out or delete a conversation on a visitor's letter."""
    return may(user, Action.SITE_SETTINGS, site)
