"""Where each sentence is said, by the first part of its key; and what stands for its values when
editors look at it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistant.portal_plugin.answering.sentences import SENTENCES

PLACES: dict[str, Promise] = {
    "": _("Short replies, and why something is not answered"),
    "start": _("On the buttons that offer what can be done"),
    "talk": _("About the conversation: language, repeating, stopping"),
    "service": _("When a service is looked for"),
    "policy": _("When somebody asks whether a document is in force"),
    "office": _("When somebody asks for opening hours and addresses"),
    "human": _("When somebody wants to talk to a person"),
    "form": _("In every form"),
    "letter": _("While a letter is written"),
    "status": _("When somebody asks how a letter stands"),
    "report": _("While an error on a page is reported"),
    "skill": _("When a plugin leads the visitor"),
    "note": _("Beside an answer, where it came about unusually"),
}

# What a value may look like: for the preview only.
EXAMPLES: dict[str, object] = {
    "document": "《云湖市居住证管理办法》（云政发〔2024〕8号）",
    "by": "《云湖市居住证条例》",
    "name": "云湖市居住证管理办法",
    "bodies": "云湖市人民政府",
    "day": "2026-10-01",
    "next": "2026-10-08",
    "time": "09:00",
    "phone": "12345",
    "address": "云湖市湖滨区望湖大道1号",
    "hours": "9:00—12:00, 13:30—17:30",
    "over": 12,
    "longest": 60,
    "label": "…",
    "number": "YH20261126001",
    "state": "…",
}


def place_of(key: str) -> str:
    """The key of the place where a sentence is said."""
    first, dot, _rest = key.partition(".")
    return first if dot else ""


def keys_by_place() -> dict[str, list[str]]:
    """All sentences, in the order of the places."""
    return {
        place: [key for key in SENTENCES if place_of(key) == place and key != "answered"]
        for place in PLACES
    }
