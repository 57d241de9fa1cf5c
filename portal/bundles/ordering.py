"""In which order the pages of a set go public: what others rest on comes first."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex


def in_order(pages: Sequence[Page], cites: Mapping[int, set[int]] | None = None) -> list[Page]:
    """Parents before children, the Chinese before its translations, a policy before what cites it.

    Args:
        pages: in the order that people gave them, which holds where nothing speaks against it; of
            pages that cite each other the first one comes first.
        cites: primary keys → those that the version cites; default: asked of the newest drafts.
    """
    cites = references_among(pages) if cites is None else cites
    by_pk = {page.pk: page for page in pages}
    before = {
        page.pk: _before(page, pages) | (cites.get(page.pk, set()) & by_pk.keys()) for page in pages
    }
    placed: list[int] = []
    open_ones: set[int] = set()

    def place(pk: int) -> None:
        if pk in placed or pk in open_ones:
            return
        open_ones.add(pk)
        for other in by_pk:
            if other in before[pk]:
                place(other)
        placed.append(pk)

    for pk in by_pk:
        place(pk)
    return [by_pk[pk] for pk in placed]


def _before(page: Page, pages: Sequence[Page]) -> set[int]:
    found = set()
    for other in pages:
        is_above = other.pk != page.pk and page.path.startswith(other.path)
        is_source = (
            other.pk != page.pk
            and other.translation_key == page.translation_key
            and other.locale.language_code == settings.LANGUAGE_CODE
        )
        if is_above or is_source:
            found.add(other.pk)
    return found


def references_among(pages: Sequence[Page]) -> dict[int, set[int]]:
    """What the newest drafts cite: primary key → primary keys of pages, in this set or not."""
    return {page.pk: cited_by(page.get_latest_revision_as_object()) for page in pages}


def cited_by(version: Page) -> set[int]:
    """The pages that a version names in its fields, texts and rows.

    Wagtail's index of references knows what is stored; drafts are read with its own tool.
    """
    page_type = ContentType.objects.get_for_model(Page).pk
    found = ReferenceIndex._extract_references_from_object(version)
    return {
        int(key)
        for type_pk, key, *_places in found
        if type_pk == page_type and str(key).isdigit() and int(key) != version.pk
    }
