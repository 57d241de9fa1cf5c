"""Synthetic articles in bulk, for scale work: what publishing one by one would have left.

Signals and the publish gate are bypassed; everything they would have written is written here, in
the same transaction as the pages: tree, revisions, history, reference index, admin search, listing
rows and counts, publications, outbox. A test compares a generated article with a published one.
"""

import multiprocessing
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from itertools import batched, chain
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from modelsearch.backends import get_search_backend
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from portal.core import followers, outbox, publications, structure
from portal.core.models import Basis, ListingCount, ListingRow, OutboxEvent, Publication
from portal.core.reviews.grounds import Ground
from portal.core.structure import Node

from .bulk_articles import SLUG, ArticleMaker, Draft
from .bulk_insert import insert, last_step, reserve_ids
from .models import ArticlePage, ColumnPage

BATCH = 1000


class BulkRefused(Exception):
    """The run cannot start or go on; the message says why, to the person who started it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run shall write; ``operator_pk`` is named in history and publications.

    ``action_key`` names the operator's action that publications stand on.
    """

    columns: tuple[Node, ...]
    seed: int
    operator_pk: int | None = None
    action_key: str = ""


def generate(
    articles: int,
    plan: Plan,
    *,
    processes: int = 1,
    batch: int = BATCH,
    report: Callable[[int, int], None] = lambda done, wanted: None,
) -> int:
    """Bring the number of synthetic articles of the plan's seed to ``articles``.

    Articles that exist already (of an earlier or interrupted run) are left alone, so a run can be
    repeated, continued and enlarged. Each batch is one transaction. Article 17 of seed 5 is the
    same on every machine, and lies in the same column as long as the columns are the same.

    Args:
        processes: how many batches are worked on side by side. Writing is serial anyway; what is
            gained is the preparation of texts while another batch is written.
        report: called after each batch with the number of articles done and wanted in this run.

    Returns:
        How many articles are new.

    Raises:
        BulkRefused: there is no column, or one has vanished meanwhile.
    """
    if not plan.columns:
        raise BulkRefused(_("There is no public column that could hold articles."))
    missing = missing_numbers(articles, plan.seed)
    batches = list(batched(missing, batch))
    done = 0
    for written in _run(batches, plan, min(processes, len(batches))):
        done += written
        report(done, len(missing))
    if done:
        structure.touch()
    return done


def missing_numbers(articles: int, seed: int) -> list[int]:
    """The numbers below ``articles`` that have no article of this seed yet."""
    prefix = SLUG.format(seed=seed, number="")
    there = {
        slug.removeprefix(prefix)
        for slug in Page.objects.filter(slug__startswith=prefix).values_list("slug", flat=True)
    }
    return [number for number in range(articles) if str(number) not in there]


def article_columns(under: Node | None = None) -> tuple[Node, ...]:
    """Public columns that show lists of articles: the portal's own first, then in tree order.

    Those of archived topics and of foreign sections are left out; ``under`` narrows to a subtree.
    """
    lists = (ColumnPage.Display.LIST, ColumnPage.Display.CARDS)
    current = structure.current()
    found = [
        node
        for node in current.nodes.values()
        if node.model is ColumnPage
        and node.extra["display"] in lists
        and node.language == settings.LANGUAGE_CODE
        and (under is None or node.path.startswith(under.path))
        and all(part.is_public for part in (*node.ancestors(), node))
        and not any(part.extra.get("archived_at") for part in node.ancestors())
    ]
    return tuple(sorted(found, key=lambda node: (node.site_pk != current.main_site_pk, node.path)))


# --- processes ------------------------------------------------------------------------------------
def _run(batches: Sequence[tuple[int, ...]], plan: Plan, processes: int) -> Iterator[int]:
    """Write the batches; yields the size of each when it is committed."""
    if processes < 2 or not _can_fork():
        writer = Writer(plan)
        for numbers in batches:
            yield writer.write_batch(numbers)
        return
    connections.close_all()  # a connection must not be shared by two processes
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("fork"),
        initializer=_begin,
        initargs=(plan,),
    )
    try:
        for future in as_completed([pool.submit(_write, numbers) for numbers in batches]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)  # batches that have begun are finished


def _can_fork() -> bool:
    """Another process sees the same data only outside a transaction and not in memory."""
    # PostgreSQL's connection has no such method.
    in_memory = getattr(connection, "is_in_memory_db", lambda: False)()
    return (
        "fork" in multiprocessing.get_all_start_methods()
        and not in_memory
        and not connection.in_atomic_block
    )


_writer: "Writer | None" = None


def _begin(plan: Plan) -> None:
    """First thing in each worker process."""
    global _writer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides about Ctrl+C
    _writer = Writer(plan)


def _write(numbers: Sequence[int]) -> int:
    assert _writer is not None
    return _writer.write_batch(numbers)


# --- writing --------------------------------------------------------------------------------------
class Writer:
    """Writes batches of articles, each in one transaction."""

    def __init__(self, plan: Plan) -> None:
        self.maker = ArticleMaker(plan.columns, plan.seed, plan.operator_pk)
        self.operator_pk = plan.operator_pk
        self.ground = Ground(Basis.OPERATOR, plan.action_key)
        self.language = self.maker.locale.language_code
        self.content_type = self.maker.content_type
        self.page_type = ContentType.objects.get_for_model(Page)
        self._index = get_search_backend().get_index_for_model(ArticlePage)

    def write_batch(self, numbers: Sequence[int]) -> int:
        """Write the articles with these numbers; return how many they are."""
        drafts = [self.maker.make(number) for number in numbers]
        with transaction.atomic():
            self._write(drafts)
        return len(drafts)

    def _write(self, drafts: Sequence[Draft]) -> None:
        pages = [draft.page for draft in drafts]
        self._place(drafts)
        insert(Page, pages)
        insert(ArticlePage, pages)
        insert(Revision, map(self._revision, drafts))
        insert(PageLogEntry, chain.from_iterable(map(self._history, pages)))
        insert(ReferenceIndex, chain.from_iterable(map(self._references, drafts)))
        self._index_texts(drafts)
        self._list(drafts)
        insert(Publication, map(self._publication, drafts))
        self._follow(drafts)
        # The one way into the outbox that keeps its order; the lock lasts until the commit.
        first, *rest = map(self._event, drafts)
        outbox.append(first.kind, first.key, first.payload)
        insert(OutboxEvent, rest)

    def _place(self, drafts: Sequence[Draft]) -> None:
        """Give the pages their keys and the last places of their columns.

        The columns are locked, in one order, so that nobody else appends to them meanwhile.
        """
        added = Counter(draft.column.pk for draft in drafts)
        wanted = Page.objects.select_for_update().filter(pk__in=added).order_by("pk")
        parents = {parent.pk: parent for parent in wanted}
        steps = {pk: last_step(parent) for pk, parent in parents.items()}
        page_pks = reserve_ids(Page, len(drafts))
        revision_pks = reserve_ids(Revision, len(drafts))
        for draft, page_pk, revision_pk in zip(drafts, page_pks, revision_pks, strict=True):
            page, parent = draft.page, parents.get(draft.column.pk)
            if parent is None:
                raise BulkRefused(
                    _("The column “%(column)s” has been deleted meanwhile.")
                    % {"column": draft.column.title}
                )
            steps[parent.pk] += 1
            page.id = page.page_ptr_id = page_pk
            page.path = Page._get_path(parent.path, page.depth, steps[parent.pk])
            page.latest_revision_id = page.live_revision_id = revision_pk
        for pk, number in added.items():
            Page.objects.filter(pk=pk).update(numchild=F("numchild") + number)

    def _revision(self, draft: Draft) -> Revision:
        page = draft.page
        keys = {
            "pk": page.pk,
            "path": page.path,
            "latest_revision": page.latest_revision_id,
            "live_revision": page.live_revision_id,
        }
        return Revision(
            pk=page.live_revision_id,
            content_type=self.content_type,
            base_content_type=self.page_type,
            object_id=str(page.pk),
            created_at=page.last_published_at,
            user_id=self.operator_pk,
            object_str=page.title,
            content=draft.content | keys,
        )

    def _history(self, page: ArticlePage) -> Iterator[PageLogEntry]:
        for action in ("wagtail.create", "wagtail.publish"):
            yield PageLogEntry(
                page_id=page.pk,
                content_type=self.content_type,
                label=page.title,
                action=action,
                timestamp=page.last_published_at,
                user_id=self.operator_pk,
                revision_id=page.live_revision_id,
                content_changed=True,
            )

    def _references(self, draft: Draft) -> Iterator[ReferenceIndex]:
        """As ``ReferenceIndex.create_or_update_for_object``, for an object that has none yet."""
        for to_type, to_pk, model_path, content_path in draft.references:
            yield ReferenceIndex(
                content_type=self.content_type,
                base_content_type=self.page_type,
                object_id=str(draft.page.pk),
                to_content_type_id=to_type,
                to_object_id=to_pk,
                model_path=model_path,
                content_path=content_path,
                content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
            )

    def _index_texts(self, drafts: Sequence[Draft]) -> None:
        """As ``portal.core.search.bulk_index``, with texts that are cut already."""
        self._index.write(
            self.content_type.pk, {str(draft.page.pk): draft.texts for draft in drafts}
        )

    def _list(self, drafts: Sequence[Draft]) -> None:
        rows = [row for draft in drafts for row in _listing_rows(draft)]
        insert(ListingRow, rows)
        latest: dict[int, datetime] = {}
        for row in rows:
            latest[row.container_id] = max(row.date, latest.get(row.container_id, row.date))
        counts = ListingCount.objects.select_for_update().filter(container_id__in=latest)
        found = {count.container_id: count for count in counts.order_by("container_id")}
        for container_pk, number in sorted(Counter(row.container_id for row in rows).items()):
            count = found.get(container_pk) or ListingCount(container_id=container_pk)
            if not count.count:
                structure.touch()  # a column that was blank appears in the menus
            count.count += number
            count.latest = max(latest[container_pk], count.latest or latest[container_pk])
            count.save()

    def _follow(self, drafts: Sequence[Draft]) -> None:
        """Those who store something beside each publication (library records), site by site."""
        by_site: dict[int | None, list[Page]] = {}
        for draft in drafts:
            by_site.setdefault(draft.column.site_pk, []).append(draft.page)
        for site_pk, pages in by_site.items():
            followers.tell_published(pages, site_pk)

    def _publication(self, draft: Draft) -> Publication:
        page = draft.page
        return Publication(
            page_id=page.pk,
            item=publications.item_key(page),
            title=page.title,
            site_id=draft.column.site_pk,
            language=self.language,
            version=page.live_revision_id,
            published_by_id=self.operator_pk,
            basis=self.ground.basis,
            basis_key=self.ground.key,
            since=page.first_published_at,
        )

    def _event(self, draft: Draft) -> OutboxEvent:
        page = draft.page
        payload: dict[str, Any] = {
            "page": page.pk,
            "type": ArticlePage._meta.label_lower,
            "title": page.title,
            "url_path": page.url_path,
            "language": self.language,
            "version": page.live_revision_id,
            "site": draft.column.site_pk,
        }
        return OutboxEvent(kind="page.published", key=publications.item_key(page), payload=payload)


def _listing_rows(draft: Draft) -> Iterable[ListingRow]:
    values = draft.page.listing_values()
    if draft.card is not None:
        card = draft.card
        values |= {
            "image_url": card.url, "image_width": card.width, "image_height": card.height
        }  # fmt: skip
    for position, container_pk in enumerate(draft.column.containers):
        yield ListingRow(
            page_id=draft.page.pk, container_id=container_pk, is_own=position == 0, **values
        )
