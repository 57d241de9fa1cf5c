"""Rating a service, and what others said: public, without an account and without JavaScript."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from portal.plugin_api import (
    QueryPagination,
    count_in_window,
    from_elsewhere,
    page_number,
    portal_of,
    visitor_of,
    without_parameters,
)

from . import ratings as desk
from .models import GuidePage

PER_PAGE = 20
# Of one visitor, all services together, in an hour.
MOST = 20
_HOUR = 3600


class RatingForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("How satisfied are you with this service?"),
        choices=desk.SCORES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how satisfied you are.")},
    )
    reasons = forms.MultipleChoiceField(
        label=_("Why? (as many as you like)"),
        choices=desk.REASONS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = forms.CharField(
        label=_("In your own words"),
        help_text=_(
            "Please no names, telephone or identity numbers. Shown after somebody has looked at it."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "class": "services-form__field"}),
        max_length=desk.LONGEST,
        required=False,
    )


@csrf_exempt  # no cookie, no account: where the form comes from is asked instead
@never_cache
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; what was sent is kept, and the next page says thanks."""
    page = _page(pk)
    if request.method != "POST":
        return _form(request, page, RatingForm())
    if from_elsewhere(request):
        return _form(request, page, RatingForm(request.POST), status=403, refused="elsewhere")
    form = RatingForm(request.POST)
    visitor = visitor_of(request, purpose="services.rating") or "local"
    count, _left = count_in_window(f"services:ratings:{visitor}", _HOUR)
    if count > MOST:
        return _form(request, page, form, status=429, refused="often")
    if not form.is_valid():
        return _form(request, page, form, status=422)
    told = form.cleaned_data
    desk.rate(
        page=page,
        score=told["score"],
        reasons=told["reasons"],
        text=told["text"],
        language=portal_of(request).language,
        visitor=visitor,
    )
    return HttpResponseRedirect(reverse("services_language:ratings", args=[pk]) + "?thanks=1")


@require_safe
def ratings(request: HttpRequest, pk: int) -> HttpResponse:
    """How a service was rated, and what its office replied."""
    page = _page(pk)
    found = desk.public_ratings(pk)
    number = page_number(request.GET)
    query = without_parameters(request.GET, "page", "thanks")
    pagination = QueryPagination(number, found.count(), PER_PAGE, query)
    if number > pagination.pages:
        raise Http404
    rows = found[pagination.offset : pagination.offset + PER_PAGE]
    labels = dict(desk.SCORES)
    context = _frame(request, page) | {
        "figures": desk.figures_of(pk),
        "rows": [(row, labels.get(row.score, ""), desk.reason_labels(row.reasons)) for row in rows],
        "pagination": pagination,
        "thanks": request.GET.get("thanks") == "1",
    }
    response = render(request, "services/ratings.html", context)
    if context["thanks"]:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _form(
    request: HttpRequest, page: GuidePage, form: RatingForm, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    context = _frame(request, page) | {"form": form, "refused": refused}
    return render(request, "services/rate.html", context, status=status)


def _frame(request: HttpRequest, page: GuidePage) -> dict[str, Any]:
    portal = portal_of(request)
    return {
        "portal": portal,
        "page": page,
        "guide_url": page.get_url(request),
        "entrance_url": reverse("services_language:entrance"),
        "rate_url": reverse("services_language:rate", args=[page.pk]),
        "is_derived": True,
    }


def _page(pk: int) -> GuidePage:
    """
    Raises:
        Http404: there is no such public guide.
    """
    page = desk.public_guide(pk) if pk < 2**31 else None
    if page is None:
        raise Http404
    return page
