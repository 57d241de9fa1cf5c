"""wagtail-localize's own screens: they know no teams, copy columns and publish past the desk.

Their addresses lead to the plugin's screens instead; what would write is refused.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail_localize.models import Translation

from portal.foreign.models import PageTranslation

from .links import desk_url


def _to_boards() -> HttpResponse:
    return HttpResponseRedirect(reverse("foreign_boards"))


def instead_of_submitting(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    """Translate this page: pages enter the queues by the rules for core content."""
    if request.method not in ("GET", "HEAD"):
        raise PermissionDenied
    return _to_boards()


def instead_of_editing(request: HttpRequest, translation_id: int, **_kwargs: Any) -> HttpResponse:
    """Anything about one translation: the desk, where there is one."""
    if request.method not in ("GET", "HEAD"):
        raise PermissionDenied
    found = Translation.objects.filter(pk=translation_id).select_related("source").first()
    row = None
    if found is not None:
        row = PageTranslation.objects.filter(
            section__locale=found.target_locale_id,
            source__translation_key=found.source.object_id,
        ).first()
    return HttpResponseRedirect(desk_url(row.pk)) if row is not None else _to_boards()
