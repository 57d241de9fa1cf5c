"""What the public forms have in common: surroundings, the page with the form, the thanks."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from portal.participation.guards import Stop
from portal.participation.selectors.public import Place


def page_with(
    request: HttpRequest,
    place: Place,
    template: str,
    context: dict[str, Any],
    *,
    stop: Stop | None = None,
    status: int = 200,
) -> HttpResponse:
    """A form, with the sentence that stopped it. What was typed is in it."""
    context |= {
        "portal": place.portal,
        "page": place.page,
        "page_url": place.page.get_url(request),
        "problem": stop.sentence if stop else "",
    }
    response = render(request, template, context, status=stop.status if stop else status)
    response.headers["X-Robots-Tag"] = "noindex"
    if stop is not None and stop.wait:
        response.headers["Retry-After"] = str(stop.wait)
    return response


def thanks(place: Place) -> HttpResponseRedirect:
    """To a page that may be loaded again."""
    return HttpResponseRedirect(reverse("participation:thanks", args=[place.page.pk]))
