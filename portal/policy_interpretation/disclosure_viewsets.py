"""Disclosure platforms and the statutory list in the admin."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from portal.plugin_api import (
    Action,
    OwnSitesForm,
    OwnViewSet,
    PlatformRolePolicy,
    RolePolicy,
    site_of_path,
)

from .disclosure_tasks import rebuild_after_commit
from .models import DisclosurePlatform, StatutoryCategory

# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(DisclosurePlatform, RolePolicy(DisclosurePlatform, Action.SITE_SETTINGS))
register_permission_policy(
    StatutoryCategory, PlatformRolePolicy(StatutoryCategory, Action.SITE_SETTINGS)
)

_PAGE_FIELDS = ("guide", "rules", "reports")


class PlatformForm(OwnSitesForm):
    """Pages and columns must lie in the platform's own site."""

    site_action = Action.SITE_SETTINGS

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        site = cleaned.get("site")
        for name in _PAGE_FIELDS:
            page = cleaned.get(name)
            if site is not None and page is not None and site_of_path(page.path) != site.pk:
                self.add_error(name, _now("This page belongs to another site."))
        return cleaned

    def is_valid(self) -> bool:
        """Also looks at the rows below, which are checked after the form itself."""
        if not super().is_valid():
            return False
        site = self.cleaned_data["site"]
        is_fine = True
        for name, field in (("columns", "column"), ("annual_reports", "page")):
            for form in self.formsets[name].forms if name in self.formsets else ():
                page = form.cleaned_data.get(field) if hasattr(form, "cleaned_data") else None
                if page is not None and site_of_path(page.path) != site.pk:
                    form.add_error(field, _now("This page belongs to another site."))
                    is_fine = False
        return is_fine

    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit)
        if saved.site_id is not None:
            rebuild_after_commit(saved.site_id)
        return saved


DisclosurePlatform.base_form_class = PlatformForm


class PlatformViewSet(OwnViewSet):
    model = DisclosurePlatform
    url_prefix = "disclosure-platforms"
    icon = "doc-full-inverse"
    menu_label = _("Disclosure platforms")
    add_to_settings_menu = True
    menu_order = 645
    list_display = ["__str__", "site", "is_government"]
    search_backend_name = None
    panels = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("site"), FieldPanel("unit")]), FieldPanel("is_government")],
            heading=_("Whose platform it is"),
        ),
        MultiFieldPanel(
            [
                PageChooserPanel("guide"),
                FieldPanel("guide_person"),
                PageChooserPanel("rules", page_type="pages.ColumnPage"),
                FieldPanel("rules_person"),
                FieldPanel("confirm_months"),
            ],
            heading=_("Guide and rules"),
        ),
        InlinePanel(
            "columns",
            [
                FieldPanel("category"),
                PageChooserPanel("column", page_type="pages.ColumnPage"),
                FieldRowPanel([FieldPanel("theme"), FieldPanel("genre")]),
            ],
            heading=_("Columns and documents in the catalogue"),
            label=_("Entry"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("gives_numbers"),
                FieldRowPanel([FieldPanel("unified_code"), FieldPanel("number_pattern")]),
                FieldPanel("is_regional_pattern"),
            ],
            heading=_("Index numbers"),
        ),
        MultiFieldPanel(
            [
                PageChooserPanel("reports", page_type="pages.ColumnPage"),
                FieldPanel("first_report_year"),
                InlinePanel(
                    "annual_reports",
                    [FieldPanel("year"), PageChooserPanel("page")],
                    label=_("Annual report"),
                ),
            ],
            heading=_("Annual reports"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("office"),
                FieldRowPanel([FieldPanel("address"), FieldPanel("postcode")]),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                FieldPanel("office_hours"),
                FieldPanel("request_form"),
            ],
            heading=_("Requests for information"),
        ),
    ]


class StatutoryCategoryViewSet(ModelViewSet):
    """The list of the law: one for all sites."""

    model = StatutoryCategory
    url_prefix = "statutory-categories"
    icon = "list-ul"
    menu_label = _("Statutory content")
    add_to_settings_menu = True
    menu_order = 646
    list_display = ["name", "basis", "update_months", "is_active"]
    search_fields = ["name", "requirement"]
    search_backend_name = None
    copy_view_enabled = False
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldPanel("requirement"),
        FieldRowPanel([FieldPanel("basis"), FieldPanel("update_months")]),
        FieldRowPanel([FieldPanel("sort_order"), FieldPanel("is_active")]),
    ]
