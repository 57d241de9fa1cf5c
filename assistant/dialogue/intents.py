"""What visitors want: the closed list that Rasa is trained on and everything else names.

A plugin's skill adds an intent ``skill_<name>``; the list here is the assistant's own.
"""

from enum import StrEnum


class Intent(StrEnum):
    # --- looked up ------------------------------------------------------------------------------
    ASK_QUESTION = "ask_question"
    FIND_SERVICE = "find_service"
    ASK_POLICY = "ask_policy"
    OFFICE_HOURS = "office_hours"
    LETTER_STATUS = "letter_status"
    # --- written or handed over, never without the visitor's yes ------------------------------
    LEAVE_LETTER = "leave_letter"
    REPORT_ERROR = "report_error"
    HUMAN = "human"
    # --- about the conversation -------------------------------------------------------------------
    SWITCH_LANGUAGE = "switch_language"
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    HELP = "help"
    CANCEL = "cancel"
    REPEAT = "repeat"
    AFFIRM = "affirm"
    DENY = "deny"


# Begin something that ends outside the conversation: a wrong start is what hurts.
WRITING = frozenset({Intent.LEAVE_LETTER, Intent.REPORT_ERROR})
HANDING_OVER = frozenset({Intent.HUMAN})


class Command(StrEnum):
    """What buttons and whole-message words say to the dialogue; nobody's sentence means these.

    They are intents without examples: only the portal sends them, after an allow-list.
    """

    STOP_FORM = "stop_form"
    CALL_HUMAN = "call_human"
    SKIP = "skip"
    CONFIRM = "confirm"
    CHANGE = "change"  # with the entity ``field``: the slot that is to be asked again
    CHOOSE = "choose"  # with the entity ``value``: the key of a choice


# Payloads of buttons that start something, beside the commands: ``/leave_letter`` and so on.
STARTABLE = frozenset(
    {
        Intent.FIND_SERVICE,
        Intent.LEAVE_LETTER,
        Intent.LETTER_STATUS,
        Intent.REPORT_ERROR,
        Intent.OFFICE_HOURS,
        Intent.HUMAN,
        Intent.HELP,
        Intent.REPEAT,
        Intent.CANCEL,
        Intent.AFFIRM,
        Intent.DENY,
    }
)
SKILL_PREFIX = "skill_"
