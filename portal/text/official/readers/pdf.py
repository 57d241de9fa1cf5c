"""PDF files with a text layer. The work is done by ``pdf_worker`` in a process with limits."""

import json
import logging
import sys
from typing import Any

from portal.text.official.model import Finding, Removed, Source, SourceLine

from . import confined
from .lines import counted
from .refusals import DocumentFileError, Limits

_log = logging.getLogger(__name__)
_WORKER = f"{__package__}.pdf_worker"


def read(data: bytes, limits: Limits) -> Source:
    """The text of a PDF file.

    Raises:
        DocumentFileError: it is scanned, locked, damaged, too large or too slow.
    """
    command = [sys.executable, "-I", "-m", _WORKER, str(limits.pages), str(limits.characters)]
    try:
        ended = confined.run(command, given=data, seconds=limits.seconds, memory=limits.memory)
    except confined.TookTooLong as error:
        raise DocumentFileError("too_slow", kind="pdf", limit=limits.seconds) from error
    try:
        found: dict[str, Any] = json.loads(ended.output)
    except ValueError as error:
        # No answer: the system stopped it, most often for want of memory.
        _log.warning("PDF worker ended with %s: %s", ended.code, ended.errors[-500:])
        raise DocumentFileError("too_complex", kind="pdf") from error
    match found.get("reason"):
        case None:
            return source_of(found, is_whole=b"%%EOF" in data[-2048:], limits=limits)
        case "too_many_pages":
            raise DocumentFileError("too_many_pages", kind="pdf", limit=limits.pages)
        case "too_much_text":
            raise DocumentFileError("too_much_text", limit=limits.characters)
        case reason:
            if "error" in found:
                _log.info("PDF file refused: %s", found["error"])
            raise DocumentFileError(reason, kind="pdf")


def source_of(found: dict[str, Any], *, is_whole: bool, limits: Limits) -> Source:
    """What the worker found, as a source; ``is_whole``: the file has its end."""
    lines = [
        SourceLine(**{**line, "rows": tuple(tuple(row) for row in line["rows"])})
        for line in found["lines"]
    ]
    findings = [Finding(*finding) for finding in found["findings"]]
    if found["unmapped"]:
        position, line = next(
            ((n, line.text) for n, line in enumerate(lines) if "\ufffd" in line.text), (None, "")
        )
        at = max(line.find("\ufffd"), 0)
        findings.append(
            Finding("unmapped_characters", line[max(0, at - 15) : at + 15], None, position)
        )
    if not is_whole:
        findings.append(Finding("cut_off", lines[-1].text[-30:] if lines else ""))
    removed = tuple(Removed(*gone) for gone in found["removed"])
    return Source(counted(lines, limits), "pdf", tuple(findings), removed)
