"""Forgetting: conversations that are older than the retention go, with their answers."""

import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from assistant.portal_plugin.models.conversations import AnswerRecord, Conversation, Feedback

_BATCH = 500


def forget_old_conversations(*, site: int | None = None) -> int:
    """Delete what is older than the retention, of a site and of sites that are gone.

    In small transactions: visitors go on asking meanwhile. Returns the number of conversations.
    """
    before = timezone.now() - datetime.timedelta(days=settings.ASSISTANT_RETENTION_DAYS)
    removed = 0
    while True:
        old = Conversation.objects.filter(Q(site=site) | Q(site=None), last_at__lt=before).order_by(
            "last_at"
        )
        pks = list(old.values_list("pk", flat=True)[:_BATCH])
        if not pks:
            return removed
        Feedback.objects.filter(answer__conversation__in=pks).delete()
        AnswerRecord.objects.filter(conversation__in=pks).delete()
        Conversation.objects.filter(pk__in=pks).delete()
        removed += len(pks)
