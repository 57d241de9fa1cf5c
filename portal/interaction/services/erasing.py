"""Erasing who wrote: wherever the portal has it, not only in the row of the writer."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.interaction.masking import masked, personal_values, without_writer
from portal.interaction.models import (
    Advice,
    FollowUp,
    Letter,
    LetterRating,
    LetterSender,
    Reply,
    Transfer,
    Verb,
)

from .moving import Moment, MoveRefused, begin, record


@transaction.atomic
def erase_sender(
    *, letter: Letter, reason: str, by: Any = None, at: Moment | None = None
) -> Letter:
    """Erase who wrote a closed letter, with the files that came with it. Of what the writer wrote
    the masked text is what is left; of the replies what tells nothing of the writer. By the desk,
    or by the portal when the site's time for it is over (``by`` None).

    Raises:
        PermissionDenied, MoveRefused: as for every move; it is erased already.
    """
    found, moment = begin(letter, Verb.ERASE, by=by, at=at, reason=reason)
    sender = LetterSender.objects.select_for_update().filter(letter=found).first()
    if sender is None or sender.erased_at is not None:
        raise MoveRefused(_("The personal data of this letter were erased already."))
    names = [sender.name] if sender.name else []
    data = [sender.phone, sender.email, sender.address]
    _erase_words_of_writer(found, names, data)
    _erase_in_replies(found, names, data)
    _erase_in_notes(found, partial(without_writer, names=names, data=data))
    sender.name = sender.phone = sender.email = sender.address = sender.visitor = ""
    sender.wants_mail, sender.erased_at = False, timezone.now()
    sender.save()
    for file in found.files.all():
        forget = partial(file.file.storage.delete, file.file.name)
        file.delete()
        transaction.on_commit(forget, robust=True)
    record(found, Verb.ERASE, at=moment, by=by, reason=reason)
    return found


def _erase_words_of_writer(letter: Letter, names: list[str], data: list[str]) -> None:
    """Adds what the writer told in words to ``data``: a reply may say it again."""
    erased = _("(erased)")
    for words in (letter.subject, letter.text, letter.chinese_text):
        data += personal_values(words)
    letter.subject = letter.masked_subject or erased
    letter.text = letter.masked_text or erased
    letter.chinese_text = letter.conversation = ""
    letter.marked_text = masked(letter.marked_text, names)[:500]
    for asked in FollowUp.objects.filter(letter=letter):
        data += personal_values(asked.text)
        asked.text = asked.masked_text or masked(asked.text, names)
        asked.save()
    for rating in LetterRating.objects.filter(letter=letter).exclude(text=""):
        rating.text = masked(rating.text, names)
        rating.save()


def _erase_in_notes(letter: Letter, clean: Callable[[str], str]) -> None:
    """What the offices wrote to each other and to the writer on the way."""
    letter.steps.all().cleaned(clean)
    letter.publicity_reason = clean(letter.publicity_reason)[:200]
    for transfer in Transfer.objects.filter(letter=letter):
        transfer.reason = clean(transfer.reason)
        transfer.declined_reason = clean(transfer.declined_reason)
        transfer.save()
    for advice in Advice.objects.filter(letter=letter):
        advice.request, advice.opinion = clean(advice.request), clean(advice.opinion)
        advice.save()


def _erase_in_replies(letter: Letter, names: list[str], data: list[str]) -> None:
    for reply in Reply.objects.filter(letter=letter):
        reply.text = without_writer(reply.text, names, data)
        reply.translation = without_writer(reply.translation, names, data)
        reply.masked_text = without_writer(reply.masked_text, names, data)
        reply.masked_translation = without_writer(reply.masked_translation, names, data)
        # The guard names what it has found, and the places have moved.
        reply.guard = [
            {"code": row.get("code", ""), "blocking": bool(row.get("blocking")), "span": None,
             "detail": "", "message": ""}
            for row in reply.guard
        ]  # fmt: skip
        reply.guard_reason = masked(reply.guard_reason, names)[:300]
        reply.save()
