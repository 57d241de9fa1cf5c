"""Imports: who sees which, how far they are, and a file's lines with what was found in them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet
from wagtail.models import Page

from portal.plugin_api import Action, is_enabled, pages_to_add_below, site_of_path, sites_allowing
from portal.policy_interpretation.models import ImportBatch, ImportItem, PolicyFile, PolicyPage

_STATUS = ImportItem.Status


# --- rights ---------------------------------------------------------------------------------------
def may_bring_into(user: Any, column: Page) -> bool:
    """Whether somebody may bring documents into a column (``column`` as its own class)."""
    return bool(
        PolicyPage.can_create_at(column)
        and column.permissions_for_user(user).can_add_subpage()
        and is_enabled("policy_interpretation", site_of_path(column.path))
    )


def columns_for(user: Any) -> list[Page]:
    """Where somebody may bring documents: columns for policy documents first."""
    models = PolicyPage.clean_parent_page_models()
    types = ContentType.objects.get_for_models(*models).values()
    pages: Any = pages_to_add_below(user).filter(content_type__in=types)
    pages = pages.order_by("path").specific()
    switched: dict[int | None, bool] = {}
    found = []
    for page in pages:
        site = site_of_path(page.path)
        if site not in switched:
            switched[site] = is_enabled("policy_interpretation", site)
        if site is not None and switched[site] and PolicyPage.can_create_at(page):
            found.append(page)
    return sorted(
        found, key=lambda page: ("政策文件" not in getattr(page, "column_type", ""), page.depth)
    )


def may_see_imports(user: Any) -> bool:
    """Whether somebody brings documents in at all."""
    sites = sites_allowing(user, Action.PAGE_ADD)
    return sites is None or bool(sites)


def visible_batches(user: Any) -> QuerySet[ImportBatch]:
    """All of the sites whose pages somebody changes; of others only the own ones."""
    batches = ImportBatch.objects.select_related("site", "column", "started_by")
    changing = sites_allowing(user, Action.PAGE_CHANGE)
    if changing is None:
        return batches
    adding = sites_allowing(user, Action.PAGE_ADD) or set()
    return batches.filter(Q(site__in=set(changing) & set(adding)) | Q(started_by=user))


def may_have_file(user: Any, document: Any) -> bool:
    """Whether a stored file may be handed out: those of documents that are not public yet only to
    who may change the document. Files of others are none of our business."""
    uses = PolicyFile.objects.filter(document=document)
    if uses.filter(page__live=True).exists():
        return True
    pages = PolicyPage.objects.filter(
        Q(files__document=document) | Q(import_items__original=document)
    ).distinct()
    drafts = list(pages[:20])
    return not drafts or any(page.permissions_for_user(user).can_edit() for page in drafts)


# --- how far --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Progress:
    """Files and documents of a batch by status; ``percent`` of them is settled."""

    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        return self.counts[_STATUS.QUEUED] + self.counts[_STATUS.READING]

    @property
    def done(self) -> int:
        return self.total - self.waiting

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def progress(batch: ImportBatch) -> Progress:
    rows = batch.items.order_by().values_list("status").annotate(count=Count("pk"))
    return Progress({str(status): 0 for status in _STATUS.values} | dict(rows))


def with_counts(batches: QuerySet[ImportBatch]) -> QuerySet[ImportBatch]:
    """``files``, ``waiting``, ``flagged`` and ``refused`` of each."""

    def of(*status: str) -> Count:
        return Count("items", filter=Q(items__status__in=status))

    return batches.order_by("-pk").annotate(
        files=Count("items"),
        waiting=of(_STATUS.QUEUED, _STATUS.READING),
        flagged=of(_STATUS.FLAGGED),
        refused=of(_STATUS.REFUSED),
    )


def next_to_check(item: ImportItem) -> ImportItem | None:
    """The next document of the batch that waits for a look, after this one, then from the top."""
    waiting = item.batch.items.filter(status=_STATUS.FLAGGED).exclude(pk=item.pk)
    return waiting.filter(pk__gt=item.pk).first() or waiting.first()


# --- the file's own text --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file. ``pieces``: words with whether they were left out."""

    number: int
    pieces: tuple[tuple[str, bool], ...]
    findings: tuple[dict[str, Any], ...]


def source_lines(item: ImportItem) -> list[Line]:
    """The lines of the file that a document comes from, the removed words marked."""
    source = item.source
    if not source and item.part:
        first = item.batch.items.filter(part=0, digest=item.digest).order_by("pk").first()
        source = first.source if first else []
    removed: dict[int, list[str]] = defaultdict(list)
    for piece in item.removed:
        if piece.get("line") is not None:
            removed[piece["line"]].append(piece["text"])
    findings: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for finding in item.findings:
        if finding.get("line") is not None:
            findings[finding["line"]].append(finding)
    return [
        Line(number, _pieces(text, removed[number - 1]), tuple(findings[number - 1]))
        for number, text in enumerate(source, 1)
    ]


def left_out(item: ImportItem) -> list[dict[str, Any]]:
    """What was left out and stands in no line of the text: words that the file does not show."""
    return [piece for piece in item.removed if piece.get("line") is None]


def _pieces(text: str, removed: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    pieces = [(text, False)]
    for gone in removed:
        for place, (words, is_gone) in enumerate(pieces):
            start = -1 if is_gone else words.find(gone)
            if start >= 0:
                parts = [(words[:start], False), (gone, True), (words[start + len(gone) :], False)]
                pieces[place : place + 1] = parts
                break
    return tuple(piece for piece in pieces if piece[0])
