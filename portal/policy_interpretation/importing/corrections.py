"""What a person corrects in a draft that was read from a file."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.plugin_api import take_turn
from portal.policy_interpretation.clauses import RANK
from portal.policy_interpretation.models import ImportItem, IssuingBody, PolicyPage, RelationKind

from .bodies import known_units

LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A clause as the form has it; ``id`` "" for one that was split off. Tables keep their id."""

    id: str
    level: str
    number: str
    text: str


def blocks_from(rows: Iterable[Row], before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The body with the rows of the form; what the form does not show of a block is kept.

    Raises:
        ValidationError: one sentence for each row that cannot stand.
    """
    known = {block["id"]: block for block in before}
    problems: list[str] = []
    blocks: list[dict[str, Any]] = []
    used: set[str] = set()
    for place, row in enumerate(rows, 1):
        old = known.get(row.id) if row.id not in used else None
        used.add(row.id)
        if old is not None and old["type"] != "clause":
            blocks.append(dict(old))
            continue
        if row.level not in RANK:
            problems.append(_("Clause %(place)d: choose a level.") % {"place": place})
        if len(row.number) > LONGEST_NUMBER:
            problems.append(
                _("Clause %(place)d: the number is longer than %(count)d characters.")
                % {"place": place, "count": LONGEST_NUMBER}
            )
        value = dict(old["value"]) if old else {"invalid_from": None}
        value |= {"level": row.level, "number": row.number.strip(), "text": row.text.strip()}
        if not value["number"] and not value["text"]:
            continue  # an empty row is one that was taken out
        blocks.append(
            {"type": "clause", "id": old["id"] if old else str(uuid.uuid4()), "value": value}
        )
    if problems:
        raise ValidationError(problems)
    return blocks


@transaction.atomic
def correct(
    *,
    item: ImportItem,
    page: PolicyPage,
    bodies: Sequence[str],
    blocks: Sequence[Mapping[str, Any]],
    relations: Mapping[int, str],
    confirm: bool,
    user: Any,
) -> None:
    """Store a new draft of ``page``, whose plain fields the form has set already.

    ``relations``: those to keep, by their position in the draft, with their kind.
    """
    take_turn()
    names = [name.strip() for name in bodies if name.strip()]
    if names != page.body_names():
        units = known_units()
        page.issuing_bodies = [
            IssuingBody(
                sort_order=order,
                organisation_id=units.get(name),
                name="" if name in units else name[:120],
            )
            for order, name in enumerate(names)
        ]
    page.body = page.body.stream_block.to_python([dict(block) for block in blocks])
    kept = []
    for place, relation in enumerate(page.relations.all()):
        if place in relations:
            if relations[place] in RelationKind.values:
                relation.kind = relations[place]
            kept.append(relation)
    page.relations = kept
    page.save_revision(user=user, log_action="wagtail.edit")
    if confirm:
        item.status = ImportItem.Status.CONFIRMED
        item.save(update_fields=["status", "updated_at"])
