"""One page for the progress of cases, wherever they are handled (R-SVC-08)."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.plugin_api import count_in_window, from_elsewhere, visitor_of

from . import platforms
from .entrance_views import place_of

# Of one visitor in ten minutes: enough for people, too few for guessing.
MOST = 12
_WINDOW = 600


class ProgressForm(forms.Form):
    number = forms.CharField(
        label=_("Number of the case"),
        help_text=_("As it stands on the receipt."),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "services-form__field", "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("Query code"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "services-form__field", "autocomplete": "off"}),
    )


@csrf_exempt  # no cookie, no account: where the form comes from is asked instead
@never_cache
@sensitive_post_parameters("number", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """Number and code are sent in the body: addresses end in logs."""
    place = place_of(request)
    site = place.portal.site_pk
    asked = platforms.connected(site, knowing="progress")
    if not asked or site is None:
        raise Http404
    context: dict[str, Any] = {
        "portal": place.portal,
        "site_query": place.query,
        "entrance_url": reverse("services_language:entrance") + place.query,
        "platforms": [one.row.name for one in asked],
        "is_derived": True,
    }
    if request.method != "POST":
        return _shown(request, context | {"form": ProgressForm()})
    form = ProgressForm(request.POST)
    context["form"] = form
    if from_elsewhere(request):
        return _shown(request, context | {"refused": "elsewhere"}, status=403)
    visitor = visitor_of(request, purpose="services.progress") or "local"
    count, left = count_in_window(f"services:progress:{visitor}", _WINDOW)
    if count > MOST:
        minutes = -(-left // 60)
        response = _shown(request, context | {"refused": "often", "minutes": minutes}, status=429)
        response.headers["Retry-After"] = str(left)
        return response
    if not form.is_valid():
        return _shown(request, context, status=422)
    told = form.cleaned_data
    found = platforms.progress(site_pk=site, number=told["number"], code=told["code"])
    return _shown(request, context | {"found": found, "is_asked": True})


def _shown(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, "services/progress.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
