"""Old Word files, WPS and RTF files, turned into .docx by LibreOffice where it is installed.

LibreOffice runs with a profile of its own that is thrown away, forbids macros and active content,
and does not follow links of the document to other places.
"""

import logging
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from portal.text.official.model import Finding, Format, Source

from . import confined, word
from .refusals import DocumentFileError, Limits

_log = logging.getLogger(__name__)
_COMMANDS = ("soffice", "libreoffice")
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = (
    ("MacroSecurityLevel", "3"),
    ("DisableMacrosExecution", "true"),
    ("DisableActiveContent", "true"),
    ("BlockUntrustedRefererLinks", "true"),
)
_LARGEST_RESULT = 256 * 1024 * 1024


def command() -> str | None:
    """The path of LibreOffice; None where it is not installed."""
    return next((found for name in _COMMANDS if (found := shutil.which(name))), None)


def read(data: bytes, ending: str, kind: Format, limits: Limits) -> Source:
    """The text of a file that LibreOffice understands. ``ending``: what it holds (doc, rtf).

    Raises:
        DocumentFileError: LibreOffice is not there, fails or is too slow; or its result is refused.
    """
    program = command()
    if program is None:
        raise DocumentFileError("no_converter", kind=kind)
    with tempfile.TemporaryDirectory(prefix="portal-office-") as folder:
        converted = _converted(program, data, ending, kind, Path(folder), limits)
    source = word.read(converted, limits)
    return replace(source, format=kind, findings=(*source.findings, Finding("converted", kind)))


def _converted(
    program: str, data: bytes, ending: str, kind: Format, folder: Path, limits: Limits
) -> bytes:
    given, result = folder / f"given.{ending}", folder / "out" / "given.docx"
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    result.parent.mkdir()
    given.write_bytes(data)
    try:
        ended = confined.run(
            [
                program,
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--norestore",
                "--nolockcheck",
                "--nodefault",
                "--convert-to",
                "docx:MS Word 2007 XML",
                "--outdir",
                str(result.parent),
                str(given),
            ],
            seconds=limits.conversion_seconds,
            memory=limits.conversion_memory,
            file_size=_LARGEST_RESULT,
            environment={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder),
                         "TMPDIR": str(folder), "LANG": "C.UTF-8"},
            folder=str(folder),
        )  # fmt: skip
    except confined.TookTooLong as error:
        limit = limits.conversion_seconds
        raise DocumentFileError("too_slow", kind=kind, limit=limit) from error
    if not result.is_file():
        _log.warning("LibreOffice ended with %s: %s", ended.code, ended.errors[-500:])
        raise DocumentFileError("conversion_failed", kind=kind)
    return result.read_bytes()


def _registry() -> str:
    items = "".join(
        f'<item oor:path="{_SECURITY}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items '
        'xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>'
    )
