"""The outbox: what happened, written in the transaction in which it happened.

Consumers (page store, search, assistant, plugins …) read it in order, each with its own cursor,
so that a crash between "published" and "told" loses nothing: the event is there or neither is.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxEvent(models.Model):
    """One fact. ``id`` is the sequence; ``key`` names the thing, such as ``page:17``."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("outbox event")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.key}"


class OutboxCursor(models.Model):
    """How far one consumer has read, and what stopped it."""

    consumer = models.CharField(max_length=80, unique=True)
    position = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("outbox cursor")

    def __str__(self) -> str:
        return f"{self.consumer} @ {self.position}"
