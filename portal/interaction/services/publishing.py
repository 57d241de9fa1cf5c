"""Publishing the result: only what somebody of the office has looked over is shown (R-INT-08)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.interaction.models import FollowUp, Letter, Publicity, Reply, ReplyState, Verb
from portal.plugin_api import outbox_event, touch_content

from .moving import Moment, MoveRefused, begin, demand_text, name_of, record
from .replying import released_reply


@dataclass(frozen=True, slots=True)
class Looked:
    """A reply as it is published. ``text`` "": it is not shown."""

    text: str
    translation: str = ""


@transaction.atomic
def publish(
    *,
    letter: Letter,
    by: Any,
    masked_subject: str = "",
    masked_text: str = "",
    masked_reply: str = "",
    masked_translation: str | None = None,
    masked_follow_up: str | None = None,
    earlier: Mapping[int, Looked] | None = None,
    at: Moment | None = None,
) -> Letter:
    """Show question and answer in the ledger, as masked (personal data removed). Where a masked
    text is empty, what is stored of it stays.

    Args:
        masked_reply, masked_translation: of the answer that the writer got last; None leaves the
            translation as it is stored, "" does not show it.
        masked_follow_up: of the question that the writer has added; None shows what is stored,
            "" shows nothing.
        earlier: answers before the last by their key. What is not named stays as it was, shown
            or not.

    Raises:
        PermissionDenied, MoveRefused: as for every move; the writer does not want it, or a masked
            text is missing.
    """
    found, moment = begin(letter, Verb.PUBLISH, by=by, at=at)
    if not found.may_publish:
        raise MoveRefused(_("The writer does not agree that this letter is published."))
    reply = released_reply(found)
    if reply is None:
        raise MoveRefused(_("There is no answer to publish."))
    found.masked_subject = masked_subject.strip()[:120] or found.masked_subject
    found.masked_text = masked_text.strip() or found.masked_text
    shown = masked_reply.strip() or reply.masked_text
    if not (found.masked_subject and found.masked_text and shown):
        raise MoveRefused(
            _("Look through subject, text and reply as they are published, without personal data.")
        )
    translation = reply.masked_translation if masked_translation is None else masked_translation
    _show_reply(reply, Looked(shown, translation), moment)
    others = Reply.objects.filter(letter=found, state=ReplyState.RELEASED).exclude(pk=reply.pk)
    for row in others.filter(pk__in=earlier or {}):
        _show_reply(row, (earlier or {})[row.pk], moment)
    _show_follow_up(found, masked_follow_up, moment)
    newly = found.published_at is None
    found.publicity, found.publicity_reason = Publicity.PUBLIC, ""
    found.publicity_by_name, found.published_at = name_of(by), moment
    record(found, Verb.PUBLISH, at=moment, by=by, data={"newly": newly})
    _tell_of_publication(found, is_public=True)
    return found


def _show_reply(reply: Reply, looked: Looked, moment: Moment) -> None:
    if looked.text.strip():
        reply.masked_text = looked.text.strip()
        reply.masked_translation = looked.translation.strip()
        reply.published_at = moment
    else:
        reply.published_at = None
    reply.save()


def _show_follow_up(letter: Letter, words: str | None, moment: Moment) -> None:
    asked = FollowUp.objects.filter(letter=letter).first()
    if asked is None:
        return
    shown = asked.masked_text if words is None else words.strip()
    asked.masked_text, asked.published_at = shown or asked.masked_text, moment if shown else None
    asked.save()


@transaction.atomic
def decide_publicity(
    *,
    letter: Letter,
    publicity: str,
    by: Any,
    reason: str = "",
    at: Moment | None = None,
    **looked_over: Any,
) -> Letter:
    """Publish the result, or say why not (R-INT-08): only releasers keep one from the public.

    Args:
        looked_over: the masked texts, as ``publish`` takes them.

    Raises:
        PermissionDenied, MoveRefused: as for ``publish``; there is no such ground.
    """
    if publicity == Publicity.PUBLIC:
        return publish(letter=letter, by=by, at=at, **looked_over)
    if publicity not in Publicity.values or publicity == Publicity.UNDECIDED:
        raise MoveRefused(_("Choose why it is not published."))
    found, moment = begin(letter, Verb.WITHHOLD, by=by, at=at, reason=reason)
    was_public = found.published_at is not None
    found.publicity = publicity
    found.publicity_reason = demand_text(reason, _("Give a reason."))[:200]
    found.publicity_by_name, found.published_at = name_of(by), None
    record(
        found,
        Verb.WITHHOLD,
        at=moment,
        by=by,
        reason=reason,
        data={"was_public": was_public, "ground": publicity},
    )
    if was_public:
        _tell_of_publication(found, is_public=False)
    return found


def _tell_of_publication(letter: Letter, *, is_public: bool) -> None:
    outbox_event(
        "letter.published",
        f"letter:{letter.pk}",
        {"number": letter.number, "site": letter.site_id, "public": is_public},
    )
    touch_content()
