"""The life of a document: what happened to it, in the order of days."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from portal.policy_interpretation.clauses import ClauseData
from portal.policy_interpretation.models import PolicyAmendment, PolicyPage

from .relations import Related, RelationGroup, flat

# What others did to it and tell by their own relations; repeals come from the record.
_TOLD_BY_OTHERS = ("amends", "implements", "interprets", "forwards")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, or will. ``title`` and ``url`` name the document behind it."""

    day: datetime.date
    label: str
    title: str = ""
    url: str = ""
    note: str = ""
    is_coming: bool = False


def history_of(
    page: PolicyPage,
    *,
    clauses: Sequence[ClauseData],
    amendments: Iterable[PolicyAmendment],
    groups: Sequence[RelationGroup],
    repealed_by: Related | None,
    products: Iterable[tuple[datetime.date, str, str]],
    today: datetime.date,
) -> list[Event]:
    """All that is known of a document's life, the earliest first. No query.

    ``products`` are (day, title, address) of the public interpretations.
    """
    found: list[Event] = []

    def add(
        day: datetime.date | None, label: str, title: str = "", url: str = "", note: str = ""
    ) -> None:
        if day is not None:
            found.append(Event(day, label, title, url, note, is_coming=day > today))

    add(page.issued_on, gettext("Issued"))
    published = page.displayed_date()
    add(timezone.localtime(published).date() if published else None, gettext("Published"))
    add(page.effective_on, gettext("In force"))
    addresses = {item.pk: item.url for _group, item in flat(groups) if item.pk}
    told = set()
    for amendment in amendments:
        told.add(amendment.basis_id)
        title = amendment.basis.title if amendment.basis and amendment.basis.live else ""
        add(
            amendment.effective_on,
            gettext("Amended"),
            title or amendment.basis_text,
            addresses.get(amendment.basis_id, ""),
            amendment.note,
        )
    for group, item in flat(groups):
        if group.incoming and group.kind in _TOLD_BY_OTHERS and item.pk not in told:
            add(item.since, group.label, item.title, item.url)
    ends: dict[datetime.date, list[str]] = {}
    for clause in clauses:
        if clause.invalid_from is not None:
            ends.setdefault(clause.invalid_from, []).append(clause.number or clause.text[:12])
    for day, names in ends.items():
        add(day, gettext("Partly invalid"), note="、".join(names))
    record = page.record
    if record is not None and record.repealed_on is not None:
        label = gettext("Replaced") if record.is_replaced else gettext("Repealed")
        title = repealed_by.title if repealed_by else record.repeal_basis
        add(record.repealed_on, label, title, repealed_by.url if repealed_by else "")
    elif (last := page.dates.valid_through) is not None:
        early = record is not None and record.early_end == last
        basis = record.repeal_basis if record is not None and early else ""
        add(last + datetime.timedelta(days=1), gettext("Expired"), basis)
    for day, title, url in products:
        add(day, gettext("Interpreted"), title, url)
    return sorted(found, key=lambda event: event.day)
