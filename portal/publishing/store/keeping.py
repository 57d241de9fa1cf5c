"""Putting finished pages into the store, and taking those out that show something else by now.

Two locks of this machine keep the order. ``settle`` is held by whoever follows changes, ``pages``
by whoever writes files: a page that was rendered while a change was being followed is compared with
that change before it is put in place, one that is in place already is found by it.
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from portal.publishing.followed import COMMON_TABLES, followed_tables, known_tables
from portal.publishing.reading import parameters
from portal.publishing.reading.recorder import Asked, Recording
from portal.publishing.reading.statements import Link, NotUnderstood, Read, reads_of

from . import layout
from .files import Files, Finished, locked
from .index import Change, Index, Question

logger = logging.getLogger(__name__)

# A visitor whose page cannot be put in place at once has it anyway; the next one's will be.
_PATIENCE = 0.25
# The structure's own table: a change of it concerns every page.
STRUCTURE_TABLE = "core_structureversion"


class NotKept(Exception):
    """Why a page is not put into the store."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a page is stored under; ``site`` and ``page`` are keys of what it shows."""

    host: str
    path: str
    site: int | None = None
    page: int | None = None

    @property
    def address(self) -> str:
        return layout.address(self.host, self.path)

    @property
    def folder(self) -> str:
        folder = layout.relative_folder(self.host, self.path)
        if folder is None:
            raise NotKept("an address of another form")
        return folder


class Store:
    """The store of one data folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = Files(root)
        self.index = Index(root)

    @contextmanager
    def writing(self, patience: float | None = None) -> Iterator[bool]:
        with locked(self.root / "pages.lock", patience=patience) as held:
            yield held

    @contextmanager
    def settling(self, patience: float | None = None) -> Iterator[bool]:
        with locked(self.root / "settle.lock", patience=patience) as held:
            yield held

    # --- in -----------------------------------------------------------------------------------
    def put(
        self,
        place: Place,
        page: Finished,
        recording: Recording,
        *,
        vendor: str,
        followed_to: int,
    ) -> None:
        """Keep a page that was just rendered.

        Args:
            vendor: of the database that was asked.
            followed_to: ``index.followed_to()`` from before the rendering began.

        Raises:
            NotKept: with the reason.
            OSError, sqlite3.Error: the disk is full or does not answer.
        """
        if recording.wrote:
            raise NotKept(f"rendering wrote: {recording.wrote[:80]}")
        folder = place.folder
        questions = _questions(recording.asked, vendor)
        with self.writing(_PATIENCE) as held:
            if not held:
                raise NotKept("the store is busy")
            if self._has_changed(followed_to, questions):
                raise NotKept("what it shows changed meanwhile")
            self.files.ready()
            # What stood there goes first: killed in between, the address has no page rather than
            # an old one. Then the index: a file that it does not know would never be taken out.
            self.files.remove(folder)
            with self.index.writing():
                self.index.put(
                    address=place.address,
                    folder=folder,
                    site=place.site,
                    page=place.page,
                    digest=page.digest,
                    holds_until=page.holds_until,
                    questions=questions,
                )
            try:
                self.files.write(folder, page)
            except OSError:
                self.files.remove(folder)
                raise

    def _has_changed(self, followed_to: int, questions: Sequence[Question]) -> bool:
        changes = self.index.changes_since(followed_to)
        if changes is None:
            return True
        for change in changes:
            if change.table == STRUCTURE_TABLE:
                return True
            for question in questions:
                if any(
                    read.table == change.table
                    and (read.may_see(change.old) or read.may_see(change.new))
                    for read in question.reads
                ):
                    return True
        return False

    # --- out ----------------------------------------------------------------------------------
    def remove(self, ids: Sequence[int]) -> int:
        """Take pages out; finished when this returns. How many were there."""
        gone = 0
        with self.writing():
            for id in ids:
                entry = self.index.entry(id)
                if entry is not None:
                    gone += self.files.remove(entry.folder)
                    with self.index.writing():
                        self.index.forget(id)
        return gone

    def remove_all(self) -> None:
        """Begin anew with an empty folder; nginx follows the link."""
        with self.writing():
            self.files.switch()
            with self.index.writing():
                self.index.note_changes([Change(STRUCTURE_TABLE, None, {})])
                self.index.forget_all()

    def check_files(self) -> int:
        """Take out what a killed process or somebody else left: pages that the index does not know
        or knows otherwise. How many."""
        gone = 0
        with self.writing():
            known = {entry.folder: entry.digest for entry in self.index.entries()}
            for folder in list(self.files.pages()):
                if known.get(folder) != self.files.digest(folder):
                    gone += self.files.remove(folder)
            self.files.clear_unfinished()
        return gone


def _questions(asked: Sequence[Asked], vendor: str) -> list[Question]:
    found: dict[tuple[str, tuple[object, ...]], Question] = {}
    for one in asked:
        key = (one.sql, one.parameters)
        if key in found and found[key].digest == one.digest:
            continue
        try:
            reads = reads_of(one.sql, one.parameters, vendor)
        except NotUnderstood as error:
            raise NotKept(f"a statement is not understood: {error}") from error
        if not reads:
            continue  # SELECT 1, functions
        try:
            written: str | None = parameters.written(one.parameters)
        except parameters.NotWritable:
            written = None
        found[key] = Question(
            one.sql,
            written,
            tuple(_found_by_columns(read) for read in reads),
            one.rows,
            one.complete,
            one.digest if key not in found else "",  # two answers within one page: asked anew
        )
    return list(found.values())


def _found_by_columns(read: Read) -> Read:
    """With the conditions on columns that changes tell of.

    Raises:
        NotKept: the table's changes are not noted.
    """
    followed = followed_tables().get(read.table)
    if followed is None:
        what = "is not followed" if read.table in known_tables() else "is not known"
        raise NotKept(f"it reads {read.table}, which {what}")
    columns = set(followed.finding)
    return Read(
        read.table,
        {name: values for name, values in read.values.items() if name in columns},
        {name: prefix for name, prefix in read.prefixes.items() if name in columns},
        _links_that_are_asked(read, columns) if read.table in COMMON_TABLES else {},
    )


def _links_that_are_asked(read: Read, columns: set[str]) -> dict[str, tuple[Link, ...]]:
    found = {
        name: tuple(
            Link(link.table, link.column, _finest(link))
            for link in links
            if link.table in followed_tables() and link.table not in COMMON_TABLES
        )
        for name, links in read.links.items()
        if name in columns
    }
    return {name: links for name, links in found.items() if links}


def _finest(link: Link) -> dict[str, frozenset[str]]:
    """The one column that tells rows of the other table apart best."""
    followed = followed_tables()[link.table]
    fine = {
        name: values
        for name, values in link.values.items()
        if name in followed.finding and name not in followed.coarse
    }
    if not fine:
        return {}
    name = min(fine, key=lambda name: (len(fine[name]), name))
    return {name: fine[name]}


@cache
def _store_at(root: Path) -> Store:
    return Store(root)


def store() -> Store:
    """The store of this process's data folder."""
    return _store_at(layout.store_folder(settings.DATA_DIR))


def digest_of(rows: Sequence[object]) -> str:
    """As ``Asked.digest`` has it."""
    found = hashlib.sha256()
    for row in rows:
        found.update(repr(row).encode())
    return found.hexdigest()[:32]
