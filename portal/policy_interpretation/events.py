"""What happens elsewhere and has effects here."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_unpublished

from portal.plugin_api import (
    SiteLike,
    page_published,
    site_pk,
    touch_on_commit,
    watched_text_saved,
)

from .models import DisclosurePlatform, PolicyTheme
from .services import products
from .watch.saving import check_after_publication
from .watch.services import check_key


# Wagtail's own signal: it is sent within the transaction, and also where the plugin is off.
@receiver(page_unpublished)
def _product_withdrawn(instance: Page, **_kwargs: Any) -> None:
    products.withdraw(page_pk=instance.pk)


@receiver([post_save, post_delete], sender=DisclosurePlatform)
def _platform_changed(**_kwargs: Any) -> None:
    """Footers, which lead to the platforms, are kept until the structure changes."""
    touch_on_commit()


@receiver([post_save, post_delete], sender=PolicyTheme)
def _theme_changed(**_kwargs: Any) -> None:
    """The choices of forms are kept until the structure changes."""
    touch_on_commit()


@page_published.receiver
def compare_figures(*, page: Any, site: SiteLike) -> None:
    check_after_publication(page)


@watched_text_saved.receiver
def compare_saved_text(*, source: str, key: str, site: SiteLike) -> None:
    check_key(source=source, site=site_pk(site), key=key)
