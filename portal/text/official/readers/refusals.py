"""What is refused, and the limits within which a file is read."""

from dataclasses import dataclass
from typing import Literal

type Reason = Literal[
    "empty",  # no bytes, or no text in them
    "too_large",  # more bytes than ``limit``
    "unpacked_too_large",  # a package that unpacks to more than a text needs
    "too_many_pages",  # more pages than ``limit``
    "too_much_text",  # more characters than ``limit``
    "too_slow",  # not read within ``limit`` seconds
    "too_complex",  # nested or tangled beyond what can be followed
    "encrypted",  # protected by a password
    "broken",  # damaged or cut off: what begins as ``kind`` does not go on as one
    "scanned_pdf",  # pages that are pictures: there are no characters to read
    "only_pictures",  # the same in a ``kind`` other than PDF
    "unreadable_fonts",  # characters are drawn, but nothing says which they are
    "picture",  # a picture of its own, not a document
    "unsupported",  # a ``kind`` of file that is not read
    "not_text",  # bytes that are no text in any encoding
    "unknown_encoding",  # text in an encoding that cannot be told
    "no_converter",  # .doc and .wps need LibreOffice, which is not installed here
    "conversion_failed",  # LibreOffice gave nothing back
    "failed",  # a fault of the reader or the parser; the log has it
]


class DocumentFileError(Exception):
    """A file that gives no text.

    ``reason`` is stable, ``parameters`` fill a sentence about it (``kind``, ``limit``); sentences
    are made by those who speak to people.
    """

    def __init__(self, reason: Reason, **parameters: str | int) -> None:
        super().__init__(reason, parameters)
        self.reason: Reason = reason
        self.parameters = parameters

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"{self.reason} ({said})" if said else self.reason


_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a file may ask for. Sizes in bytes, times in seconds."""

    file_size: int = 64 * _MEGABYTE
    characters: int = 5_000_000
    # Of zipped files: one part of text, all parts together, and how far a part may swell.
    part_size: int = 12 * _MEGABYTE
    unpacked_size: int = 400 * _MEGABYTE
    ratio: int = 300
    parts: int = 4000
    # Of files with pages.
    pages: int = 2000
    # Of work in a process of its own: PDF files, and LibreOffice.
    seconds: int = 120
    memory: int = 1024 * _MEGABYTE
    conversion_seconds: int = 90
    conversion_memory: int = 4096 * _MEGABYTE
