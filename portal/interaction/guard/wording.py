"""The guard's sentences, by code: stored findings have no language."""

from collections.abc import Callable

from django.utils.translation import gettext as _

_SENTENCES: dict[str, Callable[[], str]] = {
    "empty": lambda: _("There is no reply yet."),
    "other_letter": lambda: _("This reads like the answer to letter %(detail)s."),
    "off_topic": lambda: _("The reply says nothing of what the letter is about."),
    "same_reply": lambda: _("The same text was sent as the answer to letter %(detail)s."),
    "forwarded_only": lambda: _(
        "“Forwarded, please wait” is no final answer: say what was found or decided."
    ),
    "gap": lambda: _("A gap of the template is not filled: %(detail)s"),
    "no_basis": lambda: _("No basis is named: which rule or document does this rest on?"),
    "no_contact": lambda: _("No contact: whom can the writer ask, and under which number?"),
    "no_next_step": lambda: _("No next step: what does the writer do, or what happens when?"),
    "writer_data": lambda: _(
        "Personal data of the writer: %(detail)s. Leave it out or mask it before publishing."
    ),
    "third_person": lambda: _("Personal data of somebody: %(detail)s"),
    "salutation": lambda: _("The reply greets “%(detail)s”, which is not the writer's name."),
    "other_number": lambda: _("The reply names another letter's number: %(detail)s"),
    "too_short": lambda: _("The reply is very short."),
}


def sentence(code: str, detail: str) -> str:
    """What a finding says; a code of an older version stays readable as it is."""
    made = _SENTENCES.get(code)
    if made is None:
        return f"{code} {detail}".strip()
    words = made()
    return words % {"detail": detail} if "%(detail)s" in words else words
