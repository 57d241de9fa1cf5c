"""The words of Rasa's responses: every ``utter_…`` is said here."""

from assistant.dialogue.contract import Said
from assistant.portal_plugin.dialogue.turn import Outcome, Turn

from . import forms
from .letters import LETTER
from .reports import REPORT
from .skills import skill_form
from .statuses import STATUS
from .talk import small_talk

_ASK = "utter_ask_"
_FORMS = (LETTER, REPORT, STATUS)


def say(response: str, turn: Turn) -> Outcome:
    """What a response says, and what is waited for.

    Raises:
        LookupError: there is no such response.
    """
    if response.startswith(_ASK):
        slot = response.removeprefix(_ASK)
        form = form_asking(slot)
        if form is not None:
            return forms.ask(form, slot, turn)
    elif response in Said:
        return small_talk(Said(response), turn)
    raise LookupError(f"nothing is said for {response}")


def form_asking(slot: str) -> forms.Form | None:
    """The form that asks for a slot; None for a slot of no form."""
    return next((form for form in _FORMS if slot in form.slots), None) or skill_form(slot)
