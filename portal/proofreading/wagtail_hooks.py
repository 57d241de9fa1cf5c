"""What the plugin hooks into Wagtail's admin."""

import json
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
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from portal.plugin_api import register_wagtail_hook

from .admin import alarms, files, lists, live
from .admin.page_view import ProofreadView
from .permissions import keeps_files, may_answer_for
from .selectors.alarms import sees_alarms
from .services.reasons import LOG_REASON


@register_wagtail_hook("register_admin_urls")
def admin_urls() -> list[Any]:
    return [
        path("proofreading/scan/", live.scan, name="proofreading_scan"),
        path(
            "proofreading/pages/<int:page_id>/", ProofreadView.as_view(), name="proofreading_page"
        ),
        path(
            "proofreading/pages/<int:page_id>/reason/",
            live.give_reason,
            name="proofreading_reason",
        ),
        path("proofreading/table/", lists.TableView.as_view(), name="proofreading_table"),
        path("proofreading/table.csv", lists.download, {"kind": "csv"}, name="proofreading_csv"),
        path("proofreading/table.xlsx", lists.download, {"kind": "xlsx"}, name="proofreading_xlsx"),
        path("proofreading/alarms/", alarms.AlarmsView.as_view(), name="proofreading_alarms"),
        path("proofreading/files/", files.FilesView.as_view(), name="proofreading_files"),
        path(
            "proofreading/files/<int:document_id>/",
            files.file_findings,
            name="proofreading_file",
        ),
    ]


@register_wagtail_hook("register_admin_viewset")
def viewsets() -> list[Any]:
    return [lists.WordViewSet(), lists.GradeViewSet(), lists.ContactViewSet()]


class _FilesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return keeps_files(request.user)


@register_wagtail_hook("register_reports_menu_item")
def files_menu_item() -> MenuItem:
    return _FilesItem(
        _("Files with findings"),
        reverse("proofreading_files"),
        name="proofreading-files",
        icon_name="doc-full",
        order=660,
    )


class _AlarmsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return sees_alarms(request.user)


@register_wagtail_hook("register_reports_menu_item")
def alarms_menu_item() -> MenuItem:
    return _AlarmsItem(
        _("Alarms about public pages"),
        reverse("proofreading_alarms"),
        name="proofreading-alarms",
        icon_name="warning",
        order=659,
    )


@register_wagtail_hook("register_log_actions")
def reasons_in_history(actions: Any) -> None:
    actions.register_action(LOG_REASON, _("Reason for a warning"), _("Gave a reason for a warning"))


@register_wagtail_hook("register_page_header_buttons")
def page_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Any]:
    if view_name == "edit" and page.pk and may_answer_for(user, page):
        yield Button(
            _("Proofread"),
            url=reverse("proofreading_page", args=[page.pk]),
            icon_name="glasses",
            priority=62,
        )


@register_wagtail_hook("insert_editor_js")
def editor_script() -> SafeString:
    return format_html(
        '<link rel="stylesheet" href="{}"><script type="module" src="{}" data-proofreading'
        ' data-texts="{}" data-scan="{}" data-reason="{}" data-page="{}"></script>',
        static("proofreading/admin/proofreading.css"),
        static("proofreading/admin/proofreading.js"),
        json.dumps(_texts(), ensure_ascii=False),
        reverse("proofreading_scan"),
        reverse("proofreading_reason", args=[0]),
        reverse("proofreading_page", args=[0]),
    )


@register_wagtail_hook("insert_global_admin_js")
def document_script() -> SafeString:
    """Wagtail's form of a document has no place for plugins; the script looks for that form."""
    return format_html(
        '<script type="module" src="{}" data-file-findings="{}" data-heading="{}"></script>',
        static("proofreading/admin/document.js"),
        reverse("proofreading_file", args=[0]),
        gettext("Found in this file"),
    )


def _texts() -> dict[str, str]:
    return {
        "title": gettext("Proofreading"),
        "none": gettext("Nothing found"),
        "some": gettext("%(count)s to deal with"),
        "notes": gettext("%(count)s notes"),
        "checking": gettext("Checking …"),
        "failed": gettext("Checking did not work; it is tried again with the next change."),
        "tooLong": gettext("The text is too long to be checked while you write. It is checked when "
                           "you publish."),
        "blocking": gettext("Never public"),
        "warning": gettext("Mend it, or give a reason"),
        "note": gettext("For your information"),
        "goTo": gettext("Show the place"),
        "replace": gettext("Replace by “%(right)s”"),
        "replaced": gettext("Replaced by “%(right)s”."),
        "undo": gettext("Undo"),
        "reason": gettext("Reason why it may be public"),
        "keep": gettext("Record the reason"),
        "given": gettext("Reason: %(reason)s"),
        "saveFirst": gettext("Save the draft first, then give the reason."),
        "moved": gettext("The text has changed; it is being checked again."),
        "all": gettext("All findings, files included"),
        "close": gettext("Close"),
    }  # fmt: skip
