"""First into the library, then used: an incomplete record stops every way to the public."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import PublishProblem, publish_checks

from .completeness import lacks
from .derivation import derive
from .models import Grant, LibraryRecord, Sharing
from .services.records import keep_known, merged

# Where a field of the record comes from the page's own form.
ON_THE_PAGE = {
    "source_url": "source_url",
    "source_name": "source",
    "summary": "summary",
    "keywords": "keywords",
    "doc_no": "document_number",
}


@publish_checks.step
def complete_record(
    problems: list[PublishProblem], *, page: Page, site: Any
) -> list[PublishProblem]:
    """One query. An alias shows its original: that one's record counts, and its sharing."""
    if site is None or not hasattr(page, "library_values"):
        return problems  # outside all sites nothing is public
    if page.alias_of_id is not None:
        return [*problems, *_of_alias(page, site)]
    known = known_records(page)
    derived = derive(page, _parent_path(page))
    keep_known(page, known, derived if page.pk else None)
    record = known.get(f"page:{page.pk}") if page.pk else None
    values = merged(derived, record)
    found = [
        PublishProblem(
            lack.message,
            field=ON_THE_PAGE.get(lack.field),
            blocking=lack.blocking,
            code="library",
            url=_place_to_mend(page),
        )
        for lack in lacks(values)
    ]
    return [*problems, *found]


def _place_to_mend(page: Page) -> str:
    """A page that is not stored has no record yet: what the page itself says must do."""
    return reverse("library_of_page", args=[page.pk]) if page.pk else ""


def known_records(page: Page) -> dict[str, LibraryRecord]:
    """The record of a page and those of what says the same in other languages, by item."""
    wanted = Q(translation_key=page.translation_key)
    if page.pk:
        wanted |= Q(item=f"page:{page.pk}")
    return {record.item: record for record in LibraryRecord.objects.filter(wanted)}


def _of_alias(page: Page, site: int) -> list[PublishProblem]:
    record = LibraryRecord.objects.filter(item=f"page:{page.alias_of_id}").first()
    if record is None:  # of a portal that was there before the library
        values = derive(page.alias_of.specific)
    else:
        values = {name: getattr(record, name) for name in _values_of(record)}
    url = _place_to_mend(page.alias_of)
    found = [
        PublishProblem(lack.message, blocking=lack.blocking, code="library", url=url)
        for lack in lacks(values)
    ]
    # Whoever shows it already may go on: leave is asked for when it is brought in.
    if record is not None and page.pk is None and record.site_id not in (None, site):
        problem = _not_shared(page, record)
        if problem:
            found.append(PublishProblem(problem, code="library_sharing", url=_place_of(record)))
    return found


def _place_of(record: LibraryRecord) -> str:
    return reverse("library_record", args=[record.pk])


def _not_shared(page: Page, record: LibraryRecord) -> str:
    if record.sharing == Sharing.UNCONDITIONAL:
        return ""
    if record.sharing == Sharing.NONE:
        return _("The provider does not share this record with other sites.")
    granted = Grant.objects.filter(
        record=record, column__path=_parent_path(page), state=Grant.State.GRANTED
    )
    if granted.exists():
        return ""
    return _("The provider shares this record on conditions: ask for leave in the library.")


def _parent_path(page: Page) -> str:
    """Where a page is being put, for one that is not stored yet."""
    if page.path and page.pk is None:
        return str(page.path[: -Page.steplen])
    return str(page.path or getattr(page, "place_path", ""))


def _values_of(record: LibraryRecord) -> list[str]:
    return [field.attname for field in record._meta.concrete_fields]
