"""What can be done here and now: the buttons that lead on. Nothing is offered that is not there."""

from collections.abc import Iterable, Iterator

from assistant.dialogue.intents import Intent
from assistant.dialogue.prompts import Button, Prompt
from assistant.portal_plugin.dialogue.turn import Turn
from assistant.portal_plugin.selectors.skills import skills_at

from .providers import error_reports_at, letters_at
from .voice import Voice, payload

_MOST_SKILLS = 5
ALL = (
    Intent.FIND_SERVICE,
    Intent.LEAVE_LETTER,
    Intent.LETTER_STATUS,
    Intent.REPORT_ERROR,
    Intent.OFFICE_HOURS,
    Intent.HUMAN,
)
# After something that did not help.
OTHERWISE = (Intent.HUMAN, Intent.LEAVE_LETTER, Intent.OFFICE_HOURS)


def offer(turn: Turn, voice: Voice, wanted: Iterable[Intent] = ALL) -> Prompt:
    """Buttons for what is wanted of it and can be done; a person can always be asked."""
    return voice.offer([*_buttons(turn, voice, wanted)])


def offer_everything(turn: Turn, voice: Voice) -> Prompt:
    """All that the assistant can do here, skills of plugins too."""
    buttons = [*_buttons(turn, voice, ALL)]
    skills = [
        Button(voice.lazy(skill.title), payload(skill.intent))
        for skill in skills_at(turn.question.site)[:_MOST_SKILLS]
    ]
    return voice.offer([*buttons[:-1], *skills, *buttons[-1:]])


def _buttons(turn: Turn, voice: Voice, wanted: Iterable[Intent]) -> Iterator[Button]:
    site = turn.question.site
    for intent in wanted:
        if intent in (Intent.LEAVE_LETTER, Intent.LETTER_STATUS) and letters_at(site) is None:
            continue
        if intent is Intent.REPORT_ERROR and (
            not turn.question.asked_from or error_reports_at(site) is None
        ):
            continue
        yield voice.button(f"start.{intent.value}", payload(intent))
