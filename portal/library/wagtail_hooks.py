"""The library in Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from portal.plugin_api import register_wagtail_hook

from .admin import intake, panel, quality, records, sharing, tables
from .admin.export import export_record
from .permissions import may_look, may_rule


@register_wagtail_hook("register_admin_urls")
def library_urls() -> list[Any]:
    one = "library/records/<int:pk>/"
    return [
        path("library/", records.RecordsView.as_view(), name="library_records"),
        path(one, records.RecordView.as_view(), name="library_record"),
        path(f"{one}edit/", records.RecordEditView.as_view(), name="library_record_edit"),
        path(f"{one}place/", sharing.PlaceView.as_view(), name="library_place"),
        path(f"{one}archive/", export_record, name="library_export"),
        path("library/pages/<int:pk>/", records.of_page, name="library_of_page"),
        path("library/pages/<int:pk>/panel/", panel.panel, name="library_panel"),
        path("library/columns/<int:pk>/", tables.DefaultsView.as_view(), name="library_defaults"),
        path("library/quality/", quality.QualityView.as_view(), name="library_quality"),
        path("library/quality/pairs/", quality.PairsView.as_view(), name="library_pairs"),
        path("library/quality/links/", quality.LinksView.as_view(), name="library_links"),
        path("library/batch/", records.BatchView.as_view(), name="library_batch"),
        path("library/batch/<int:pk>/", records.BatchDoneView.as_view(), name="library_batch_done"),
        path("library/requests/", sharing.GrantsView.as_view(), name="library_grants"),
        path("library/tables/", tables.TablesView.as_view(), name="library_tables"),
        path("library/tables/<str:scheme>/", tables.VersionView.as_view(), name="library_version"),
        path("library/intakes/", intake.IntakesView.as_view(), name="library_intakes"),
        path("library/intakes/<int:pk>/", intake.IntakeView.as_view(), name="library_intake"),
        path("library/intakes/<int:pk>/rejected/", intake.rejected, name="library_intake_rejected"),
        path("library/intakes/<int:pk>/progress/", intake.progress, name="library_intake_progress"),
    ]


class _LibraryItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)


class _RulesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_rule(request.user)


@register_wagtail_hook("register_admin_menu_item")
def library_menu_item() -> MenuItem:
    return _LibraryItem(
        _("Resource library"),
        reverse("library_records"),
        name="library",
        icon_name="folder-open-inverse",
        order=145,
    )


@register_wagtail_hook("register_settings_menu_item")
def tables_menu_item() -> MenuItem:
    return _RulesItem(
        _("Themes and genres"),
        reverse("library_tables"),
        name="library-tables",
        icon_name="tag",
        order=652,
    )


@register_wagtail_hook("register_admin_viewset")
def rule_viewsets() -> list[Any]:
    return [tables.CompletenessViewSet(), tables.NumberRuleViewSet()]


@register_wagtail_hook("insert_editor_js")
def panel_script() -> SafeString:
    return format_html(
        '<link rel="stylesheet" href="{}"><script type="module" src="{}" data-library-panel="{}"'
        ' data-title="{}"></script>',
        static("library/library.css"),
        static("library/panel.js"),
        reverse("library_panel", args=[0]),
        gettext("Library record"),
    )


@register_wagtail_hook("register_page_header_buttons")
def library_buttons(page: Page, user: Any, view_name: str, next_url: str = "") -> Iterator[Button]:
    """At a page: its record. At a column also: bring in from the library, defaults."""
    if not page.pk or page.is_root() or not may_look(user):
        return
    yield Button(
        gettext("Library record"),
        reverse("library_of_page", args=[page.pk]),
        icon_name="folder-open-inverse",
        priority=60,
    )
    specific = page.specific_class
    if specific is None or specific._meta.model_name not in ("columnpage", "topicpage"):
        return
    rights = page.permissions_for_user(user)
    if rights.can_publish_subpage():
        yield Button(
            gettext("Bring in from the library"),
            f"{reverse('library_records')}?column={page.pk}",
            icon_name="download",
            priority=61,
        )
    if rights.can_edit():
        yield Button(
            gettext("What records begin with"),
            reverse("library_defaults", args=[page.pk]),
            icon_name="tag",
            priority=62,
        )
