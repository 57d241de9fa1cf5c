"""Clauses of public documents in the tamper-evident log (registry ``evidence_sources``).

One item for each document: all texts that it had, each clause a place of its own.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import EvidenceItem, OutboxEvent, evidence_value

from .models import PolicyVersion


class ClauseTexts:
    kind = "clauses"
    label = _("Clauses of documents")
    table = f"{PolicyVersion._meta.db_table}.policy_id"
    events: dict[str, frozenset[str] | None] = {
        "page.published": None,
        "page.updated": None,
        "page.withdrawn": None,
        "page.deleted": None,
    }

    def concerned(self, events: Sequence[OutboxEvent]) -> Iterable[int]:
        keys = (event.key.removeprefix("page:") for event in events)
        return {int(key) for key in keys if key.isdecimal()}

    def keys(self, *, after: int, limit: int) -> Sequence[int]:
        rows = PolicyVersion.objects.filter(policy__live=True, policy__gt=after)
        return list(rows.order_by("policy").values_list("policy_id", flat=True).distinct()[:limit])

    def present(self, pks: Sequence[int]) -> Iterator[EvidenceItem]:
        rows = PolicyVersion.objects.filter(policy__in=list(pks), policy__live=True)
        found: dict[int, dict[str, str]] = {}
        for row in rows.order_by("policy", "pk").values(
            "policy_id", "since", "until", "basis", "clauses", "figures"
        ):
            day = row["since"].isoformat() if row["since"] else "first"
            clauses = row["clauses"] if isinstance(row["clauses"], list) else [row["clauses"]]
            fields = found.setdefault(row["policy_id"], {})
            for name in ("until", "basis", "figures"):
                fields[f"{day}/{name}"] = evidence_value(row[name])
            ids = [str(one.get("id")) if isinstance(one, dict) else "" for one in clauses]
            fields[f"{day}/order"] = evidence_value(ids)
            for number, (key, clause) in enumerate(zip(ids, clauses, strict=True)):
                place = f"{day}/clause {key or number}"
                fields[place] = evidence_value([fields.get(place), clause])
        for pk, fields in found.items():
            yield EvidenceItem(pk, fields)

    def advice(self, pk: int) -> str:
        return gettext(
            "The clauses are written when the document is published: publish it anew after its "
            "reviews, or restore the rows from the backup."
        )
