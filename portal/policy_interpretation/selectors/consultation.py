"""Consultation before a document and discussion after it (R-POL-13)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from portal.policy_interpretation.models import RelationKind
from portal.policy_interpretation.models.products import AuthorKind, ProductForm

from .products import ProductLink
from .relations import Related, RelationGroup

_DISCUSSING = (AuthorKind.EXPERT, AuthorKind.INSTITUTE, AuthorKind.PUBLIC, AuthorKind.MEDIA)
_TALKS = (ProductForm.INTERVIEW, ProductForm.PRESS_CONFERENCE)


@dataclass(frozen=True, slots=True)
class Discussed:
    """A product that discusses the document. ``by`` says who does."""

    title: str
    url: str
    by: str = ""
    date: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Consultation:
    """Where comments were asked for, and where the document was discussed. Falsy without any."""

    before: tuple[Related, ...] = ()
    after: tuple[Discussed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.before or self.after)


def is_consultation(group: RelationGroup) -> bool:
    """Whether a group of relations says where comments on the document were asked for."""
    return group.kind == RelationKind.CONSULTED_BY and not group.incoming


def consultation_of(
    groups: Iterable[RelationGroup], products: Iterable[ProductLink]
) -> Consultation:
    """What a policy page lists, out of its relations and products. No query.

    Discussions are public products by experts, institutes, media and representatives of the
    public, and interviews and press conferences of anybody; the oldest first.
    """
    before = [item for group in groups if is_consultation(group) for item in group.items]
    after = [
        Discussed(product.title, product.url, product.author_label, product.date)
        for product in products
        if product.author_kind in _DISCUSSING or product.form in _TALKS
    ]
    after.sort(key=lambda talk: (talk.date is not None, talk.date))
    return Consultation(tuple(before), tuple(after))
