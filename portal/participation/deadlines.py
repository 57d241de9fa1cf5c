"""The kinds of deadlines of this plugin."""

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import ClockKind, Escalation, Limit, Terms, Unit, known_limit

SLUG = "participation"
# Stored with every clock.
RESULT_KIND = f"{SLUG}.result"
QUESTIONS_KIND = f"{SLUG}.interview_questions"

_questions = known_limit("interview_open_questions")
_ESCALATIONS = (
    Escalation(Limit(0, Unit.WORKING_DAYS), "site_admin"),
    Escalation(Limit(5, Unit.WORKING_DAYS), "auditor"),
)

# No law names the days within which a result is due: a default of the house, set by each site.
RESULT = ClockKind(
    label=_("Result of a solicitation, survey or interview"),
    due_label=_("Result by"),
    terms=Terms(
        limit=Limit(20, Unit.WORKING_DAYS),
        reminders=(Limit(10, Unit.WORKING_DAYS), Limit(2, Unit.WORKING_DAYS)),
        escalations=_ESCALATIONS,
    ),
    verified=False,
)
INTERVIEW_QUESTIONS = ClockKind(
    label=_("Open questions of an interview"),
    due_label=_("Answers by"),
    terms=Terms(
        limit=_questions.limit,
        reminders=(Limit(1, Unit.WORKING_DAYS),),
        escalations=_ESCALATIONS[:1],
    ),
    basis=_questions.basis,
    verified=_questions.verified,
)
