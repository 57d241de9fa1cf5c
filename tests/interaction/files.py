"""Files as visitors attach them: honest ones, and those that only look like it."""

import io
import struct
import zipfile

from docx import Document
from openpyxl import Workbook
from PIL import Image


def pdf(inside: bytes = b"", *, end: bytes = b"%%EOF\n") -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog" + inside + b">>endobj\ntrailer<</Root 1 0 R>>\n" + end
    )


def docx(text: str = "路灯不亮") -> bytes:
    out = io.BytesIO()
    document = Document()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    out = io.BytesIO()
    book = Workbook()
    book.active["A1"] = "路灯"
    book.save(out)
    return out.getvalue()


def jpeg(*, with_place: bool = False) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (40, 30), "teal")
    notes = Image.Exif()
    if with_place:
        notes[0x010E] = "at home"
        notes[0x8825] = {1: "N", 2: (30.0, 15.0, 0.0)}
    picture.save(out, "JPEG", exif=notes)
    return out.getvalue()


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


def mp4() -> bytes:
    return struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + struct.pack(">I4s", 8, b"mdat")


def mp3() -> bytes:
    return b"ID3\x03\0\0\0\0\0\0" + b"\xff\xfb\x90\x00" + b"\0" * 400


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_part(office: bytes, name: str, data: bytes) -> bytes:
    out = io.BytesIO(office)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()
