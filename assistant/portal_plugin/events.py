"""What happens elsewhere and has effects here."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_unpublished

from portal.plugin_api import SiteLike, page_published, page_withdrawn, watched_text_saved

from .index import services as index
from .models import Origin, QuestionPage, QuestionSource
from .services import knowledge
from .watched import ENTRIES


# Wagtail's own signal: it is sent within the transaction, and also where the plugin is off.
@receiver(page_unpublished)
def _entry_withdrawn(instance: Page, **_kwargs: Any) -> None:
    if instance.specific_class is QuestionPage:
        knowledge.withdraw(page_pk=instance.pk)


@receiver(pre_delete)
def _basis_deleted(sender: type, instance: Any, **_kwargs: Any) -> None:
    """Afterwards no row would name the page any more."""
    if not issubclass(sender, Page):
        return
    if sender is QuestionPage:
        index.forget(page=instance.pk)
        knowledge.withdraw_translations(page_pk=instance.pk)
    found = QuestionSource.objects.filter(target=instance.pk, page__live=True)
    pks = list(found.values_list("page_id", flat=True).distinct())
    if pks:
        transaction.on_commit(partial(knowledge.follow_entries, page_pks=pks))


@page_published.receiver
def follow_published(*, page: Page, site: SiteLike) -> None:
    """Entries that rest on the page; an entry itself was followed when it was saved."""
    if not isinstance(page, QuestionPage):
        knowledge.follow_targets(page_pks=[page.pk])
    elif page.origin != Origin.IMPORT and page.sources.filter(target__isnull=False).exists():
        watched_text_saved.send(source=ENTRIES, key=str(page.pk), site=site)


@page_withdrawn.receiver
def follow_withdrawn(*, page: Page, site: SiteLike) -> None:
    knowledge.follow_targets(page_pks=[page.pk])
