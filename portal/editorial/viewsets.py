"""Registers and settings of the editorial office: contributors, rates, kinds, recurring tasks."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, PageChooserPanel
from wagtail.permissions import register_permission_policy

from portal.plugin_api import Action, OwnSitesForm, OwnViewSet, RolePolicy, site_of_path

from .models import Contributor, DeliverableKind, FeeRate, RecurringTask

# Registered before anything asks for a fallback (Wagtail's rule).
for _model in (Contributor, FeeRate, DeliverableKind, RecurringTask):
    register_permission_policy(_model, RolePolicy(_model, Action.MEMBERS))


class ContributorForm(OwnSitesForm):
    site_action = Action.MEMBERS


class FeeRateForm(OwnSitesForm):
    site_action = Action.MEMBERS


class KindForm(OwnSitesForm):
    site_action = Action.MEMBERS


class RecurringForm(OwnSitesForm):
    """What is issued later is issued in the name of who wrote it here last."""

    site_action = Action.MEMBERS

    def clean(self) -> Any:
        cleaned = super().clean()
        site, kind, column = (cleaned.get(name) for name in ("site", "kind", "column"))
        if site and kind and kind.site_id != site.pk:
            self.add_error("kind", ValidationError(_("This kind belongs to another site.")))
        if site and column and site_of_path(column.path) != site.pk:
            self.add_error("column", ValidationError(_("This column belongs to another site.")))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.instance.made_by = self.for_user
        if "next_on" in self.changed_data:
            self.instance.anchor_day = self.cleaned_data["next_on"].day
        return super().save(commit)


Contributor.base_form_class = ContributorForm  # type: ignore[attr-defined]
FeeRate.base_form_class = FeeRateForm  # type: ignore[attr-defined]
DeliverableKind.base_form_class = KindForm  # type: ignore[attr-defined]
RecurringTask.base_form_class = RecurringForm  # type: ignore[attr-defined]


class ContributorViewSet(OwnViewSet):
    model = Contributor
    url_prefix = "editorial-contributors"
    icon = "group"
    menu_label = _("Contributors")
    menu_order = 30
    list_display = ["user", "kind", "unit", "site", "since", "until"]
    list_filter = ["kind", "site"]
    search_backend_name = None
    panels = [
        HelpPanel(
            content=_(
                "Holders of the roles information officer and outside partner contribute without "
                "an entry. Enter liaison persons and commentators here."
            )
        ),
        FieldRowPanel([FieldPanel("user"), FieldPanel("kind")]),
        FieldRowPanel([FieldPanel("site"), FieldPanel("unit")]),
        FieldRowPanel([FieldPanel("since"), FieldPanel("until")]),
    ]


class FeeRateViewSet(OwnViewSet):
    model = FeeRate
    url_prefix = "editorial-rates"
    icon = "table"
    menu_label = _("Fee rates")
    menu_order = 40
    list_display = ["kind", "amount", "basis", "valid_from", "valid_until", "site"]
    list_filter = ["kind", "site"]
    search_backend_name = None
    panels = [
        HelpPanel(
            content=_(
                "The rate that held on the day of publication is used. Confirmed sheets keep "
                "their amounts: a rate that changes later does not alter them."
            )
        ),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("site")]),
        FieldRowPanel([FieldPanel("amount"), FieldPanel("basis")]),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
    ]


class KindViewSet(OwnViewSet):
    model = DeliverableKind
    url_prefix = "editorial-kinds"
    icon = "form"
    menu_label = _("Kinds of deliveries")
    menu_order = 60
    list_display = ["name", "form", "limit_days", "is_active", "site"]
    list_filter = ["site"]
    search_fields = ["name"]
    search_backend_name = None
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("site")]),
        FieldPanel("form"),
        FieldPanel("parts"),
        FieldRowPanel([FieldPanel("limit_days"), FieldPanel("is_active")]),
    ]


class RecurringViewSet(OwnViewSet):
    model = RecurringTask
    url_prefix = "editorial-recurring"
    icon = "repeat"
    menu_label = _("Recurring tasks")
    menu_order = 50
    list_display = ["title", "unit", "person", "every", "next_on", "is_active", "site"]
    list_filter = ["every", "site"]
    search_fields = ["title"]
    search_backend_name = None
    panels = [
        FieldRowPanel([FieldPanel("title"), FieldPanel("site")]),
        FieldPanel("wanted"),
        FieldRowPanel([FieldPanel("unit"), FieldPanel("person")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("limit_days")]),
        PageChooserPanel("column", ["pages.ColumnPage"]),
        FieldRowPanel([FieldPanel("every"), FieldPanel("next_on")]),
        FieldPanel("is_active"),
    ]
