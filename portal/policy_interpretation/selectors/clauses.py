"""Where a clause stands, or stood: for addresses that outlive the clause."""

import datetime
from dataclasses import dataclass

from portal.policy_interpretation.clauses import from_json, short_id
from portal.policy_interpretation.models import PolicyPage, PolicyVersion


@dataclass(frozen=True, slots=True)
class Lost:
    """A clause that the text of today has not.

    ``until`` is the last day on which it stood there; None where no version knows it.
    """

    id: str
    number: str = ""
    until: datetime.date | None = None


def stands_in_page(page: PolicyPage, wanted: str) -> bool:
    """Whether the page itself holds a clause with this short id."""
    return any(
        block["type"] == "clause" and short_id(block["id"]) == wanted
        for block in page.body.raw_data
    )


def lost_clause(policy_pk: int, wanted: str) -> Lost:
    """When a clause (by its short id) stood in a document. One query."""
    for version in PolicyVersion.objects.filter(policy=policy_pk).reverse():
        for clause in from_json(version.clauses):
            if short_id(clause.id) == wanted and version.until is not None:
                until = version.until - datetime.timedelta(days=1)
                return Lost(wanted, clause.number, until)
    return Lost(wanted)
