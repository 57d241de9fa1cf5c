"""One value, one byte, changed behind the portal's back; and put back."""

import datetime
import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Revision
from wagtailmedia.models import get_media_model

from portal.evidence.models import Entry, Root, SigningKey, State
from portal.evidence.places import log_file
from portal.evidence.sources.pages import _CONTENT, _own_fields, child_tables
from portal.library.evidence import _FIELDS
from portal.library.models import LibraryRecord
from portal.policy_interpretation.models import PolicyVersion


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done: where a finding must lead."""

    place: str
    field: str = ""


def other(value: Any, dice: random.Random) -> Any:
    """A value that differs by as little as can be."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            place = dice.randrange(len(value))
            return value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
        case datetime.datetime():
            return value + datetime.timedelta(seconds=1)
        case datetime.date():
            return value + datetime.timedelta(days=1)
        case uuid.UUID():
            return uuid.UUID(int=value.int ^ 1)
        case dict():
            key = dice.choice([key for key, one in value.items() if _changeable(one)])
            return value | {key: other(value[key], dice)}
        case list():
            place = dice.choice([number for number, one in enumerate(value) if _changeable(one)])
            return [*value[:place], other(value[place], dice), *value[place + 1 :]]
    raise TypeError(type(value))


def _changeable(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_changeable, value.values()))
    if isinstance(value, list):
        return any(map(_changeable, value))
    return value is not None and value != "" and not isinstance(value, float)


@contextmanager
def row(model: Any, pk: Any, name: str, dice: random.Random) -> Iterator[bool]:
    """Change one column of one row as a statement of somebody else would; False: it is empty."""
    from portal.evidence.sources.rows import is_json, read_rows

    column = model._meta.get_field(name)
    stored = next(iter(read_rows(model, [column.attname], {"pk": pk})))[column.attname]
    if not _changeable(stored):
        yield False
        return
    changed = other(stored, dice)
    rows = model._base_manager.filter(pk=pk)

    def put(value: Any) -> None:
        if is_json(column) and hasattr(column, "stream_block"):
            value = column.stream_block.to_python(value) if isinstance(value, list) else value
        rows.update(**{column.attname: value})

    put(changed)
    try:
        yield True
    finally:
        put(stored)


@contextmanager
def byte(path: Path, dice: random.Random) -> Iterator[int]:
    """Change one bit of one byte of a file."""
    content = bytearray(path.read_bytes())
    place = dice.randrange(len(content))
    content[place] ^= 1
    kept = path.read_bytes()
    path.write_bytes(bytes(content))
    try:
        yield place
    finally:
        path.write_bytes(kept)


def _rows(table: Any, names: Any, *, field: Callable[[str], str] = str) -> Any:
    """Deeds at a table: (model, name of column, place, field)."""

    def choose(dice: random.Random) -> tuple[Any, Any, str, Deed]:
        pk = dice.choice(list(table.order_by("pk").values_list("pk", flat=True)))
        name = dice.choice(names)
        return table.model, pk, name, Deed(f"{table.model._meta.db_table} #{pk}", field(name))

    return choose


def _pages(dice: random.Random) -> tuple[Any, Any, str, Deed]:
    page = dice.choice(list(Page.objects.filter(live=True, depth__gt=1).order_by("pk")))
    names = [name for name in (*_CONTENT, "url_path") if name != "content_type_id"]
    name = dice.choice(names)
    return (
        Page,
        page.pk,
        name,
        Deed(f"wagtailcore_page #{page.pk}", "place" if name == "url_path" else name),
    )


def _specific(dice: random.Random) -> tuple[Any, Any, str, Deed]:
    pages = Page.objects.filter(live=True, depth__gt=1).order_by("pk")
    page = dice.choice([one for one in pages if list(_own_fields(one.specific_class))])
    model = page.specific_class
    name = dice.choice(list(_own_fields(model)))
    return model, page.pk, name, Deed(f"wagtailcore_page #{page.pk}", name)


def _children(dice: random.Random) -> tuple[Any, Any, str, Deed]:
    found = []
    for page in Page.objects.filter(live=True).order_by("pk"):
        for accessor, table, link, names in child_tables(page.specific_class or Page):
            for pk in table._base_manager.filter(**{link: page.pk}).values_list("pk", flat=True):
                found += [
                    (table, pk, one, page.pk, accessor) for one in names if one != "sort_order"
                ]
    table, pk, name, page_pk, accessor = dice.choice(found)
    return table, pk, name, Deed(f"wagtailcore_page #{page_pk}", accessor)


def _clauses(dice: random.Random) -> tuple[Any, Any, str, Deed]:
    version = dice.choice(list(PolicyVersion.objects.order_by("pk")))
    name = dice.choice(["clauses", "figures", "basis", "until"])
    where = f"{PolicyVersion._meta.db_table}.policy_id #{version.policy_id}"
    return PolicyVersion, version.pk, name, Deed(where, "first/")


def _entries(dice: random.Random) -> tuple[Any, Any, str, Deed]:
    pk = dice.choice(list(Entry.objects.values_list("pk", flat=True)))
    name = dice.choice(["key", "action", "digest", "at", "event", "leaf", "chain"])
    return Entry, pk, name, Deed(f"{Entry._meta.db_table} #{pk}")


def _states(dice: random.Random) -> tuple[Any, Any, str, Deed]:
    state = dice.choice(list(State.objects.order_by("pk")))
    name = dice.choice(["seq", "digest", "fields", "details"])
    return State, state.pk, name, Deed(f"{State._meta.db_table} {state.key}")


def _of(model: Any, *names: str) -> Any:
    return _rows(model._default_manager.all(), names)


DEEDS: dict[str, Any] = {
    "page": _pages,
    "page type": _specific,
    "inline row": _children,
    "version": _rows(
        Revision.objects.filter(pk__in=Page.objects.filter(live=True).values("live_revision")),
        ("content", "object_id", "created_at"),
    ),
    "clause": _clauses,
    # One that says of itself that it is not public is one that is gone.
    "record": _rows(
        LibraryRecord.objects.filter(state="public"),
        _FIELDS,
        field=lambda name: "" if name == "state" else name,
    ),
    "image": _of(get_image_model(), "title", "description", "file"),
    "document": _of(get_document_model(), "title", "file"),
    "media": _of(get_media_model(), "title", "transcript", "file"),
    "entry": _entries,
    "state": _states,
    "root": lambda dice: (
        Root, Root.objects.get().pk,
        dice.choice(["size", "root", "signed_at", "signature"]),
        Deed(Root._meta.db_table),
    ),
    "key": lambda dice: (
        SigningKey, SigningKey.objects.get().pk, dice.choice(["fingerprint", "public_key"]),
        Deed(""),
    ),
}  # fmt: skip


def files() -> dict[Path, Deed]:
    """Files whose bytes are covered, with where a finding must lead."""
    found = {log_file().path: Deed(str(log_file().path))}
    for model in (get_image_model(), get_document_model(), get_media_model()):
        for one in model._default_manager.all():
            place = Deed(f"{model._meta.db_table} #{one.pk}", "file on disk")
            found[Path(settings.MEDIA_ROOT) / one.file.name] = place
    return found
