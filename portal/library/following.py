"""What the library does when the tree changes: in the same transaction, or a moment after."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import post_page_move

from portal.plugin_api import OutboxEvent, site_of_path, touch_structure

from . import files
from .models import (
    Classification,
    ColumnDefaults,
    CompletenessRule,
    LibraryRecord,
    NumberRule,
    State,
)
from .services import prints, records
from .telling import tell_changed


class Records:
    """Entered in the registry ``publication_followers``."""

    def published(self, pages: Sequence[Page]) -> None:
        records.follow_published([page for page in pages if hasattr(page, "library_values")])

    def withdrawn(self, page: Page) -> None:
        records.follow_withdrawn(page)


class Texts:
    """Entered in the registry ``outbox_consumers``: likeness, checksum and standing of texts."""

    name = "library_texts"
    kinds: Sequence[str] = ("page.published", "page.updated", "page.validity")

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        pks = {int(event.key.removeprefix("page:")) for event in events}
        prints.follow_pages(page_pks=pks)


@receiver(post_page_move)
def _moved(instance: Page, url_path_before: str, url_path_after: str, **_kwargs: Any) -> None:
    """Site and column follow; what an alias shows stays that of its original."""
    if url_path_before == url_path_after:
        return
    path = Page.objects.values_list("path", flat=True).get(pk=instance.pk)
    moved = Page.objects.filter(path__startswith=path, alias_of=None)
    site = site_of_path(path)
    inside = LibraryRecord.objects.filter(page__in=moved.values("pk"))
    with transaction.atomic():
        changed = set(inside.exclude(site=site).values_list("pk", flat=True))
        changed |= set(LibraryRecord.objects.filter(page=instance.pk).values_list("pk", flat=True))
        inside.update(site_id=site)
        LibraryRecord.objects.filter(page=instance.pk).update(
            column_id=Page.objects.filter(path=path[: -Page.steplen]).values("pk")[:1]
        )
        tell_changed(changed)


def _site_changed(instance: Any, created: bool, **_kwargs: Any) -> None:
    """A home is public before its site is registered; owner and name may change later."""
    roots = Page.objects.filter(translation_key=instance.root_page.translation_key).specific()
    for root in roots:
        site_of_path(root.path)  # looks again: the structure has just changed
        if created:
            records.adopt(path=root.path, site_pk=instance.pk)
        records.rederive(pages=[root])
    if created:
        files.adopt()


post_save.connect(
    _site_changed,
    sender=LibraryRecord._meta.get_field("site").related_model,
    dispatch_uid="library-site-changed",
)


@receiver([post_save, post_delete], sender=CompletenessRule)
@receiver([post_save, post_delete], sender=NumberRule)
@receiver([post_save, post_delete], sender=ColumnDefaults)
@receiver([post_save, post_delete], sender=Classification)
def _rules_changed(**_kwargs: Any) -> None:
    """They are kept with the structure (``house``)."""
    touch_structure()


# What a record refers to is deleted: the database empties the column.
_REFERENCES: dict[Any, str] = {
    LibraryRecord._meta.get_field(name).related_model: name for name in ("provider", "site")
} | {Page: "column"}


@receiver(pre_delete)
def _reference_goes(sender: Any, instance: Any, **_kwargs: Any) -> None:
    name = _REFERENCES.get(sender)
    if name is None:
        return
    rows = LibraryRecord.objects.filter(**{name: instance.pk}, state=State.PUBLIC)
    pks = list(rows.values_list("pk", flat=True))
    if pks:
        tell_changed(pks)


@receiver(pre_delete, sender=Page)
def _deleted(instance: Page, **_kwargs: Any) -> None:
    LibraryRecord.objects.filter(item=f"page:{instance.pk}").update(
        state=State.DELETED, updated_at=timezone.now(), page=None
    )
