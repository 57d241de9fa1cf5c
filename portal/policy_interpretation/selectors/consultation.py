"""Consultation before a document and discussion after it (R-POL-13)."""

import datetime
from dataclasses import dataclass

from portal.policy_interpretation.models import InterpretationPage, PolicyRelation, RelationKind
from portal.policy_interpretation.models.products import AuthorKind, ProductForm

_DISCUSSING = (AuthorKind.EXPERT, AuthorKind.INSTITUTE, AuthorKind.PUBLIC, AuthorKind.MEDIA)


@dataclass(frozen=True, slots=True)
class Consulted:
    """A page or address where comments were asked for, or where the document was discussed."""

    title: str
    url: str
    date: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Consultation:
    before: tuple[Consulted, ...]
    after: tuple[Consulted, ...]


def consultation_of(policy_pk: int) -> Consultation:
    """What a policy page lists: consultations before, oldest relation first, discussions after.

    Discussions are public products by experts, institutes, media and representatives of the
    public, and interviews and press conferences of anybody. Two queries.
    """
    relations = PolicyRelation.objects.filter(
        page=policy_pk, kind=RelationKind.CONSULTED_BY
    ).select_related("target")
    before = [
        Consulted(
            title=relation.target.title if relation.target else relation.target_title,
            url=(relation.target.get_url() or "") if relation.target else relation.target_url,
        )
        for relation in relations
        if relation.target is None or relation.target.live
    ]
    products = InterpretationPage.objects.filter(
        interprets__policy=policy_pk, live=True, alias_of=None
    ).distinct()
    talks = (ProductForm.INTERVIEW, ProductForm.PRESS_CONFERENCE)
    after = [
        Consulted(title=page.title, url=page.get_url() or "", date=page.displayed_date())
        for page in products.order_by("first_published_at", "pk")
        if page.author_kind in _DISCUSSING or page.form in talks
    ]
    return Consultation(tuple(before), tuple(after))
