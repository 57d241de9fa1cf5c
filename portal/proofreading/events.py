"""What happens elsewhere and has effects here."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.documents import get_document_model

from portal.plugin_api import Publication, is_enabled

from .models import FileScan, KindGrade, PublicContact, WordEntry
from .services.lists import lists_changed
from .services.records import record
from .tasks import look_through

_TABLES = (WordEntry, KindGrade, PublicContact)


@receiver([post_save, post_delete], dispatch_uid="proofreading-lists")
def made_of_it(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Lists, units and leaders: what the detectors are made of."""
    if issubclass(sender, _TABLES) or sender._meta.label in (
        "core.Organisation", "core.ResponsiblePerson", "pages.LeaderPage",
    ):  # fmt: skip
        lists_changed()


@receiver(post_save, sender=Publication, dispatch_uid="proofreading-record")
def became_public(instance: Publication, created: bool, **kwargs: Any) -> None:
    if created:
        record(publication=instance)


@receiver(post_save, sender=get_document_model(), dispatch_uid="proofreading-file")
def uploaded(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A file is new or has another content: it is looked through in the background."""
    if raw or not is_enabled("proofreading", None):
        return
    known = FileScan.objects.filter(document=instance).values_list("file_hash", flat=True).first()
    if known is None or known != instance.file_hash:
        transaction.on_commit(partial(look_through.enqueue, instance.pk))
