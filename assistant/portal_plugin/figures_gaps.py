"""The gaps of the knowledge base among the assistant's figures."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .figures_panels import Cell, FiguresQuery, Table
from .selectors.gaps import may_work_on, top_gaps


def gaps_table(query: FiguresQuery, user: Any) -> Table:
    """What was asked most in vain since the first day of the period, and who is to answer it."""
    since = timezone.make_aware(datetime.datetime.combine(query.first, datetime.time()))
    rows = [
        (
            Cell(
                line.gap.title,
                reverse("assistant_gap", args=[line.gap.pk]) if may_work_on(user, line.gap) else "",
            ),
            line.asked,
            str(line.gap.owner_unit or "–"),
            str(line.gap.get_state_display()),
        )
        for line in top_gaps(query.sites, since, count=20)
        if not query.language or line.gap.language == query.language
    ]
    return Table(
        "gaps",
        _("Top gaps"),
        [_("Question"), _("Asked"), _("Unit"), _("State")],
        rows,
        empty=_("Nothing was asked in vain that is not taken care of."),
    )
