"""The assistant's figures as plots and tables, in the language of whoever reads them."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext as _

from assistant.dialogue.statuses import Status
from assistant.portal_plugin.answering import languages
from assistant.portal_plugin.figures_panels import Cell, FiguresQuery, Table, tables_of_others
from assistant.portal_plugin.models.conversations import AnswerStatus, Channel, FeedbackReason
from assistant.portal_plugin.selectors.figures import Figures, Sums

from .plots import Plot, Series, bars, lines

# Longer periods are drawn by week: a bar stays wide enough to be pointed at.
_DAYS_DRAWN = 62


# --- plots ----------------------------------------------------------------------------------------
def plots(found: Figures) -> list[Plot]:
    steps = _steps(found.days)
    labels = [f"{day:%m-%d}" for day, _sums in steps]
    sums = [one for _day, one in steps]
    return [_volume(labels, sums, found), _rates(labels, sums, found), _speed(labels, sums, found)]


def _steps(days: Mapping[datetime.date, Sums]) -> list[tuple[datetime.date, Sums]]:
    if len(days) <= _DAYS_DRAWN:
        return list(days.items())
    weeks: dict[datetime.date, Sums] = {}
    for day, sums in days.items():
        _merge(weeks.setdefault(day - datetime.timedelta(days=day.weekday()), Sums()), sums)
    return list(weeks.items())


def _merge(into: Sums, sums: Sums) -> None:
    for name in ("statuses", "channels", "latencies", "reasons"):
        getattr(into, name).update(getattr(sums, name))
    into.conversations += sums.conversations
    into.useful += sums.useful
    into.not_useful += sums.not_useful


def _volume(labels: Sequence[str], sums: Sequence[Sums], found: Figures) -> Plot:
    clarify = [one.statuses[Status.CLARIFY] for one in sums]
    declined = [one.declined for one in sums]
    others = [
        one.asked - one.answered - one.declined - asks
        for one, asks in zip(sums, clarify, strict=True)
    ]
    total = found.total
    return bars(
        "volume",
        _("Questions"),
        _("%(asked)s questions: %(answered)s answered, %(clarify)s asked back, "
          "%(declined)s declined.")
        % {
            "asked": f"{total.asked:,}",
            "answered": f"{total.answered:,}",
            "clarify": f"{total.statuses[Status.CLARIFY]:,}",
            "declined": f"{total.declined:,}",
        },
        labels,
        [
            Series(_("answered"), "answered", [one.answered for one in sums]),
            Series(_("asked back"), "clarify", clarify),
            Series(_("declined"), "declined", declined),
            Series(_("others"), "others", others),
        ],
    )  # fmt: skip


def _rates(labels: Sequence[str], sums: Sequence[Sums], found: Figures) -> Plot:
    rate = {"rate": percent(found.total.answer_rate)}
    said = _("%(rate)s of those who wanted to know something were answered.") % rate
    if found.total.satisfaction is not None:
        useful = {"useful": percent(found.total.satisfaction)}
        said += " " + _("Of those who said so, %(useful)s found the answer useful.") % useful
    return lines(
        "rates",
        _("Answered, and found useful"),
        said,
        labels,
        [
            Series(_("answer rate"), "answered", [one.answer_rate for one in sums]),
            Series(_("found useful"), "useful", [one.satisfaction for one in sums]),
        ],
        percent,
        highest=1.0,
    )


def _speed(labels: Sequence[str], sums: Sequence[Sums], found: Figures) -> Plot:
    return lines(
        "speed",
        _("Time to the answer"),
        _("Half of the answers took at most %(median)s, 95 of 100 at most %(p95)s.")
        % {"median": milliseconds(found.total.median), "p95": milliseconds(found.total.p95)},
        labels,
        [
            Series(_("median"), "answered", [one.median for one in sums]),
            Series(_("95 of 100"), "declined", [one.p95 for one in sums]),
        ],
        milliseconds,
    )


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def milliseconds(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f} ms"


# --- tables ---------------------------------------------------------------------------------------
def tables(found: Figures, query: FiguresQuery, user: Any) -> list[Table]:
    """Everything that can be read and taken out, in the order of the page."""
    return [
        _questions(found),
        *tables_of_others(query, user),
        _statuses(found.total),
        _reasons(found.total),
        _by_language(found),
        *([_by_site(found)] if len(found.sites) > 1 else []),
        _channels(found.total),
        _days(found),
    ]


def _questions(found: Figures) -> Table:
    rows = [
        (
            Cell(row.title, reverse("wagtailadmin_pages:edit", args=[row.page])),
            row.given,
            row.useful,
            row.not_useful,
        )
        for row in found.entries
    ]
    return Table(
        "questions",
        _("Top questions"),
        [_("Question"), _("Given"), _("Useful"), _("Not useful")],
        rows,
        empty=_("No question was answered in this period."),
    )


def _statuses(total: Sums) -> Table:
    rows = [
        (str(status.label), number, _share(number, total))
        for status in AnswerStatus
        if (number := total.statuses[status.value])
    ]  # fmt: skip
    note = _("Small talk, blocked messages and forms do not count for the answer rate.")
    return Table(
        "statuses", _("What became of the questions"), [_("Status"), _("Number"), _("Share")],
        rows, note=note, empty=_("Nothing was asked in this period."),
    )  # fmt: skip


def _reasons(total: Sums) -> Table:
    known = dict(FeedbackReason.choices)
    rows = [(str(known.get(key, key)), number) for key, number in total.reasons.most_common()]
    said = sum(total.reasons.values())
    if total.not_useful > said:
        rows.append((_("no reason given"), total.not_useful - said))
    return Table(
        "reasons", _("Why answers were of no use"), [_("Reason"), _("Number")], rows,
        empty=_("Nobody said that an answer was of no use."),
    )  # fmt: skip


_SUM_COLUMNS = (
    "asked", "conversations", "answered", "declined", "answer_rate", "satisfaction", "median",
    "p95",
)  # fmt: skip


def _sum_titles() -> list[str]:
    return [
        _("Questions"), _("Conversations"), _("Answered"), _("Declined"), _("Answer rate"),
        _("Found useful"), _("Median"), _("95 of 100"),
    ]  # fmt: skip


def _sum_cells(sums: Sums) -> list[str | int]:
    shown: list[str | int] = []
    for name in _SUM_COLUMNS:
        value = getattr(sums, name)
        if name in ("answer_rate", "satisfaction"):
            value = percent(value)
        elif name in ("median", "p95"):
            value = milliseconds(value)
        shown.append(value)
    return shown


def _by_language(found: Figures) -> Table:
    rows = [(languages.NAMES.get(code, code), *_sum_cells(sums)) for code, sums in found.languages]
    return Table("languages", _("By language"), [_("Language"), *_sum_titles()], rows)


def _by_site(found: Figures) -> Table:
    records = apps.get_model("core", "SiteRecord").objects.in_bulk([pk for pk, _s in found.sites])
    rows = [
        (records[pk].short_name if pk in records else _("no site"), *_sum_cells(sums))
        for pk, sums in found.sites
    ]
    return Table("sites", _("By site"), [_("Site"), *_sum_titles()], rows)


def _channels(total: Sums) -> Table:
    known = dict(Channel.choices)
    rows = [
        (str(known.get(key, key)), number, _share(number, total))
        for key, number in total.channels.most_common()
    ]
    return Table("channels", _("Where it was asked"), [_("Place"), _("Number"), _("Share")], rows)


def _days(found: Figures) -> Table:
    rows = [
        (f"{day:%Y-%m-%d}", *_sum_cells(sums)) for day, sums in reversed(list(found.days.items()))
    ]
    return Table("days", _("Day by day"), [_("Day"), *_sum_titles()], rows)


def _share(number: int, total: Sums) -> str:
    return percent(number / total.asked if total.asked else None)
