"""The names that Rasa's files and the portal share; a test holds both sides together.

One message goes round like this. The portal guards it and sends it to Rasa's channel
(``POST {RASA_URL}/webhooks/portal/webhook``, bearer ``RASA_TOKEN``) as ``{"sender", "message",
"payload", "metadata"}``: typed text or a button's payload, one of them empty. Rasa decides what to
do and calls back the listener of the web processes (``RASA_CALLBACK_BIND``, bearer
``RASA_CALLBACK_TOKEN``), which is not the portal's public address:

* ``POST /assistant/dialogue/action``: ``{"next_action", "sender_id", "tracker", …}`` →
  ``{"events": […], "responses": […]}``; anything but 200 means that nothing was done.
* ``POST /assistant/dialogue/say``: ``{"response", "arguments", "tracker", "channel"}`` →
  ``{"text": "", "custom"}``: every word that is said comes from the portal.

Rasa answers the channel with the list of what was said. An empty list means that something failed.
``metadata`` is ``{"language", "page", "site", "turn", …}`` (``dialogue.trackers.Sent``) and
arrives with every call back as ``tracker.latest_message.metadata``; ``turn`` is the id that the
answer will have, so that a call back that comes too late changes nothing (409). Whatever a call
back says stands in that answer's receipt; Rasa only gets ``custom: {"answer": "<its id>"}``.
"""

from enum import StrEnum

CHANNEL_PATH = "/webhooks/portal/webhook"
# What is kept of a conversation, ``{"sender": …}`` -> ``{"held": […]}`` and ``{"forgotten": n}``.
HELD_PATH = "/webhooks/portal/held"
FORGET_PATH = "/webhooks/portal/forget"


class Action(StrEnum):
    """What the portal does when Rasa says so (``next_action``)."""

    ANSWER = "action_answer"
    FIND_SERVICE = "action_find_service"
    ASK_POLICY = "action_ask_policy"
    OFFICE_HOURS = "action_office_hours"
    HUMAN = "action_human"
    SWITCH_LANGUAGE = "action_switch_language"
    REPEAT = "action_repeat"
    CANCEL = "action_cancel"
    NOTHING_TO_CONFIRM = "action_nothing_to_confirm"
    BEGIN_LETTER = "action_begin_letter"
    SUBMIT_LETTER = "action_submit_letter"
    BEGIN_REPORT = "action_begin_report"
    SUBMIT_REPORT = "action_submit_report"
    BEGIN_STATUS = "action_begin_status"
    SHOW_STATUS = "action_show_status"
    FORM_STOPPED = "action_form_stopped"
    VALIDATE_LETTER = "validate_letter_form"
    VALIDATE_REPORT = "validate_report_form"
    VALIDATE_STATUS = "validate_status_form"


class Form(StrEnum):
    LETTER = "letter_form"
    REPORT = "report_form"
    STATUS = "status_form"


# What each form asks, in order. The last slot of a writing form is the visitor's yes.
SLOTS: dict[Form, tuple[str, ...]] = {
    Form.LETTER: ("letter_kind", "letter_subject", "letter_text", "letter_confirmed"),
    Form.REPORT: ("report_kind", "report_text", "report_confirmed"),
    Form.STATUS: ("status_number", "status_code"),
}


class Said(StrEnum):
    """Responses (``utter_…``) whose words the portal gives; ``utter_ask_<slot>`` come beside."""

    GREETING = "utter_greeting"
    THANKS = "utter_thanks"
    GOODBYE = "utter_goodbye"
    HELP = "utter_help"


# What a conversation remembers beside, as long as the form is open.
ASIDE: dict[Form, tuple[str, ...]] = {
    Form.LETTER: ("letter_transcript",),
    Form.REPORT: ("report_page",),
    Form.STATUS: (),
}

# What payloads of buttons carry: ``/choose{"value": "complaint"}``, ``/change{"field": "…"}``.
ENTITIES = ("value", "field")


# For a plugin's skill: ``skill_<name>`` (intent), ``skill_<name>_form``, slots
# ``skill_<name>__<field>``, ``validate_skill_<name>_form``, and these two.
SKILL_BEGIN = "action_begin_skill_{name}"
SKILL_SUBMIT = "action_submit_skill_{name}"
