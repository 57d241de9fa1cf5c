"""The admin: golden questions, and what is said of them before an entry is withdrawn or deleted."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from portal.plugin_api import register_wagtail_hook

from .admin.contradictions import WorkOnEntriesItem
from .admin.golden import GoldenFilesView, GoldenViewSet, MovesView, RunsView, export
from .models import QuestionPage
from .services.golden_moves import Preview, on_withdrawing
from .wording_of_moves import line_of

_NAMED = 10


def golden_viewset() -> GoldenViewSet:
    return GoldenViewSet("assistant_golden")


def golden_urls() -> list[Any]:
    return [
        path("questions/golden/runs/", RunsView.as_view(), name="assistant_golden_runs"),
        path("questions/golden/files/", GoldenFilesView.as_view(), name="assistant_golden_files"),
        path("questions/golden/export.jsonl", export, name="assistant_golden_export"),
        path(
            "question-entries/<int:pk>/moves/", MovesView.as_view(), name="assistant_golden_moves"
        ),
    ]


def golden_menu_item() -> MenuItem:
    return WorkOnEntriesItem(
        _("Golden questions"),
        reverse("assistant_golden:index"),
        name="assistant-golden",
        icon_name="tick-inverse",
        order=622,
    )


def ask_before_withdrawal(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Between the button and the withdrawal: what moves is seen and confirmed first."""
    with_all = "include_descendants" in request.POST
    if not _concerns_entries(page) or not (with_all or isinstance(page.specific, QuestionPage)):
        return None
    preview = on_withdrawing([page.pk])
    if not preview.moves or request.POST.get("moves_seen") == preview.fingerprint:
        return None
    context = {
        "page_title": gettext("Withdraw"),
        "page_subtitle": page.get_admin_display_title(),
        "header_icon": "download",
        "preview": preview,
        "with_all": with_all,
        "next": request.POST.get("next", ""),
        "back_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
    }
    return render(request, "assistant/admin/golden_withdraw.html", context)


def tell_before_deletion(request: HttpRequest, page: Page) -> None:
    """On the screen that asks whether an entry, or a column with entries, is to be deleted."""
    if request.method == "GET" and _concerns_entries(page):
        _tell(request, on_withdrawing([page.pk]))


def _concerns_entries(page: Page) -> bool:
    return bool(QuestionPage.objects.filter(path__startswith=page.path, live=True).exists())


def _tell(request: HttpRequest, preview: Preview) -> None:
    if not preview.is_known:
        messages.warning(
            request,
            gettext("Nobody can say now which golden questions would be answered otherwise."),
        )
        return
    count = len(preview.moves)
    if not count:
        return
    lead = ngettext(
        "%(count)d golden question would be answered otherwise:",
        "%(count)d golden questions would be answered otherwise:",
        count,
    ) % {"count": count}
    lines = format_html_join("", "<li>{}</li>", ((line_of(one),) for one in preview.moves[:_NAMED]))
    rest = count - _NAMED
    more = gettext("… and %(count)d more.") % {"count": rest} if rest > 0 else ""
    messages.warning(request, format_html("{}<ul>{}</ul>{}", lead, lines, more))


register_wagtail_hook("register_admin_viewset")(golden_viewset)
register_wagtail_hook("register_admin_urls")(golden_urls)
register_wagtail_hook("register_reports_menu_item")(golden_menu_item)
register_wagtail_hook("before_unpublish_page")(ask_before_withdrawal)
register_wagtail_hook("before_delete_page")(tell_before_deletion)
