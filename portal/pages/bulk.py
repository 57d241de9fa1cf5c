"""Synthetic articles in bulk, for scale work: what publishing one by one would leave, table by table.

Signals and the publish gate are bypassed; everything they would have written is written here, in
the same transaction as the pages: tree, revisions, history, reference index, admin search, listing
rows and counts, publications, outbox. A test compares a generated article with a published one.
"""

import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, batched, chain
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.html import escape
from modelcluster.models import get_all_child_relations
from wagtail.blocks import StreamValue
from wagtail.models import Locale, Page, PageLogEntry, ReferenceIndex, Revision

from portal.core import listing, outbox, publications, structure
from portal.core.media import CARD_FILTER, Picture, picture
from portal.core.models import (
    ListingCount,
    ListingRow,
    OutboxEvent,
    PortalDocument,
    PortalImage,
    Publication,
)
from portal.core.search import bulk_index
from portal.core.structure import Node

from .bulk_insert import insert, reserve_ids
from .bulk_text import ArticleText, Section, article_text
from .models import ArticlePage, ColumnPage

BATCH = 1000
_NAMESPACE = uuid.UUID("6f0c4f6e-5a5e-4c55-9d0c-0b7b2f3f8f11")
_COVER_SHARE = 0.25
_ATTACHMENT_SHARE = 0.1
_LINK_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; ``done`` counts the articles of this run only."""

    done: int
    wanted: int


class NoColumns(Exception):
    """There is no column that could hold articles."""


def generate(
    articles: int,
    *,
    columns: Sequence[Node],
    seed: int,
    operator_pk: int | None = None,
    report: Callable[[Progress], None] = lambda progress: None,
    batch: int = BATCH,
) -> int:
    """Bring the number of synthetic articles of this seed to ``articles``; return how many are new.

    Those that exist already (from an earlier or interrupted run) are left alone, so a run can be
    repeated, continued and enlarged. Each batch is one transaction. Article 17 of seed 5 is the
    same on every machine, and lies in the same column as long as the columns are the same.

    Raises:
        NoColumns: ``columns`` is empty.
    """
    if not columns:
        raise NoColumns
    missing = missing_numbers(articles, seed)
    writer = _Writer(columns, seed, operator_pk)
    done = 0
    for numbers in batched(missing, batch):
        with transaction.atomic():
            writer.write(numbers)
        done += len(numbers)
        report(Progress(done, len(missing)))
    if done:
        structure.touch()
    return done


def missing_numbers(articles: int, seed: int) -> list[int]:
    """The numbers below ``articles`` that have no article of this seed yet."""
    prefix = slug_prefix(seed)
    there = {
        int(slug.removeprefix(prefix))
        for slug in Page.objects.filter(slug__startswith=prefix).values_list(
            "slug", flat=True
        )
    }
    return [number for number in range(articles) if number not in there]


def slug_prefix(seed: int) -> str:
    return f"synthetic-{seed}-"


def article_columns(under: Node | None = None) -> list[Node]:
    """Public columns that show lists of articles, in the order of the tree.

    Those of archived topics and of foreign sections are left out; ``under`` narrows to a subtree.
    """
    nodes = structure.current().nodes.values()
    found = [
        node
        for node in nodes
        if node.model is ColumnPage
        and node.extra["display"] in (ColumnPage.Display.LIST, ColumnPage.Display.CARDS)
        and node.language == settings.LANGUAGE_CODE
        and (under is None or node.path.startswith(under.path))
        and all(above.is_public for above in (*node.ancestors()[1:], node))
        and not any(above.extra.get("archived_at") for above in node.ancestors())
    ]
    return sorted(found, key=lambda node: node.path)


@dataclass(slots=True)
class _Column:
    """A column and what all its articles share."""

    node: Node
    site_pk: int | None
    containers: list[int]


class _Writer:
    """Writes batches of articles. Holds what is the same for all of them."""

    def __init__(
        self, columns: Sequence[Node], seed: int, operator_pk: int | None
    ) -> None:
        found = structure.current()
        self.seed = seed
        self.operator_pk = operator_pk
        self.locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
        self.content_type = ContentType.objects.get_for_model(ArticlePage)
        self.page_type = ContentType.objects.get_for_model(Page)
        self.body_block = ArticlePage._meta.get_field("body").stream_block
        self._relations = [
            relation.get_accessor_name()
            for relation in get_all_child_relations(ArticlePage)
        ]
        self.columns = [
            _Column(
                node=node,
                site_pk=found.site_pk_for(node.path),
                containers=[
                    container.pk
                    for container in listing.containers_for(
                        Page(path=node.path + "0001"), found
                    )
                ],
            )
            for node in columns
        ]
        # A few columns of a real portal hold most of its articles.
        self._weights = list(accumulate(1 / (rank + 1) for rank in range(len(columns))))
        self._covers = [
            (image, card)
            for image in PortalImage.objects.order_by("pk")[:12]
            if (card := picture(image, CARD_FILTER)) is not None
        ]
        self._documents = list(
            PortalDocument.objects.order_by("pk").values_list("pk", flat=True)[:6]
        )

    # --- one batch -------------------------------------------------------------------------------
    def write(self, numbers: Sequence[int]) -> None:
        """Write the articles with these numbers. Call it in a transaction."""
        drafts = [_Draft(self.seed, number) for number in numbers]
        columns = [self._column_of(draft) for draft in drafts]
        pages = self._place(drafts, columns)
        insert(Page, pages)
        insert(ArticlePage, pages)
        insert(Revision, map(self._revision, pages))
        insert(PageLogEntry, chain.from_iterable(map(self._history, pages)))
        insert(ReferenceIndex, chain.from_iterable(map(self._references, pages)))
        bulk_index(pages, batch_size=len(pages))
        self._list(pages, columns)
        self._publish(pages, columns)

    def _column_of(self, draft: "_Draft") -> _Column:
        [column] = draft.chance.choices(self.columns, cum_weights=self._weights)
        return column

    def _place(
        self, drafts: list["_Draft"], columns: list[_Column]
    ) -> list[ArticlePage]:
        """Pages at the end of their columns, whose rows are locked against other writers."""
        added = Counter(column.node.pk for column in columns)
        parents = {
            parent.pk: parent
            for parent in Page.objects.select_for_update()
            .filter(pk__in=added)
            .order_by("pk")
        }
        steps = {pk: _last_step(parent) for pk, parent in parents.items()}
        page_pks, revision_pks = (
            reserve_ids(Page, len(drafts)),
            reserve_ids(Revision, len(drafts)),
        )
        pages = []
        for draft, column, page_pk, revision_pk in zip(
            drafts, columns, page_pks, revision_pks, strict=True
        ):
            parent = parents[column.node.pk]
            steps[parent.pk] += 1
            page = self._page(draft, parent, page_pk, revision_pk)
            page.path = Page._get_path(parent.path, parent.depth + 1, steps[parent.pk])
            pages.append(page)
        for pk, number in added.items():
            Page.objects.filter(pk=pk).update(numchild=F("numchild") + number)
        return pages

    def _page(
        self, draft: "_Draft", parent: Page, page_pk: int, revision_pk: int
    ) -> ArticlePage:
        text, chance = draft.text, draft.chance
        slug = f"{slug_prefix(self.seed)}{draft.number}"
        at: datetime = timezone.make_aware(text.published_at)
        cover = (
            chance.choice(self._covers)[0]
            if self._wants(chance, _COVER_SHARE, self._covers)
            else None
        )
        page = ArticlePage(
            pk=page_pk,
            depth=parent.depth + 1,
            numchild=0,
            translation_key=uuid.uuid5(_NAMESPACE, f"{self.seed}:{draft.number}"),
            locale=self.locale,
            content_type=self.content_type,
            owner_id=self.operator_pk,
            title=text.title,
            draft_title=text.title,
            slug=slug,
            url_path=f"{parent.url_path}{slug}/",
            live=True,
            has_unpublished_changes=False,
            first_published_at=at,
            last_published_at=at,
            latest_revision_created_at=at,
            latest_revision_id=revision_pk,
            live_revision_id=revision_pk,
            keywords=text.keywords,
            subtitle=text.subtitle,
            summary=text.summary,
            source=text.source,
            cover=cover,
            body=self._body(draft, parent),
        )
        for relation in self._relations:
            setattr(page, relation, [])  # a new page has none; saves a query for each
        return page

    @staticmethod
    def _wants(chance: random.Random, share: float, choices: Sequence[Any]) -> bool:
        """Draws in any case, so that a missing picture does not change the rest of the article."""
        return chance.random() < share and bool(choices)

    def _body(self, draft: "_Draft", parent: Page) -> StreamValue:
        chance = draft.chance
        blocks = [
            block
            for section in draft.text.sections
            for block in _section(section, chance)
        ]
        if chance.random() < _LINK_SHARE:
            link = (
                f'<p><a linktype="page" id="{parent.pk}">{escape(parent.title)}</a></p>'
            )
            blocks.append(_block("paragraph", link, chance))
        if self._wants(chance, _ATTACHMENT_SHARE, self._documents):
            item = _block("item", chance.choice(self._documents), chance)
            blocks.append(
                _block("attachments", {"title": "", "documents": [item]}, chance)
            )
        return StreamValue(self.body_block, blocks, is_lazy=True)

    # --- what belongs to a page ------------------------------------------------------------------
    def _revision(self, page: ArticlePage) -> Revision:
        return Revision(
            pk=page.live_revision_id,
            content_type=self.content_type,
            base_content_type=self.page_type,
            object_id=str(page.pk),
            created_at=page.last_published_at,
            user_id=self.operator_pk,
            object_str=page.title,
            content=page.serializable_data(),
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

    def _references(self, page: ArticlePage) -> Iterator[ReferenceIndex]:
        """As ``ReferenceIndex.create_or_update_for_object``, for an object that has none yet."""
        for to_type, to_pk, model_path, content_path in set(
            ReferenceIndex._extract_references_from_object(page)
        ):
            yield ReferenceIndex(
                content_type=self.content_type,
                base_content_type=self.page_type,
                object_id=str(page.pk),
                to_content_type_id=to_type,
                to_object_id=to_pk,
                model_path=model_path,
                content_path=content_path,
                content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
            )

    def _list(self, pages: list[ArticlePage], columns: list[_Column]) -> None:
        cards = {image.pk: card for image, card in self._covers}
        rows = [
            _listing_row(
                page, container, own=position == 0, card=cards.get(page.cover_id)
            )
            for page, column in zip(pages, columns, strict=True)
            for position, container in enumerate(column.containers)
        ]
        insert(ListingRow, rows)
        latest: dict[int, datetime] = {}
        for row in rows:
            latest[row.container_id] = max(
                row.date, latest.get(row.container_id, row.date)
            )
        counts = {
            found.container_id: found
            for found in ListingCount.objects.select_for_update().filter(
                container_id__in=latest
            )
        }
        for container, number in Counter(row.container_id for row in rows).items():
            found = counts.get(container) or ListingCount(container_id=container)
            if not found.count:
                structure.touch()  # a column that was blank appears in the menus
            found.count += number
            found.latest = max(latest[container], found.latest or latest[container])
            found.save()

    def _publish(self, pages: list[ArticlePage], columns: list[_Column]) -> None:
        placed = list(zip(pages, columns, strict=True))
        insert(
            Publication,
            (
                Publication(
                    page_id=page.pk,
                    item=publications.item_key(page),
                    title=page.title,
                    site_id=column.site_pk,
                    language=self.locale.language_code,
                    version=page.live_revision_id,
                    published_by_id=self.operator_pk,
                    since=page.first_published_at,
                )
                for page, column in placed
            ),
        )
        events = [
            OutboxEvent(
                kind="page.published",
                key=publications.item_key(page),
                payload={
                    "page": page.pk,
                    "type": ArticlePage._meta.label_lower,
                    "title": page.title,
                    "url_path": page.url_path,
                    "language": self.locale.language_code,
                    "version": page.live_revision_id,
                    "site": column.site_pk,
                },
            )
            for page, column in placed
        ]
        first, *rest = events
        outbox.append(
            first.kind, first.key, first.payload
        )  # takes the lock that keeps the order
        insert(OutboxEvent, rest)


class _Draft:
    """A numbered article before it has a place; ``chance`` decides whatever its text leaves open."""

    def __init__(self, seed: int, number: int) -> None:
        self.number = number
        self.text: ArticleText = article_text(seed, number)
        self.chance = random.Random(f"{seed}:{number}:layout")


def _section(section: Section, chance: random.Random) -> Iterator[dict[str, Any]]:
    if section.heading:
        yield _block("heading", {"text": section.heading, "level": "2"}, chance)
    html = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs)
    yield _block("paragraph", html, chance)


def _block(kind: str, value: Any, chance: random.Random) -> dict[str, Any]:
    return {
        "type": kind,
        "value": value,
        "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
    }


def _listing_row(
    page: ArticlePage, container_pk: int, *, own: bool, card: Picture | None
) -> ListingRow:
    values = page.listing_values()
    values["is_pinned"] = bool(values["is_pinned"]) and own
    if card is not None:
        values.update(
            image_url=card.url, image_width=card.width, image_height=card.height
        )
    return ListingRow(page_id=page.pk, container_id=container_pk, is_own=own, **values)


def _last_step(parent: Page) -> int:
    """The number, in treebeard's count, of the last child; 0 when there is none."""
    last = parent.get_last_child()
    step: int = Page._str2int(last.path[-Page.steplen :]) if last else 0
    return step
