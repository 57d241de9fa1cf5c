"""Files behind what was withdrawn in an emergency: out of reach in the same step, and back.

The order: rows are written in the transaction that withdraws (or publishes); when it is committed,
the files are moved, and each row is marked as settled. A process killed between the two leaves rows
that are not settled: the clock moves their files in the next minute. A file moved whose row was not
marked is found where it should be, and marked.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction
from django.db.models import CharField, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex

from . import structure
from .media_storage import move, withheld
from .models import (
    EmergencyWithdrawal,
    ListingRow,
    PortalDocument,
    PortalImage,
    PortalMedia,
    PortalRendition,
    WithheldFile,
)
from .public_files import is_offered
from .publications import item_key
from .turns import take_turn

logger = logging.getLogger(__name__)

_KINDS = (PortalImage, PortalDocument, PortalMedia)
# Follows pages and shows nothing that they do not.
_FOLLOWERS = (ListingRow,)


@dataclass(frozen=True, slots=True)
class Affected:
    """An image, a document or a medium of pages that go; ``users`` show it when they are gone."""

    thing: Any
    users: tuple[str, ...] = ()

    @property
    def goes(self) -> bool:
        return not self.users

    @property
    def kind(self) -> str:
        return str(self.thing._meta.verbose_name)


def affected_by(pages: Sequence[Page]) -> list[Affected]:
    """What pages show, with who else shows it when they are withdrawn."""
    gone = {str(page.pk) for page in pages}
    references = _references_from(gone)
    found: list[Affected] = []
    for model in _KINDS:
        kind = ContentType.objects.get_for_model(model)
        keys = references.filter(to_content_type=kind).values_list("to_object_id", flat=True)
        things = model._default_manager.filter(pk__in=set(keys)).order_by("title", "pk")
        found += [Affected(each, tuple(_users_of(each, without=gone))) for each in things]
    return found


def _references_from(pages: Iterable[str]) -> Any:
    return ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page), object_id__in=list(pages)
    )


def _users_of(thing: Any, *, without: Iterable[str] = ()) -> list[str]:
    """Names of what shows a file in public: pages, and whatever else of the site has it."""
    page_type = ContentType.objects.get_for_model(Page)
    references = ReferenceIndex.get_references_to(thing)
    on_pages = references.filter(base_content_type=page_type).exclude(object_id__in=list(without))
    keyed = Page.objects.annotate(key=Cast("pk", CharField()))
    users = list(
        keyed.filter(key__in=on_pages.values("object_id"), live=True)
        .order_by("path")
        .values_list("title", flat=True)
    )
    if isinstance(thing, PortalDocument):  # of other things, only these offer their documents
        return [*users, *([str(thing)] if is_offered(thing) else [])]
    followers = [ContentType.objects.get_for_model(model).pk for model in _FOLLOWERS]
    others = references.exclude(base_content_type=page_type)
    for row in others.exclude(base_content_type__in=followers):
        model = row.base_content_type.model_class()
        shown = model and model._default_manager.filter(pk=row.object_id).first()
        if shown is not None:
            users.append(f"{shown._meta.verbose_name}: {shown}")
    return users


def files_of(thing: Any) -> list[str]:
    """The names under which an image, a document or a medium lies in the storage."""
    fields = ("file", "captions", "thumbnail") if isinstance(thing, PortalMedia) else ("file",)
    return [file.name for field in fields if (file := getattr(thing, field))]


# --- off and back ---------------------------------------------------------------------------------
def withhold(withdrawal: EmergencyWithdrawal, affected: Iterable[Affected]) -> list[WithheldFile]:
    """Note, in the transaction that withdraws, what goes offline with it; moved when it commits."""
    rows = []
    for each in affected:
        if not each.goes:
            continue
        made: list[str] = []
        if isinstance(each.thing, PortalImage):
            renditions = PortalRendition.objects.filter(image=each.thing)
            made = list(renditions.values_list("file", flat=True))
            renditions.delete()
        for name in files_of(each.thing):
            if WithheldFile.objects.filter(name=name, away=True).exists():
                continue
            rows.append(
                WithheldFile.objects.create(
                    withdrawal=withdrawal,
                    content_type=ContentType.objects.get_for_model(type(each.thing)),
                    object_id=str(each.thing.pk),
                    title=each.thing.title[:255],
                    name=name,
                    renditions=made,
                )
            )
            made = []
    if rows:
        transaction.on_commit(partial(settle, [row.pk for row in rows]), robust=True)
    return rows


def bring_back_for(page: Page) -> None:
    """A page becomes public: what it shows is online again. In the transaction that publishes."""
    shown = _references_from([str(page.pk)])
    rows = WithheldFile.objects.filter(
        away=True,
        object_id__in=shown.filter(to_content_type=OuterRef("content_type")).values("to_object_id"),
    )
    _bring_back(list(rows.values_list("pk", flat=True)), item_key(page))


def _bring_back(keys: list[int], item: str) -> None:
    if not keys:
        return
    WithheldFile.objects.filter(pk__in=keys).update(
        away=False, settled=False, back_at=timezone.now(), back_for=item
    )
    transaction.on_commit(partial(settle, keys), robust=True)


# --- moving ---------------------------------------------------------------------------------------
def settle(keys: Iterable[int]) -> int:
    """Move the files of rows to where they should be. How many are not there, each logged."""
    failed = 0
    for key in keys:
        try:
            with transaction.atomic():
                take_turn()  # somebody else may bring back what we are about to take away
                row = WithheldFile.objects.select_for_update().filter(pk=key, settled=False).first()
                if row is not None:
                    _settle(row)
        except Exception:
            logger.exception("The file of withdrawal row %s could not be moved", key)
            failed += 1
    return failed


def _settle(row: WithheldFile) -> None:
    media = default_storage
    assert isinstance(media, FileSystemStorage)
    if row.away:
        for name in row.renditions:
            media.delete(name)
        found = move(row.name, media, withheld())
    else:
        found = move(row.name, withheld(), media)
        structure.touch_content()  # what was kept as printed has no picture
    if not found:
        logger.warning("The file %s is neither in media nor taken offline", row.name)
    row.settled = True
    row.save(update_fields=["settled"])


def go_on() -> None:
    """The clock's part: what a killed process left, and what changed by other ways than pages.

    Raises:
        RuntimeError: files could not be moved; the log says which.
    """
    with transaction.atomic():
        take_turn()
        for row in WithheldFile.objects.filter(away=True).select_related("content_type"):
            model: Any = row.content_type.model_class()
            thing = model._default_manager.filter(pk=row.object_id).first()
            if thing is not None and _users_of(
                thing
            ):  # such as a banner that was given the picture
                _bring_back([row.pk], "")
        _drop_new_renditions()
    failed = settle(list(WithheldFile.objects.filter(settled=False).values_list("pk", flat=True)))
    if failed:
        raise RuntimeError(f"{failed} files are not where they should be; see the log")


def _drop_new_renditions() -> None:
    """Whoever had the picture open while it went may have made some more of it."""
    image = ContentType.objects.get_for_model(PortalImage)
    away = WithheldFile.objects.filter(away=True, content_type=image)
    PortalRendition.objects.annotate(key=Cast("image_id", CharField())).filter(
        key__in=away.values("object_id")
    ).delete()


def withheld_of(page: Page) -> list[WithheldFile]:
    """What a page shows and is offline, for whoever mends the page."""
    shown = _references_from([str(page.pk)])
    rows = WithheldFile.objects.filter(away=True)
    return [
        row
        for row in rows
        if shown.filter(to_content_type=row.content_type_id, to_object_id=row.object_id).exists()
    ]
