"""What probably belongs to a set: what its pages are cited by or translated to, and waits too."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex, Revision

from portal.plugin_api import Dependant, DependantSource, dependants, site_of_path

from .models import Bundle, BundleItem
from .ordering import cited_by
from .permissions import may_include

LIMIT = 50
ASKED = 1


@dataclass(frozen=True, slots=True)
class Proposal:
    """A page that waits to go public, and why it may belong to the set."""

    page: Page
    why: str


def proposals_for(bundle: Bundle, user: Any) -> list[Proposal]:
    """Drafts and changed pages that rest on pages of the set; none that is in an open set.

    Only what the account may put in: titles of others' drafts are not told.
    """
    items = bundle.items.filter(open=True, page__isnull=False).select_related("page")
    pages = [item.page for item in items if item.page is not None]
    if not pages:
        return []
    reasons: dict[int, str] = {}
    keys = {page.translation_key: page.title for page in pages}
    for page in _waiting().filter(translation_key__in=keys).select_related("locale"):
        title = keys[page.translation_key]
        reasons[page.pk] = _("%(language)s version of “%(page)s”") % {
            "language": page.locale.get_display_name(),
            "page": title,
        }
    titles = {page.pk: page.title for page in pages}
    for pk, cited in [*_dependants(pages), *_indexed(titles), *_in_drafts(titles)]:
        reasons.setdefault(pk, _("rests on “%(page)s”") % {"page": titles[cited]})
    held = BundleItem.objects.filter(open=True, page__in=reasons).values_list("page", flat=True)
    wanted = reasons.keys() - set(held) - titles.keys()
    found = _waiting().filter(pk__in=wanted).select_related("locale").specific()
    return [
        Proposal(page, reasons[page.pk])
        for page in found.order_by("path")[:LIMIT]
        if may_include(user, page, pages)
    ]


def _waiting() -> Any:
    """Pages of which something waits to go public."""
    return Page.objects.filter(
        Q(live=False) | Q(has_unpublished_changes=True),
        alias_of=None,
        latest_revision__isnull=False,
    )


def _dependants(pages: Iterable[Page]) -> Iterable[tuple[int, int]]:
    """What plugins know to rest on them: many queries, so of the set's first page only."""
    for page in list(pages)[:ASKED]:
        ask = partial(_ask, f"page:{page.pk}")
        for entry in dependants.entries(site_of_path(page.path)):
            known: list[Dependant] = entry.run(ask, [])
            for found in known:
                if found.page is not None:
                    yield found.page, page.pk


def _ask(item: str, source: DependantSource) -> list[Dependant]:
    return list(source.dependants(item=item))


def _indexed(titles: dict[int, str]) -> Iterable[tuple[int, int]]:
    """What Wagtail's index of references knows of stored pages, drafts among them."""
    page_type = ContentType.objects.get_for_model(Page)
    rows = ReferenceIndex.objects.filter(
        base_content_type=page_type,
        to_content_type=page_type,
        to_object_id__in=[str(pk) for pk in titles],
    ).values_list("object_id", "to_object_id")
    for object_id, to_object_id in rows:
        yield int(object_id), int(to_object_id)


def _in_drafts(titles: dict[int, str]) -> Iterable[tuple[int, int]]:
    """What the newest drafts name, which no index knows: found by the number, then read."""
    numbers = Q()
    for pk in titles:
        numbers |= Q(words__contains=f": {pk},") | Q(words__contains=f": {pk}}}")
        numbers |= Q(words__contains=f'id=\\"{pk}\\"')
    newest = _waiting().exclude(pk__in=titles).values("latest_revision")
    drafts = Revision.objects.filter(pk__in=newest).annotate(words=Cast("content", TextField()))
    for revision in drafts.filter(numbers).order_by("-created_at")[: 4 * LIMIT]:
        for cited in cited_by(revision.as_object()) & titles.keys():
            yield int(revision.object_id), cited
