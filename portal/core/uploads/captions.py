"""Captions: WebVTT as browsers read it, made from SubRip where an editor has that."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .containers import FileProblem
from .sheets import decoded

LARGEST = 2 * 1024 * 1024
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s+(.*))?\s*")
_SETTINGS = re.compile(r"(?:(?:vertical|line|position|size|align|region):\S+\s*)*")
_LOOKS_LIKE_TIMING = re.compile(r"\d\s*[-–—]+>?\s*\d.*[:：]\d|-->")


@dataclass(frozen=True, slots=True)
class Cue:
    start: float
    end: float
    settings: str
    text: str


def to_webvtt(data: bytes) -> str:
    """The captions as WebVTT in UTF-8 with plain line ends.

    Raises:
        FileProblem: with the line to be mended.
    """
    if len(data) > LARGEST:
        raise FileProblem(
            _("The caption file is larger than 2 MB; captions are a few pages of text.")
        )
    text = decoded(data).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    is_vtt = bool(re.match(r"WEBVTT(?:[ \t]|$)", lines[0]))
    if not is_vtt and not any("-->" in line for line in lines):
        raise FileProblem(_("This is no caption file: it has no times (00:00:01.000 --> …)."))
    cues = read_cues(lines, first=1 if is_vtt else 0)
    if not cues:
        raise FileProblem(_("There are no captions in this file."))
    return "WEBVTT\n\n" + "\n".join(
        f"{_clock(cue.start)} --> {_clock(cue.end)}{' ' + cue.settings if cue.settings else ''}\n"
        f"{cue.text}\n"
        for cue in cues
    )


def read_cues(lines: list[str], first: int) -> list[Cue]:
    """The captions of a file, checked.

    Raises:
        FileProblem: with the number of the line.
    """
    cues: list[Cue] = []
    place = first
    while place < len(lines):
        start = place
        while place < len(lines) and lines[place].strip():
            place += 1
        block = lines[start:place]
        place += 1
        if (
            not block
            or re.match(r"(NOTE|STYLE|REGION)\b", block[0])
            or (start < first + 1 and first and "-->" not in "".join(block))
        ):
            continue
        cues.append(_cue(block, start + 1, cues[-1] if cues else None))
    return cues


def _cue(block: list[str], number: int, before: Cue | None) -> Cue:
    """One caption; ``number`` is the line at which it begins."""
    at = next((n for n, line in enumerate(block[:2]) if "-->" in line), None)
    if at is None:
        wrong = next((n for n, line in enumerate(block) if _LOOKS_LIKE_TIMING.search(line)), 0)
        raise FileProblem(
            _("Line %(line)d: a time is expected here, such as 00:00:01.000 --> 00:00:04.000.")
            % {"line": number + wrong}
        )
    found = _TIMING.fullmatch(block[at])
    line = number + at
    if not found:
        raise FileProblem(
            _("Line %(line)d: the time “%(text)s” is not written as 00:00:01.000 --> 00:00:04.000.")
            % {"line": line, "text": block[at].strip()[:60]}
        )
    start, end = _seconds(found.groups()[:4]), _seconds(found.groups()[4:8])
    if end <= start:
        raise FileProblem(_("Line %(line)d: the caption ends before it begins.") % {"line": line})
    if before is not None and start < before.start:
        raise FileProblem(
            _("Line %(line)d: this caption begins before the one above it.") % {"line": line}
        )
    text = "\n".join(part.rstrip() for part in block[at + 1 :])
    if not text.strip():
        raise FileProblem(_("Line %(line)d: the caption has no words.") % {"line": line})
    settings = (found[9] or "").strip()
    return Cue(start, end, settings if _SETTINGS.fullmatch(settings) else "", text)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
