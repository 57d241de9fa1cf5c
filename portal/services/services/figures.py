"""Service figures brought in from a table."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.plugin_api import TableRow
from portal.services.models import ServiceFigure

COLUMNS = ("month", "figure", "value", "source")
NEEDED = ("month", "figure", "value")
MOST_ROWS = 5000
_MONTH = re.compile(r"(\d{4})[-/年.](\d{1,2})(?:月|[-/.]\d{1,2}(?:[ T].*)?)?")
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class RowProblem:
    line: int
    text: str


def store_figures(
    *, site: int, rows: Sequence[tuple[int, TableRow]]
) -> tuple[int, list[RowProblem]]:
    """All rows or none: how many were stored, and what is wrong with which line.

    A month that has the figure already gets the new value.
    """
    figures: dict[tuple[datetime.date, str], ServiceFigure] = {}
    problems: list[RowProblem] = []
    for line, row in rows:
        try:
            figure = _figure(site, row)
        except ValueError as error:
            problems.append(RowProblem(line, str(error)))
            continue
        key = (figure.month, figure.what)
        if key in figures:
            problems.append(RowProblem(line, _("This month and figure stand above already.")))
        figures[key] = figure
    if problems:
        return 0, problems
    with transaction.atomic():
        ServiceFigure.objects.bulk_create(
            figures.values(),
            update_conflicts=True,
            unique_fields=["site", "month", "what"],
            update_fields=["value", "source"],
        )
    return len(figures), []


def _figure(site: int, row: TableRow) -> ServiceFigure:
    """Raises ``ValueError`` with a sentence for people."""
    labels = {str(choice.label).lower(): choice.value for choice in ServiceFigure.What}
    text = row.get("figure", "").strip().lower()
    what = text if text in ServiceFigure.What.values else labels.get(text)
    if what is None:
        names = _(", ").join(ServiceFigure.What.values)
        raise ValueError(
            _("“%(text)s” is no figure. There are: %(names)s.") % {"text": text, "names": names}
        )
    number = row.get("value", "").replace(",", "").replace("，", "").strip()
    number = number.removesuffix(".0")
    if not (number.isascii() and number.isdecimal()) or int(number) > _LARGEST:
        raise ValueError(_("“%(text)s” is no whole number.") % {"text": row.get("value", "")})
    source = row.get("source", "").strip()
    if len(source) > 120:
        raise ValueError(_("The source is longer than 120 characters."))
    return ServiceFigure(
        site_id=site, month=month_of(row.get("month", "")), what=what, value=int(number),
        source=source,
    )  # fmt: skip


def month_of(text: str) -> datetime.date:
    """The first day of a month that is written as 2026-10, 2026/10, 2026年10月 or as a day."""
    found = _MONTH.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        month = datetime.date(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise ValueError(
            _("“%(text)s” is no month. Write it as 2026-10.") % {"text": text}
        ) from None
    if month > timezone.localdate().replace(day=1):
        raise ValueError(_("%(text)s has not come yet.") % {"text": text})
    return month
