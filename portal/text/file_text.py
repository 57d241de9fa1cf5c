"""The text of an uploaded file, within limits: such files come from anywhere.

PDF files are read in a process of their own that is stopped when it takes too long; zipped ones
are counted while they are unpacked.
"""

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import PurePath
from typing import Any

from portal.text.official.reading import DocumentFileError, Limits, read
from portal.text.word_package import Package, WordFileError

_MEGABYTE = 1024 * 1024
LIMITS = Limits(
    file_size=40 * _MEGABYTE,
    characters=1_500_000,
    unpacked_size=200 * _MEGABYTE,
    pages=400,
    seconds=20,
)
_MOST_ROWS, _MOST_COLUMNS = 20_000, 60
_DOCUMENTS = frozenset({".docx", ".pdf", ".ofd", ".txt", ".html", ".htm"})
_OLD = frozenset({".doc", ".xls", ".wps", ".et", ".rtf", ".ppt", ".pptx", ".zip", ".rar", ".7z"})


@dataclass(frozen=True, slots=True)
class FileText:
    """``reason``: why there is no text; ``other``: it is no kind of file that holds text."""

    text: str = ""
    reason: str = ""
    other: bool = False


def file_text(data: bytes, name: str) -> FileText:
    """The text of a file, rows of tables as cells apart by tabs. Never raises."""
    kind = PurePath(name).suffix.lower()
    try:
        if kind in _DOCUMENTS:
            return FileText(_document(data, name, kind))
        if kind in (".xlsx", ".xlsm"):
            return FileText(_book(data))
        if kind == ".csv":
            return FileText(_csv(data))
    except (DocumentFileError, WordFileError) as error:
        return FileText(reason=str(error.reason))
    except Exception as error:  # a zip of something else, a damaged file: readers raise anything
        return FileText(reason=f"broken: {type(error).__name__}"[:40])
    return FileText(reason="old_format" if kind in _OLD else "", other=True)


def _document(data: bytes, name: str, kind: str) -> str:
    source = read(data, name, limits=LIMITS)
    parts = []
    for line in source.lines:
        parts += ["\t".join(row) for row in line.rows] if line.rows else [line.text]
    if kind == ".docx":
        parts[:0] = _margins(data)
    return "\n".join(parts)


def _margins(data: bytes) -> Iterator[str]:
    """Headers and footers, where marks of secrecy stand."""
    package = Package(data)
    for part in (*package.parts_of_kind("header"), *package.parts_of_kind("footer")):
        words = (node.text or "" for node in package.xml(part).iter() if node.tag.endswith("}t"))
        text = "".join(words).strip()
        if text:
            yield text


def _book(data: bytes) -> str:
    from openpyxl import load_workbook

    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise DocumentFileError("encrypted", kind="xlsx")
        if (
            len(entries) > LIMITS.parts
            or sum(one.file_size for one in entries) > LIMITS.unpacked_size
        ):
            raise DocumentFileError("too_large", kind="xlsx")
    book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    lines: list[str] = []
    size = 0
    for sheet in book.worksheets:
        lines.append(sheet.title)
        for row in sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True):
            line = "\t".join(_cell(value) for value in row).rstrip("\t")
            size += len(line)
            if size > LIMITS.characters:
                raise DocumentFileError("too_much_text", kind="xlsx")
            if line:
                lines.append(line)
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e19:
        return str(int(value))  # card and telephone numbers that somebody typed as numbers
    return " ".join(str(value).split())


def _csv(data: bytes) -> str:
    text = ""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data[: LIMITS.file_size].decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if len(text) > LIMITS.characters:
        raise DocumentFileError("too_much_text", kind="csv")
    rows = csv.reader(StringIO(text.replace("\0", "")))
    return "\n".join("\t".join(cell.strip() for cell in row) for row in rows)
