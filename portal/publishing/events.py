"""After every migration: the triggers that note changes are there, and those of gone tables not."""

from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from . import triggers


@receiver(post_migrate, sender=apps.get_app_config("publishing"))
def _make_triggers(using: str, **_kwargs: Any) -> None:
    """A table that was made anew (SQLite's way to alter one) has lost its own."""
    if using == DEFAULT_DB_ALIAS:
        triggers.install(connections[using])
