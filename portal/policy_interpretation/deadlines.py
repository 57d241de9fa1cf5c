"""The kinds of deadlines of this plugin, with what laws and notices say."""

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import ClockKind, Escalation, Limit, Terms, Unit, known_limit

SLUG = "policy_interpretation"
# Stored with every clock.
CLOCK_KIND = f"{SLUG}.interpretation"
FIRST_INFORMATION = f"{SLUG}.first_information"
PRESS_CONFERENCE = f"{SLUG}.press_conference"
OPINION_RESPONSE = f"{SLUG}.opinion_response"
INVITED_ANSWER = f"{SLUG}.invited_answer"

_interpretation = known_limit("interpretation_after_document")

INTERPRETATION = ClockKind(
    label=_("Interpretation of a document"),
    due_label=_("Interpretation by"),
    terms=Terms(
        limit=_interpretation.limit,
        reminders=(Limit(1, Unit.WORKING_DAYS),),
        escalations=(
            Escalation(Limit(0, Unit.WORKING_DAYS), "site_admin"),
            Escalation(Limit(2, Unit.WORKING_DAYS), "auditor"),
        ),
    ),
    basis=_interpretation.basis,
    verified=_interpretation.verified,
)


def _kind(known: str, label: object, due_label: object, reminder: Limit) -> ClockKind:
    limit = known_limit(known)
    return ClockKind(
        label=label,
        due_label=due_label,
        terms=Terms(
            limit=limit.limit,
            reminders=(reminder,),
            escalations=(Escalation(Limit(0, Unit.HOURS), "site_admin"),),
        ),
        basis=limit.basis,
        verified=limit.verified,
    )


OPINION_KINDS = {
    "first_information": _kind(
        "emergency_first_information",
        _("First information on an emergency"),
        _("First information by"),
        Limit(1, Unit.HOURS),
    ),
    "press_conference": _kind(
        "emergency_press_conference",
        _("Press conference on an emergency"),
        _("Press conference by"),
        Limit(4, Unit.HOURS),
    ),
    "opinion_response": _kind(
        "public_opinion_response",
        _("Response to public opinion"),
        _("Response by"),
        Limit(8, Unit.HOURS),
    ),
    "invited_answer": _kind(
        "simple_question_reply",
        _("Answer of an invited unit"),
        _("Answer by"),
        Limit(1, Unit.WORKING_DAYS),
    ),
}
