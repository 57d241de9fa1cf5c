"""Letters and replies as the reply guard reads them."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from portal.interaction.guard import Finding, LetterText, OtherText, check, template_share
from portal.interaction.models import Letter, LetterSender, Reply, ReplyState

_OF_UNIT = 150
_OF_SITE = 150
_FIELDS = ("pk", "number", "subject", "text", "chinese_text", "language")
_MOST_OF_UNIT = 200


def findings(letter: Letter, text: str) -> list[Finding]:
    """What the guard says of a text as the reply to a letter. Five queries at most."""
    return check(letter_text(letter), text, others_of(letter))


def letter_text(letter: Letter) -> LetterText:
    sender = LetterSender.objects.filter(letter=letter).first()
    data = (sender.phone, sender.email, sender.address) if sender is not None else ()
    return LetterText(
        number=letter.number,
        text=_in_chinese(letter.subject, letter.text, letter.chinese_text, letter.language),
        sender_name=sender.name if sender is not None else "",
        sender_data=tuple(filter(None, data)),
    )


def _in_chinese(subject: str, text: str, chinese: str, language: str) -> str:
    if chinese:
        return chinese
    return f"{subject}。{text}" if language.startswith("zh") else ""


def others_of(letter: Letter) -> list[OtherText]:
    """The letters that lie beside one: the newest of its unit and of its site, with the last reply
    that was sent. The reply of a letter that was joined with it is the same by design."""
    rows = Letter.objects.filter(site=letter.site_id).exclude(pk=letter.pk)
    rows = rows.exclude(merged_into=letter.pk).order_by("-received_at", "-pk")
    found: dict[int, Any] = {}
    if letter.unit_id is not None:
        for row in rows.filter(unit=letter.unit_id).values_list(*_FIELDS)[:_OF_UNIT]:
            found[row[0]] = row
    for row in rows.values_list(*_FIELDS)[:_OF_SITE]:
        found.setdefault(row[0], row)
    released = Reply.objects.filter(letter__in=found, state=ReplyState.RELEASED)
    replies = dict(released.order_by("pk").values_list("letter", "text"))
    return [
        OtherText(number, _in_chinese(subject, text, chinese, language), replies.get(pk, ""))
        for pk, number, subject, text, chinese, language in found.values()
    ]


# --- the board ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class UnitShare:
    """How much of a unit's replies are sentences that come again, in percent."""

    unit: str
    replies: int
    share: float
    with_findings: int


def template_shares(sites: set[int] | None, *, days: int = 180) -> list[UnitShare]:
    """By unit, the highest share first; of each unit its newest replies. One query."""
    since = timezone.now() - datetime.timedelta(days=days)
    rows = Reply.objects.filter(state=ReplyState.RELEASED, released_at__gte=since)
    # A joined letter gets the reply of the main one: that is no template.
    rows = rows.filter(unit__isnull=False, letter__merged_into__isnull=True)
    if sites is not None:
        rows = rows.filter(letter__site__in=sites)
    texts: dict[str, list[tuple[str, bool]]] = {}
    newest = rows.order_by("-released_at").values_list(F("unit__short_name"), "text", "guard")
    for unit, text, guard in newest[: 20 * _MOST_OF_UNIT]:
        kept = texts.setdefault(unit, [])
        if len(kept) < _MOST_OF_UNIT:
            kept.append((text, any(row.get("blocking") for row in guard)))
    found = [
        UnitShare(
            unit=unit,
            replies=len(kept),
            share=round(100 * template_share([text for text, _flag in kept]), 1),
            with_findings=sum(flag for _text, flag in kept),
        )
        for unit, kept in texts.items()
    ]
    return sorted(found, key=lambda row: -row.share)
