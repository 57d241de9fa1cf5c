"""The figures of letters: received, answered, in time, content; and the events behind them.

Sums are read from ``LetterFigure``, which is written with each step: a page costs the same with a
hundred letters as with a hundred thousand. ``export_events`` gives the steps themselves, and
``recompute`` comes to the same figures from nothing but those rows, by a way of its own: whoever
doubts a number can count again.

What is counted, each in the month in which it happened:

- *received*: letters that came in; *valid*: without those found invalid, directed to a channel of
  their own, or taken back;
- *answered*: letters with a first answer; *in time*: those of them within their time;
- *median* and *mean*: working days from receipt to the first answer;
- *public share*: answers that are public, of all answers;
- *satisfied share*: first ratings of 4 and 5, of all first ratings; *reopened*: taken up again.

Of a unit, what it was given first counts as received; of a theme, what was taken on.
"""

import csv
import datetime
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from portal.interaction.models import (
    NOT_VALID_STATES,
    LetterFigure,
    LetterKind,
    LetterStep,
    Verb,
)
from portal.interaction.services.counting import SATISFIED_FROM
from portal.plugin_api import kept_for

_KEPT = 60
EVENT_COLUMNS = (
    "number", "at", "event", "kind", "theme", "channel", "language", "unit", "from_state", "state",
    "first", "working_days", "in_time", "public", "score", "reopened",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures of a place and time. Shares are percent; None where nothing is there to share."""

    received: int = 0
    valid: int = 0
    answered: int = 0
    in_time: int = 0
    in_time_share: float | None = None
    median_days: float | None = None
    mean_days: float | None = None
    public_share: float | None = None
    satisfied_share: float | None = None
    reopened: int = 0


def summary(*, site: int | None, year: int | None = None) -> Summary:
    """The figures of a site (None: of all), of one year or of all years. One query."""
    counted = _whole(_rows(site, year)).values_list("measure", "bucket")
    rows = counted.annotate(number=Sum("count"))
    return _summary({(measure, bucket): number for measure, bucket, number in rows})


type Parts = dict[str, list[tuple[str, Summary]]]


def parts(*, site: int | None, year: int | None = None) -> Parts:
    """The same by kind, unit, theme and month. One query each, and none but one while no letter has
    been moved: then they are kept for a minute."""
    if connection.in_atomic_block:  # what is read here may never have been
        return _parts(site, year)
    newest = LetterStep.objects.order_by("-pk").values_list("pk", flat=True).first()
    key = f"interaction:figures:{site}:{year}:{newest}:{get_language()}"
    return kept_for(key, _KEPT, lambda: _parts(site, year))


def _parts(site: int | None, year: int | None) -> Parts:
    rows = _rows(site, year)
    kinds = dict(LetterKind.choices)
    with_kind, with_theme = rows.exclude(kind=""), rows.exclude(theme="")
    by_kind = [(str(kinds.get(key, key)), told) for key, told in _by(with_kind, "kind")]
    by_theme = _by(with_theme, "theme", received="sorted")
    by_month = [(date_format(key, "Y-m"), told) for key, told in _by(_whole(rows), "month")]
    with_unit = rows.filter(unit__isnull=False)
    by_unit = [
        (key, told) for key, told in _by(with_unit, "unit__full_name", received="assigned") if key
    ]
    return {
        "kind": by_kind,
        "unit": sorted(by_unit, key=lambda part: -part[1].answered),
        "theme": sorted(by_theme, key=lambda part: -part[1].answered),
        "month": sorted(by_month, reverse=True),
    }


def years(*, site: int | None) -> list[int]:
    """The years that have figures, the latest first."""
    months = _whole(_rows(site, None)).order_by().values_list("month", flat=True).distinct()
    return sorted({month.year for month in months}, reverse=True)


def themes_of(site: int, most: int = 12) -> list[str]:
    """What answered letters of a site were sorted into, the most frequent first."""
    rows = _rows(site, None).exclude(theme="").filter(measure="answered").order_by()
    counted = rows.values_list("theme").annotate(number=Sum("count")).order_by("-number", "theme")
    return [theme for theme, _number in counted[:most]]


def _whole(rows: QuerySet[LetterFigure]) -> QuerySet[LetterFigure]:
    """Those of sites by month; the others are the same again by kind, theme and unit."""
    return rows.filter(kind="", theme="", unit__isnull=True)


def _rows(site: int | None, year: int | None) -> QuerySet[LetterFigure]:
    rows = LetterFigure.objects.all()
    if site is not None:
        rows = rows.filter(site=site)
    if year is not None:
        rows = rows.filter(month__year=year)
    return rows


def _by(
    rows: QuerySet[LetterFigure], field: str, *, received: str = "received"
) -> list[tuple[Any, Summary]]:
    counts: dict[Any, dict[tuple[str, int], int]] = defaultdict(dict)
    found = rows.order_by().values_list(field, "measure", "bucket").annotate(number=Sum("count"))
    for key, measure, bucket, number in found:
        told = counts[key]
        told[measure, bucket] = told.get((measure, bucket), 0) + number
    return [(key, _summary(told, received)) for key, told in counts.items()]


def _summary(counts: Mapping[tuple[str, int], int], received: str = "received") -> Summary:
    days: dict[int, int] = {}
    scores: dict[int, int] = {}
    of: Counter[str] = Counter()
    for (measure, bucket), number in counts.items():
        of[measure] += number
        if measure == "answered":
            days[bucket] = number
        elif measure == "rated":
            scores[bucket] = number
    content = sum(number for score, number in scores.items() if score >= SATISFIED_FROM)
    return Summary(
        received=of[received],
        valid=of[received] - of["invalid"] + of["revived"],
        answered=of["answered"],
        in_time=of["in_time"],
        in_time_share=_share(of["in_time"], of["answered"]),
        median_days=_median(days),
        mean_days=_mean(days),
        public_share=_share(of["published"] - of["hidden"], of["answered"]),
        satisfied_share=_share(content, of["rated"]),
        reopened=of["reopened"],
    )


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _mean(days: Mapping[int, int]) -> float | None:
    whole = sum(days.values())
    return round(sum(day * number for day, number in days.items()) / whole, 1) if whole else None


def _median(days: Mapping[int, int]) -> float | None:
    """Of a spread: the middle one, or the mean of the two in the middle."""
    whole = sum(days.values())
    if not whole:
        return None
    wanted = ((whole - 1) // 2, whole // 2)
    found: list[int] = []
    passed = 0
    for day in sorted(days):
        passed += days[day]
        found += [day] * sum(1 for place in wanted[len(found) :] if place < passed)
    return sum(found) / 2


# --- the events behind them -----------------------------------------------------------------------
def export_events(
    *, site: int | None, first: datetime.date, last: datetime.date
) -> Iterator[dict[str, Any]]:
    """Every step of the letters of a site between two days, without a word that anybody wrote and
    without anybody's name. Read in portions."""
    zone = timezone.get_current_timezone()
    begin = datetime.datetime.combine(first, datetime.time(), tzinfo=zone)
    end = datetime.datetime.combine(last, datetime.time(), tzinfo=zone)
    steps = LetterStep.objects.filter(at__gte=begin, at__lt=end + datetime.timedelta(days=1))
    steps = steps.exclude(verb__in=(Verb.NOTE, Verb.ERASE, Verb.ASK_ADVICE, Verb.ADVISE))
    if site is not None:
        steps = steps.filter(letter__site=site)
    # Of the letter not a word is read: a step is a row of a few hundred bytes.
    steps = steps.select_related("letter", "unit").only(
        "verb", "at", "from_state", "to_state", "data", "letter__number", "letter__kind",
        "letter__channel", "letter__language", "unit",
    )  # fmt: skip
    steps = steps.order_by("at", "letter_id", "seq")
    for step in steps.iterator(chunk_size=1000):
        yield _event(step)


def _event(step: LetterStep) -> dict[str, Any]:
    data, letter = step.data, step.letter
    is_release = step.verb == Verb.RELEASE
    return {
        "number": letter.number,
        "at": timezone.localtime(step.at).isoformat(timespec="seconds"),
        "event": step.verb,
        "kind": data.get("kind", letter.kind),
        "theme": data.get("theme", ""),
        "channel": letter.channel,
        "language": letter.language,
        "unit": str(step.unit or ""),
        "from_state": step.from_state,
        "state": step.to_state,
        "first": bool(data.get("first")),
        "working_days": data.get("days") if is_release else None,
        "in_time": data.get("in_time") if is_release else None,
        "public": {Verb.PUBLISH: True, Verb.WITHHOLD: False}.get(Verb(step.verb)),
        "score": data.get("score"),
        "reopened": bool(data.get("reopens")),
    }


def as_csv(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The rows as lines of a file that spreadsheets open, the names of the columns first."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, EVENT_COLUMNS)
    writer.writeheader()
    yield "\ufeff" + buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(row)
        yield buffer.getvalue()


def recompute(rows: Iterable[Mapping[str, Any]]) -> Summary:
    """The figures from exported rows alone: letter by letter, not measure by measure.

    The rows must reach back to the receipt of every letter in them.
    """
    letters: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        letters[row["number"]].append(row)
    valid = in_time = public = reopened = 0
    days: list[int] = []
    scores: list[int] = []
    for history in letters.values():
        valid += history[-1]["state"] not in NOT_VALID_STATES
        answers = [row for row in history if row["event"] == "release"]
        if answers:
            days.append(answers[0]["working_days"])
            in_time += answers[0]["in_time"]
        shown = [row["public"] for row in history if row["public"] is not None]
        public += bool(shown and shown[-1])
        scores += [row["score"] for row in history if row["event"] == "rate"][:1]
        reopened += sum(1 for row in history if row["reopened"])
    ordered, count = sorted(days), len(days)
    median = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2 if count else None
    satisfied = [score for score in scores if score in (4, 5)]
    return Summary(
        received=len(letters),
        valid=valid,
        answered=count,
        in_time=in_time,
        in_time_share=round(in_time / count * 100, 1) if count else None,
        median_days=median,
        mean_days=round(sum(days) / count, 1) if count else None,
        public_share=round(public / count * 100, 1) if count else None,
        satisfied_share=round(len(satisfied) / len(scores) * 100, 1) if scores else None,
        reopened=reopened,
    )
