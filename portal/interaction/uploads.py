"""Files that visitors attach: what they really hold, how large they are, whether they are safe.

A file is what its bytes say; its name only has to agree. Macros, archives that unpack to far more
than they weigh, files that are two kinds at once and whatever a PDF may start are refused, and
pictures lose the notes that tell where they were taken.
"""

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import PurePath
from typing import Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from portal.plugin_api import without_personal_data

from .scanning import ScannerFailed, scan

_MB = 1024 * 1024
MOST_FILES = 5
LARGEST = 10 * _MB
LARGEST_TOGETHER = 25 * _MB
_LONGEST_NAME = 120
_UNPACKED, _ENTRIES, _RATIO = 100 * _MB, 2_000, 200
_MOST_PIXELS = 50_000_000

MIME_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
}
ACCEPTED = ".pdf,.docx,.xlsx,.jpg,.jpeg,.png,.txt,.mp3,.mp4"
_SAME = {"jpeg": "jpg"}


class FileRefused(ValueError):
    """Why a file is not taken, in a sentence for the writer that says what to do."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept. ``scanned_by`` is "" where no scanner looked at it."""

    name: str
    mime_type: str
    data: bytes = field(repr=False)
    sha256: str
    scanned_at: datetime | None = None
    scanned_by: str = ""

    @property
    def size(self) -> int:
        return len(self.data)


def check_file(data: bytes, name: str) -> CheckedFile:
    """A file as it may be kept: cleaned, named, scanned.

    Raises:
        FileRefused: its kind, its size or what it holds.
    """
    shown = clean_name(name)
    if not data:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": shown})
    if len(data) > LARGEST:
        raise FileRefused(too_large(shown))
    kind = _kind_of(data, shown)
    own = PurePath(shown).suffix[1:].lower()
    if _SAME.get(own, own) != kind:
        raise FileRefused(
            _("“%(name)s” is named otherwise than it is: it holds %(kind)s.")
            % {"name": shown, "kind": kind.upper()}
        )
    _CHECKS[kind](data, shown)
    if kind in ("jpg", "png"):
        data = without_personal_data(data[: _end_of_picture(data)])
    try:
        found = scan(data)
    except ScannerFailed as error:
        raise FileRefused(
            _("“%(name)s” cannot be looked through for viruses just now. Please try again later.")
            % {"name": shown}
        ) from error
    if found.threat:
        raise FileRefused(
            _("“%(name)s” was refused: a virus scanner found something in it.") % {"name": shown}
        )
    return CheckedFile(
        name=shown,
        mime_type=MIME_TYPES[kind],
        data=data,
        sha256=sha256(data).hexdigest(),
        scanned_at=timezone.now() if found.by else None,
        scanned_by=found.by,
    )


def too_large(name: str) -> str:
    return _("“%(name)s” is larger than %(limit)d MB.") % {
        "name": clean_name(name),
        "limit": LARGEST // _MB,
    }


def clean_name(name: str) -> str:
    """The name alone, without folders, control and direction marks; never empty."""
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(
        sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C"
    )
    kept = re.sub(r'[<>:"/\\|?*]+', "-", kept).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if dot and len(kept) > _LONGEST_NAME:
        kept = f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}"
    return kept[:_LONGEST_NAME] or "file"


def _kind_of(data: bytes, name: str) -> str:
    head = data[:16]
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head.startswith(b"ID3") or (head[0] == 0xFF and head[1:2] and head[1] & 0xE6 == 0xE2):
        return "mp3"
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(data, name)
    if PurePath(name).suffix.lower() == ".txt" and _is_text(data):
        return "txt"
    raise FileRefused(
        _("“%(name)s” is of no kind that is taken: PDF, Word (.docx), Excel (.xlsx), JPEG, PNG, "
          "text, MP3 or MP4.")
        % {"name": name}
    )  # fmt: skip


def _is_text(data: bytes) -> bool:
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    for encoding in ("utf-8", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _unsafe(name: str) -> FileRefused:
    return FileRefused(
        _("“%(name)s” holds something that could run or open other things. Please save it as a "
          "plain PDF or as a picture.")
        % {"name": name}
    )  # fmt: skip


def _damaged(name: str) -> FileRefused:
    return FileRefused(
        _("“%(name)s” is damaged. Please open it, save it again and attach the new file.")
        % {"name": name}
    )


# --- Office ---------------------------------------------------------------------------------------
_BODIES = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_RUNS = re.compile(
    r"vbaproject|macrosheets|activex|/embeddings/|oleobject|\.(?:bin|exe|dll|js|vbs|bat|cmd|scr|lnk|hta|ps1)$",
    re.IGNORECASE,
)
# xl/printerSettings/printerSettings1.bin is what every spreadsheet has, and is no program.
_HARMLESS = re.compile(r"^xl/printersettings/\w+\.bin$", re.IGNORECASE)
_OUTSIDE = re.compile(
    r"/(?:attachedtemplate|oleobject|frame|subdocument|externallink\w*)$", re.IGNORECASE
)


def _office_kind(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _damaged(name) from error
    kinds = [kind for body, kind in _BODIES.items() if body in names]
    if len(kinds) != 1 or "[Content_Types].xml" not in names:
        raise FileRefused(
            _("“%(name)s” is an archive. Please attach the files themselves.") % {"name": name}
        )
    return kinds[0]


def _check_office(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            whole = sum(entry.file_size for entry in entries)
            if (
                len(entries) > _ENTRIES
                or whole > _UNPACKED
                or whole > _RATIO * max(len(data), 1024)
                or any(entry.flag_bits & 1 for entry in entries)
            ):
                raise _unsafe(name)
            for entry in entries:
                if _RUNS.search(entry.filename) and not _HARMLESS.match(entry.filename):
                    raise _unsafe(name)
                # Office programs take small and large letters of these names for the same.
                if entry.filename.lower().endswith(("[content_types].xml", ".rels")):
                    _check_parts(_read(archive, entry, name), name)
    except FileRefused:
        raise
    except Exception as error:  # a damaged archive: zipfile and its decompressors raise anything
        raise _damaged(name) from error
    if not _ends_as_archive(data):
        raise _unsafe(name)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Never more than what the directory promises, whatever the archive holds."""
    with archive.open(entry) as part:
        data = part.read(2 * _MB + 1)
    if len(data) > 2 * _MB:
        raise _unsafe(name)
    return data


def _check_parts(xml: bytes, name: str) -> None:
    try:
        root = ElementTree.fromstring(xml)
    except DefusedXmlException as error:
        raise _unsafe(name) from error
    for element in root.iter():
        kind = element.get("ContentType") or ""
        if re.search(r"macroenabled|vbaproject|oleobject|activex", kind, re.IGNORECASE):
            raise _unsafe(name)
        is_outside = (element.get("TargetMode") or "").lower() == "external"
        if is_outside and _OUTSIDE.search(element.get("Type") or ""):
            raise _unsafe(name)


def _ends_as_archive(data: bytes) -> bool:
    """Nothing before the first entry and nothing behind the directory."""
    at = data.rfind(b"PK\x05\x06")
    if at < 0 or len(data) < at + 22:
        return False
    comment = int.from_bytes(data[at + 20 : at + 22], "little")
    return at + 22 + comment == len(data) and comment < 1024


# --- PDF ------------------------------------------------------------------------------------------
_PDF_RUNS = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToE)\b(?!\w)"
)
_PDF_NAMES = re.compile(rb"#([0-9A-Fa-f]{2})")
# Each letter of a name may be written as its number.
_OBJECT_LIST = re.compile(
    b"/" + b"".join(b"(?:%c|#(?i:%02x))" % (sign, sign) for sign in b"ObjStm") + rb"(?![\w#])"
)
_STREAM = re.compile(rb"stream\r?\n")
# All that such a list says of itself: no words, nothing inside anything, one way of packing.
_PLAIN_HEAD = re.compile(rb"obj\s*<<[\s\w/\[\]-]*>>\s*stream\r?\n")
_PLAINLY_PACKED = re.compile(
    rb"\A(?!.*DecodeParms)(?!.*/Filter.*/Filter).*/Filter\s*(?:/FlateDecode\b|\[\s*/FlateDecode\s*\])",
    re.DOTALL,
)


def _check_pdf(data: bytes, name: str) -> None:
    if b"%%EOF" not in data[-2048:]:
        raise _damaged(name)
    if len(data) - data.rfind(b"%%EOF") > 1024 or b"PK\x05\x06" in data[-1024:]:
        raise _unsafe(name)
    plain = _PDF_NAMES.sub(_written_out, data)
    if _PDF_RUNS.search(plain) or _runs_inside(data):
        raise _unsafe(name)


def _runs_inside(data: bytes) -> bool:
    """Whether a compressed list of objects starts something, or cannot be looked into."""
    left = 20 * _MB
    for found in _OBJECT_LIST.finditer(data):
        stream = _STREAM.search(data, found.end())
        if stream is None:
            continue  # the words alone
        head = _PDF_NAMES.sub(
            _written_out, data[data.rfind(b"obj", 0, found.start()) : stream.end()]
        )
        if not _PLAIN_HEAD.fullmatch(head) or not _PLAINLY_PACKED.search(head):
            return True
        unpacker = zlib.decompressobj()
        try:
            text = unpacker.decompress(data[stream.end() :], left)
        except zlib.error:
            return True
        left -= len(text)
        if left <= 0 or not unpacker.eof or _PDF_RUNS.search(_PDF_NAMES.sub(_written_out, text)):
            return True
    return False


def _written_out(sign: re.Match[bytes]) -> bytes:
    return bytes([int(sign[1], 16)])


# --- pictures, sound, text ------------------------------------------------------------------------
def _check_picture(data: bytes, name: str) -> None:
    try:
        with Image.open(BytesIO(data)) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise FileRefused(
                    _("“%(name)s” has too many pixels. Please make the picture smaller.")
                    % {"name": name}
                )
            picture.verify()
    except FileRefused:
        raise
    except Exception as error:  # Pillow raises what it likes upon broken pictures
        raise _damaged(name) from error
    rest = data[_end_of_picture(data) :]
    if any(mark in rest for mark in (b"PK\x03\x04", b"%PDF-", b"<script", b"<?php")):
        raise _unsafe(name)


# Inside the picture of a JPEG file 0xFF is followed by 0, or by the number of a restart.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def _end_of_picture(data: bytes) -> int:
    """Where the picture ends; phones put a film behind it, and others hide things there."""
    if data.startswith(b"\x89PNG"):
        found = data.find(b"IEND\xaeB`\x82")
        return found + 8 if found >= 0 else len(data)
    place = 2
    while place + 4 <= len(data):
        marker = _MARKER.search(data, place)
        if marker is None:
            break
        if marker[0] == b"\xff\xd9":
            return marker.end()
        place = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2])
    return len(data)


_PAGE = (b"<script", b"<html", b"<?php", b"<!doctype")


def _check_text(data: bytes, name: str) -> None:
    # Two bytes a letter hide nothing.
    plain = data.replace(b"\0", b"").lower()
    if any(mark in plain for mark in _PAGE) or plain.startswith((b"#!/", b"\xef\xbb\xbf#!/")):
        raise _unsafe(name)


def _check_recording(data: bytes, name: str) -> None:
    if any(mark in data[-1024 * 64 :] for mark in (b"PK\x05\x06", b"%PDF-")):
        raise _unsafe(name)
    if any(mark in data[: 1024 * 64].lower() for mark in _PAGE):
        raise _unsafe(name)


_CHECKS: dict[str, Callable[[bytes, str], Any]] = {
    "pdf": _check_pdf,
    "docx": _check_office,
    "xlsx": _check_office,
    "jpg": _check_picture,
    "png": _check_picture,
    "txt": _check_text,
    "mp3": _check_recording,
    "mp4": _check_recording,
}
