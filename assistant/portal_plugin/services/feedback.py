"""Whether an answer helped: the visitor's last word counts."""

from django.db import transaction
from django.utils import timezone

from assistant.dialogue.cleaning import clean
from assistant.portal_plugin.models.conversations import AnswerRecord, Feedback, FeedbackReason
from portal.text.personal_data import scrub

LONGEST_COMMENT = 500


@transaction.atomic
def give_feedback(
    *, record: AnswerRecord, useful: bool, reason: str = "", comment: str = ""
) -> Feedback:
    """Keep what a visitor says of an answer, without personal data. A reason only with "no"."""
    kept = reason if not useful and reason in FeedbackReason.values else ""
    said = scrub(clean(comment)).text[:LONGEST_COMMENT] if not useful else ""
    feedback, _created = Feedback.objects.update_or_create(
        answer=record,
        defaults={"useful": useful, "reason": kept, "comment": said, "at": timezone.now()},
    )
    return feedback
