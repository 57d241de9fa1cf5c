"""Looking through an open section for what the inspection of websites looks for (R-FOR-08)."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, ReferenceIndex

from portal.foreign.models import (
    ForeignSection,
    PageTranslation,
    SectionReport,
    SectionWatch,
    TeamMember,
    TeamRole,
)

from .columns import columns_of
from .coverage import coverage
from .sections import root_of, sections

_NEEDED = (
    TeamRole.LEAD,
    TeamRole.TRANSLATOR,
    TeamRole.LANGUAGE_REVIEWER,
    TeamRole.CONTENT_REVIEWER,
)
MOST_LINKS = 50


@dataclass(slots=True)
class Inspection:
    """What was found; the fields are those of ``SectionReport``."""

    coverage: int
    silent_days: int | None
    is_dead: bool
    findings: list[dict[str, Any]] = field(default_factory=list)


def inspect(section: ForeignSection, now: datetime.datetime | None = None) -> Inspection:
    """One section, as it stands now."""
    now = now or timezone.now()
    watch = watch_of(section)
    root = root_of(section)
    percent = coverage(section)
    silent = _silent_days(section, root, now)
    found = Inspection(
        coverage=percent,
        silent_days=silent,
        is_dead=section.state == ForeignSection.State.OPEN
        and silent is not None
        and silent >= watch.dead_after_days,
    )
    if root is None:
        found.findings.append(_finding("no_root"))
        return found
    if silent is not None and silent > watch.update_within_days:
        found.findings.append(_finding("silent", days=silent, limit=watch.update_within_days))
    if percent < section.minimum_coverage:
        found.findings.append(
            _finding("coverage", percent=percent, minimum=section.minimum_coverage)
        )
    found.findings += _team(section)
    found.findings += _columns(section, root, now)
    found.findings += _links(section, root)
    return found


def watch_of(section: ForeignSection) -> SectionWatch:
    """What is set for a section; the defaults where nothing is."""
    return SectionWatch.objects.filter(section=section).first() or SectionWatch(section=section)


def pages_of(section: ForeignSection, root: Page) -> "QuerySet[Page]":
    """The public pages of a section below its root, without those of sub-sites' sections in it."""
    pages = Page.objects.live().descendant_of(root)
    for other in sections().filter(locale=section.locale_id).exclude(pk=section.pk):
        inner = root_of(other)
        if inner is not None and inner.path.startswith(root.path):
            pages = pages.not_descendant_of(inner, inclusive=True)
    return pages


def _finding(kind: str, page: Page | None = None, **values: Any) -> dict[str, Any]:
    place = {"page": page.pk, "title": page.title} if page is not None else {}
    return {"kind": kind, "values": values} | place


def _silent_days(section: ForeignSection, root: Page | None, now: datetime.datetime) -> int | None:
    """Days since somebody last released a translation or published a page of the section's own.

    What the portal publishes again by itself (a date that follows the Chinese page) does not count.
    """
    released = PageTranslation.objects.filter(section=section).aggregate(last=Max("released_at"))
    moments = [released["last"]]
    if root is not None:
        own = pages_of(section, root).filter(
            foreign_column__isnull=True, foreign_translation__isnull=True
        )
        moments.append(own.aggregate(last=Max("last_published_at"))["last"])
    last = max((moment for moment in moments if moment is not None), default=section.opened_at)
    return (timezone.localdate(now) - timezone.localdate(last)).days if last else None


def _team(section: ForeignSection) -> Iterator[dict[str, Any]]:
    held = TeamMember.objects.filter(section=section, active=True, user__is_active=True)
    by_role: dict[str, set[int]] = {}
    for role, user in held.values_list("role", "user"):
        by_role.setdefault(role, set()).add(user)
    for role in _NEEDED:
        if not by_role.get(role):
            yield _finding("nobody", role=role.value)
    translators = by_role.get(TeamRole.TRANSLATOR, set())
    reviewers = by_role.get(TeamRole.LANGUAGE_REVIEWER, set())
    if len(translators) == 1 and reviewers == translators:
        yield _finding("same_person")


def _columns(
    section: ForeignSection, root: Page, now: datetime.datetime
) -> Iterator[dict[str, Any]]:
    """Columns without any content, and those that are behind their own update period."""
    pages = list(pages_of(section, root).values_list("path", "last_published_at", "foreign_column"))
    released = dict(
        PageTranslation.objects.filter(section=section, target__isnull=False).values_list(
            "target__path", "released_at"
        )
    )
    for column in columns_of(section):
        page = column.page
        if not page.live:
            continue
        inside = [
            released.get(path) or published
            for path, published, is_column in pages
            if path.startswith(page.path) and path != page.path and not is_column
        ]
        if not inside:
            yield _finding("blank", page)
            continue
        period = getattr(page.specific, "update_period_days", None)
        last = max((moment for moment in inside if moment), default=None)
        if period and last and (timezone.localdate(now) - timezone.localdate(last)).days > period:
            days = (timezone.localdate(now) - timezone.localdate(last)).days
            yield _finding("column_silent", page, days=days, limit=period)


def _links(section: ForeignSection, root: Page) -> Iterator[dict[str, Any]]:
    """Links of public pages to pages that are not public. Those to deleted pages show no link."""
    pages = {page.pk: page for page in pages_of(section, root)}
    kind = ContentType.objects.get_for_model(Page)
    links = set(
        ReferenceIndex.objects.filter(
            base_content_type=kind, object_id__in=[str(pk) for pk in pages], to_content_type=kind
        ).values_list("object_id", "to_object_id")
    )
    hidden = dict(
        Page.objects.filter(pk__in={target for _source, target in links}, live=False).values_list(
            "pk", "title"
        )
    )
    broken = sorted((int(source), int(target)) for source, target in links if int(target) in hidden)
    for source, target in broken[:MOST_LINKS]:
        yield _finding("broken_link", pages[source], target=hidden[target])


# --- in words -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding as it is read: a sentence, and the page that it is about."""

    text: str
    title: str = ""
    url: str = ""


def in_words(report: SectionReport) -> list[FindingText]:
    """The findings of a report in the language of whoever reads them."""
    return [
        FindingText(
            text=_sentence(row["kind"], row["values"]),
            title=row.get("title", ""),
            url=reverse("wagtailadmin_pages:edit", args=[row["page"]]) if "page" in row else "",
        )
        for row in report.findings
    ]


def _sentence(kind: str, values: dict[str, Any]) -> str:
    if kind == "silent":
        return (
            ngettext(
                "Nothing new for %(days)d day; wanted is something at least every %(limit)d days.",
                "Nothing new for %(days)d days; wanted is something at least every %(limit)d days.",
                values["days"],
            )
            % values
        )
    if kind == "coverage":
        return (
            _("Coverage has fallen to %(percent)d %%; at least %(minimum)d %% is wanted.") % values
        )
    if kind == "nobody":
        return _("Nobody in the team is: %(role)s.") % {"role": TeamRole(values["role"]).label}
    if kind == "column_silent":
        return (
            _("%(days)d days without a new page; the column's period is %(limit)d days:") % values
        )
    if kind == "broken_link":
        return _("A link to “%(target)s”, which is not public:") % values
    return {
        "no_root": _("The section has no start page any more."),
        "same_person": _("The only translator is the only language reviewer: nobody can approve."),
        "blank": _("A column without any content:"),
    }[kind]
