"""How complete a guide is: the groups of fields, what each weighs, and which must not be missing.

The eight key groups are those of the national assessment (reference 9, R-SVC-16): a guide that
lacks four or more of them is a fault that fails a site. Documented in ``docs/editors/services.md``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.plugin_api import plain_text

# So many key groups missing: critical, the guide is not published.
CRITICAL = 4
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that say one thing together. ``field`` is where an editor begins to fill it in."""

    key: str
    label: Any
    weight: int
    is_filled: Callable[[Any], bool]
    field: str = ""
    is_key: bool = False


def _has_text(value: str) -> bool:
    return bool(plain_text(value or "").strip())


def _basis(page: Any) -> bool:
    return any(row.target_id or row.label.strip() for row in page.basis.all())


def _materials(page: Any) -> bool:
    return page.needs_no_materials or any(row.name.strip() for row in page.materials.all())


def _files(page: Any) -> bool:
    """At least one form, instruction or sample; or nothing that one could have for."""
    rows = list(page.materials.all())
    return (page.needs_no_materials and not rows) or any(
        row.blank_form_id or row.instruction_file_id or row.sample_id or row.instruction.strip()
        for row in rows
    )


def _place(page: Any) -> bool:
    return page.is_wholly_online or any(row.address.strip() for row in page.places.all())


def _hours(page: Any) -> bool:
    return page.is_wholly_online or any(row.hours or row.hours_note for row in page.places.all())


def _phone(page: Any) -> bool:
    return bool(page.contact_phone.strip()) or any(row.phone.strip() for row in page.places.all())


def _fee(page: Any) -> bool:
    """Free of charge, or what it costs and why."""
    return not page.is_charged or bool(page.fee_standard.strip() and page.fee_basis.strip())


GROUPS: tuple[Group, ...] = (
    Group("name", _("name of the item"), 8, lambda p: bool(p.title.strip()), "title", is_key=True),
    Group("basis", _("basis"), 8, _basis, "basis", is_key=True),
    Group("conditions", _("conditions"), 8, lambda p: _has_text(p.conditions), "conditions", True),
    Group("materials", _("materials"), 8, _materials, "materials", is_key=True),
    Group("place", pgettext_lazy("services", "place"), 8, _place, "places", is_key=True),
    Group("hours", _("opening hours"), 8, _hours, "places", is_key=True),
    Group("phone", _("telephone"), 8, _phone, "contact_phone", is_key=True),
    Group("steps", _("procedure"), 8, lambda p: bool(p.steps.all()), "steps", is_key=True),
    Group("limit", _("time limit"), 6, lambda p: bool(p.limit_text.strip()), "promised_limit"),
    Group("office", _("handling office"), 5, lambda p: bool(p.owner_unit_id), "owner_unit"),
    Group("fee", pgettext_lazy("services", "fee"), 5, _fee, "fee_standard"),
    Group("files", _("forms, instructions, samples"), 4, _files, "materials"),
    Group("online", _("level of online handling"), 4, lambda p: bool(p.online_level_id),
          "online_level"),
    Group("supervision", _("supervision channel"), 3, lambda p: bool(p.supervision.strip()),
          "supervision"),
    Group("promise", _("service promise"), 2, lambda p: bool(p.promise.strip()), "promise"),
    Group("norms", _("working norms"), 1, lambda p: bool(p.norms.strip()), "norms"),
    Group("discipline", _("discipline"), 1, lambda p: bool(p.discipline.strip()), "discipline"),
    Group("result", _("what one gets"), 2, lambda p: bool(p.result_name.strip()), "result_name"),
    Group("sorting", _("life events, persons and subjects"), 2, lambda p: bool(p.terms.all()),
          "terms"),
    Group("codes", _("codes"), 1, lambda p: bool(p.base_code or p.implementation_code),
          "base_code"),
)  # fmt: skip
LABELS = {group.key: group.label for group in GROUPS}


@dataclass(frozen=True, slots=True)
class Completeness:
    """The sum of the weights of what is filled in (of 100), and what is missing."""

    score: int
    missing: tuple[Group, ...]

    @property
    def key_missing(self) -> tuple[Group, ...]:
        return tuple(group for group in self.missing if group.is_key)

    @property
    def others_missing(self) -> tuple[Group, ...]:
        return tuple(group for group in self.missing if not group.is_key)

    @property
    def is_critical(self) -> bool:
        return len(self.key_missing) >= CRITICAL


def completeness_of(page: Any) -> Completeness:
    """Of a guide as it is in memory: drafts with their unsaved rows, too."""
    missing = tuple(group for group in GROUPS if not group.is_filled(page))
    return Completeness(WHOLE - sum(group.weight for group in missing), missing)
