"""What happens elsewhere and has effects here."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import post_page_move

from portal.plugin_api import (
    SiteLike,
    page_published,
    touch_content,
    touch_on_commit,
    watched_text_saved,
)

from .models import GuidePage, ServiceTerm
from .services.records import follow_move
from .watched import GUIDES


# Wagtail's own signal: it is sent within the transaction, and also where the plugin is off.
@receiver(post_page_move)
def _guides_moved(instance: Page, **_kwargs: Any) -> None:
    follow_move(path=instance.path)


@receiver([post_save, post_delete], sender=ServiceTerm)
def _words_changed(**_kwargs: Any) -> None:
    """They stand in the pages of guides and of the entrance, and in lists kept in memory."""
    touch_on_commit()
    touch_content()


@page_published.receiver
def figures_are_compared(*, page: Page, site: SiteLike) -> None:
    """With the clauses that the guide cites."""
    if isinstance(page, GuidePage) and page.basis.filter(target__isnull=False).exists():
        watched_text_saved.send(source=GUIDES, key=str(page.pk), site=site)
