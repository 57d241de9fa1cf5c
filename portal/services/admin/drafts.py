"""Drafts of questions and answers from a guide."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.plugin_api import CapabilityUnavailable
from portal.services.models import GuidePage
from portal.services.services.drafts import draft_questions, drafts_possible, sources_of


@require_http_methods(["GET", "HEAD", "POST"])
def question_drafts(request: HttpRequest, pk: int) -> HttpResponse:
    """What would be drafted, and drafting it."""
    page = get_object_or_404(GuidePage, pk=pk)
    if not page.permissions_for_user(cast("Any", request.user)).can_edit():
        raise PermissionDenied
    edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    if not drafts_possible(page):
        messages.error(
            request, _("Questions are drafted from public guides, where a plugin for it is on.")
        )
        return HttpResponseRedirect(edit_url)
    if request.method == "POST":
        try:
            made = draft_questions(page=page, by=request.user)
        except CapabilityUnavailable:
            messages.error(
                request,
                _("The drafts could not be made just now. Nothing was lost; try again later."),
            )
        else:
            if made is not None:
                text = ngettext(
                    "%(count)d draft waits to be completed.",
                    "%(count)d drafts wait to be completed.",
                    made.count,
                )
                messages.success(request, text % {"count": made.count})
                return HttpResponseRedirect(made.url)
    context = {
        "page_title": _("Draft questions and answers"),
        "page_subtitle": page.title,
        "header_icon": "help",
        "sources": list(sources_of(page)),
        "edit_url": edit_url,
    }
    return render(request, "services/admin/drafts.html", context)
