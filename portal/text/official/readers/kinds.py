"""What a file is: by its bytes first, by its name where the bytes do not say."""

import io
import re
import zipfile
from pathlib import PurePath
from typing import Literal

from .refusals import DocumentFileError

type Kind = Literal["txt", "html", "docx", "pdf", "ofd", "doc", "wps", "rtf"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\x01\0", b"AT&TFORM",
)  # fmt: skip
_OTHERS = (
    (b"Rar!", "rar"), (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "gz"), (b"MZ", "exe"),
    (b"\x7fELF", "exe"), (b"ID3", "mp3"), (b"OggS", "ogg"), (b"\x1aE\xdf\xa3", "webm"),
    (b"%!PS", "ps"), (b"CEB", "ceb"), (b"Foxit CEB", "ceb"),
)  # fmt: skip
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAGS = re.compile(rb"<(?:p|div|span|br|table|td|h[1-6])\b[^>]{0,500}>", re.IGNORECASE)
_MHT = re.compile(rb"(?:\S[^\r\n]*\r?\n)*MIME-Version:", re.IGNORECASE)
_TEXT_NAMES = {"txt", "text", "md", "csv", "log", ""}
_WEB_NAMES = {"html", "htm", "xhtml", "shtml"}
_NAMES: dict[str, Kind] = {
    "docx": "docx", "docm": "docx", "pdf": "pdf", "ofd": "ofd", "doc": "doc", "wps": "wps",
    "rtf": "rtf", "dot": "doc", "dotx": "docx",
}  # fmt: skip


def ending(name: str) -> str:
    return PurePath(name.replace("\\", "/")).suffix[1:].lower()


def kind_of(data: bytes, name: str) -> Kind:
    """The kind of a file.

    Raises:
        DocumentFileError: it is empty, a picture, or of a kind that is not read.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise DocumentFileError("empty")
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped(data, name)
    if head.startswith(_OLE):
        return _compound(data, name)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        raise DocumentFileError("picture")
    for mark, other in _OTHERS:
        if head.startswith(mark):
            raise DocumentFileError("unsupported", kind=other)
    if head[4:8] == b"ftyp":
        raise DocumentFileError("unsupported", kind="mp4")
    return _text(data, name)


def _text(data: bytes, name: str) -> Kind:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    start = data[:8192].replace(b"\0", b"") if wide else data[:8192]
    own = ending(name)
    if _MHT.match(start[:2048]) and re.search(rb"multipart/related", start, re.IGNORECASE):
        raise DocumentFileError("unsupported", kind="mht")
    if _HTML.match(start.lstrip(b"\xef\xbb\xbf\xff\xfe")):
        return "html"
    if own in _WEB_NAMES or (own not in _TEXT_NAMES and len(_TAGS.findall(start)) >= 4):
        return "html"
    if own in _NAMES and ((b"\0" in data[:8192] and not wide) or own in {"docx", "ofd"}):
        # It begins as nothing that its name promises.
        raise DocumentFileError("broken", kind=_NAMES[own])
    return "txt"


def _zipped(data: bytes, name: str) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {entry.lstrip("/").lower() for entry in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        promised = _NAMES.get(ending(name))
        raise DocumentFileError("broken", kind=promised or "zip") from error
    if "ofd.xml" in names:
        return "ofd"
    for folder, other in (("xl/", "xlsx"), ("ppt/", "pptx")):
        if any(entry.startswith(folder) for entry in names):
            raise DocumentFileError("unsupported", kind=other)
    if "[content_types].xml" in names:
        return "docx"
    raise DocumentFileError(
        "unsupported", kind="odt" if "meta-inf/manifest.xml" in names else "zip"
    )


def _compound(data: bytes, name: str) -> Kind:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        raise DocumentFileError("encrypted", kind="docx")
    if not has("WordDocument"):
        if has("Workbook") or has("Book"):
            raise DocumentFileError("unsupported", kind="xls")
        if has("PowerPoint Document"):
            raise DocumentFileError("unsupported", kind="ppt")
    return "wps" if ending(name) == "wps" else "doc"


def name_promises(name: str) -> set[Kind]:
    """The kinds that a name stands for; empty where it stands for none."""
    own = ending(name)
    if own in _TEXT_NAMES:
        return {"txt"} if own else set()
    if own in _WEB_NAMES:
        return {"html"}
    return (
        {"doc", "wps", "rtf"}
        if own in {"doc", "wps", "rtf", "dot"}
        else ({_NAMES[own]} if own in _NAMES else set())
    )
