"""Writing records: in the transaction that publishes, for drafts, and what people write."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.library.completeness import lacks
from portal.library.derivation import WRITABLE, Place, derive
from portal.library.house import house
from portal.library.models import (
    ArchiveState,
    BatchEdit,
    LibraryRecord,
    NumberSeries,
    RecordChange,
    State,
)
from portal.library.numbers import make_number, number_of_translation
from portal.library.telling import tell_changed
from portal.plugin_api import just_seen, take_turn

_KNOWN = "_library_known"
_DERIVED = "_library_derived"
_DATES = frozenset({"made_on"})
_PORTION = 500
type Known = dict[str, LibraryRecord]


def keep_known(page: Page, known: Known, derived: dict[str, Any] | None = None) -> None:
    """What the gate has read and derived, for the follower that comes right after it."""
    page.__dict__[_KNOWN] = known
    page.__dict__[_DERIVED] = derived


def merged(derived: Mapping[str, Any], record: LibraryRecord | None) -> dict[str, Any]:
    """Derived values with what people wrote put over them."""
    values = dict(derived)
    for name, value in (record.written if record is not None else {}).items():
        values[name] = _read(name, value)
    return values


def _read(name: str, value: Any) -> Any:
    return datetime.date.fromisoformat(value) if name in _DATES and value else value


def _stored(name: str, value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


# --- in the transaction of a publication ----------------------------------------------------------
def follow_published(pages: Sequence[Any]) -> None:
    """Records of pages that became public or changed. Two or three queries for any number."""
    own = [page for page in pages if page.alias_of_id is None]
    if not own:
        return
    known = _known_of(own)
    now = timezone.now()
    new: list[LibraryRecord] = []
    for page in own:
        record = known.get(f"page:{page.pk}")
        values = merged(page.__dict__.pop(_DERIVED, None) or derive(page), record)
        is_new = record is None
        record = record or LibraryRecord(item=f"page:{page.pk}", page_id=page.pk)
        own_number = page.library_values().get("index_no") or ""
        provider_before = record.provider_id
        _fill(record, values)
        if not is_new and provider_before != record.provider_id and page.is_container:
            _inherit_provider(record, provider_before)
        record.state = State.PUBLIC
        record.published_at = record.published_at or now
        record.updated_at = record.updated_at or now
        record.version += 1
        if record.archive_state == ArchiveState.ARCHIVED:
            record.archive_state = ArchiveState.DUE  # another text than the one that was archived
        if is_new:
            new.append(record)
            record.index_no = own_number
        else:
            take_number(record, page, own_number)
            record.save()
        known[record.item] = record
    if new:
        _number(new, known)
        LibraryRecord.objects.bulk_create(new, batch_size=_PORTION)


def _inherit_provider(column: LibraryRecord, before: int | None) -> None:
    """What lies in a column whose owner has changed is provided by the new one."""
    inside = LibraryRecord.objects.filter(column=column.page_id, provider=before)
    following = inside.exclude(written__has_key="provider_id")
    pks = list(following.values_list("pk", flat=True))
    following.update(provider_id=column.provider_id, provider_name=column.provider_name)
    tell_changed(pks)


def _known_of(pages: Sequence[Page]) -> Known:
    if len(pages) == 1 and _KNOWN in pages[0].__dict__:
        found: Known = pages[0].__dict__.pop(_KNOWN)
        return found
    known: Known = {}
    keys = [page.pk for page in pages]
    for start in range(0, len(keys), _PORTION):
        part = pages[start : start + _PORTION]
        wanted = Q(page__in=[page.pk for page in part])
        if any(_is_translation(page) for page in part):
            wanted |= Q(translation_key__in=[page.translation_key for page in part])
        known |= {record.item: record for record in LibraryRecord.objects.filter(wanted)}
    return known


def _is_translation(page: Any) -> bool:
    return bool(page.written_in != settings.LANGUAGE_CODE)


def _fill(record: LibraryRecord, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def follow_withdrawn(page: Page) -> None:
    """One query. The record stays, with its number: the item may come back."""
    if page.alias_of_id is None:
        rows = LibraryRecord.objects.filter(item=f"page:{page.pk}").exclude(state=State.DELETED)
        rows.update(state=State.WITHDRAWN, updated_at=timezone.now())


# --- numbers --------------------------------------------------------------------------------------
def _number(records: Sequence[LibraryRecord], known: Known) -> None:
    """Give new records their numbers: the item's own, that of what it translates, or a new one."""
    taken: set[str] = set()
    own = [record.index_no for record in records if record.index_no]
    if own:
        rows = LibraryRecord.objects.filter(index_no__in=own)
        taken = set(rows.values_list("index_no", flat=True))
    sources = {
        record.translation_key: record
        for record in known.values()
        if record.language == settings.LANGUAGE_CODE and record.index_no
    }
    waiting: dict[tuple[int, int], list[LibraryRecord]] = {}
    for record in records:
        if record.index_no and record.index_no not in taken:
            taken.add(record.index_no)
            continue
        source = sources.get(record.translation_key)
        if source is not None and source is not record and record.language != source.language:
            number = number_of_translation(source.index_no, record.language)
            if number not in taken and len(number) <= 80:
                record.index_no = number
                taken.add(number)
                continue
        year = (record.made_on or timezone.localdate()).year
        waiting.setdefault((record.site_id or 0, year), []).append(record)
    for (site, year), group in waiting.items():
        _from_series(site, year, group)


def _from_series(site: int, year: int, records: Sequence[LibraryRecord]) -> None:
    last = _advance(site, year, len(records))
    found = just_seen().records.get(site)
    pattern, code = house().number_rule(site or None, found.code if found else "")
    for serial, record in enumerate(records, start=last - len(records) + 1):
        record.index_no = make_number(
            pattern, site=code, record_type=record.record_type, year=year, serial=serial
        )


def _advance(site: int, year: int, by: int) -> int:
    """The last of ``by`` new serials; one statement, so that no two get the same."""
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (site_key, year, last) VALUES (%s, %s, %s) "  # noqa: S608
            f"ON CONFLICT (site_key, year) DO UPDATE SET last = {table}.last + %s RETURNING last",
            [site, year, by, by],
        )
        return int(cursor.fetchone()[0])


def take_number(record: LibraryRecord, page: Any, number: str) -> bool:
    """The item's own number, given later, takes the place of the library's; whether it did."""
    if number in ("", record.index_no) or _is_translation(page):
        return False
    if LibraryRecord.objects.filter(index_no=number).exists():
        return False
    record.index_no = number
    return True


# --- on demand ------------------------------------------------------------------------------------
@transaction.atomic
def record_of_draft(*, page: Any) -> LibraryRecord:
    """The record of a page that was never public, made where there is none: to be completed."""
    take_turn()
    page = page.alias_of.specific if page.alias_of_id is not None else page
    item = f"page:{page.pk}"
    found = LibraryRecord.objects.filter(item=item).first()
    if found is not None:
        return found
    known = _known_of([page])
    record = LibraryRecord(item=item, page_id=page.pk)
    values = derive(page)
    _fill(record, values)
    record.index_no = page.library_values().get("index_no") or ""
    record.state = State.PUBLIC if page.live else State.DRAFT
    _number([record], known)
    record.save()
    tell_changed([record.pk])
    return record


@transaction.atomic
def adopt(*, path: str, site_pk: int) -> None:
    """What was public before its site was registered belongs to it, and gets its numbers."""
    inside = Page.objects.filter(path__startswith=path)
    for record in LibraryRecord.objects.filter(page__in=inside.values("pk"), site=None):
        record.site_id, record.index_no = site_pk, ""
        _number([record], {})
        record.save()
        tell_changed([record.pk])


def reconcile(*, site_pk: int | None = None, limit: int | None = None) -> int:
    """Make the records that are missing, and set right the states that are wrong; how many.

    For portals that were there before the library, and after a failure of the plugin.
    """
    live = Page.objects.filter(live=True, alias_of=None, depth__gt=1)
    missing = live.filter(library_record=None)
    again = live.filter(library_record__isnull=False).exclude(library_record__state=State.PUBLIC)
    places = (missing | again).order_by("pk").values_list("pk", "path")
    mine = [
        pk
        for pk, path in places.iterator()
        if (found := Place(path).site_pk) is not None and site_pk in (None, found)
    ][:limit]
    done = 0
    for start in range(0, len(mine), _PORTION):
        done += _reconcile(mine[start : start + _PORTION])
    gone = LibraryRecord.objects.filter(state=State.PUBLIC, page__live=False)
    with transaction.atomic():
        pks = list(gone.values_list("pk", flat=True))
        done += LibraryRecord.objects.filter(pk__in=pks).update(state=State.WITHDRAWN)
        tell_changed(pks)
    return done


@transaction.atomic
def _reconcile(pks: Sequence[int]) -> int:
    take_turn()
    pages = [
        page
        for page in Page.objects.filter(pk__in=pks, live=True).specific()
        if hasattr(page, "library_values")
    ]
    follow_published(pages)
    items = [f"page:{page.pk}" for page in pages]
    tell_changed(LibraryRecord.objects.filter(item__in=items).values_list("pk", flat=True))
    return len(pages)


def rederive(*, pages: Iterable[Any]) -> int:
    """Derive anew what the surroundings of pages decide (unit, place, defaults); no new version."""
    done = 0
    for page in pages:
        record = LibraryRecord.objects.filter(item=f"page:{page.pk}").first()
        if record is None:
            continue
        _fill(record, merged(derive(page), record))
        with transaction.atomic():
            record.save()
            tell_changed([record.pk])
        done += 1
    return done


# --- what people write ----------------------------------------------------------------------------
@transaction.atomic
def write(
    *,
    record: LibraryRecord,
    values: Mapping[str, Any],
    user: Any,
    batch: BatchEdit | None = None,
) -> LibraryRecord:
    """Put what somebody wrote over what is derived. A value of None takes it back.

    Raises:
        ValidationError: a field cannot be written, a code is unknown, or a public record would
            become incomplete. Nothing is changed.
    """
    take_turn()
    record = LibraryRecord.objects.select_for_update().get(pk=record.pk)
    unknown = set(values) - set(WRITABLE)
    if unknown:
        raise ValidationError(_("This is not for people to write: %s") % ", ".join(sorted(unknown)))
    _refuse_another_provider(record, values)
    written = dict(record.written)
    before = {name: record.written.get(name) for name in values}
    for name, value in values.items():
        if value is None:
            written.pop(name, None)
        else:
            written[name] = _stored(name, value)
    if written == record.written:
        return record
    record.written = written
    _put_over(record)
    _demand_complete(record)
    names = {field.name for field in record._meta.fields}
    record.clean_fields(exclude=names - {name.removesuffix("_id") for name in values})
    record.save()
    tell_changed([record.pk])
    RecordChange.objects.create(
        record=record, batch=batch, user=user, before=before,
        after={name: written.get(name) for name in values},
    )  # fmt: skip
    return record


def _refuse_another_provider(record: LibraryRecord, values: Mapping[str, Any]) -> None:
    """Who provided an item answers for it: fixed once it was public (R-PUB-03)."""
    released = record.state in (State.PUBLIC, State.WITHDRAWN)
    wanted = values.get("provider_id", record.provider_id)
    if released and record.provider_id is not None and wanted != record.provider_id:
        raise ValidationError({"provider": _("Who provided a released item is fixed.")})


def _put_over(record: LibraryRecord) -> None:
    """The columns anew, from the page as it is stored and from what is written."""
    page = record.page.specific if record.page is not None else None
    if page is not None and hasattr(page, "library_values"):
        _fill(record, merged(derive(page), record))
        return
    from portal.library.files import derive_file

    for name, value in merged(derive_file(record), record).items():
        setattr(record, name, value)


def _demand_complete(record: LibraryRecord) -> None:
    values = {field.attname: getattr(record, field.attname) for field in record._meta.fields}
    found = lacks(values)
    # A draft may be incomplete; codes that are in no table are refused at any time.
    wrong = [
        lack for lack in found
        if lack.blocking and (record.state == State.PUBLIC or lack.field in ("theme", "genre"))
    ]  # fmt: skip
    if wrong:
        raise ValidationError({lack.field: lack.message for lack in wrong})


@transaction.atomic
def write_many(
    *, records: Sequence[LibraryRecord], values: Mapping[str, Any], user: Any
) -> tuple[BatchEdit, list[tuple[LibraryRecord, str]]]:
    """The same values in many records; those that refuse are given back, each with why."""
    batch = BatchEdit.objects.create(
        user=user, values={name: _stored(name, value) for name, value in values.items()}
    )
    refused: list[tuple[LibraryRecord, str]] = []
    for record in records:
        try:
            with transaction.atomic():
                write(record=record, values=values, user=user, batch=batch)
        except ValidationError as error:
            refused.append((record, " ".join(error.messages)))
    batch.count = len(records) - len(refused)
    batch.save(update_fields=["count"])
    return batch, refused


@transaction.atomic
def undo(*, batch: BatchEdit, user: Any) -> int:
    """Put back what a batch changed, where nobody has written anew since; how many records."""
    take_turn()
    done = 0
    changes = batch.changes.select_related("record")
    for change in changes:
        record = change.record
        values = {
            name: _read(name, change.before.get(name))
            for name in change.after
            if record.written.get(name) == change.after.get(name)
        }
        if values:
            write(record=record, values=values, user=user)
            done += 1
    batch.undone_at = timezone.now()
    batch.save(update_fields=["undone_at"])
    return done
