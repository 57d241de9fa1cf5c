"""What the publish gate says of figures that differ."""

from typing import Any

from django.utils.translation import gettext as _

from portal.plugin_api import PublishProblem

from .cited import Library
from .comparing import Difference, compare
from .selectors import accepted_digests, blocks, field_of
from .sources import text_of

_FIELDS = frozenset({"title", "summary", "meaning", "body", "picture", "plain_words"})


def problems(page: Any, site: int | None) -> list[PublishProblem]:
    """One problem for each figure that differs and was not accepted in these very words.

    A figure of which the clauses do not speak is advice whatever the site has set: it may be right.
    """
    text = text_of(page)
    if text is None:
        return []
    differences = compare(text, Library()).differences
    if not differences:
        return []
    accepted = accepted_digests(page)
    blocking = blocks(site)
    return [
        PublishProblem(
            _message(one),
            field=field if (field := field_of(one.part)) in _FIELDS else "body",
            blocking=blocking and one.clause is not None,
            code="figures_differ",
        )
        for one in differences
        if (one.part, one.printed, one.digest) not in accepted
    ]


def _message(one: Difference) -> str:
    if one.clause is None:
        return _("The cited clauses do not speak of “%(figure)s”.") % {"figure": one.printed}
    return _("“%(figure)s” differs from the clause, which says “%(clause)s”.") % {
        "figure": one.printed,
        "clause": one.clause.text[one.clause_start : one.clause_end],
    }
