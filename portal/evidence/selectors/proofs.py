"""What is told to citizens and programs: an item's place in the log, its proof, how it stands."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from portal.evidence.leaves import digest_of
from portal.evidence.models import Entry, Log, Root, State
from portal.evidence.services.log import leaf_of
from portal.evidence.services.signing import statement_of
from portal.evidence.sources.pages import PageRows

from .tree import consistency, inclusion


@dataclass(frozen=True, slots=True)
class Standing:
    """A page in the log. ``root`` is the first that was signed over its entry."""

    entry: Entry
    root: Root | None
    is_same: bool


def standing_of(page_pk: int) -> Standing | None:
    """How a public page stands; None where the log does not know it (yet)."""
    state = State.objects.filter(kind="page", object_pk=page_pk).exclude(digest="").first()
    entry = Entry.objects.filter(seq=state.seq).first() if state is not None else None
    if state is None or entry is None:
        return None
    item = next(iter(PageRows().present([page_pk])), None)
    is_same = item is not None and digest_of(item.fields) == entry.digest == state.digest
    return Standing(entry, root_over(entry), is_same)


def root_over(entry: Entry) -> Root | None:
    return Root.objects.select_related("key").filter(size__gt=entry.seq).order_by("size").first()


def root_to_json(root: Root) -> dict[str, Any]:
    """A signed root; ``statement`` is the text that was signed."""
    log = Log.objects.order_by("pk").values_list("identity", flat=True).first() or ""
    return {
        "day": root.day,
        "size": root.size,
        "root": root.root,
        "signed_at": timezone.localtime(root.signed_at),
        "statement": statement_of(root, log).decode(),
        "signature": root.signature,
        "algorithm": root.key.algorithm,
        "key": root.key.fingerprint,
        "public_key": root.key.public_key,
    }


def proof_of(entry: Entry) -> dict[str, Any]:
    """All that is needed to check an entry without asking the portal again."""
    root = root_over(entry)
    return {
        "seq": entry.seq,
        "leaf": leaf_of(entry).decode(),
        "leaf_hash": entry.leaf,
        "root": root_to_json(root) if root is not None else None,
        "inclusion": inclusion(entry.seq, root.size) if root is not None else [],
    }


def consistency_between(first: Root, second: Root) -> list[str]:
    return consistency(first.size, second.size)


def history_of(page_pk: int, *, most: int = 20) -> list[Entry]:
    """The latest entries of a page, the newest first."""
    return list(Entry.objects.filter(key=f"page:{page_pk}").order_by("-seq")[:most])


def latest_roots(count: int, *, before: datetime.date | None = None) -> list[Root]:
    rows = Root.objects.select_related("key").order_by("-day")
    if before is not None:
        rows = rows.filter(day__lt=before)
    return list(rows[:count])


def public_page(page_pk: int) -> Page | None:
    return Page.objects.filter(pk=page_pk, live=True, depth__gt=1).first()
