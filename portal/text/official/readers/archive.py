"""Zipped files (.docx, .ofd) opened with limits: sizes in their directories may lie."""

import io
import re
import zipfile
from posixpath import join, normpath
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from .refusals import DocumentFileError, Limits

_CHUNK = 64 * 1024
# Below this size no ratio is suspicious: a page of empty cells packs well.
_SMALL = 1024 * 1024


class Archive:
    """The parts of a zipped file, by name and regardless of case and leading strokes.

    Raises:
        DocumentFileError: it is damaged, locked, or larger than the limits.
    """

    def __init__(self, data: bytes, kind: str, limits: Limits) -> None:
        self.kind = kind
        self._limits = limits
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            raise DocumentFileError("broken", kind=kind) from error
        if any(entry.flag_bits & 1 for entry in entries):
            raise DocumentFileError("encrypted", kind=kind)
        if len(entries) > limits.parts:
            raise DocumentFileError("unpacked_too_large", kind=kind)
        if sum(entry.file_size for entry in entries) > limits.unpacked_size:
            raise DocumentFileError("unpacked_too_large", kind=kind)
        self._entries = {self._key(entry.filename): entry for entry in entries}

    @staticmethod
    def _key(name: str) -> str:
        return normpath(name.replace("\\", "/").lstrip("/")).lower()

    def __contains__(self, name: str) -> bool:
        return self._key(name) in self._entries

    @property
    def names(self) -> list[str]:
        return [entry.filename for entry in self._entries.values()]

    def read(self, name: str) -> bytes:
        """The bytes of a part, counted while they are unpacked.

        Raises:
            DocumentFileError: it is not there, damaged, or larger than the limits.
        """
        entry = self._entries.get(self._key(name))
        if entry is None:
            raise DocumentFileError("broken", kind=self.kind)
        most = self._limits.part_size
        if entry.compress_size * self._limits.ratio < entry.file_size:
            most = min(most, _SMALL)
        result = bytearray()
        try:
            with self._zip.open(entry) as part:
                while chunk := part.read(_CHUNK):
                    result += chunk
                    self._unpacked += len(chunk)
                    if len(result) > most or self._unpacked > self._limits.unpacked_size:
                        raise DocumentFileError("unpacked_too_large", kind=self.kind)
        except DocumentFileError:
            raise
        except Exception as error:  # whatever a damaged archive makes of its decompressor
            raise DocumentFileError("broken", kind=self.kind) from error
        return bytes(result)

    def xml(self, name: str) -> Element:
        """A part as a tree; definitions of types and entities are refused."""
        data = self.read(name)
        try:
            root: Element = defusedxml.ElementTree.fromstring(data, forbid_dtd=True)
        except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
            raise DocumentFileError("broken", kind=self.kind) from error
        return root

    def beside(self, name: str, target: str) -> str:
        """The name of a part that another one names: relative to it, or from the root."""
        target = target.strip().replace("\\", "/")
        if target.startswith("/"):
            return normpath(target.lstrip("/"))
        folder = name.rpartition("/")[0]
        found = normpath(join(folder, target))
        # Some writers name parts from the root without saying so.
        return found if found in self or not re.match(r"\w", target) else normpath(target)
