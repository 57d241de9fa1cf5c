"""Rows as hashes, the same on every database."""

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models.functions import Cast

from portal.evidence.leaves import canonical, moment
from portal.plugin_api import evidence_hash

_RAW = "raw_of_"


def is_json(field: Any) -> bool:
    return bool(field.get_internal_type() == "JSONField")


def plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    if isinstance(value, datetime.datetime):
        return moment(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple | set):
        return [plain(one) for one in value]
    return str(value)


def read_rows(
    model: Any, names: Sequence[str], where: Mapping[str, Any], *, order: str = "pk"
) -> Iterator[dict[str, Any]]:
    """Columns (attnames) of rows, with JSON as it is stored and not as fields understand it.

    A field drops what it does not know, such as a block of an unknown type: a change like any
    other.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    raw = [name for name in names if is_json(fields[name])]
    rows = model._base_manager.filter(**where).order_by(order)
    rows = rows.values(
        *(name for name in names if name not in raw),
        **{f"{_RAW}{name}": Cast(name, models.TextField()) for name in raw},
    )
    for row in rows:
        for name in raw:
            text = row.pop(f"{_RAW}{name}")
            row[name] = _loaded(text)
        yield row


def _loaded(text: str | None) -> Any:
    """What a JSON column says; its bytes where somebody has broken it."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return {"not json": text}


def hash_of(value: Any) -> str:
    return evidence_hash(canonical(value if isinstance(value, dict | list) else plain(value)))


def parts_of(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Finer places in a JSON value: blocks by their id, keys by their name."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            label = one.get("id") if isinstance(one, dict) else None
            yield f"{name}/{label or number}", evidence_hash(canonical(one))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield f"{name}/{key}", evidence_hash(canonical(one))


def children(
    model: Any, link: str, names: Sequence[str], pks: Iterable[int], *, order: str
) -> dict[int, list[dict[str, Any]]]:
    """Rows of a table that belong to others, by the key of their owner, without their own keys."""
    found: dict[int, list[dict[str, Any]]] = {}
    where = {f"{link}__in": list(pks)}
    for row in read_rows(model, [link, *names], where, order=order):
        owner = row.pop(link)
        found.setdefault(owner, []).append(
            {k: v if isinstance(v, dict | list) else plain(v) for k, v in row.items()}
        )
    return found
