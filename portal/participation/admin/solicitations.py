"""The staff's screen of a solicitation: opinions by clause, decided one by one or many at once."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from portal.participation.models import ActivityKind, Opinion, Verdict
from portal.participation.selectors.solicitations import (
    STATES,
    opinions_of,
    reasons_of,
    staff_rows,
    tallies_of,
    totals_of,
)
from portal.participation.services import solicitations as services
from portal.participation.services.errors import ParticipationError

from .base import ActivityScreen, BoundedPaginator, numbers_in

ON_A_PAGE = 40
ALL = "all"


class SolicitationScreen(ActivityScreen):
    template_name = "participation/admin/solicitation.html"
    kind = ActivityKind.SOLICITATION

    def do_decide(self, request: HttpRequest) -> str:
        number = services.decide(
            page=self.page,
            opinions=self._all_shown(request) if "all" in request.POST else numbers_in(request),
            verdict=request.POST.get("verdict", ""),
            reason=request.POST.get("reason", ""),
            is_shown="shown" in request.POST,
            by=request.user,
        )
        return ngettext("%(n)d opinion decided.", "%(n)d opinions decided.", number) % {"n": number}

    def _all_shown(self, request: HttpRequest) -> QuerySet[Opinion]:
        """Every opinion of the filter, on whatever page of the list.

        Raises:
            ParticipationError: there are others than the screen said, or they would be shown to
                the public without having been read one by one.
        """
        rows = self._filtered()[0]
        if request.POST["all"] != str(rows.count()):
            raise ParticipationError(
                gettext("Other opinions have come in or were decided meanwhile: look again.")
            )
        if "shown" in request.POST:
            raise ParticipationError(
                gettext("What is shown in public is read and chosen one by one.")
            )
        return rows

    def _filtered(self) -> tuple[QuerySet[Opinion], str | None, str]:
        """The opinions that the address asks for, the clause (None: all) and the state."""
        wanted, state = self.request.GET.get("clause", ALL), self.request.GET.get("state", "")
        clause = None if wanted == ALL else wanted  # "" is the whole draft
        return opinions_of(self.page, clause=clause, state=state), clause, state

    def do_merge(self, request: HttpRequest) -> str:
        services.merge(page=self.page, opinions=numbers_in(request))
        return gettext("Merged. Each still counts; one is decided and shown.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        asked = self.request.GET
        rows, clause, state = self._filtered()
        page = BoundedPaginator(rows, ON_A_PAGE).get_page(asked.get("p"))
        clauses = staff_rows(self.page)
        labels = {row.clause.id: row.clause for row in clauses}
        return context | {
            "clauses": [row for row in clauses if row.tally.received],
            "clause": clause,
            "state": state,
            "states": [(s, Verdict("" if s == "open" else s).label) for s in STATES],
            "rows": page,
            "all_of_them": rows.count() if page.has_other_pages() else 0,
            "groups": _grouped(page, labels),
            "verdicts": [(v, v.label) for v in Verdict if v],
            "reasons": reasons_of(self.page),
            "totals": totals_of(tallies_of(self.page.pk)),
        }


def _grouped(rows: Any, labels: dict[str, Any]) -> list[tuple[Any, list[Opinion]]]:
    """In the order of the text; clauses that it no longer has come last."""
    groups: dict[str, list[Opinion]] = {}
    for row in rows:
        groups.setdefault(row.clause, []).append(row)
    order = [*labels, *(clause for clause in groups if clause not in labels)]
    return [(labels.get(clause), groups[clause]) for clause in order if clause in groups]


def export_rows(page: Any) -> Iterator[list[str]]:
    """All opinions without name and contact: those are read on the screen, not carried away."""
    labels = {row.clause.id: row.clause.label for row in staff_rows(page)}
    yield [
        gettext("Number"), gettext("Clause"), gettext("Sent"), gettext("Opinion"),
        gettext("Decision"), gettext("Reason"), gettext("Merged into"),
    ]  # fmt: skip
    verdicts = dict(Verdict.choices)
    for row in Opinion.objects.filter(solicitation=page).order_by("pk").iterator(chunk_size=2000):
        yield [
            str(row.pk), labels.get(row.clause, row.clause),
            timezone.localtime(row.sent_at).strftime("%Y-%m-%d %H:%M"), row.text,
            str(verdicts[row.verdict]), row.reason, str(row.merged_into_id or ""),
        ]  # fmt: skip
