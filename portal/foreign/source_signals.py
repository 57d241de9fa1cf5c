"""What ends a Chinese page is followed in the same transaction, not only through the outbox."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_unpublished

from .services.ending import delete_left_over, end_before_deletion, follow_ends


# Wagtail's own signal: every way to withdraw a page sends it, and also where the plugin is off.
@receiver(page_unpublished)
def _withdrawn(instance: Page, **_kwargs: Any) -> None:
    follow_ends(path=instance.path)


@receiver(pre_delete, sender=Page)
def _deleted(instance: Page, **_kwargs: Any) -> None:
    left = end_before_deletion(instance)
    if left:
        transaction.on_commit(partial(delete_left_over, left))


@receiver([post_save, post_delete], sender=PageViewRestriction)
def _restriction_changed(instance: PageViewRestriction, **_kwargs: Any) -> None:
    transaction.on_commit(partial(follow_ends, path=instance.page.path))
