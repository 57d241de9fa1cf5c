"""Rows of a file: CSV, XLSX, JSON lines, or HTML pages in a ZIP or a folder. Knows no database.

Whatever comes in is bounded: rows, size of a row, size of what a ZIP unpacks to.
"""

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

import nh3
from openpyxl import load_workbook

MOST_ROWS = 20_000
LARGEST_FILE = 64 * 1024 * 1024
LARGEST_CELL = 400_000
LARGEST_UNPACKED = 256 * 1024 * 1024
KINDS = (".csv", ".xlsx", ".jsonl", ".zip")
HTML_HEADINGS = ("file", "title", "body", "keywords", "description", "date", "source", "author")

_TAGS = {"p", "ul", "ol", "li", "a", "b", "i", "strong", "em", "br", "h3", "h4", "blockquote"}
_META = re.compile(r"<meta\b([^>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NAMES = {
    "keywords": "keywords", "description": "description", "pubdate": "date",
    "contentsource": "source", "author": "author", "articletitle": "title",
}  # fmt: skip


class UnreadableFile(Exception):
    """``code`` says what is wrong: kind, encoding, size, rows, broken, empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


type Row = dict[str, str]


def headings_and_rows(name: str, data: bytes) -> tuple[list[str], list[Row]]:
    """The names of the columns, and each row by them.

    Raises:
        UnreadableFile: the file is none of ``KINDS``, or cannot be read as what it says it is.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableFile("size")
    kind = PurePath(name).suffix.lower()
    readers = {".csv": _csv, ".xlsx": _xlsx, ".jsonl": _jsonl, ".zip": _zip}
    if kind not in readers:
        raise UnreadableFile("kind")
    try:
        rows = list(_bounded(readers[kind](data)))
    except UnreadableFile:
        raise
    except Exception as error:  # readers of others raise whatever they like at broken files
        raise UnreadableFile("broken") from error
    if not rows:
        raise UnreadableFile("empty")
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
    return list(names), rows


def rows_of_folder(folder: Path) -> tuple[list[str], list[Row]]:
    """HTML files in a folder, by their paths."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".html", ".htm"))
    if len(files) > MOST_ROWS:
        raise UnreadableFile("rows")
    rows = [_page(path.relative_to(folder).as_posix(), path.read_bytes()) for path in files]
    if not rows:
        raise UnreadableFile("empty")
    return list(HTML_HEADINGS), rows


def _bounded(rows: Iterator[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise UnreadableFile("rows")
        cleaned = {key.strip()[:80]: value.replace("\x00", "") for key, value in row.items() if key}
        if any(len(value) > LARGEST_CELL for value in cleaned.values()):
            raise UnreadableFile("size")
        if any(cleaned.values()):
            yield cleaned


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("encoding")


def _csv(data: bytes) -> Iterator[Row]:
    text = _decoded(data)
    csv.field_size_limit(LARGEST_CELL * 2)
    for row in csv.DictReader(io.StringIO(text, newline="")):
        yield {key: value for key, value in row.items() if key and isinstance(value, str)}


def _xlsx(data: bytes) -> Iterator[Row]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > LARGEST_UNPACKED:
            raise UnreadableFile("size")
    sheet: Any = load_workbook(io.BytesIO(data), read_only=True, data_only=True).active
    rows = sheet.iter_rows(values_only=True)
    names = [str(value or "").strip() for value in next(rows, ())]
    for values in rows:
        yield {
            name: "" if value is None else str(value)
            for name, value in zip(names, values, strict=False)
            if name
        }


def _jsonl(data: bytes) -> Iterator[Row]:
    for line in _decoded(data).splitlines():
        if line.strip():
            found = json.loads(line)
            if not isinstance(found, dict):
                raise UnreadableFile("broken")
            yield {str(key): _flat(value) for key, value in found.items()}


def _flat(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(_flat(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _zip(data: bytes) -> Iterator[Row]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = [i for i in archive.infolist() if i.filename.lower().endswith((".html", ".htm"))]
        if sum(info.file_size for info in infos) > LARGEST_UNPACKED:
            raise UnreadableFile("size")
        for info in sorted(infos, key=lambda info: info.filename):
            yield _page(info.filename, archive.read(info))


def _page(name: str, data: bytes) -> Row:
    """What an old page says of itself: title, the tags of the national standard, its text."""
    text = _decoded(data)
    found: Row = dict.fromkeys(HTML_HEADINGS, "") | {"file": name}
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    found["title"] = _plain(title[1]) if title else ""
    for tag in _META.finditer(text):
        attributes = {
            key.lower(): html.unescape(one or other)
            for key, one, other in _ATTRIBUTE.findall(tag[1])
        }
        field = _NAMES.get(attributes.get("name", "").lower())
        if field and attributes.get("content", "").strip():
            found[field] = attributes["content"].strip()
    body = re.search(r"<body[^>]*>(.*)</body>", text, re.IGNORECASE | re.DOTALL)
    found["body"] = clean_html(body[1] if body else text)
    return found


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip()


def clean_html(text: str) -> str:
    """Paragraphs, lists, links and emphasis; nothing that could run, and no layout."""
    if "<" not in text:
        lines = (line.strip() for line in text.splitlines())
        return "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
    return nh3.clean(
        text,
        tags=_TAGS,
        attributes={"a": {"href"}},
        clean_content_tags={"script", "style", "head", "nav", "noscript"},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    ).strip()
