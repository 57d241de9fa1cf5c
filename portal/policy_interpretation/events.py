"""What happens elsewhere and has effects here."""

from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_unpublished

from .services import products


# Wagtail's own signal: it is sent within the transaction, and also where the plugin is off.
@receiver(page_unpublished)
def _product_withdrawn(instance: Page, **_kwargs: Any) -> None:
    products.withdraw(page_pk=instance.pk)
