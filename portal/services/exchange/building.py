"""A row of a file into a guide: each value checked, each fault named with its column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey

from portal.services.models import (
    ExerciseLevel,
    GuideBasis,
    GuideMaterial,
    GuidePage,
    GuidePlace,
    GuideStep,
    HandlingKind,
    MaterialForm,
    Necessity,
    ServedPerson,
)
from portal.services.opening_hours import checked

from .columns import FLAGS, MANY_TERMS, NUMBERS, PARTS, RICH, SINGLE_TERMS, TEXTS
from .hours import hours_of
from .known import Known
from .values import choice_of, flag_of, number_of, rich_of, text_of

_FILES = ("blank_form", "instruction_file", "sample")


@dataclass(frozen=True, slots=True)
class Problem:
    """``column`` "" where it concerns the whole row."""

    column: str
    message: str


@dataclass
class Filling:
    """What is put into a guide, and what was wrong with it."""

    page: GuidePage
    known: Known
    problems: list[Problem] = field(default_factory=list)

    def take(self, column: str, make: Callable[[], Any], default: Any = None) -> Any:
        try:
            return make()
        except ValidationError as error:
            self.problems.append(Problem(column, " ".join(error.messages)))
            return default


def fill(page: GuidePage, values: Mapping[str, Any], known: Known) -> list[Problem]:
    """Write what a row says into a guide; columns that it does not have change nothing."""
    filling = Filling(page, known)
    _fill_fields(filling, values)
    _fill_parts(filling, values)
    return filling.problems


def _fill_fields(filling: Filling, values: Mapping[str, Any]) -> None:
    page, known, take = filling.page, filling.known, filling.take
    readers: dict[str, Callable[[Any], Any]] = {
        **dict.fromkeys(TEXTS, text_of),
        **dict.fromkeys(RICH, rich_of),
        **dict.fromkeys(FLAGS, flag_of),
        **dict.fromkeys(NUMBERS, number_of),
        "level": lambda value: choice_of(value, ExerciseLevel.choices),
        "handling": lambda value: choice_of(value, HandlingKind.choices),
        "result_sample": known.document,
        **{name: partial(known.term, dimension) for name, dimension in SINGLE_TERMS.items()},
    }
    for name, reader in readers.items():
        if name not in values or (name in ("slug", "level") and not values[name]):
            continue
        before = len(filling.problems)
        found = take(name, partial(reader, values[name]))
        if len(filling.problems) == before:
            setattr(page, name, found)
    if "unit" in values:
        page.owner_unit = take("unit", lambda: known.unit(values["unit"]))
    if "served" in values:
        served = [
            take("served", partial(choice_of, value, ServedPerson.choices), "")
            for value in take("served", partial(_listed, values["served"]), [])
        ]
        page.served = ",".join(filter(None, served))
    _fill_terms(filling, values)


def _fill_terms(filling: Filling, values: Mapping[str, Any]) -> None:
    named = [name for name in MANY_TERMS if name in values]
    if not named:
        return
    dimensions = {MANY_TERMS[name] for name in named}
    terms = []
    if filling.page.pk:
        terms = [t for t in filling.page.terms.all() if t.dimension not in dimensions]
    for name in named:
        for value in filling.take(name, partial(_listed, values[name]), []):
            term = filling.take(name, partial(filling.known.term, MANY_TERMS[name], value))
            if term is not None and term not in terms:
                terms.append(term)
    filling.page.terms = terms


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [part for part in text_of(value).split(",") if part]


# --- parts ----------------------------------------------------------------------------------------
def _fill_parts(filling: Filling, values: Mapping[str, Any]) -> None:
    makers: dict[str, Callable[[Filling, Mapping[str, Any]], Any]] = {
        "materials": _material,
        "steps": _step,
        "places": _place,
        "basis": _basis,
    }
    for name, make in makers.items():
        if name not in values:
            continue
        rows = values[name]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            filling.problems.append(Problem(name, _("A list is expected here.")))
            continue
        made = []
        for number, row in enumerate(rows, start=1):
            strange = set(row) - set(PARTS[name])
            if strange:
                message = _("Unknown: %(names)s") % {"names": ", ".join(sorted(map(str, strange)))}
                filling.problems.append(Problem(f"{name} {number}", message))
            part = _made(filling, f"{name} {number}", make, row)
            if part is not None:
                part.sort_order = number - 1
                made.append(part)
        setattr(filling.page, name, made)


def _made(filling: Filling, column: str, make: Any, row: Mapping[str, Any]) -> Any:
    inner = Filling(filling.page, filling.known)
    part = make(inner, row)
    filling.problems += [Problem(f"{column}: {p.column}", p.message) for p in inner.problems]
    # The page need not be stored yet, and the locale is the page's.
    out = [f.name for f in part._meta.fields if isinstance(f, ParentalKey) or f.name == "locale"]
    try:
        part.full_clean(exclude=out, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            filling.problems.append(Problem(f"{column}: {name}", " ".join(messages)))
    return part


def _texts(filling: Filling, row: Mapping[str, Any], *names: str) -> dict[str, str]:
    return {
        name: filling.take(name, partial(text_of, row[name]), "") for name in names if name in row
    }


def _material(filling: Filling, row: Mapping[str, Any]) -> GuideMaterial:
    take = filling.take
    values: dict[str, Any] = _texts(
        filling, row, "name", "source", "case_note", "instruction", "basis"
    )
    for name, choices, default in (
        ("necessity", Necessity, Necessity.REQUIRED.value),
        ("form", MaterialForm, MaterialForm.ORIGINAL.value),
    ):
        if row.get(name):
            values[name] = take(name, partial(choice_of, row[name], choices.choices), default)
    if row.get("copies") not in (None, ""):
        values["copies"] = take("copies", lambda: number_of(row["copies"]), 1)
    for name in _FILES:
        if row.get(name):
            values[name] = take(name, partial(filling.known.document, row[name]))
    return GuideMaterial(**values)


def _step(filling: Filling, row: Mapping[str, Any]) -> GuideStep:
    return GuideStep(**_texts(filling, row, "name", "text", "duration"))


def _place(filling: Filling, row: Mapping[str, Any]) -> GuidePlace:
    take = filling.take
    values: dict[str, Any] = _texts(
        filling, row, "name", "counter", "address", "english_address", "phone", "directions",
        "hours_note",
    )  # fmt: skip
    if hours := row.get("hours"):
        values["hours"] = take(
            "hours",
            lambda: checked(hours if isinstance(hours, list) else hours_of(text_of(hours))),
            [],
        )
    if row.get("follows_calendar") not in (None, ""):
        values["follows_calendar"] = take(
            "follows_calendar", lambda: flag_of(row["follows_calendar"]), True
        )
    for name in ("latitude", "longitude"):
        if row.get(name) not in (None, ""):
            values[name] = take(name, partial(_decimal, row[name]))
    return GuidePlace(**values)


def _basis(filling: Filling, row: Mapping[str, Any]) -> GuideBasis:
    take = filling.take
    values: dict[str, Any] = _texts(filling, row, "label", "url", "excerpt")
    if row.get("document"):
        values["target"] = take("document", lambda: filling.known.page(row["document"]))
    if row.get("clauses"):
        listed = take("clauses", partial(_listed, row["clauses"]), [])
        values["clauses"] = [str(clause) for clause in listed]
    return GuideBasis(**values)


def _decimal(value: Any) -> Decimal:
    try:
        found = Decimal(text_of(value))
    except InvalidOperation as error:
        raise ValidationError(
            _("“%(text)s” is no number.") % {"text": text_of(value)[:40]}
        ) from error
    if not found.is_finite():
        raise ValidationError(_("“%(text)s” is no number.") % {"text": str(found)})
    return found
