"""What the assistant itself could not answer: entered in the registry ``gap_signals``."""

import datetime
import hashlib
from collections.abc import Iterator
from heapq import merge

from django.db.models import Exists, OuterRef, Q, QuerySet

from assistant.portal_plugin.models import AnswerRecord, Channel, GapQuestion
from assistant.portal_plugin.models.conversations import AnswerStatus
from portal.plugin_api import GapSignal, main_site_pk

# So long a visitor has to choose among what was offered.
CHOOSES_WITHIN = datetime.timedelta(hours=1)
_KIND = GapQuestion.Kind


class UnansweredQuestions:
    """Questions without an approved text, answers of no use, and offers of which none was chosen.

    Asked about the present only, and not by the operators themselves.
    """

    def gap_signals(
        self, *, site: int, since: datetime.datetime, until: datetime.datetime
    ) -> Iterator[GapSignal]:
        asked = _asked_at(site)
        within = Q(asked_at__gte=since, asked_at__lt=until)
        unanswered = asked.filter(within, status=AnswerStatus.DECLINED_NO_SOURCE)
        rated = asked.filter(
            feedback__useful=False, feedback__at__gte=since, feedback__at__lt=until
        ).select_related("feedback")
        late = Q(asked_at__gte=since - CHOOSES_WITHIN, asked_at__lt=until - CHOOSES_WITHIN)
        chosen = AnswerRecord.objects.filter(
            conversation=OuterRef("conversation"),
            question=OuterRef("question"),
            status=AnswerStatus.ANSWERED,
            asked_at__gte=OuterRef("asked_at"),
        )
        unchosen = asked.filter(late, ~Exists(chosen), status=AnswerStatus.CLARIFY)
        yield from merge(
            _signals(unanswered.order_by("asked_at"), _KIND.UNANSWERED),
            _signals(rated.order_by("feedback__at"), _KIND.RATED),
            _signals(unchosen.order_by("asked_at"), _KIND.UNCHOSEN),
            key=lambda signal: signal.at,
        )


def asker_of(conversation: object) -> str:
    """Tells conversations apart; their own ids open them and are nobody's business here."""
    return hashlib.sha256(f"conversation {conversation}".encode()).hexdigest()[:32]


def _asked_at(site: int) -> QuerySet[AnswerRecord]:
    here = Q(site=site) | (Q(site=None) if site == main_site_pk() else Q(pk__in=[]))
    rows = AnswerRecord.objects.filter(here, as_of=None)
    return rows.exclude(conversation__channel=Channel.COMMAND).exclude(question="")


def _signals(rows: QuerySet[AnswerRecord], kind: str) -> Iterator[GapSignal]:
    for row in rows.iterator(chunk_size=500):
        yield GapSignal(
            key=row.pk,
            text=row.question,
            language=row.language,
            at=row.feedback.at if kind == _KIND.RATED else row.asked_at,
            kind=kind,
            asker=asker_of(row.conversation_id),
        )
