"""Forgetting: conversations that are older than the retention go, with all that is held of them."""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assistant.portal_plugin.models.conversations import Conversation
from assistant.portal_plugin.models.receipts import AnswerBasis, ForgottenAnswer

from .visitor_data import erase

_BATCH = 500


def forget_old_conversations(*, site: int | None = None) -> int:
    """Delete what is older than the retention, of a site and of sites that are gone.

    In small transactions: visitors go on asking meanwhile, and a run that is cut off has done what
    it has done. Returns the number of conversations.
    """
    before = timezone.now() - datetime.timedelta(days=settings.ASSISTANT_RETENTION_DAYS)
    removed = 0
    while True:
        old = Conversation.objects.filter(Q(site=site) | Q(site=None), last_at__lt=before)
        pks = list(old.order_by("last_at").values_list("pk", flat=True)[:_BATCH])
        if not pks:
            break
        erase(conversations=pks)
        removed += len(pks)
    _forget_what_nobody_needs(before)
    return removed


def _forget_what_nobody_needs(before: datetime.datetime) -> None:
    """Receipts that would be gone by now anyway, and bases that no answer rests on any more."""
    ForgottenAnswer.objects.filter(at__lt=before).delete()
    while True:
        with transaction.atomic():
            unused = AnswerBasis.objects.filter(answers=None, created_at__lt=before)
            pks = list(unused.values_list("pk", flat=True)[:_BATCH])
            if not pks:
                return
            AnswerBasis.objects.filter(pk__in=pks).delete()
