"""The drafts of a set, for people without an account (registry ``preview_sets``)."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.urls import reverse
from wagtail.models import Page, Revision

from .members import members_of
from .models import Bundle, BundleItem
from .permissions import may_include, may_work_on

KEY = "bundles.sets"


class SetPreviews:
    """Shows what is in an open set at the moment, and nothing once it is over."""

    def subject(self, *, number: int) -> Bundle | None:
        return Bundle.objects.filter(pk=number).first()

    def url(self, *, number: int) -> str:
        return reverse("bundles_set", args=[number])

    def pages(self, *, number: int) -> Mapping[int, str]:
        items = list(_items(number).select_related("page__locale"))
        members = members_of(item.page for item in items)
        versions = {
            pk: member.standing.revision
            for pk, member in members.items()
            if member.standing.revision is not None
        }
        # A newer draft goes public later: its title is nobody's concern yet.
        titles = dict(
            Revision.objects.filter(pk__in=versions.values()).values_list("pk", "object_str")
        )
        return {
            item.page_id: titles.get(versions.get(item.page_id))
            or item.page.draft_title
            or item.title
            for item in items
        }

    def shown(self, *, number: int, page: int) -> Page:
        """The version that goes public with the set: what is in review or signed, else the newest
        draft.

        Raises:
            Http404: the page is not in the set.
        """
        item = _items(number).filter(page=page).select_related("page").first()
        if item is None or item.page is None:
            raise Http404
        member = members_of([item.page]).get(item.page.pk)
        revision = member.standing.revision if member is not None else None
        found = Revision.objects.filter(pk=revision).first() if revision is not None else None
        version: Page = (
            found.as_object() if found is not None else item.page.get_latest_revision_as_object()
        )
        return version

    def may_share(self, *, number: int, user: Any) -> bool:
        """Who works on the set and may edit each of its pages (or what it translates)."""
        bundle = self.subject(number=number)
        if bundle is None or not may_work_on(user, bundle):
            return False
        pages = list(Page.objects.filter(pk__in=_items(number).values("page")))
        return all(may_include(user, page, pages) for page in pages)


def _items(number: int) -> Any:
    return BundleItem.objects.filter(
        bundle=number, open=True, bundle__state__in=Bundle.OPEN, page__isnull=False
    )
