"""Files as they are sent: one PO or XLIFF file, or a zip of them. Limits come first."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import ModuleType

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from . import po, xliff
from .units import Document, NotReadable

LARGEST = 10 * 1024 * 1024
LARGEST_UNPACKED = 50 * 1024 * 1024
MOST_FILES = 500
_FORMATS: dict[str, ModuleType] = {".po": po, ".xlf": xliff, ".xliff": xliff}
SUFFIXES = {"po": ".po", "xliff": ".xlf"}
ACCEPTED = ".po,.xlf,.xliff,.zip"


@dataclass(frozen=True, slots=True)
class Part:
    """One file: what it holds, or why it cannot be read."""

    name: str
    document: Document | None
    problem: str = ""
    line: int = 0


def read(name: str, data: bytes) -> list[Part]:
    """What a file holds; a zip holds many. A part that cannot be read is told, the others are read.

    Raises:
        NotReadable: the file as a whole cannot be taken.
    """
    if len(data) > LARGEST:
        raise NotReadable(
            _("The file is larger than %(size)s.") % {"size": filesizeformat(LARGEST)}
        )
    if PurePosixPath(name.lower()).suffix == ".zip":
        parts = [_part(inside, content) for inside, content in _unpacked(data)]
        if not parts:
            raise NotReadable(_("There is no PO or XLIFF file in the archive."))
        return parts
    if PurePosixPath(name.lower()).suffix not in _FORMATS:
        raise NotReadable(_("Choose a .po, .xlf or .xliff file, or a .zip of them."))
    return [_part(name, data)]


def _part(name: str, data: bytes) -> Part:
    try:
        return Part(name, _FORMATS[PurePosixPath(name.lower()).suffix].read(data))
    except NotReadable as problem:
        return Part(name, None, problem.message, problem.line)


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise NotReadable(_("This is not a zip archive.")) from error
    with archive:
        wanted = [
            item
            for item in archive.infolist()
            if not item.is_dir()
            and PurePosixPath(item.filename.lower()).suffix in _FORMATS
            and not PurePosixPath(item.filename).name.startswith("._")
        ]
        if len(wanted) > MOST_FILES:
            raise NotReadable(_("At most %(count)d files in one archive.") % {"count": MOST_FILES})
        left = LARGEST_UNPACKED
        for item in wanted:
            try:
                with archive.open(item) as stream:
                    # The size that the archive states may be a lie.
                    content = stream.read(min(left, LARGEST) + 1)
            except (
                zipfile.BadZipFile,
                RuntimeError,
                OSError,
                EOFError,
                NotImplementedError,
            ) as error:
                raise NotReadable(
                    _("“%(name)s” in the archive is damaged or locked.") % {"name": item.filename}
                ) from error
            left -= len(content)
            if len(content) > LARGEST or left < 0:
                raise NotReadable(
                    _("The archive holds more than %(size)s.")
                    % {"size": filesizeformat(LARGEST_UNPACKED)}
                )
            yield item.filename, content


def write(document: Document, form: str) -> bytes:
    module = po if form == "po" else xliff
    written: bytes = module.write(document)
    return written


def pack(files: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip archive; the same files give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
