"""The kinds of deadlines of this plugin, with what laws and notices say."""

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import ClockKind, Escalation, Limit, Terms, Unit, known_limit

SLUG = "policy_interpretation"
# Stored with every clock.
CLOCK_KIND = f"{SLUG}.interpretation"

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
