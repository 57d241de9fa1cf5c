"""The written record of the secrecy review: what was asked, what was answered."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Key → question. Every one is answered; the last is about what is public already.
QUESTIONS = {
    "state_secrets": gettext_lazy("State secrets"),
    "work_secrets": gettext_lazy("Internal matters, work secrets, disposal plans"),
    "privacy": gettext_lazy("Personal privacy"),
    "business_secrets": gettext_lazy("Business secrets"),
    "together": gettext_lazy(
        "Together with what is public already (see the related items): anything sensitive"
    ),
}
NONE, CONCERNS = "none", "concerns"
ANSWERS = {NONE: gettext_lazy("no"), CONCERNS: gettext_lazy("yes or in doubt")}


def record_of(answers: dict[str, str]) -> dict[str, str]:
    """The answers as they are kept.

    Raises:
        ValidationError: a question is not answered, or something concerns: then it is returned.
    """
    recorded = {key: answers.get(key, "") for key in QUESTIONS}
    if any(value not in ANSWERS for value in recorded.values()):
        raise ValidationError(_("Answer every question of the secrecy review."))
    concerned = [str(QUESTIONS[key]) for key, value in recorded.items() if value == CONCERNS]
    if concerned:
        raise ValidationError(
            _("Return the item and say why: %(what)s.") % {"what": "; ".join(concerned)}
        )
    return recorded
