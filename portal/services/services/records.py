"""Records of guides: written in the transaction that publishes, gone when the page is."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from portal.plugin_api import site_of_path
from portal.services.completeness import completeness_of
from portal.services.digests import digests_of
from portal.services.models import GuidePage, GuideRecord


def write_records(*, pages: Sequence[GuidePage]) -> None:
    """Of public originals; the day of the text stays where its words are the same."""
    sites = {page.pk: site_of_path(page.path) for page in pages}
    originals = [
        page
        for page in pages
        if page.alias_of_id is None and not page.is_translation and sites[page.pk] is not None
    ]
    digests = digests_of(originals)
    before = {
        row.page_id: row for row in GuideRecord.objects.filter(page__in=[p.pk for p in originals])
    }
    rows = []
    for page in originals:
        found, old = completeness_of(page), before.get(page.pk)
        same = old is not None and old.digest == digests[page.pk]
        rows.append(
            GuideRecord(
                page=page,
                site_id=sites[page.pk] or 0,
                score=found.score,
                missing=[group.key for group in found.missing],
                key_missing=len(found.key_missing),
                digest=digests[page.pk],
                changed_at=old.changed_at if old is not None and same else timezone.now(),
            )
        )
    GuideRecord.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=["site", "score", "missing", "key_missing", "digest", "changed_at"],
    )


def follow_move(*, path: str) -> None:
    """Pages below a path stand at another site than before."""
    site = site_of_path(path)
    if site is not None:
        GuideRecord.objects.filter(page__path__startswith=path).update(site=site)


def drop_record(*, page: Page) -> None:
    GuideRecord.objects.filter(page=page.pk).delete()


class RecordFollower:
    """In the registry ``publication_followers``."""

    def published(self, pages: Sequence[Page]) -> None:
        guides: list[Any] = [page for page in pages if isinstance(page, GuidePage)]
        if guides:
            write_records(pages=guides)

    def withdrawn(self, page: Page) -> None:
        if page.specific_class is GuidePage:
            drop_record(page=page)
