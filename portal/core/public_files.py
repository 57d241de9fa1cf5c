"""Files behind pages: none is public before its page; what is reviewed is not exchanged alone."""

from collections.abc import Collection
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import CharField, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.models import Page, ReferenceIndex, Revision

from .models import ReviewRound
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


def is_used_in_review(thing: Any) -> bool:
    """Whether a version that is in review, or signed and not public yet, refers to a file.

    Wagtail's index of references knows what is stored; versions are read with its own tool.
    """
    waiting = ReviewRound.objects.filter(
        state__in=(ReviewRound.State.RUNNING, ReviewRound.State.SIGNED)
    )
    versions = Revision.objects.filter(pk__in=waiting.values("revision_id"))
    worded = versions.annotate(words=Cast("content", TextField()))
    wanted = (ContentType.objects.get_for_model(type(thing)).pk, str(thing.pk))
    return any(
        (type_pk, str(key)) == wanted
        for version in worded.filter(words__contains=str(thing.pk)).iterator()
        for type_pk, key, *_places in ReferenceIndex._extract_references_from_object(
            version.as_object()
        )
    )


def refuse_exchange(form: Any, *names: str) -> None:
    """In a form's ``clean``: the file behind a page stays what is reviewed, or was."""
    changed = [name for name in names if name in form.changed_data and name in form.fields]
    if not changed or form.instance.pk is None:
        return
    stored = type(form.instance)._default_manager.filter(pk=form.instance.pk).first()
    if stored is None:
        return
    if is_used_in_public(stored):
        message = _(
            "Public pages show this file as it was reviewed. Upload the new one beside it, choose "
            "it in the page, and submit that for review."
        )
    elif is_used_in_review(stored):
        message = _(
            "A page with this file is in review, or signed and not public yet. Take the page back "
            "first, or upload the new file beside this one."
        )
    else:
        return
    for name in changed:
        form.add_error(name, ValidationError(message, code="public_file"))


def not_before_its_page(document: Any, request: HttpRequest) -> None:
    """Wagtail's hook before a document is served: public is what a public page refers to.

    An upload alone makes nothing public. Types of objects that offer files on their own say so by
    ``offers_files = True``; all others are for the house only.

    Raises:
        Http404: nothing that is public refers to it.
    """
    if request.user.has_perm("wagtailadmin.access_admin"):
        return
    if not is_used_in_public(document) and not is_offered(document):
        raise Http404


def is_offered(document: Any) -> bool:
    """Whether something that is no page offers a document to everybody."""
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: document}).exists()
        for relation in document._meta.get_fields(include_hidden=True)
        if relation.one_to_many and getattr(relation.related_model, "offers_files", False)
    )


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
