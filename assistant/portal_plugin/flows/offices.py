"""Opening hours and addresses: of the office that is named, else of all."""

import datetime
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import override

from assistant.dialogue.contract import Action
from assistant.dialogue.days import coming_day
from assistant.dialogue.intents import Intent
from assistant.dialogue.naming import longest_named
from assistant.dialogue.prompts import Button
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.answering.contact import contact
from assistant.portal_plugin.dialogue.turn import Outcome, Turn, action
from assistant.portal_plugin.models.conversations import AnswerRecord
from assistant.portal_plugin.selectors.offices import Office, offices
from portal.plugin_api import clocks

from .offers import offer
from .voice import Voice, link, payload

OFFICE = "office"  # values of the buttons that choose one: ``office:5``
_MOST = 6
_NEXT = (Intent.FIND_SERVICE, Intent.HUMAN, Intent.HELP)


@action(Action.OFFICE_HOURS)
def office_hours(turn: Turn) -> Outcome:
    """Address, hours and telephone, and whether people work on the day that is asked about."""
    message = "" if turn.is_pressed else turn.question.message
    known = offices()
    keys = longest_named(message, {str(office.pk): tuple(office.names) for office in known})
    named = [office for office in known if str(office.pk) in keys]
    voice = Voice(turn)
    if len(named) > 1:
        return _which(turn, voice, named[:_MOST])
    record = _told(voice, named[0] if named else None, message)
    return Outcome(record, offer(turn, voice, _NEXT))


def tell_office(turn: Turn, pk: int) -> Outcome | None:
    """The office that was chosen; None where there is no such one (any more)."""
    found = next((office for office in offices() if office.pk == pk), None)
    if found is None:
        return None
    voice = Voice(turn)
    return Outcome(_told(voice, found, ""), offer(turn, voice, _NEXT))


def _which(turn: Turn, voice: Voice, named: Sequence[Office]) -> Outcome:
    record = voice.record(Status.CLARIFY, voice("office.which"))
    buttons = [
        Button(_called(voice, office), payload("choose", value=f"{OFFICE}:{office.pk}"))
        for office in named
    ]
    buttons.append(voice.button("start.human", payload(Intent.HUMAN)))
    return Outcome(record, voice.offer(buttons, field=OFFICE))


def _told(voice: Voice, office: Office | None, message: str) -> AnswerRecord:
    lines: list[str] = []
    if office is not None:
        lines += [
            voice("office.address", address=office.address) if office.address else "",
            voice("office.hours", hours=office.hours) if office.hours else "",
            voice("office.phone", phone=office.phone) if office.phone else "",
        ]
    day = coming_day(message, timezone.localdate())
    lines.append(_on(voice, day) if day is not None else "")
    with override(voice.spoken):
        found = contact(voice.site)
    if day is None or day == timezone.localdate():
        lines.append(found.opening)
    if office is None:
        lines.append(voice("office.general"))
    title = _called(voice, office) if office is not None else voice("start.office_hours")
    record = voice.record(Status.ANSWERED, *lines, title=title)
    record.confidence = 1.0
    if office is not None and office.url:
        record.content["actions"] = [link("office", title, office.url)]
    return record


def _on(voice: Voice, day: datetime.date) -> str:
    """Whether people work on a day, by the work calendar with its holidays and make-up days."""
    midnight = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
    state = clocks.office_state(voice.site, midnight)
    opens = timezone.localtime(state.changes_at)
    if state.is_open or opens.date() == day:
        return voice("office.working_day", day=voice.day(day), time=f"{opens:%H:%M}")
    return voice(
        "office.day_off", day=voice.day(day), next=voice.day(opens.date()), time=f"{opens:%H:%M}"
    )


def _called(voice: Voice, office: Office) -> str:
    """Its name; beside it the English one for those who do not read Chinese."""
    if voice.language.startswith("zh") or not office.english_name:
        return office.name
    return f"{office.english_name} ({office.name})"
