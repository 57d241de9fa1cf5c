"""Files behind pages: a draft's are not public yet; what is public is not exchanged alone."""

from collections.abc import Collection
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.models import Page, ReferenceIndex

from .structure import public_pages


def _pages_with(thing: Any) -> QuerySet[Page]:
    """The pages, public or not, that refer to an image, a document or a medium."""
    references = ReferenceIndex.get_references_to(thing).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    keyed = Page.objects.annotate(key=Cast("pk", CharField()))
    return keyed.filter(key__in=references.values("object_id"))


def is_used_in_public(thing: Any) -> bool:
    return bool(thing.pk) and _pages_with(thing).filter(live=True).exists()


def refuse_exchange(form: Any, *names: str) -> None:
    """In a form's ``clean``: the file behind a public page stays what was reviewed."""
    changed = [name for name in names if name in form.changed_data and name in form.fields]
    if not changed or form.instance.pk is None:
        return
    stored = type(form.instance)._default_manager.filter(pk=form.instance.pk).first()
    if stored is None or not is_used_in_public(stored):
        return
    message = _(
        "Public pages show this file as it was reviewed. Upload the new one beside it, choose it "
        "in the page, and submit that for review."
    )
    for name in changed:
        form.add_error(name, ValidationError(message, code="public_file"))


def not_before_its_page(document: Any, request: HttpRequest) -> None:
    """Wagtail's hook before a document is served: those of drafts are for the house only.

    Documents that no page refers to are served as ever: other parts of the portal offer them.

    Raises:
        Http404: every page that refers to it is a draft.
    """
    if request.user.has_perm("wagtailadmin.access_admin"):
        return
    pages = list(_pages_with(document).values_list("live", flat=True)[:50])
    if pages and not any(pages):
        raise Http404


def public_documents(pks: Collection[int]) -> dict[int, int]:
    """Of uploaded documents those that a public page shows: its primary key by theirs. Two queries.

    Of several pages the oldest; of an alias the page that it shows.
    """
    shown = _shown_documents(to_object_id__in=[str(pk) for pk in pks])
    pages = Page.objects.filter(public_pages(), pk__in={page for _, page in shown}, live=True)
    public = {pk: original or pk for pk, original in pages.values_list("pk", "alias_of")}
    found: dict[int, int] = {}
    for document, page in sorted(shown, key=lambda pair: pair[1]):
        if page in public:
            found.setdefault(document, public[page])
    return found


def documents_in(pages: Collection[int]) -> set[int]:
    """The uploaded documents that pages, public or not, refer to."""
    return {document for document, _ in _shown_documents(object_id__in=[str(pk) for pk in pages])}


def all_documents_in_pages() -> list[int]:
    """Every uploaded document that any page refers to, the oldest first."""
    return sorted({document for document, _ in _shown_documents()})


def _shown_documents(**narrowed: Any) -> list[tuple[int, int]]:
    """Pairs of a document and a page that refers to it."""
    references = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(get_document_model()),
        **narrowed,
    )
    rows = references.values_list("to_object_id", "object_id").distinct()
    return [(int(document), int(page)) for document, page in rows]
