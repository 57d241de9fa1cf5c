"""The detectors of this platform: its lists, its grades, its register of names; kept in memory."""

import threading
from dataclasses import dataclass

from django.apps import apps

from portal.proofreading.kinds import Grades
from portal.proofreading.models import KindGrade, ListsVersion, PublicContact, WordEntry
from portal.text.detectors import (
    DEFAULT_GRADES,
    Detectors,
    Grade,
    Kind,
    Register,
    WordLists,
    WordRow,
)


@dataclass(frozen=True, slots=True)
class Platform:
    """``off``: kinds that the platform does not look for. ``version``: of what this was made."""

    version: int
    detectors: Detectors
    off: frozenset[Kind]


_kept: Platform | None = None
_lock = threading.Lock()


def lists_version() -> int:
    return ListsVersion.objects.values_list("number", flat=True).first() or 0


def platform() -> Platform:
    """One query, unless something has changed."""
    global _kept
    version = lists_version()
    with _lock:
        if _kept is None or _kept.version != version:
            _kept = _read(version)
        return _kept


def forget() -> None:
    """For tests, whose databases count their versions anew."""
    global _kept
    _kept = None


def _read(version: int) -> Platform:
    rows = tuple(
        WordRow(entry.list_name, entry.word, entry.replacement, tuple(entry.phrases), entry.weak)
        for entry in WordEntry.objects.filter(active=True)
    )
    stored = dict(KindGrade.objects.values_list("kind", "grade"))
    grades = dict(DEFAULT_GRADES)
    grades |= {Kind(kind): Grade(grade) for kind, grade in stored.items() if grade != Grades.OFF}
    off = frozenset(Kind(kind) for kind, grade in stored.items() if grade == Grades.OFF)
    contacts = PublicContact.objects.values_list("contact", flat=True)
    detectors = Detectors(
        lists=WordLists(rows),
        register=_register(),
        grades=grades,
        public_numbers=frozenset(_plain_contact(contact) for contact in contacts),
    )
    return Platform(version, detectors, off)


def _plain_contact(contact: str) -> str:
    if "@" in contact:
        return contact.lower()
    return "".join(sign for sign in contact if sign.isdecimal())[-11:]


def _register() -> Register:
    """Units of the registry; leaders, as their pages and the units' entries name them."""
    units = apps.get_model("core", "Organisation").objects.values_list("full_name", "short_name")
    names = {full for full, _short in units}
    leaders: dict[str, tuple[str, ...]] = {}
    pages = apps.get_model("pages", "LeaderPage").objects.filter(live=True, alias_of=None)
    for name, title in pages.order_by("path").values_list("name", "title"):
        _add_leader(leaders, name, title)
    persons = apps.get_model("core", "ResponsiblePerson").objects.exclude(name="")
    for name, role in persons.order_by("organisation__sort_order", "sort_order").values_list(
        "name", "role"
    ):
        _add_leader(leaders, name, role)
    return Register(frozenset(names), leaders, frozenset(short for _full, short in units))


def _add_leader(leaders: dict[str, tuple[str, ...]], name: str, title: str) -> None:
    name, title = "".join(name.split()), "".join(title.split())
    if len(name) < 2:
        return
    # A page may be titled 市长沈知远 or 沈知远市长: the post is what is left.
    post = title.replace(name, "").strip("　 ·-—，、")
    posts = [part for part in post.replace("，", "、").split("、") if part]
    leaders[name] = tuple(dict.fromkeys((*leaders.get(name, ()), *posts)))
