"""What happens elsewhere and has effects here."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import post_page_move

from .models import Activity
from .services.activities import drop_clocks, follow_move


# Signals, and not the portal's events: also where the plugin is off.
@receiver(post_page_move)
def _moved(instance: Page, **_kwargs: Any) -> None:
    follow_move(path=instance.path)


@receiver(post_delete, sender=Activity)
def _deleted(instance: Activity, **_kwargs: Any) -> None:
    drop_clocks(activity=instance)
