"""What the form proposes while one writes: abstract, keywords, and pages with the same title."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from portal.core import structure
from portal.core.permissions import may_open, own_tree
from portal.text import proposals

LONGEST_TEXT = 100_000
MOST_TWINS = 3
_CANDIDATES = 30


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Abstract and keywords for the text in the form; nothing is stored."""
    try:
        sent = json.loads(request.body)
        text, title = str(sent["text"])[:LONGEST_TEXT], str(sent["title"])[:255]
    except (ValueError, KeyError, TypeError):
        return HttpResponseBadRequest()
    words = proposals.keywords(text, title)
    return JsonResponse({"abstract": proposals.abstract(text), "keywords": "，".join(words)})


@dataclass(frozen=True, slots=True)
class Twin:
    title: str
    url: str
    state: str


@require_safe
def title_twins(request: HttpRequest, page_id: int) -> HttpResponse:
    """Other pages of the same site with the same or nearly the same title.

    ``page_id`` is the page that is written; with ``?new`` the one below which it will stand.
    """
    page = get_object_or_404(Page, pk=page_id)
    if not may_open(request.user, page.pk):
        raise PermissionDenied
    title = request.GET.get("title", "")[:255]
    found = _twins(request.user, title, page, is_new="new" in request.GET)
    return JsonResponse({"twins": [asdict(twin) for twin in islice(found, MOST_TWINS)]})


def _twins(user: Any, title: str, near: Page, *, is_new: bool) -> Iterator[Twin]:
    found = structure.current()
    site_pk = found.site_pk_for(near.path)
    for page in _candidates(user, title, near):
        if page.pk == near.pk and not is_new:
            continue
        is_here = found.site_pk_for(page.path) == site_pk
        names = {page.title, page.draft_title}
        if is_here and any(proposals.is_nearly_same(title, name) for name in names):
            yield Twin(
                page.draft_title or page.title,
                reverse("wagtailadmin_pages:edit", args=[page.pk]),
                gettext("published") if page.live else gettext("draft"),
            )


def _candidates(user: Any, title: str, near: Page) -> list[Page]:
    """Pages that share words with a title: exact ones first, then as the search ranks them."""
    if len(title.strip()) < 2:
        return []
    pages = Page.objects.filter(locale_id=near.locale_id)
    wanted = own_tree(user)
    if wanted is not None:
        pages = pages.filter(wanted)
    same = pages.filter(draft_title=title.strip())[:_CANDIDATES]
    alike = pages.search(title, fields=["title"], operator="or")[:_CANDIDATES]
    found = {page.pk: page for page in (*same, *alike) if page.alias_of_id is None}
    return list(found.values())
