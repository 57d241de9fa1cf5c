"""New public pages in bulk: what publishing them one by one would have left, in a few statements.

For importers that bring thousands of pages of one type below one column. The publish gate is asked
for every page; history, revision, reference index, admin search, publication, outbox and the event
``page_published`` are as if each page had been saved as a draft and published. Not done: Wagtail's
own signals (nothing refers to a page that was not there before), and lists: pages that stand in
lists are refused. A test compares a page made here with one made the long way.
"""

import uuid
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from portal.core import (
    addresses,
    extension_points,
    followers,
    gate,
    outbox,
    publications,
    structure,
)
from portal.core.base_page import BasePage
from portal.core.gate import PublishProblem
from portal.core.models import OutboxEvent, Publication
from portal.core.reviews import grounds
from portal.core.reviews.grounds import Ground
from portal.core.search import bulk_index
from portal.core.turns import take_turn

from .bulk_insert import insert, last_step, reserve_ids


class Unfit(ValueError):
    """The pages are not of the kind that can be written in bulk."""


@transaction.atomic
def publish_new_pages(
    parent: Page, pages: Sequence[BasePage], *, user: Any = None
) -> dict[int, list[PublishProblem]]:
    """Write and publish new pages as the last children of ``parent``.

    Args:
        parent: a public page; looked up anew, so that a stale one does no harm.
        pages: unsaved, all of one type that is in no list and has no children of its own, with
            title and a free slug; their child objects (inline panels) are written with them.
        user: named in history and publications; default: the account of the active log context.

    Returns:
        The places of the pages that the gate refused, each with what speaks against it. They are
        not written; all others are public once the transaction is committed.

    Raises:
        Unfit: see ``pages``; or nothing allows publishing without a review (``releasing_as``).
        Page.DoesNotExist: the parent is gone.
    """
    if not pages:
        return {}
    take_turn()
    _demand_fit(pages)
    ground = grounds.release_ground()
    if ground is None:
        raise Unfit("New pages go through their reviews, one by one.")
    # Locked, so that nobody else appends to it meanwhile.
    above = Page.objects.select_for_update().get(pk=parent.pk)
    if user is None:
        user = get_active_log_context().user
    refused: dict[int, list[PublishProblem]] = {}
    taken: list[BasePage] = []
    writer = _Writer(above, type(pages[0]), user.pk if user is not None else None, ground)
    for place, page in enumerate(pages):
        writer.prepare(page)
        blocking = [p for p in gate.problems_of(page, parent=above) if p.blocking]
        if blocking:
            refused[place] = blocking
        else:
            taken.append(page)
    if taken:
        writer.write(taken)
    return refused


def _demand_fit(pages: Sequence[BasePage]) -> None:
    kind = type(pages[0])
    if any(type(page) is not kind or page.pk for page in pages):
        raise Unfit("The pages must be new and all of one type.")
    if kind.is_listed or kind.is_container or kind.structure_kind:
        raise Unfit(f"{kind.__name__} stands in lists or menus.")
    slugs = {page.slug for page in pages}
    if len(slugs) != len(pages) or "" in slugs or not addresses.fixed().isdisjoint(slugs):
        raise Unfit("Each page needs a slug of its own.")


class _Writer:
    def __init__(
        self, parent: Page, kind: type[BasePage], user_pk: int | None, ground: Ground
    ) -> None:
        self.parent, self.kind, self.user_pk, self.ground = parent, kind, user_pk, ground
        self.at = timezone.now()
        self.locale = parent.locale
        self.content_type = ContentType.objects.get_for_model(kind)
        self.page_type = ContentType.objects.get_for_model(Page)
        self.site_pk = structure.current().site_pk_for(parent.path)
        self.relations = get_all_child_relations(kind)

    def prepare(self, page: BasePage) -> None:
        """All that a page has before it has a place in the tree."""
        page.locale, page.content_type = self.locale, self.content_type
        page.translation_key = page.translation_key or uuid.uuid4()
        page.draft_title = page.title
        page.owner_id = self.user_pk
        page.live, page.has_unpublished_changes = True, False
        page.first_published_at = page.last_published_at = self.at
        page.latest_revision_created_at = self.at
        page.depth, page.numchild = self.parent.depth + 1, 0
        page.url_path = f"{self.parent.url_path}{page.slug}/"
        for relation in self.relations:
            name = relation.get_accessor_name()
            # Known to be what the importer set: no query for what is stored.
            setattr(page, name, list(getattr(page, name).all()))

    def write(self, pages: Sequence[BasePage]) -> None:
        self._place(pages)
        insert(Page, pages)
        insert(self.kind, pages)
        for relation in self.relations:
            insert(relation.related_model, self._children(pages, relation))
        insert(Revision, map(self._revision, pages))
        insert(PageLogEntry, chain.from_iterable(map(self._history, pages)))
        insert(ReferenceIndex, chain.from_iterable(map(self._references, pages)))
        bulk_index(pages)
        insert(Publication, map(self._publication, pages))
        followers.tell_published(pages, self.site_pk)
        # The one way into the outbox that keeps its order; the lock lasts until the commit.
        first, *rest = map(self._event, pages)
        outbox.append(first.kind, first.key, first.payload)
        insert(OutboxEvent, rest)
        for page in pages:
            page._state.adding, page._state.db = False, self.parent._state.db
            extension_points.page_published.send(site=self.site_pk, page=page)

    def _place(self, pages: Sequence[BasePage]) -> None:
        step = last_step(self.parent)
        page_pks = reserve_ids(Page, len(pages))
        revision_pks = reserve_ids(Revision, len(pages))
        for page, page_pk, revision_pk in zip(pages, page_pks, revision_pks, strict=True):
            step += 1
            page.id = page.page_ptr_id = page_pk
            page.path = Page._get_path(self.parent.path, page.depth, step)
            page.latest_revision_id = page.live_revision_id = revision_pk
        Page.objects.filter(pk=self.parent.pk).update(numchild=F("numchild") + len(pages))

    def _children(self, pages: Sequence[BasePage], relation: Any) -> list[models.Model]:
        """The child objects of one inline panel, with their keys: revisions name them."""
        name, field = relation.get_accessor_name(), relation.field.attname
        found: list[Any] = []
        for page in pages:
            for order, child in enumerate(getattr(page, name).all()):
                setattr(child, field, page.pk)
                if getattr(child, "sort_order", order) is None:
                    child.sort_order = order
                found.append(child)
        if found:
            pks = reserve_ids(relation.related_model, len(found))
            for child, pk in zip(found, pks, strict=True):
                child.pk = pk
        return found

    def _revision(self, page: BasePage) -> Revision:
        return Revision(
            pk=page.live_revision_id,
            content_type=self.content_type,
            base_content_type=self.page_type,
            object_id=str(page.pk),
            created_at=self.at,
            user_id=self.user_pk,
            object_str=str(page),
            content=page.serializable_data(),
        )

    def _history(self, page: BasePage) -> Iterator[PageLogEntry]:
        for action in ("wagtail.create", "wagtail.publish"):
            yield PageLogEntry(
                page_id=page.pk,
                content_type=self.content_type,
                label=page.title,
                action=action,
                timestamp=self.at,
                user_id=self.user_pk,
                revision_id=page.live_revision_id,
                content_changed=True,
            )

    def _references(self, page: BasePage) -> Iterator[ReferenceIndex]:
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

    def _publication(self, page: BasePage) -> Publication:
        return Publication(
            page_id=page.pk,
            item=publications.item_key(page),
            title=page.title,
            site_id=self.site_pk,
            language=self.locale.language_code,
            version=page.live_revision_id,
            published_by_id=self.user_pk,
            basis=self.ground.basis,
            basis_key=self.ground.key,
            since=self.at,
            until=page.expire_at,
            **publications.validity_values(page, self.at),
        )

    def _event(self, page: BasePage) -> OutboxEvent:
        payload: dict[str, Any] = {
            "page": page.pk,
            "type": self.kind._meta.label_lower,
            "title": page.title,
            "url_path": page.url_path,
            "language": self.locale.language_code,
            "version": page.live_revision_id,
            "site": self.site_pk,
        }
        return OutboxEvent(kind="page.published", key=publications.item_key(page), payload=payload)
