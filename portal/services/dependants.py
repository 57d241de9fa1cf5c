"""Guides that rest on a document: shown, one by one, when that is repealed or replaced."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.plugin_api import Dependant, DependantAction, page_dependant

from .clause_lookup import texts_of
from .models import GuidePage

_ACTIONS = (
    DependantAction.UPDATE,
    DependantAction.REPOINT,
    DependantAction.WITHDRAW,
    DependantAction.MARK,
)


class Guides:
    """In the registry ``dependants``: public guides, their translations too."""

    def dependants(self, *, item: str) -> Iterator[Dependant]:
        kind, _colon, number = item.partition(":")
        if kind != "page" or not number.isdigit():
            return
        pk = int(number)
        found = GuidePage.objects.filter(basis__target=pk, live=True, alias_of=None).distinct()
        for page in found.select_related("owner_unit").order_by("path"):
            yield page_dependant(
                page, kind=_("service guide"), place=_place(page, pk), actions=_ACTIONS
            )


def _place(page: GuidePage, pk: int) -> str:
    """The clauses that are cited, by what people call them."""
    rows = [row for row in page.basis.select_related("target") if row.target_id == pk]
    texts = texts_of((row.target, row.clauses) for row in rows if row.target and row.clauses)
    labels = [text.label for text in texts.values()]
    return _(", ").join(dict.fromkeys(labels))[:300]
