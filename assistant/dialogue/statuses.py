"""The closed list of what can become of a question. The API, reports and receipts name it."""

from enum import StrEnum


class Status(StrEnum):
    ANSWERED = "answered"
    CLARIFY = "clarify"
    DECLINED_OUT_OF_SCOPE = "declined_out_of_scope"
    DECLINED_NO_SOURCE = "declined_no_source"
    FORM = "form"
    HANDED_OVER = "handed_over"
    SMALLTALK = "smalltalk"
    BLOCKED_PERSONAL_DATA = "blocked_personal_data"
    BLOCKED_INJECTION = "blocked_injection"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"


class Words(StrEnum):
    """What the assistant itself says, by key. Who shows it has the words in each language."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    OUT_OF_SCOPE = "out_of_scope"
    NO_SOURCE = "no_source"
    NOT_YET_THEN = "not_yet_then"
    HANDED_OVER = "handed_over"
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    ABILITIES = "abilities"
    EMPTY = "empty"
    IDENTITY_NUMBER = "identity_number"
    BANK_CARD = "bank_card"
    INJECTION = "injection"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    TOO_LONG = "too_long"
    ONE_AT_A_TIME = "one_at_a_time"
    FORM_WAITS = "form_waits"
    NOT_NOW = "not_now"
    PAUSED = "paused"


DECLINED = frozenset({Status.DECLINED_OUT_OF_SCOPE, Status.DECLINED_NO_SOURCE})
BLOCKED = frozenset({Status.BLOCKED_PERSONAL_DATA, Status.BLOCKED_INJECTION})
