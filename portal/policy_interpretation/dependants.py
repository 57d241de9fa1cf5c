"""What this plugin knows to rest on a document: products, and documents that build upon it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex

from portal.plugin_api import ArticlePage, Dependant, DependantAction, page_dependant
from portal.policy_interpretation.models import (
    REVERSE_LABELS,
    InterpretationPage,
    PolicyPage,
    PolicyRelation,
    RelationKind,
)

_PRODUCT = (DependantAction.MARK, DependantAction.WITHDRAW, DependantAction.UPDATE)
_TYPED = (DependantAction.UPDATE, DependantAction.MARK)
_DOCUMENT = (DependantAction.UPDATE, DependantAction.MARK)
# A document that says of itself that it builds upon the other.
_BUILDING = (
    RelationKind.BASED_ON,
    RelationKind.IMPLEMENTS,
    RelationKind.SUPPORTS,
    RelationKind.ATTACHMENT_OF,
    RelationKind.INTERPRETS,
    RelationKind.BASIS_OF_SERVICE,
)


def _policy_pk(item: str) -> int | None:
    kind, _colon, number = item.partition(":")
    return int(number) if kind == "page" and number.isdigit() else None


class Products:
    """Interpretations, with the clauses that they explain; text explains clause by clause too."""

    def dependants(self, *, item: str) -> Iterator[Dependant]:
        pk = _policy_pk(item)
        if pk is None:
            return
        about = Q(interprets__policy=pk) | Q(explanations__policy=pk)
        for page in InterpretationPage.objects.filter(about, live=True).distinct():
            explained = page.explanations.filter(policy=pk).count()
            place = _("%(count)s clauses explained") % {"count": explained} if explained else ""
            kind = _("interpretation: %(form)s") % {"form": page.get_form_display()}
            yield page_dependant(page, kind=kind, place=place, actions=_PRODUCT)


class Documents:
    """Documents in the library that implement it, rest on it, or came with it."""

    def dependants(self, *, item: str) -> Iterator[Dependant]:
        pk = _policy_pk(item)
        if pk is None:
            return
        seen = set()
        incoming = PolicyRelation.objects.filter(
            target=pk, kind__in=_BUILDING, page__live=True, page__alias_of=None
        )
        for relation in incoming.select_related("page__owner_unit"):
            if relation.page_id not in seen:
                seen.add(relation.page_id)
                yield _document(relation.page, str(REVERSE_LABELS[RelationKind(relation.kind)]))
        outgoing = PolicyRelation.objects.filter(
            page=pk, kind=RelationKind.FORWARDS, target__live=True
        )
        for relation in outgoing.select_related("target__owner_unit"):
            if relation.target_id not in seen:
                seen.add(relation.target_id)
                yield _document(relation.target, str(RelationKind.FORWARDS.label))


class PlainAddresses:
    """Pages whose text leads to a document, or to one of its clauses, by a typed address.

    Links that editors choose are in Wagtail's reference index, which the portal asks itself. These
    are searched for in the texts: asked when a document ends, not when a page is shown.
    """

    models = (ArticlePage, InterpretationPage)

    def dependants(self, *, item: str) -> Iterator[Dependant]:
        pk = _policy_pk(item)
        policy = PolicyPage.objects.filter(pk=pk).first() if pk is not None else None
        if policy is None:
            return
        clauses = reverse("policy_interpretation:clause", args=[policy.pk, "x"])
        wanted = Q(words__contains=clauses.removesuffix("x/"))
        address = urlsplit(policy.get_url() or "").path
        if address:
            wanted |= Q(words__contains=f'{address}\\"') | Q(words__contains=f"{address}#")
            wanted |= Q(words__contains=f"{address}?")
        known = ReferenceIndex.objects.filter(
            to_content_type=ContentType.objects.get_for_model(Page), to_object_id=str(policy.pk)
        ).values_list("object_id", flat=True)
        listed = {int(key) for key in known if key.isdigit()}
        for model in self.models:
            pages = model.objects.annotate(words=Cast("body", TextField()))
            for page in pages.filter(wanted, live=True, alias_of=None):
                if page.pk not in listed:
                    kind = _("typed address in: %(type)s") % {"type": page.page_type_display_name}
                    yield page_dependant(page, kind=kind, actions=_TYPED)


def _document(page: PolicyPage, relation: str) -> Dependant:
    kind = _("document: %(relation)s") % {"relation": relation}
    return page_dependant(page, kind=kind, actions=_DOCUMENT)
