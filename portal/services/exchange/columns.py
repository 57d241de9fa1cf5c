"""The columns of a table of guides, documented in docs/editors/services-lists.md.

A cell with several rows (materials, steps, places, basis) has a line for each, and ``|`` between
the values of one. ``\\|`` is such a stroke itself, ``\\n`` a line break, ``\\\\`` a backslash.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

TEXTS = (
    "title", "slug", "summary", "everyday_names", "main_item", "sub_item", "base_code",
    "implementation_code", "legal_limit", "promised_limit", "visit_reason", "special_steps",
    "intermediary", "fee_standard", "fee_basis", "result_name", "delivery", "online_url",
    "appointment_url", "contact_phone", "contact_ways", "promise", "norms", "discipline",
    "supervision",
)  # fmt: skip
RICH = ("conditions", "notes")
FLAGS = (
    "is_charged", "takes_payment_online", "sends_by_post", "needs_no_materials",
)  # fmt: skip
NUMBERS = ("visits",)
CHOICES = ("level", "handling")
SINGLE_TERMS = {"item_type": "item_type", "online_level": "online_level"}
MANY_TERMS = {"life_events": "life_event", "persons": "person", "subjects": "subject"}
FILES = ("result_sample",)
# Of the parts: the values of a row in their order.
PARTS: Mapping[str, Sequence[str]] = {
    "materials": (
        "name", "necessity", "form", "copies", "source", "case_note", "instruction", "basis",
        "blank_form", "instruction_file", "sample",
    ),
    "steps": ("name", "text", "duration"),
    "places": (
        "name", "counter", "address", "english_address", "phone", "hours", "hours_note",
        "follows_calendar", "directions", "latitude", "longitude",
    ),
    "basis": ("label", "url", "excerpt", "document", "clauses"),
}  # fmt: skip
COLUMNS = (
    "key", *TEXTS[:9], "item_type", "level", "unit", "served", *MANY_TERMS, "handling",
    "conditions",
    *TEXTS[9:13], "visits", "is_charged", *TEXTS[13:17], "result_sample", "online_level",
    *TEXTS[17:], "takes_payment_online", "sends_by_post", "needs_no_materials", "notes", *PARTS,
)  # fmt: skip
NEEDED = ("title",)

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_STROKE = re.compile(r"(?<!\\)((?:\\\\)*)\|")


def joined(values: Sequence[str]) -> str:
    """One row of a part as a line."""
    written = [
        value.replace("\\", "\\\\").replace("|", "\\|").replace("\r\n", "\n").replace("\n", "\\n")
        for value in values
    ]
    while written and not written[-1]:
        written.pop()
    return "|".join(written)


def split(line: str) -> list[str]:
    """The values of a line."""
    parts: list[str] = []
    rest = line
    while found := _STROKE.search(rest):
        parts.append(rest[: found.start()] + found.group(1))
        rest = rest[found.end() :]
    parts.append(rest)
    return [_ESCAPED.sub(_meant, part).strip() for part in parts]


def _meant(match: re.Match[str]) -> str:
    return "\n" if match.group(1) == "n" else match.group(1)


def rows_of(name: str, cell: str) -> list[dict[str, str]]:
    """The rows of a part's cell."""
    names = PARTS[name]
    lines = [line for line in cell.splitlines() if line.strip()]
    return [dict(zip(names, split(line), strict=False)) for line in lines]


def cell_of(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(joined([str(row.get(key) or "") for key in PARTS[name]]) for row in rows)
