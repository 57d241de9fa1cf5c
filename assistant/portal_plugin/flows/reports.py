"""An error on a page: what is wrong, filled in on the page of whoever takes such reports."""

from assistant.dialogue.contract import ASIDE, SLOTS, Action
from assistant.dialogue.contract import Form as FormName
from assistant.dialogue.intents import Intent
from assistant.dialogue.prompts import Filled
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.dialogue.turn import Outcome, Turn, action
from portal.plugin_api import ErrorReportDraft, capability, error_reports

from . import forms
from .forms import Asked, Form
from .offers import OTHERWISE, offer
from .prefilled import AGAIN, choices, prefill
from .providers import error_reports_at
from .voice import Voice

LONGEST_TEXT = 1_000
_KIND, _TEXT, _CONFIRMED = SLOTS[FormName.REPORT]
[_PAGE] = ASIDE[FormName.REPORT]


def _about(turn: Turn, voice: Voice) -> list[Filled]:
    page = str(turn.slots.get(_PAGE) or "")
    return [Filled(voice("report.page_label"), page)] if page else []


def _prepare(turn: Turn) -> Outcome:
    voice = Voice(turn)
    provider = capability(error_reports, turn.question.site)
    if provider is None:
        return _no_reports(turn, voice)
    draft = ErrorReportDraft(
        kind=turn.slots[_KIND],
        text=turn.slots[_TEXT],
        language=voice.spoken,
        page=str(turn.slots.get(_PAGE) or ""),
    )
    return prefill(
        REPORT,
        turn,
        lambda: provider.prepare(draft, site=turn.question.site),
        kind="report",
        sentences=("report.prepared", "report.open"),
        again=Intent.REPORT_ERROR,
        onward=(Intent.HUMAN, Intent.HELP),
    )


REPORT = Form(
    FormName.REPORT,
    title=lambda voice: voice("report.title"),
    fields=(
        Asked(
            _KIND,
            label=lambda voice: voice("report.kind_label"),
            ask=lambda voice: voice("report.kind"),
            choices=lambda voice: choices(capability(error_reports, voice.site), voice),
        ),
        Asked(
            _TEXT,
            label=lambda voice: voice("report.text_label"),
            ask=lambda voice: voice("report.text"),
            hint=lambda voice: voice("report.text_hint"),
            longest=LONGEST_TEXT,
        ),
    ),
    finish=_prepare,
    confirmed=_CONFIRMED,
    confirm=lambda voice: voice("report.confirm"),
    aside=ASIDE[FormName.REPORT],
    about=_about,
)


@action(Action.BEGIN_REPORT)
def begin_report(turn: Turn) -> Outcome:
    """Open the form for the page that the visitor is on; it stays the one of the beginning."""
    if error_reports_at(turn.question.site) is None:
        return _no_reports(turn, Voice(turn))
    again = turn.is_pressed and turn.entity("value") == AGAIN
    if again and REPORT.is_complete(turn.slots):
        return Outcome(slots={_CONFIRMED: None}, then=REPORT.name)
    return forms.begin(REPORT, **{_PAGE: turn.question.asked_from or None})


@action(Action.VALIDATE_REPORT)
def validate_report(turn: Turn) -> Outcome:
    return forms.take(REPORT, turn)


@action(Action.SUBMIT_REPORT)
def submit_report(turn: Turn) -> Outcome:
    return forms.submit(REPORT, turn)


def _no_reports(turn: Turn, voice: Voice) -> Outcome:
    record = voice.record(Status.HANDED_OVER, voice("report.none"))
    return Outcome(record, offer(turn, voice, OTHERWISE), slots=REPORT.forgotten)
