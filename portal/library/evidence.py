"""Public records in the tamper-evident log (registry ``evidence_sources``)."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import EvidenceItem, OutboxEvent, evidence_value

from .models import LibraryRecord, State
from .telling import CHANGED

# Not covered: marks of the library's own work (links read, put into the archive), made again by it.
_OWN = frozenset({"id", "links_read", "archive_state", "archived_at", "theme_class"})
_FIELDS = tuple(
    field.attname for field in LibraryRecord._meta.concrete_fields if field.attname not in _OWN
)


class RecordRows:
    kind = "record"
    label = _("Library records")
    table = LibraryRecord._meta.db_table
    events: dict[str, frozenset[str] | None] = {
        "page.published": None,
        "page.updated": None,
        "page.withdrawn": None,
        "page.deleted": None,
        CHANGED: None,
    }

    def concerned(self, events: Sequence[OutboxEvent]) -> Iterable[int]:
        named = {pk for event in events for pk in event.payload.get("records", ())}
        items = {event.key for event in events if event.key.startswith("page:")}
        wanted = Q(item__in=items)
        return named | set(LibraryRecord.objects.filter(wanted).values_list("pk", flat=True))

    def keys(self, *, after: int, limit: int) -> Sequence[int]:
        rows = LibraryRecord.objects.filter(state=State.PUBLIC, pk__gt=after).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:limit])

    def present(self, pks: Sequence[int]) -> Iterator[EvidenceItem]:
        rows = LibraryRecord.objects.filter(pk__in=list(pks), state=State.PUBLIC).order_by("pk")
        for row in rows.values("id", *_FIELDS):
            fields = {name: evidence_value(row[name]) for name in _FIELDS}
            written = row["written"] if isinstance(row["written"], dict) else {}
            details = {f"written/{name}": evidence_value(one) for name, one in written.items()}
            yield EvidenceItem(row["id"], fields, details)

    def advice(self, pk: int) -> str:
        return gettext(
            "Compare the record with its page and with its list of changes; write the right value "
            "in the record's form, or restore the row from the backup."
        )
