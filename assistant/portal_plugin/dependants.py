"""Entries that rest on a page or document: shown when that is repealed or replaced."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from assistant.portal_plugin.clause_lookup import clauses_of
from assistant.portal_plugin.models import QuestionPage
from portal.plugin_api import Dependant, DependantAction, page_dependant

_ACTIONS = (
    DependantAction.UPDATE,
    DependantAction.WITHDRAW,
    DependantAction.REPOINT,
)


class Entries:
    """Public entries that cite the page, and their translations."""

    def dependants(self, *, item: str) -> Iterator[Dependant]:
        kind, _colon, number = item.partition(":")
        if kind != "page" or not number.isdigit():
            return
        pk = int(number)
        about = Q(sources__target=pk) | Q(translation_of__sources__target=pk) | Q(translation_of=pk)
        found = QuestionPage.objects.filter(about, live=True, alias_of=None).distinct()
        for page in found.select_related("owner_unit").prefetch_related("sources__target"):
            yield page_dependant(
                page, kind=_("question and answer"), place=_place(page, pk), actions=_ACTIONS
            )


def _place(page: QuestionPage, pk: int) -> str:
    """The clauses that are cited, by their labels."""
    labels: list[str] = []
    for row in page.sources.all():
        if row.target_id == pk and row.target is not None:
            labels += [clause.label for clause in clauses_of(row.target, row.clauses or ())]
    return "、".join(labels)[:300]
