"""The parts of a .docx file, read with limits: such files come from anywhere.

Nothing outside the file is ever opened, and no part may grow beyond what a text needs.
"""

import io
import re
import zipfile
from posixpath import dirname, join, normpath
from typing import Literal
from xml.etree import ElementTree

type Reason = Literal[
    "broken", "empty", "not_word", "old_word", "other_office", "password", "too_large"
]
LARGEST_PARTS = 4000
LARGEST_TEXT = 8 * 1024 * 1024  # one part of XML, unpacked: some thousand pages
LARGEST_PICTURE = 48 * 1024 * 1024
LARGEST_ALL = 400 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class WordFileError(ValueError):
    """A file that gives no text; ``reason`` says why, for a message in the editor's language."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class Package:
    """The parts of a Word file by name.

    Raises:
        WordFileError: it is none, or none that can be read safely.
    """

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLE):
            encrypted = "EncryptedPackage".encode("utf-16-le") in data
            raise WordFileError("password" if encrypted else "old_word")
        if not data:
            raise WordFileError("empty")
        if not data.startswith(b"PK"):
            raise WordFileError("not_word")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            raise WordFileError("broken") from error
        if any(entry.flag_bits & 1 for entry in entries):
            raise WordFileError("password")
        if len(entries) > LARGEST_PARTS or sum(e.file_size for e in entries) > LARGEST_ALL:
            raise WordFileError("too_large")
        self.names = {entry.filename.lstrip("/"): entry for entry in entries}
        self._read = 0
        if "[Content_Types].xml" not in self.names:
            raise WordFileError("not_word")
        self.main = self._main_part()

    def _main_part(self) -> str:
        for _key, (kind, target) in self.relations("").items():
            if kind == "officeDocument":
                if not target.startswith("word/") and target.split("/")[0] in {"xl", "ppt"}:
                    raise WordFileError("other_office")
                if target in self.names:
                    return target
        if "word/document.xml" in self.names:
            return "word/document.xml"
        raise WordFileError("not_word")

    def read(self, name: str, limit: int = LARGEST_TEXT) -> bytes:
        """The bytes of a part, counted while they are unpacked: sizes in the directory may lie."""
        try:
            with self._zip.open(self.names[name]) as part:
                data = part.read(limit + 1)
        except KeyError as error:
            raise WordFileError("broken") from error
        except Exception as error:  # whatever a damaged archive makes of its decompressor
            raise WordFileError("broken") from error
        self._read += len(data)
        if len(data) > limit or self._read > LARGEST_ALL:
            raise WordFileError("too_large")
        return data

    def xml(self, name: str) -> ElementTree.Element:
        """A part as a tree. Definitions of entities, which no Word file has, are refused."""
        data = self.read(name)
        if re.search(rb"<!(?:DOCTYPE|ENTITY)|<\0?!\0?D\0?O\0?C", data[:4096] + data[-4096:]):
            raise WordFileError("broken")
        try:
            return ElementTree.fromstring(data)  # noqa: S314 - no DTD gets here
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise WordFileError("broken") from error

    def xml_if_there(self, name: str) -> ElementTree.Element | None:
        return self.xml(name) if name in self.names else None

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Of a part: id → (kind, target): a name in the package, or an address with its scheme."""
        folder = dirname(part)
        rels = join(folder, "_rels", f"{part.rsplit('/', 1)[-1]}.rels") if part else "_rels/.rels"
        tree = self.xml_if_there(rels)
        found = {}
        for relation in tree if tree is not None else ():
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                target = normpath(join(folder, target) if target[:1] != "/" else target[1:])
            found[relation.get("Id", "")] = (kind, target)
        return found

    def parts_of_kind(self, kind: str) -> list[str]:
        """Names of the parts of a kind ("header") that the main part refers to."""
        relations = self.relations(self.main).values()
        return [target for found, target in relations if found == kind and target in self.names]

    def rebuilt(self, changed: dict[str, bytes]) -> io.BytesIO:
        """A small file for the converter: the changed parts, their relations, their pictures."""
        result = io.BytesIO()
        with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as copy:
            for name, data in changed.items():
                copy.writestr(name, data)
            for name in self.names:
                if name.endswith("/") or name in changed:
                    continue
                if name.endswith(".rels") or name == "[Content_Types].xml":
                    self.xml(name)  # what cannot be read here will not be read elsewhere
                    copy.writestr(name, self.read(name))
                elif "/media/" in name:
                    copy.writestr(name, self.read(name, LARGEST_PICTURE))
        result.seek(0)
        return result
