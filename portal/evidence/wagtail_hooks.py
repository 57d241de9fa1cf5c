"""What the plugin adds to Wagtail's admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.views import FindingsView, FindingView, KeysView, LogView, RootsView
from .permissions import may_look
from .services.explaining import EXPLAINED
from .services.signing import ROTATED


@register_wagtail_hook("register_log_actions")
def evidence_in_history(actions: Any) -> None:
    actions.register_action(EXPLAINED, _("Explained"), _("Explained a finding of the check"))
    actions.register_action(ROTATED, _("Key exchanged"), _("Exchanged the key that signs"))


@register_wagtail_hook("register_admin_urls")
def evidence_urls() -> list[Any]:
    return [
        path("evidence/", FindingsView.as_view(), name="evidence_findings"),
        path("evidence/findings/<int:pk>/", FindingView.as_view(), name="evidence_finding"),
        path("evidence/log/", LogView.as_view(), name="evidence_log"),
        path("evidence/roots/", RootsView.as_view(), name="evidence_roots"),
        path("evidence/keys/", KeysView.as_view(), name="evidence_keys"),
    ]


class _EvidenceItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)


@register_wagtail_hook("register_reports_menu_item")
def evidence_menu_item() -> MenuItem:
    return _EvidenceItem(
        _("Tamper evidence"),
        reverse("evidence_findings"),
        name="evidence",
        icon_name="lock",
        order=905,
    )
