"""New versions of the tables of themes and genres."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.library.models import Classification, ColumnDefaults, LibraryRecord, Scheme, Term
from portal.library.telling import tell_changed
from portal.plugin_api import take_turn, touch_structure

_LINE = re.compile(r"(?P<code>[0-9A-Za-z\u4e00-\u9fff]{1,20})\s+(?P<name>.{1,60})")
_MOVE = re.compile(r"(?P<old>\S{1,20})\s*(?:->|→|=>)\s*(?P<new>\S{1,20})")
type Lines = list[tuple[int, str]]


def as_text(version: Classification) -> str:
    """One code a line with its name, as ``read_terms`` reads it."""
    rows = version.terms.order_by("code").values_list("code", "name")
    return "\n".join(f"{code} {name}" for code, name in rows)


def read_terms(text: str) -> dict[str, str]:
    """Codes with their names.

    Raises:
        ValidationError: with the number of each line that cannot be read, or comes twice.
    """
    found: dict[str, str] = {}
    problems: list[str] = []
    for number, line in _lines(text):
        match = _LINE.fullmatch(line)
        if match is None:
            problems.append(_("Line %(number)d: write a code, a space and a name.")
                            % {"number": number})  # fmt: skip
        elif match["code"] in found:
            problems.append(_("Line %(number)d: the code comes twice.") % {"number": number})
        else:
            found[match["code"]] = match["name"].strip()
    if not found and not problems:
        problems.append(_("The table is empty."))
    if problems:
        raise ValidationError(problems)
    return found


def read_moves(text: str) -> dict[str, str]:
    """Old codes with the new ones that take their place (``0204 -> 0210``)."""
    found: dict[str, str] = {}
    for number, line in _lines(text):
        match = _MOVE.fullmatch(line)
        if match is None:
            raise ValidationError(
                _("Line %(number)d: write the old code, an arrow -> and the new code.")
                % {"number": number}
            )
        found[match["old"]] = match["new"]
    return found


def _lines(text: str) -> Lines:
    rows = enumerate(text.splitlines(), start=1)
    return [(number, line.strip()) for number, line in rows if line.strip()]


@transaction.atomic
def save_version(
    *, scheme: str, version: str, terms: Mapping[str, str], note: str = ""
) -> Classification:
    """A version that is being prepared, with these terms. Versions in force are not changed.

    Raises:
        ValidationError: the version is in force or was.
    """
    row = Classification.objects.filter(scheme=scheme, version=version).first()
    if row is not None and row.state != Classification.State.DRAFT:
        raise ValidationError(_("A version that is or was in force is not changed any more."))
    row = row or Classification(scheme=scheme, version=version)
    row.note = note
    row.full_clean(exclude=["since"])
    row.save()
    row.terms.all().delete()
    Term.objects.bulk_create(
        [
            Term(classification=row, code=code, name=name, parent=_parent(code, terms))
            for code, name in terms.items()
        ]
    )
    return row


def _parent(code: str, terms: Mapping[str, str]) -> str:
    return next((code[:n] for n in range(len(code) - 1, 0, -1) if code[:n] in terms), "")


def orphans(version: Classification, moves: Mapping[str, str]) -> list[str]:
    """Codes in use that the version has not and nothing takes the place of."""
    known = set(version.terms.values_list("code", flat=True))
    return sorted(code for code in _used(version.scheme) if moves.get(code, code) not in known)


def _used(scheme: str) -> set[str]:
    used: set[str] = set()
    for model in (LibraryRecord, ColumnDefaults):
        used |= set(model._default_manager.order_by().values_list(scheme, flat=True).distinct())
    if scheme == Scheme.THEME:
        more = LibraryRecord.objects.exclude(more_themes="").values_list("more_themes", flat=True)
        used |= {code for codes in more.distinct() for code in codes.split(",")}
    return used - {""}


@transaction.atomic
def put_in_force(*, version: Classification, moves: Mapping[str, str], user: Any) -> int:
    """The version takes the place of the one in force; how many records changed their code.

    Raises:
        ValidationError: codes in use would be in no table.
    """
    take_turn()
    lost = orphans(version, moves)
    if lost:
        raise ValidationError(
            _("These codes are in use and have no successor: %s") % "、".join(lost[:20])
        )
    now = Classification.State
    old = Classification.objects.filter(scheme=version.scheme, state=now.IN_FORCE).first()
    if old is not None:
        for code, new in moves.items():
            old.terms.filter(code=code).update(replaced_by=new)
        old.state = now.RETIRED
        old.save(update_fields=["state"])
    version.state, version.since = now.IN_FORCE, timezone.now()
    version.save(update_fields=["state", "since"])
    changed = _move(version.scheme, moves)
    touch_structure()
    return changed


def _move(scheme: str, moves: Mapping[str, str]) -> int:
    """All at once by the codes of before: 01 → 02 and 02 → 03 must not run into each other."""
    changed = 0
    rows = LibraryRecord.objects.filter(**{f"{scheme}__in": list(moves)}).only(scheme, "written")
    portion: list[LibraryRecord] = []
    for record in rows.iterator(chunk_size=1000):
        code = getattr(record, scheme)
        setattr(record, scheme, moves[code])
        if record.written.get(scheme) == code:
            record.written[scheme] = moves[code]
        portion.append(record)
    for start in range(0, len(portion), 1000):
        part = portion[start : start + 1000]
        changed += LibraryRecord.objects.bulk_update(part, [scheme, "written"])
        tell_changed(record.pk for record in part)
    for row in ColumnDefaults.objects.filter(**{f"{scheme}__in": list(moves)}):
        setattr(row, scheme, moves[getattr(row, scheme)])
        row.save()
    if scheme == Scheme.THEME:
        for record in LibraryRecord.objects.exclude(more_themes="").iterator():
            codes = [moves.get(code, code) for code in record.codes("more_themes")]
            if codes != record.codes("more_themes"):
                record.more_themes = ",".join(codes)
                record.save(update_fields=["more_themes"])
                tell_changed([record.pk])
    return changed
