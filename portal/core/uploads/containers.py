"""Videos and recordings: what a file really holds, read from its own bytes.

Names and the browser's word for a type prove nothing. What is read here is little: the container,
its tracks, how long it lasts, how large the picture is, and whether the file is whole.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from django.utils.translation import gettext as _

MIME_TYPES = {
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
}
# Which content may stand behind which name.
_CONTENT_OF = {
    "mp4": "mp4", "m4v": "mp4", "m4a": "mp4", "webm": "webm", "mp3": "mp3", "ogg": "ogg",
    "opus": "ogg", "wav": "wav",
}  # fmt: skip
# What every current browser plays; others are for the cutting room.
_PLAYED = {
    "avc1", "avc3", "av01", "vp09", "vp08", "mp4a", "Opus", "fLaC", ".mp3", "ac-3", "ec-3",
    "V_VP8", "V_VP9", "V_AV1", "A_OPUS", "A_VORBIS",
}  # fmt: skip
_KNOWN_AS = {
    "hvc1": "H.265", "hev1": "H.265", "mp4v": "MPEG-4 Visual", "s263": "H.263", "jpeg": "JPEG",
    "apcn": "ProRes", "apch": "ProRes", "samr": "AMR", "V_MPEGH/ISO/HEVC": "H.265",
    "V_MPEG4/ISO/AVC": "H.264",
}  # fmt: skip
_OTHERS = (
    (b"RIFF", 8, b"AVI ", "AVI"),
    (b"0&\xb2u\x8ef\xcf\x11", 0, b"", "Windows Media (WMV/WMA)"),
    (b"FLV\x01", 0, b"", "Flash (FLV)"),
    (b"\x00\x00\x01\xba", 0, b"", "MPEG"),
    (b"\x00\x00\x01\xb3", 0, b"", "MPEG"),
    (b".RMF", 0, b"", "RealMedia"),
    (b"fLaC", 0, b"", "FLAC"),
    (b"FORM", 8, b"AIFF", "AIFF"),
    (b"#!AMR", 0, b"", "AMR"),
)
_LARGEST_INDEX = 64 * 1024 * 1024


class FileProblem(ValueError):
    """Why a file is refused, in a sentence for the editor that says what to do."""


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a file holds; 0 where it does not say."""

    content: str
    is_video: bool
    has_sound: bool
    duration: float = 0.0
    width: int = 0
    height: int = 0


def mime_type(name: str) -> str:
    return MIME_TYPES.get(_extension(name), "application/octet-stream")


def _extension(name: str) -> str:
    return PurePath(name).suffix[1:].lower()


def inspect(file: IO[bytes], name: str, *, want_video: bool) -> MediaFacts:
    """What a video or recording holds.

    Raises:
        FileProblem: it is none, it is cut off, browsers do not play it, or its name lies.
    """
    file.seek(0)
    head = file.read(64)
    size = file.seek(0, os.SEEK_END)
    try:
        content = _content(head)
        facts = _READERS[content](file, size)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        if isinstance(error, FileProblem):
            raise
        raise FileProblem(_damaged()) from error
    finally:
        file.seek(0)
    extension = _extension(name)
    if _CONTENT_OF.get(extension) != content:
        raise FileProblem(
            _("The file is named .%(extension)s but holds %(content)s. Give it its real ending.")
            % {"extension": extension, "content": content.upper()}
        )
    if want_video and not facts.is_video:
        raise FileProblem(_("There is no picture in this file. Upload it as a recording (audio)."))
    if not want_video and facts.is_video:
        raise FileProblem(_("This file is a video. Upload it as a video, with captions."))
    return facts


def _damaged() -> str:
    return _(
        "The file is damaged or was cut off while it was copied. Open it on your computer; if it "
        "plays to its end, export it again."
    )


def _content(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        if head[8:12] == b"qt  ":
            raise FileProblem(_not_played("QuickTime (MOV)"))
        return "mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm"
    if head.startswith(b"OggS"):
        return "ogg"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"ID3") or (len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "mp3"
    for start, place, second, known_as in _OTHERS:
        if head.startswith(start) and head[place:].startswith(second):
            raise FileProblem(_not_played(known_as))
    if len(head) > 8 and head[4:8] in (b"moov", b"mdat", b"wide", b"free"):
        raise FileProblem(_not_played("QuickTime (MOV)"))
    raise FileProblem(_("This is neither a video nor a recording, whatever its name says."))


def _not_played(known_as: str) -> str:
    return _(
        "Browsers do not play %(kind)s. Export it as MP4 (H.264 with AAC), sound alone as MP3."
    ) % {"kind": known_as}


def _check_codecs(codecs: list[str]) -> None:
    for codec in codecs:
        if codec not in _PLAYED:
            raise FileProblem(_not_played(_KNOWN_AS.get(codec, codec)))


# --- MP4 ------------------------------------------------------------------------------------
def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, end) of the boxes inside a box that is in memory."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        inner = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, inner)
            inner += 8
        elif size == 0:
            size = end - start
        if size < inner - start or start + size > end:
            raise FileProblem(_damaged())
        yield (kind, inner, start + size)
        start += size


def _inside(data: bytes, start: int, end: int, *path: bytes) -> tuple[int, int] | None:
    for kind, inner, stop in _boxes(data, start, end):
        if kind == path[0]:
            return (inner, stop) if len(path) == 1 else _inside(data, inner, stop, *path[1:])
    return None


def _read_mp4(file: IO[bytes], size: int) -> MediaFacts:
    place, index, has_data = 0, b"", False
    while place + 8 <= size:
        file.seek(place)
        length, kind = struct.unpack(">I4s", file.read(8))
        inner = 8
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8))
            inner = 16
        elif length == 0:
            length = size - place
        if length < inner or place + length > size:
            raise FileProblem(_damaged())
        if kind == b"moov":
            if length > _LARGEST_INDEX:
                raise FileProblem(_damaged())
            index = file.read(length - inner)
        has_data = has_data or kind == b"mdat"
        place += length
    if not index or not has_data:
        raise FileProblem(_damaged())
    return _mp4_facts(index)


def _mp4_facts(index: bytes) -> MediaFacts:
    duration, width, height, codecs, kinds = 0.0, 0, 0, [], set()
    for kind, start, end in _boxes(index, 0, len(index)):
        if kind == b"mvhd":
            if index[start] == 1:
                scale, ticks = struct.unpack_from(">IQ", index, start + 20)
            else:
                scale, ticks = struct.unpack_from(">II", index, start + 12)
            duration = ticks / scale if scale and ticks < 2**32 - 1 else 0.0
        elif kind == b"trak":
            handler = _inside(index, start, end, b"mdia", b"hdlr")
            kinds_of = index[handler[0] + 8 : handler[0] + 12] if handler else b""
            if kinds_of not in (b"vide", b"soun"):
                continue
            kinds.add(kinds_of)
            described = _inside(index, start, end, b"mdia", b"minf", b"stbl", b"stsd")
            if described:
                codecs.append(index[described[0] + 12 : described[0] + 16].decode("latin-1"))
            header = _inside(index, start, end, b"tkhd")
            if kinds_of == b"vide" and header:
                width, height = _mp4_size(index, *header)
    _check_codecs(codecs)
    return MediaFacts("mp4", b"vide" in kinds, b"soun" in kinds, duration, width, height)


def _mp4_size(index: bytes, start: int, end: int) -> tuple[int, int]:
    """Width and height as shown: phones film upright and say so in the matrix."""
    across, down = struct.unpack_from(">II", index, end - 8)
    turned = struct.unpack_from(">i", index, end - 8 - 36 + 4)[0]
    width, height = across >> 16, down >> 16
    return (height, width) if turned else (width, height)


# --- WebM -----------------------------------------------------------------------------------
_UNKNOWN_SIZE = -1


def _element(data: bytes, place: int) -> tuple[int, int, int]:
    """(id, size, start of the content) of an EBML element."""
    first = data[place]
    length = 8 - first.bit_length() + 1
    if not 1 <= length <= 4:
        raise ValueError("no EBML id")
    identity = int.from_bytes(data[place : place + length])
    place += length
    first = data[place]
    if not first:
        raise ValueError("no EBML size")
    length = 8 - first.bit_length() + 1
    value = int.from_bytes(data[place : place + length]) & ((1 << (7 * length)) - 1)
    unknown = value == (1 << (7 * length)) - 1
    return (identity, _UNKNOWN_SIZE if unknown else value, place + length)


def _elements(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(id, start, end) of what stands in an element, as far as it is in memory."""
    while start < end - 1:
        identity, size, inner = _element(data, start)
        stop = end if size == _UNKNOWN_SIZE else inner + size
        yield (identity, inner, min(stop, end))
        if stop >= end:
            return
        start = stop


def _read_webm(file: IO[bytes], size: int) -> MediaFacts:
    file.seek(0)
    data = file.read(1024 * 1024)
    _identity, length, inner = _element(data, 0)
    header = data[inner : inner + length]
    if b"webm" not in header:
        raise FileProblem(_not_played("Matroska (MKV)"))
    segment, length, inner = _element(data, inner + length)
    if segment != 0x18538067 or (length != _UNKNOWN_SIZE and inner + length > size):
        raise FileProblem(_damaged())
    scale, ticks, width, height, codecs, kinds = 1_000_000, 0.0, 0, 0, [], set()
    for identity, start, stop in _elements(data, inner, len(data)):
        if identity == 0x1549A966:  # Info
            for name, begin, end in _elements(data, start, stop):
                if name == 0x2AD7B1:
                    scale = int.from_bytes(data[begin:end])
                elif name == 0x4489:
                    ticks = struct.unpack(">d" if end - begin == 8 else ">f", data[begin:end])[0]
        elif identity == 0x1654AE6B:  # Tracks
            for _name, begin, end in _elements(data, start, stop):
                for field, at, to in _elements(data, begin, end):
                    if field == 0x83:
                        kinds.add(int.from_bytes(data[at:to]))
                    elif field == 0x86:
                        codecs.append(data[at:to].decode("latin-1").rstrip("\0"))
                    elif field == 0xE0:
                        for part, one, two in _elements(data, at, to):
                            if part == 0xB0:
                                width = int.from_bytes(data[one:two])
                            elif part == 0xBA:
                                height = int.from_bytes(data[one:two])
        elif identity == 0x1F43B675:  # the first cluster: what we look for stands before it
            break
    if not kinds:
        raise FileProblem(_damaged())
    _check_codecs(codecs)
    return MediaFacts("webm", 1 in kinds, 2 in kinds, ticks * scale / 1e9, width, height)


# --- sound ----------------------------------------------------------------------------------
def _read_wav(file: IO[bytes], size: int) -> MediaFacts:
    place, rate = 12, 0
    while place + 8 <= size:
        file.seek(place)
        kind, length = struct.unpack("<4sI", file.read(8))
        if kind == b"fmt ":
            rate = struct.unpack_from("<I", file.read(16), 8)[0]
        elif kind == b"data":
            if place + 8 + length > size or not rate:
                raise FileProblem(_damaged())
            return MediaFacts("wav", False, True, length / rate)
        place += 8 + length + length % 2
    raise FileProblem(_damaged())


_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = (44100, 48000, 32000)


def _read_mp3(file: IO[bytes], size: int) -> MediaFacts:
    file.seek(0)
    head = file.read(10)
    start = 0
    if head.startswith(b"ID3"):
        start = 10 + sum((byte & 0x7F) << (7 * n) for n, byte in enumerate(reversed(head[6:10])))
    file.seek(start)
    data = file.read(8192)
    at = next((n for n in range(len(data) - 3) if _is_frame(data, n)), None)
    if at is None:
        raise FileProblem(_damaged())
    newest = data[at + 1] & 0x18 == 0x18
    rate = _RATES[data[at + 2] >> 2 & 3] // (1 if newest else 2)
    kilobits = (_BITRATES if newest else _BITRATES_LOW)[data[at + 2] >> 4]
    samples = 1152 if newest else 576
    for name in (b"Xing", b"Info"):
        found = data.find(name, at, at + 200)
        if found > 0 and struct.unpack_from(">I", data, found + 4)[0] & 1:
            frames = struct.unpack_from(">I", data, found + 8)[0]
            return MediaFacts("mp3", False, True, frames * samples / rate)
    return MediaFacts("mp3", False, True, (size - start) * 8 / (kilobits * 1000))


def _is_frame(data: bytes, n: int) -> bool:
    return (
        data[n] == 0xFF
        and data[n + 1] & 0xE6 == 0xE2
        and data[n + 2] >> 4 not in (0, 15)
        and data[n + 2] >> 2 & 3 != 3
    )


def _ogg_page(data: bytes, start: int) -> int:
    """The length of a page."""
    segments = data[start + 26]
    return 27 + segments + sum(data[start + 27 : start + 27 + segments])


def _read_ogg(file: IO[bytes], size: int) -> MediaFacts:
    file.seek(0)
    head = file.read(4096)
    if b"theora" in head:
        raise FileProblem(_not_played("Theora (OGV)"))
    rate = 48000
    if b"OpusHead" not in head:
        at = head.find(b"\x01vorbis")
        if at < 0:
            raise FileProblem(_not_played("OGG"))
        rate = struct.unpack_from("<I", head, at + 12)[0]
    file.seek(max(0, size - 65536))
    tail = file.read()
    last = tail.rfind(b"OggS")
    # The last page says that it is the last, and how long it is.
    if last < 0 or not tail[last + 5] & 4 or last + _ogg_page(tail, last) != len(tail):
        raise FileProblem(_damaged())
    return MediaFacts("ogg", False, True, struct.unpack_from("<q", tail, last + 6)[0] / rate)


_READERS = {
    "mp4": _read_mp4, "webm": _read_webm, "wav": _read_wav, "mp3": _read_mp3, "ogg": _read_ogg,
}  # fmt: skip
