"""Synthetic articles before they have a place in the tree: the part that needs no transaction."""

import random
import uuid
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.html import escape
from modelcluster.models import get_all_child_relations, get_field_value
from wagtail.blocks import StreamValue
from wagtail.models import Locale, Page, ReferenceIndex

from portal.core import listing, structure
from portal.core.media import CARD_FILTER, Picture, picture
from portal.core.models import PortalDocument, PortalImage
from portal.core.search.documents import IndexedTexts, indexed_texts
from portal.core.structure import Node

from .bulk_text import Section, article_text
from .models import ArticlePage

SLUG = "synthetic-{seed}-{number}"
_NAMESPACE = uuid.UUID("6f0c4f6e-5a5e-4c55-9d0c-0b7b2f3f8f11")
# What differs from one article to another, besides keys and path.
_OWN_FIELDS = (
    "depth",
    "translation_key",
    "title",
    "draft_title",
    "slug",
    "url_path",
    "first_published_at",
    "last_published_at",
    "latest_revision_created_at",
    "keywords",
    "subtitle",
    "summary",
    "source",
    "cover",
    "body",
)
_COVER_SHARE = 0.25
_LINK_SHARE = 0.35
_ATTACHMENT_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what all its articles share; ``containers`` list them, the column first."""

    pk: int
    title: str
    site_pk: int | None
    depth: int
    url_path: str
    containers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An article that lacks only its keys and its path.

    ``references`` are (content type, primary key, model path, content path) of what it points to.
    """

    page: ArticlePage
    column: Column
    card: Picture | None
    texts: IndexedTexts
    references: frozenset[tuple[int, str, str, str]]
    content: dict[str, Any]


class ArticleMaker:
    """Makes drafts by their number: the same seed, columns and media give the same drafts."""

    def __init__(self, columns: Sequence[Node], seed: int, operator_pk: int | None) -> None:
        found = structure.current()
        self.seed = seed
        self.operator_pk = operator_pk
        self.locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
        self.content_type = ContentType.objects.get_for_model(ArticlePage)
        self._columns = [
            Column(
                pk=node.pk,
                title=node.title,
                site_pk=found.site_pk_for(node.path),
                depth=node.depth,
                url_path=node.url_path,
                containers=tuple(
                    container.pk
                    for container in listing.containers_for(Page(path=f"{node.path}0001"), found)
                ),
            )
            for node in columns
        ]
        # As in a real portal, a few columns hold most of the articles.
        self._weights = list(accumulate(1 / rank for rank in range(1, len(columns) + 1)))
        self._covers = [
            (image, card)
            for image in PortalImage.objects.order_by("pk")[:12]
            if (card := picture(image, CARD_FILTER)) is not None
        ]
        documents = PortalDocument.objects.order_by("pk")
        self._documents = list(documents.values_list("pk", flat=True)[:6])
        self._body_block = ArticlePage._meta.get_field("body").stream_block
        self._search_fields = ArticlePage.get_search_fields()
        self._blank = self._blank_page()
        self._blank_content = self._blank.serializable_data()
        self._own_fields = [ArticlePage._meta.get_field(name) for name in _OWN_FIELDS]

    def make(self, number: int) -> Draft:
        """The draft of one article."""
        text = article_text(self.seed, number)
        chance = random.Random(f"{self.seed}:{number}:layout")  # noqa: S311 - no secret
        [column] = chance.choices(self._columns, cum_weights=self._weights)
        cover, card = self._choose(chance, _COVER_SHARE, self._covers) or (None, None)
        at = timezone.make_aware(text.published_at)
        slug = SLUG.format(seed=self.seed, number=number)
        page = copy(self._blank)
        page.depth = column.depth + 1
        page.translation_key = uuid.uuid5(_NAMESPACE, slug)
        page.title = page.draft_title = text.title
        page.slug = slug
        page.url_path = f"{column.url_path}{slug}/"
        page.first_published_at = page.last_published_at = at
        page.latest_revision_created_at = at
        page.keywords = text.keywords
        page.subtitle = text.subtitle
        page.summary = text.summary
        page.source = text.source
        page.cover = cover
        page.body = StreamValue(
            self._body_block, list(self._body(text.sections, column, chance)), is_lazy=True
        )
        return Draft(
            page=page,
            column=column,
            card=card,
            # Before the blocks are unpacked below, so that their raw values are taken as they are.
            content=self._blank_content
            | {field.name: get_field_value(field, page) for field in self._own_fields},
            texts=indexed_texts(page, self._search_fields),
            references=frozenset(ReferenceIndex._extract_references_from_object(page)),
        )

    def _blank_page(self) -> ArticlePage:
        """What all articles have in common. Copying it is far cheaper than making one anew."""
        page = ArticlePage(
            locale=self.locale,
            content_type=self.content_type,
            owner_id=self.operator_pk,
            live=True,
            has_unpublished_changes=False,
        )
        for relation in get_all_child_relations(ArticlePage):
            setattr(page, relation.get_accessor_name(), [])  # known to be empty: no query for it
        return page

    @staticmethod
    def _choose[Item](chance: random.Random, share: float, items: Sequence[Item]) -> Item | None:
        """One of the items for a share of the articles.

        Draws twice in any case, so that missing media do not change the rest of the article.
        """
        wanted, place = chance.random() < share, chance.random()
        return items[int(place * len(items))] if wanted and items else None

    def _body(
        self, sections: Sequence[Section], column: Column, chance: random.Random
    ) -> Iterator[dict[str, Any]]:
        for section in sections:
            if section.heading:
                yield _block("heading", {"text": section.heading, "level": "2"}, chance)
            html = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs)
            yield _block("paragraph", html, chance)
        if self._choose(chance, _LINK_SHARE, [True]):
            link = f'<a linktype="page" id="{column.pk}">{escape(column.title)}</a>'
            yield _block("paragraph", f"<p>{link}</p>", chance)
        document = self._choose(chance, _ATTACHMENT_SHARE, self._documents)
        if document is not None:
            item = _block("item", document, chance)
            yield _block("attachments", {"title": "", "documents": [item]}, chance)


def _block(kind: str, value: Any, chance: random.Random) -> dict[str, Any]:
    identity = uuid.UUID(int=chance.getrandbits(128), version=4)
    return {"type": kind, "value": value, "id": str(identity)}
