"""How documents stand to each other, from both sides, as public pages tell it."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from portal.plugin_api import PortalContext
from portal.policy_interpretation.models import PolicyRelation, RelationKind
from portal.policy_interpretation.models.relations import REVERSE_LABELS
from portal.policy_interpretation.validity import Dates, Validity, validity_on

# A law may be the basis of thousands: a page shows the newest of each kind, and where the rest is.
SHOWN = 8

_OTHERS = (
    "title",
    "document_number",
    "url_path",
    "path",
    "live",
    "issued_on",
    "policy_record__effective_on",
    "policy_record__valid_through",
    "policy_record__repealed_on",
    "policy_record__amended_on",
    "policy_record__partly_invalid_on",
)


@dataclass(frozen=True, slots=True)
class Related:
    """The other document of a relation. ``url`` is "" where it is not in the library.

    ``since``: from when the relation holds, as far as it is known.
    """

    pk: int | None
    title: str
    document_number: str
    url: str
    since: datetime.date | None
    validity: Validity | None = None
    is_external: bool = False

    @property
    def is_over(self) -> bool:
        """Whether lists must say that it is no longer in force."""
        return self.validity in (Validity.REPEALED, Validity.EXPIRED)


@dataclass(slots=True)
class RelationGroup:
    """All of one kind and direction. ``has_more``: only the newest are here."""

    kind: str
    label: str
    incoming: bool
    items: list[Related] = field(default_factory=list)
    has_more: bool = False


def relations_of(
    policy_pk: int, portal: PortalContext, day: datetime.date, *, cap: int | None = SHOWN
) -> list[RelationGroup]:
    """The relations of a document by kind, its own before those that others declare. One query.

    Of other documents only those that are public: a draft's relations, and the title of a target
    that is not public, are nobody's business.
    """
    rows = _query(policy_pk)
    if cap is not None:
        rows = rows.annotate(
            place=Window(
                RowNumber(),
                partition_by=[F("incoming"), F("kind")],
                order_by=[F("page__issued_on").desc(nulls_last=True), F("pk").asc()],
            )
        ).filter(place__lte=cap + 1)
    groups: dict[tuple[bool, str], RelationGroup] = {}
    for row in rows:
        related = _related(row, portal, day)
        if related is None:
            continue
        incoming, kind = bool(row["incoming"]), row["kind"]
        labels = REVERSE_LABELS if incoming else dict(RelationKind.choices)
        group = groups.setdefault(
            (incoming, kind), RelationGroup(kind, str(labels[RelationKind(kind)]), incoming)
        )
        if cap is not None and len(group.items) >= cap:
            group.has_more = True
        else:
            group.items.append(related)
    order = list(RelationKind.values)
    return sorted(groups.values(), key=lambda group: (group.incoming, order.index(group.kind)))


def flat(groups: Iterable[RelationGroup]) -> Iterator[tuple[RelationGroup, Related]]:
    for group in groups:
        for item in group.items:
            yield group, item


def _query(policy_pk: int) -> "QuerySet[PolicyRelation, dict[str, Any]]":
    """Relations of a document and those of public originals that point to it."""
    sides = [f"{side}__{name}" for side in ("page", "target") for name in _OTHERS]
    return (
        PolicyRelation.objects.filter(
            Q(page=policy_pk) | Q(target=policy_pk, page__live=True, page__alias_of__isnull=True)
        )
        .annotate(incoming=Case(When(target=policy_pk, then=Value(True)), default=Value(False)))
        .order_by("incoming", F("page__issued_on").desc(nulls_last=True), "sort_order", "pk")
        .values(
            "pk", "kind", "since", "incoming", "target_title", "target_number", "target_url",
            "page_id", "target_id", *sides,
        )
    )  # fmt: skip


def _related(row: dict[str, Any], portal: PortalContext, day: datetime.date) -> Related | None:
    side = "page" if row["incoming"] else "target"
    other = {name: row[f"{side}__{name}"] for name in _OTHERS}
    pk = row[f"{side}_id"]
    if pk is None or not other["live"] or portal.structure.is_private(other["path"]):
        if row["incoming"] or not row["target_title"]:
            return None
        return Related(
            pk=None,
            title=row["target_title"],
            document_number=row["target_number"],
            url=row["target_url"],
            since=row["since"],
            is_external=True,
        )
    dates = Dates(
        **{
            name.removeprefix("policy_record__"): value
            for name, value in other.items()
            if name.startswith("policy_record__")
        }
    )
    return Related(
        pk=pk,
        title=other["title"],
        document_number=other["document_number"],
        url=portal.structure.url(other["url_path"], portal.host),
        since=row["since"] or row["page__policy_record__effective_on"] or row["page__issued_on"],
        validity=validity_on(dates, day),
    )
