"""From the bytes of a file to guides as plain values, each with the line that it stands in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _

from portal.plugin_api import TableError, read_table

from .columns import COLUMNS, MANY_TERMS, NEEDED, PARTS, rows_of

FORMAT = "service-guides"
VERSION = 1
MOST_ROWS = 20_000
LARGEST = 20 * 1024 * 1024


class FileRefused(ValueError):
    """Nothing of the file can be used; the sentence says why."""


@dataclass(frozen=True, slots=True)
class RawGuide:
    """A guide as a file has it. ``line``: of the table, or the number in the list."""

    line: int
    values: Mapping[str, Any]


def read(data: bytes, name: str) -> list[RawGuide]:
    """
    Raises:
        FileRefused: see there.
    """
    kind = PurePath(name).suffix.lower()
    if kind == ".json":
        return _json(data)
    if kind not in (".csv", ".xlsx"):
        raise FileRefused(_("The file must end in .csv, .xlsx or .json."))
    try:
        rows = read_table(
            data, columns=COLUMNS, needed=NEEDED, most_rows=MOST_ROWS, largest=LARGEST
        )
    except TableError as error:
        raise FileRefused(str(error)) from error
    return [RawGuide(line, _structured(row)) for line, row in rows]


def _structured(row: Mapping[str, str]) -> dict[str, Any]:
    """Cells with several values as lists; a column that is missing says nothing of its field."""
    values: dict[str, Any] = dict(row)
    for name in PARTS:
        if name in values:
            values[name] = rows_of(name, values[name])
    for name in ("served", *MANY_TERMS):
        if name in values:
            cell = values[name].replace("、", ",").replace("，", ",").replace("|", ",")
            values[name] = [part.strip() for part in cell.split(",") if part.strip()]
    return values


def _json(data: bytes) -> list[RawGuide]:
    if len(data) > LARGEST:
        raise FileRefused(_("The file is too large. Cut it in parts."))
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except ValueError as error:
        raise FileRefused(_("This is no JSON: %(error)s") % {"error": error}) from error
    except RecursionError as error:
        raise FileRefused(_("The file is no list of guides.")) from error
    if isinstance(found, dict):
        if found.get("format") != FORMAT or found.get("version") != VERSION:
            raise FileRefused(_("This is no file of service guides that this version reads."))
        found = found.get("guides")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise FileRefused(_("The file is no list of guides."))
    if len(found) > MOST_ROWS:
        raise FileRefused(_("At most %(most)d guides at a time.") % {"most": MOST_ROWS})
    return [RawGuide(number, row) for number, row in enumerate(found, start=1)]
