"""The switch that stops the assistant: at a site or anywhere, with a reason, on record.

Asked of the database with each question, so that it takes effect with the next one, in every
process and on every machine.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from assistant.dialogue.statuses import Words
from assistant.portal_plugin.answering import languages, wording
from assistant.portal_plugin.models.switches import AssistantPause
from assistant.portal_plugin.texts import to_traditional

LOG_PAUSED = "assistant.pause"
LOG_RESUMED = "assistant.resume"


class NotSwitched(Exception):
    """It cannot be done; the message says why, to whoever tried."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is said with a pause. ``until``: when it ends by itself, None for never."""

    reason: str
    sentence: str = ""
    sentence_en: str = ""
    until: datetime.datetime | None = None


def pause_at(site: int | None) -> AssistantPause | None:
    """The pause that holds at a site (None: of programs that ask for no site). One query."""
    about = Q(site=None) if site is None else Q(site=None) | Q(site=site)
    # The site's own goes first: its sentence is about this site.
    own_first = F("site").desc(nulls_last=True)
    return AssistantPause.objects.holding().filter(about).order_by(own_first, "-pk").first()


def paused(site: int | None, language: str) -> str | None:
    """What visitors of a site are told instead of an answer; None while it answers."""
    found = pause_at(site)
    return None if found is None else sentence_of(found, language)


def sentence_of(found: AssistantPause, language: str) -> str:
    """The site's own sentence: Chinese as it is, English for others, else the portal's words."""
    if language == languages.ZH_HANT and found.sentence:
        return to_traditional(found.sentence)
    own = found.sentence if language.startswith("zh") else found.sentence_en
    if own:
        return own
    with override(languages.interface(language)):
        text = wording.said(Words.PAUSED)
    return to_traditional(text) if language == languages.ZH_HANT else text


@transaction.atomic
def pause(*, site: int | None, terms: Terms, user: Any = None, by: str = "") -> AssistantPause:
    """Stop the assistant. One that holds there already is ended, and the new one takes its place.

    Args:
        by: who stands for it where no account does it (a command).

    Raises:
        NotSwitched: no reason, or an end that is over.
    """
    now = timezone.now()
    if not terms.reason.strip():
        raise NotSwitched(_("Say why: the reason goes on record."))
    if terms.until is not None and terms.until <= now:
        raise NotSwitched(_("The end has to lie in the future."))
    AssistantPause.objects.holding(now).filter(site=site).update(
        ended_at=now, ended_by=user, end_reason=_("Replaced by another pause")
    )
    made = AssistantPause.objects.create(
        site_id=site,
        starts_at=now,
        until=terms.until,
        reason=terms.reason.strip(),
        sentence=terms.sentence.strip(),
        sentence_en=terms.sentence_en.strip(),
        paused_by=user,
    )
    _record(made, LOG_PAUSED, user, terms.reason, by)
    return made


@transaction.atomic
def resume(*, site: int | None, reason: str = "", user: Any = None, by: str = "") -> None:
    """Let the assistant answer again.

    Raises:
        NotSwitched: it was not stopped there.
    """
    now = timezone.now()
    found = list(AssistantPause.objects.holding(now).filter(site=site).select_for_update())
    if not found:
        raise NotSwitched(_("The assistant was not stopped there."))
    for row in found:
        row.ended_at, row.ended_by, row.end_reason = now, user, reason.strip()
        row.save(update_fields=["ended_at", "ended_by", "end_reason"])
        _record(row, LOG_RESUMED, user, reason, by)


def _record(row: AssistantPause, action: str, user: Any, reason: str, by: str) -> None:
    """Into the history of the site, where its administrators read it; else of the pause."""
    data = {"pause": row.pk, "reason": reason.strip()} | ({"by": by} if by else {})
    log(instance=row.site or row, action=action, user=user, data=data)
