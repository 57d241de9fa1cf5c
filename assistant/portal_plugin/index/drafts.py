"""Vectors of drafts: made in the background when a draft is saved."""

from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_save
from wagtail.models import Revision

from assistant.portal_plugin.models import QuestionPage

from . import serving, tasks

# The editor saves by itself while somebody types; the last state is embedded when it is published.
_PAUSE = 5


def connect() -> None:
    post_save.connect(follow_revision, sender=Revision, dispatch_uid="assistant_drafts")


def follow_revision(instance: Revision, raw: bool = False, **_kwargs: Any) -> None:
    """Ask for the vectors of a draft, after the commit."""
    if raw or not serving.embedders().models:
        return
    if instance.content_type_id != ContentType.objects.get_for_model(QuestionPage).pk:
        return
    if cache.add(f"assistant.draft.{instance.object_id}", True, _PAUSE):
        transaction.on_commit(partial(tasks.embed_draft.enqueue, int(instance.object_id)))
