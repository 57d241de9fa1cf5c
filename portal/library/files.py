"""Documents, images, videos and sound: each has a record from the moment it is stored."""

from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtailmedia.models import get_media_model

from portal.plugin_api import is_enabled, just_seen, main_site_pk, take_turn

from .house import OTHER_THEME
from .models import LibraryRecord, PubKind, RecordType, Sharing, State
from .telling import tell_changed

KINDS = ("document", "image", "media")


def model_of(kind: str) -> Any:
    makers = {"document": get_document_model, "image": get_image_model, "media": get_media_model}
    return makers[kind]()


def connect() -> None:
    """Called once, when the apps are ready."""
    for kind in KINDS:
        model = model_of(kind)
        post_save.connect(_saved, sender=model, dispatch_uid=f"library-{kind}-saved")
        post_delete.connect(_deleted, sender=model, dispatch_uid=f"library-{kind}-deleted")


def kind_of(file: Any) -> str:
    return next(kind for kind in KINDS if isinstance(file, model_of(kind)))


def item_of(file: Any) -> str:
    return f"{kind_of(file)}:{file.pk}"


def _saved(instance: Any, raw: bool = False, **_kwargs: Any) -> None:
    if raw:
        return  # a backup is being restored, records and all
    site = site_of(instance)
    if is_enabled("library", site):
        follow_file(file=instance)


def _deleted(instance: Any, **_kwargs: Any) -> None:
    record = LibraryRecord.objects.filter(item=item_of(instance)).first()
    if record is not None:
        record.state, record.updated_at = State.DELETED, timezone.now()
        with transaction.atomic():
            record.save(update_fields=["state", "updated_at"])
            tell_changed([record.pk])


@transaction.atomic
def follow_file(*, file: Any, is_adopted: bool = False) -> LibraryRecord:
    """The record of a file as it is stored now."""
    from .services.records import _number, merged

    item = item_of(file)
    record = LibraryRecord.objects.filter(item=item).first()
    is_new = record is None
    if record is None:
        take_turn()
        record = LibraryRecord(item=item, published_at=file.created_at)
    for name, value in merged(values_of(file), record).items():
        setattr(record, name, value)
    record.state = State.PUBLIC
    record.updated_at = timezone.now()
    record.version += 1
    if is_new or (is_adopted and record.site_id is not None):
        record.index_no = ""
        _number([record], {})
    record.save()
    tell_changed([record.pk])
    return record


def adopt() -> None:
    """Files that were stored before there was any site, when the first one is registered."""
    rows = LibraryRecord.objects.filter(site=None, page=None, state=State.PUBLIC)
    for kind in KINDS:
        keys = rows.filter(item__startswith=f"{kind}:").values_list("item", flat=True)
        pks = [int(key.partition(":")[2]) for key in keys]
        for file in model_of(kind).objects.filter(pk__in=pks):
            follow_file(file=file, is_adopted=True)


def derive_file(record: LibraryRecord) -> dict[str, Any]:
    """The derived values of a file's record, from the file; none where it is gone."""
    kind, _colon, pk = record.item.partition(":")
    file = model_of(kind).objects.filter(pk=pk).first() if kind in KINDS else None
    return values_of(file) if file is not None else {}


def values_of(file: Any) -> dict[str, Any]:
    kind = kind_of(file)
    site_pk = site_of(file)
    site = just_seen().records.get(site_pk or 0)
    unit = _owner_of(site)
    types = {"document": RecordType.DOCUMENT, "image": RecordType.IMAGE}
    record_type = types.get(kind) or (
        RecordType.VIDEO if file.type == "video" else RecordType.AUDIO
    )
    return {
        "title": file.title[:255],
        "record_type": record_type,
        "summary": getattr(file, "description", "") or getattr(file, "transcript", "")[:300],
        "language": getattr(file, "language", settings.LANGUAGE_CODE),
        "file_format": PurePath(file.file.name or "").suffix.lstrip(".").lower()[:20] or "bin",
        "provider_id": unit,
        "provider_name": "" if unit else (site.name if site is not None else ""),
        "producer": getattr(file, "credit", ""),
        "site_id": site_pk,
        "theme": OTHER_THEME,
        "pub_kind": PubKind.EXCLUSIVE,
        "sharing": Sharing.UNCONDITIONAL,
        "made_on": timezone.localdate(file.created_at) if file.created_at else None,
        "checksum": "",
    }


def _owner_of(site: Any) -> int | None:
    records = just_seen().records
    while site is not None:
        if site.owner_id:
            return int(site.owner_id)
        site = records.get(site.parent_id or 0)
    return None


def site_of(file: Any) -> int | None:
    """The site of the file's collection, else the main one."""
    main = main_site_pk()  # looks again: nobody has just before a file is stored
    found = just_seen()
    by_collection = {
        record.collection_id: record.pk for record in found.records.values() if record.collection_id
    }
    if file.collection_id in by_collection:
        return by_collection[file.collection_id]
    if by_collection and file.collection_id:
        collection: Any = Collection.objects.filter(pk=file.collection_id).first()
        for above in collection.get_ancestors().order_by("-depth") if collection else ():
            if above.pk in by_collection:
                return by_collection[above.pk]
    return main
