"""Views of the admin around interpretations: choosing clauses, coverage, drafts of questions."""

import datetime
import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.plugin_api import (
    CapabilityUnavailable,
    QASource,
    capability,
    checked_clause_ids,
    is_enabled,
    qa_drafts,
    site_of_path,
)

from .clause_choice import choices
from .clauses import ClauseData, from_json, label_of, text_below
from .models import PolicyPage, PolicyVersion, ProductForm
from .product_forms import NewProductForm
from .selectors import reading
from .services import products


def _account(request: HttpRequest) -> Any:
    """The account: below ``/admin/`` nobody is anonymous."""
    return request.user


def _editable(request: HttpRequest, pk: int) -> PolicyPage:
    """The document, for those who may work on it.

    Raises:
        PermissionDenied: the account may not edit it.
    """
    page = get_object_or_404(PolicyPage, pk=pk)
    if not page.permissions_for_user(_account(request)).can_edit():
        raise PermissionDenied
    return page


# --- choosing clauses -----------------------------------------------------------------------
@require_POST
def clause_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The clauses of a document as check boxes; ``chosen`` (JSON) are those to tick.

    Whoever may edit the document chooses from its newest draft, everybody else from what is public.
    """
    page = get_object_or_404(PolicyPage, pk=pk)
    may_edit = page.permissions_for_user(_account(request)).can_edit()
    if not may_edit and not page.live:
        raise PermissionDenied
    try:
        chosen = checked_clause_ids(json.loads(request.POST.get("chosen") or "[]"))
    except (ValueError, ValidationError):
        chosen = []  # what the field holds is refused when it is saved
    shown = page.get_latest_revision_as_object() if may_edit else page
    clauses = shown.clauses()
    known = {clause.id for clause in clauses}
    earlier = _earlier(page) if not set(chosen) <= known else []
    return render(
        request,
        "policy_interpretation/admin/clause_list.html",
        {"choices": choices(clauses, chosen, earlier)},
    )


def _earlier(page: PolicyPage) -> list[ClauseData]:
    versions = PolicyVersion.objects.filter(policy=page).values_list("clauses", flat=True)
    return [clause for version in versions for clause in from_json(version)]


# --- coverage -------------------------------------------------------------------------------
@require_safe
def coverage(request: HttpRequest, pk: int) -> HttpResponse:
    """For staff: which clauses no public interpretation explains yet."""
    page = _editable(request, pk)
    measured = reading.coverage(page)
    wanted = set(measured.uncovered)
    clauses = page.clauses()
    uncovered = [
        (label_of(clauses, clause.id), clause) for clause in clauses if clause.id in wanted
    ]
    context = {
        "page": page,
        "page_title": _("Coverage by plain words"),
        "page_subtitle": page.title,
        "header_icon": "list-ol",
        "coverage": measured,
        "uncovered": uncovered,
        "reading_url": reverse("policy_interpretation:reading", args=[page.pk])
        if page.live
        else "",
    }
    return render(request, "policy_interpretation/admin/coverage.html", context)


# --- a new interpretation -------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def new_product(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an interpretation of a document: ``?form=`` and ``?column=`` may be given.

    Makes a draft with the document filled in and leads to its editor.
    """
    policy = get_object_or_404(PolicyPage, pk=pk)
    if not policy.live and not policy.permissions_for_user(_account(request)).can_edit():
        raise PermissionDenied
    initial = {
        "form": request.GET.get("form", ProductForm.TEXT),
        "column": request.GET.get("column") or policy.get_parent().pk,
    }
    form = NewProductForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        page = products.begin(
            policy=policy,
            column=form.cleaned_data["column"],
            form=form.cleaned_data["form"],
            user=_account(request),
        )
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    context = {
        "form": form,
        "page_title": _("New interpretation"),
        "page_subtitle": policy.title,
        "header_icon": "comment",
        "submit_label": _("Begin"),
    }
    return render(request, "portal/admin/form.html", context)


# --- drafts of questions --------------------------------------------------------------------
def drafts_possible(page: PolicyPage) -> bool:
    """Whether a plugin makes drafts of questions at the document's site."""
    site = site_of_path(page.path)
    return (
        page.live
        and is_enabled("policy_interpretation", site)
        and capability(qa_drafts, site) is not None
    )


@require_http_methods(["GET", "HEAD", "POST"])
def question_drafts(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose clauses and have a plugin draft questions and answers from them."""
    page = _editable(request, pk)
    clauses = page.clauses()
    site = site_of_path(page.path)
    provider = capability(qa_drafts, site) if page.live else None
    if provider is None:
        messages.error(
            request,
            _("Questions are drafted from public documents, where a plugin for it is on."),
        )
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    if request.method == "POST":
        wanted = set(request.POST.getlist("clause"))
        sources = sources_of(page, clauses, wanted, request)
        if not sources:
            messages.error(request, _("Choose at least one clause."))
        else:
            try:
                made = provider.draft(sources, page=page, site=site, user=request.user)
            except CapabilityUnavailable:
                messages.error(
                    request,
                    _("The drafts could not be made just now. Nothing was lost; try again later."),
                )
            else:
                text = ngettext(
                    "%(count)d draft waits to be completed.",
                    "%(count)d drafts wait to be completed.",
                    made.count,
                )
                messages.success(request, text % {"count": made.count})
                return HttpResponseRedirect(made.url)
    else:
        wanted = set()
    context: dict[str, Any] = {
        "page": page,
        "page_title": _("Draft questions and answers"),
        "page_subtitle": page.title,
        "header_icon": "help",
        "choices": choices(clauses, [clause.id for clause in clauses if clause.id in wanted]),
    }
    return render(request, "policy_interpretation/admin/question_drafts.html", context)


def sources_of(
    page: PolicyPage, clauses: list[ClauseData], wanted: set[str], request: HttpRequest
) -> list[QASource]:
    """The chosen clauses with all that lies below each; one below another chosen one is in it."""
    by_id = {clause.id: clause for clause in clauses}

    def is_inside(clause: ClauseData) -> bool:
        above = by_id.get(clause.parent)
        return above is not None and (above.id in wanted or is_inside(above))

    until = page.valid_through
    record = getattr(page, "policy_record", None)
    repealed = record.repealed_on if record else None
    found = []
    for clause in clauses:
        if clause.id not in wanted or is_inside(clause):
            continue
        link = reverse("policy_interpretation:clause", args=[page.pk, clause.short_id])
        ends = [day for day in (clause.invalid_from, repealed, _next_day(until)) if day]
        found.append(
            QASource(
                clause=clause.id,
                label=label_of(clauses, clause.id),
                text=text_below(clauses, clause.id),
                url=link,
                valid_from=page.effective_on,
                valid_until=min(ends, default=None),
            )
        )
    return found


def _next_day(day: datetime.date | None) -> datetime.date | None:
    return day + datetime.timedelta(days=1) if day else None
