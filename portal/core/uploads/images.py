"""Pictures: what they tell about the person who took them is taken out, drawings are only drawings.

Phones write the place, the time and the owner's name into a picture. The pixels stay as they are;
of the notes only the way up is kept.
"""

import re
import struct
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image

from .containers import FileProblem

_ORIENTATION = 0x0112
_SVG_ELEMENTS = frozenset(
    {"script", "foreignobject", "iframe", "object", "embed", "audio", "video"}
)
_SVG_ANIMATED = frozenset({"set", "animate", "animatetransform", "animatemotion"})
_SAFE_ADDRESS = re.compile(r"\s*(#|data:image/(png|jpeg|webp|gif);base64,)", re.IGNORECASE)
_STYLE = re.compile(
    r"@import|expression\(|javascript:|url\(\s*['\"]?\s*(?!#|data:image/)", re.IGNORECASE
)


def without_personal_data(data: bytes) -> bytes:
    """The same picture without EXIF, XMP, IPTC and comments; the same bytes without any."""
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return _avif(data)
    return data


def _way_up(data: bytes) -> int:
    """The orientation that a picture's notes name; 1 where they name none."""
    try:
        with Image.open(BytesIO(data)) as image:
            found = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # Pillow raises what it likes upon broken notes
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _notes(orientation: int) -> bytes:
    """EXIF that says the way up and nothing else."""
    entry = struct.pack("<HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + entry + b"\0\0\0\0"


def _jpeg(data: bytes) -> bytes:
    parts, place, found = [data[:2]], 2, False
    while place + 4 <= len(data) and data[place] == 0xFF:
        kind = data[place + 1]
        if kind == 0xDA:  # the picture itself begins
            break
        length = 2 + int.from_bytes(data[place + 2 : place + 4])
        if length < 4 or place + length > len(data):
            return data  # damaged: others will say so
        # EXIF and XMP, IPTC, comments; makers' notes of other kinds. Colours (APP2, 14) stay.
        if kind in {0xE1, 0xFE} or 0xE3 <= kind <= 0xED or kind == 0xEF:
            found = True
        else:
            parts.append(data[place : place + length])
        place += length
    if not found:
        return data
    orientation = _way_up(data)
    if orientation != 1:
        notes = b"Exif\0\0" + _notes(orientation)
        parts.insert(1, b"\xff\xe1" + struct.pack(">H", len(notes) + 2) + notes)
    cleaned = b"".join(parts) + data[place:]
    return data if cleaned == data else cleaned


def _png(data: bytes) -> bytes:
    parts, place, found = [data[:8]], 8, False
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4])
        kind = data[place + 4 : place + 8]
        end = place + 12 + length
        if end > len(data):
            return data
        if kind in {b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"}:
            found = True
        else:
            parts.append(data[place:end])
        place = end
    return b"".join(parts) if found else data


def _webp(data: bytes) -> bytes:
    chunks, place, found = [], 12, False
    while place + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, place)
        end = place + 8 + length + length % 2
        if kind in {b"EXIF", b"XMP "}:
            found = True
        else:
            chunks.append([kind, data[place + 8 : place + 8 + length]])
        place = end
    if not found:
        return data
    orientation = _way_up(data)
    for chunk in chunks:
        if chunk[0] == b"VP8X":
            flags = chunk[1][0] & ~0x0C | (0x08 if orientation != 1 else 0)
            chunk[1] = bytes([flags]) + chunk[1][1:]
    if orientation != 1:
        chunks.append([b"EXIF", _notes(orientation)])
    body = b"".join(
        kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
        for kind, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _avif(data: bytes) -> bytes:
    """Notes lie all over an AVIF file: it is written anew, turned the right way up."""
    from PIL import ImageOps

    try:
        with Image.open(BytesIO(data)) as image:
            if getattr(image, "is_animated", False) or not (
                image.getexif() or image.info.get("xmp")
            ):
                return data
            upright = ImageOps.exif_transpose(image)
            out = BytesIO()
            upright.save(
                out, "AVIF", quality=90, icc_profile=image.info.get("icc_profile"), exif=b""
            )
    except OSError:
        return data
    return out.getvalue()


def clean_new_picture(file: Any) -> None:
    """What a form does with an upload, for a Django file that a program is about to store.

    Raises:
        FileProblem: a drawing that holds more than a drawing.
    """
    content = file.file
    content.seek(0)
    data = content.read()
    content.seek(0)
    if str(file.name).lower().endswith(".svg"):
        check_drawing(data)
        return
    cleaned = without_personal_data(data)
    if cleaned != data:
        file.file = ContentFile(cleaned, name=file.name)


def check_drawing(data: bytes) -> None:
    """Whether an SVG file is a drawing and nothing else.

    Raises:
        FileProblem: it runs something, asks other hosts, or is damaged.
    """
    try:
        root = ElementTree.fromstring(data, forbid_dtd=False)
    except DefusedXmlException as error:
        raise FileProblem(_unsafe("ENTITY")) from error
    except (ParseError, ValueError, LookupError) as error:
        raise FileProblem(
            _("The drawing is damaged. Export it from the drawing program again.")
        ) from error
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        tag = _local(element.tag)
        if tag in _SVG_ELEMENTS:
            raise FileProblem(_unsafe(f"<{tag}>"))
        if tag == "style" and _STYLE.search("".join(element.itertext())):
            raise FileProblem(_unsafe("<style>"))
        for name, value in element.attrib.items():
            _check_attribute(tag, _local(name), value)


def _check_attribute(tag: str, name: str, value: str) -> None:
    if name.startswith("on"):
        raise FileProblem(_unsafe(name))
    if name in {"href", "src"} and tag != "a" and not _SAFE_ADDRESS.match(value):
        raise FileProblem(_unsafe(value[:60]))
    if name == "href" and tag == "a" and not re.match(r"\s*(https?:|#|/)", value, re.IGNORECASE):
        raise FileProblem(_unsafe(value[:60]))
    if tag in _SVG_ANIMATED and name == "attributename" and _local(value) in {"href", "onload"}:
        raise FileProblem(_unsafe(f"<{tag}>"))
    if _STYLE.search(value):
        raise FileProblem(_unsafe(value[:60]))


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2].lower()


def _unsafe(what: str) -> str:
    return _(
        "The drawing holds more than a drawing (%(what)s) and could attack visitors. Export it as "
        "plain SVG, without scripts and linked files, or as PNG."
    ) % {"what": what}
