"""What changed without telling: new rules, new sections, imports that bypass the outbox."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from wagtail.models import Page
from wagtail_localize.models import TranslationSource

from portal.foreign.models import Ending, ForeignSection, PageTranslation
from portal.foreign.selectors.core_content import concerns, core_pages, core_rules_of

from .ending import bring_back, end, follow_ends
from .syncing import sync_source

MOST_AT_ONCE = 40  # a run of the job stays short; the rest comes with the next one


def pages_behind(site_pk: int) -> list[Page]:
    """Core pages that miss a row in a section, or were published since they were taken over."""
    rules = core_rules_of(site_pk)
    sections = list(
        ForeignSection.objects.filter(site_id=site_pk).exclude(state=ForeignSection.State.CLOSED)
    )
    if not sections:
        return []
    have = set(
        PageTranslation.objects.filter(section__in=sections).values_list("source_id", "section_id")
    )
    missing = []
    for page in core_pages(site_pk, rules):
        rule = rules.rule_for(page)
        assert rule is not None
        wanted = [section.pk for section in sections if concerns(rule, section.locale_id)]
        if any((page.pk, pk) not in have for pk in wanted):
            missing.append(page)
    taken = TranslationSource.objects.filter(
        object_id=OuterRef("translation_key"),
        locale_id=OuterRef("locale_id"),
        last_updated_at__lt=OuterRef("last_published_at"),
    )
    changed = Page.objects.filter(
        Exists(taken), foreign_translations__section__in=sections, live=True
    ).exclude(last_published_at=None)
    return [*missing, *changed.distinct()]


def catch_up(site_pk: int | None) -> int:
    """Bring up to date what nobody told of; how many pages. The scheduled job, for one site."""
    if site_pk is None:
        return 0
    pages = pages_behind(site_pk)[:MOST_AT_ONCE]
    for page in pages:
        sync_source(page)
    for path in _outlived(site_pk):
        follow_ends(path=path)
    return len(pages)


def _outlived(site_pk: int) -> Iterable[str]:
    """Paths of sources that are not public while a translation is."""
    return PageTranslation.objects.filter(
        section__site_id=site_pk, target__live=True, source__live=False
    ).values_list("source__path", flat=True)


@transaction.atomic
def follow_rules(site_pk: int) -> None:
    """After rules changed: what is no longer core goes, what is again comes back.

    The rest is the job's. A page that was translated without any rule stays as it is: only what a
    rule takes out goes.
    """
    rules = core_rules_of(site_pk)
    rows = PageTranslation.objects.filter(section__site_id=site_pk).filter(
        Q(target__live=True) | Q(ended_because=Ending.NOT_CORE)
    )
    for row in rows.select_related("source", "target", "section__locale"):
        nearest = rules.nearest(row.source)
        if nearest is not None and not nearest.is_core:
            end(row, because=Ending.NOT_CORE)
        elif row.ended_because == Ending.NOT_CORE:
            bring_back(row, moved=True)
