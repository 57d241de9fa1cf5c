"""The quality report and the facets' figures: looked through in the background, read by screens."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Length, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.library.house import house
from portal.library.models import (
    FacetCount,
    Finding,
    FiveOpen,
    LibraryRecord,
    Link,
    RecordChange,
    Scheme,
    State,
)
from portal.library.services import links, outside_links, pairs, prints
from portal.plugin_api import ListingRow

type Records = QuerySet[LibraryRecord]

WEAK_SUMMARY = 20
SECONDS_TO_COMPARE = 900
_TEXTS = Q(record_type__in=["article", "policy", "interpretation", "response", "service"])
_PORTION = 2000


def _no_keywords(rows: Records) -> Records:
    return rows.filter(_TEXTS, keywords="")


def _weak_summary(rows: Records) -> Records:
    return rows.filter(_TEXTS).annotate(long=Length("summary")).filter(long__lt=WEAK_SUMMARY)


def _summary_is_title(rows: Records) -> Records:
    return rows.filter(summary=F("title"))


def _no_theme(rows: Records) -> Records:
    return rows.filter(_TEXTS, Q(theme="22") | Q(theme__endswith="10", theme__startswith="01"))


def _unknown_code(rows: Records) -> Records:
    terms = house().terms
    return rows.exclude(theme__in=list(terms[Scheme.THEME])) | rows.exclude(genre="").exclude(
        genre__in=list(terms[Scheme.GENRE])
    )


def _no_provider_unit(rows: Records) -> Records:
    return rows.filter(provider=None)


def _no_source(rows: Records) -> Records:
    return rows.filter(record_type="article", source_name="")


def _stale(rows: Records) -> Records:
    """Columns that had nothing new for longer than their update period."""
    fresh = ListingRow.objects.filter(container=OuterRef("page"))
    columns = rows.filter(update_period_days__gt=0)
    late = [
        pk
        for pk, days, latest, changed in columns.annotate(
            latest=fresh.order_by("-date").values("date")[:1]
        ).values_list("pk", "update_period_days", "latest", "updated_at")
        if (latest or changed or timezone.now())
        < timezone.now() - datetime.timedelta(days=days or 0)
    ]
    return rows.filter(pk__in=late)


def _ended(rows: Records) -> Records:
    return rows.filter(ends_on__lt=Now(), validity="in_force")


def _picture_without_words(rows: Records) -> Records:
    return rows.filter(record_type="image", summary="")


def _duplicates(rows: Records) -> Records:
    """The very same text twice."""
    # Grouped once: a look for each row would read the table as often as it has rows.
    public = LibraryRecord.objects.filter(state=State.PUBLIC).exclude(checksum="").order_by()
    twice = public.values("checksum").annotate(number=Count("pk")).filter(number__gt=1)
    return rows.filter(checksum__in=twice.values("checksum"))


def _near_duplicates(rows: Records) -> Records:
    found = pairs.of_public_records()
    return rows.filter(
        Exists(found.filter(newer=OuterRef("pk"))) | Exists(found.filter(older=OuterRef("pk")))
    )


def _dead_links(rows: Records) -> Records:
    return rows.filter(Exists(Link.objects.filter(record=OuterRef("pk")).exclude(problem="")))


CHECKS: dict[str, tuple[Any, Callable[[Records], Records]]] = {
    "no_provider_unit": (_("The provider is no unit of the register"), _no_provider_unit),
    "unknown_code": (_("A theme or genre that is not in the table in force"), _unknown_code),
    "no_theme": (_("No theme but “other”"), _no_theme),
    "weak_summary": (_("Summary missing or too short"), _weak_summary),
    "summary_is_title": (_("The summary only repeats the title"), _summary_is_title),
    "no_keywords": (_("No keywords"), _no_keywords),
    "no_source": (_("No source named"), _no_source),
    "stale": (_("Column not updated within its period"), _stale),
    "ended": (_("Past its last day, still said to be in force"), _ended),
    "picture_without_words": (_("Picture without a description"), _picture_without_words),
    "duplicates": (_("The same text is in the library twice"), _duplicates),
    "near_duplicates": (_("The text is nearly that of another record"), _near_duplicates),
    "dead_links": (_("A link in the text leads nowhere"), _dead_links),
}


def nightly(site: int | None) -> int:
    """The job: compare texts and look at links first, each for so long, then all checks."""
    prints.missing()
    links.read_missing(site)
    links.check_inside(site)
    pairs.compare_missing(site, seconds=SECONDS_TO_COMPARE)
    outside_links.count_links(site)
    return check_site(site)


def check_site(site: int | None) -> int:
    """All findings of a site anew; how many. Interrupted, it leaves the old ones or the new."""
    rows = LibraryRecord.objects.filter(state=State.PUBLIC, site=site)
    count = 0
    for name, (_label, narrow) in CHECKS.items():
        with transaction.atomic():
            Finding.objects.filter(check_name=name, site=site).delete()
            keys = narrow(rows).values_list("pk", flat=True).distinct()
            portion: list[Finding] = []
            for pk in keys.iterator(chunk_size=_PORTION):
                portion.append(Finding(record_id=pk, site_id=site, check_name=name))
                count += 1
                if len(portion) == _PORTION:
                    Finding.objects.bulk_create(portion, ignore_conflicts=True)
                    portion = []
            Finding.objects.bulk_create(portion, ignore_conflicts=True)
    count_facets(site)
    return count


# --- figures --------------------------------------------------------------------------------------
_PLAIN = ("record_type", "pub_kind", "sharing", "validity", "language")


@transaction.atomic
def count_facets(site: int | None = None) -> None:
    """Count the values of the facets: of a site, or of all sites together."""
    rows = LibraryRecord.objects.all() if site is None else LibraryRecord.objects.filter(site=site)
    public = rows.filter(state=State.PUBLIC)
    now = timezone.now()
    found: list[FacetCount] = []

    def add(facet: str, value: Any, count: int) -> None:
        found.append(
            FacetCount(site_id=site, facet=facet, value=str(value), count=count, counted_at=now)
        )

    for facet in _PLAIN:
        for value, count in public.order_by().values_list(facet).annotate(Count("pk")):
            add(facet, value, count)
    for value, count in rows.order_by().values_list("state").annotate(Count("pk")):
        add("state", value, count)
    for value, count in public.order_by().values_list("theme_class").annotate(Count("pk")):
        add("theme", value, count)
    if site is None:
        for value, count in public.order_by().values_list("site").annotate(Count("pk")):
            add("site", value or "", count)
    for value in FiveOpen.values:
        add("five_open", value, public.filter(five_open__contains=value).count())
    findings = Finding.objects.all() if site is None else Finding.objects.filter(site=site)
    for value, count in findings.order_by().values_list("check_name").annotate(Count("pk")):
        add("check", value, count)
    FacetCount.objects.filter(site=site).exclude(facet=outside_links.FACET).delete()
    FacetCount.objects.bulk_create(found)


def count_again(site: int | None) -> None:
    """The job: the site's figures, and once for all sites together; nothing where all is as it was.

    A transaction may end minutes after the moment that its records name.
    """
    last = FacetCount.objects.filter(site=site).values_list("counted_at", flat=True).first()
    if last is not None:
        since = last - datetime.timedelta(minutes=5)
        written = RecordChange.objects.filter(record__site=site, at__gt=since)
        changed = LibraryRecord.objects.filter(site=site, updated_at__gt=since)
        if not written.exists() and not changed.exists():
            return
    count_facets(site)
    stale = timezone.now() - datetime.timedelta(minutes=5)
    if not FacetCount.objects.filter(site=None, counted_at__gt=stale).exists():
        count_facets(None)
