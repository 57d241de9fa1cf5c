"""From a document taken apart to the fields of a page. Nothing is guessed in silence."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.policy_interpretation.models.documents import BodyLevel, Genre
from portal.text.official.alignment import carry_over
from portal.text.official.model import Clause, Parsed

_LONGEST_TITLE = 255
_CAPTION = 80
_NATIONAL = re.compile(r"中共中央|中华人民共和国|国务院|^国家|^全国|最高人民")
_PROVINCIAL = re.compile(r"^[^市县区]{2,8}(?:省|自治区)(?!.*[市州县区](?:人民政府|局|委))")
_DISTRICT = re.compile(r"[区县旗](?:人民政府|政府|管理委员会|管委会|委员会|局)|街道|[镇乡]人民政府")
_DEPARTMENT = re.compile(r"(?:局|委员会|委|厅|中心|总队|支队|办公室)$")


@dataclass(slots=True)
class Draft:
    """The fields of a page as a file gives them. ``clause_ids`` has one id for each clause."""

    fields: dict[str, Any]
    bodies: list[str]
    blocks: list[dict[str, Any]]
    clause_ids: list[str]
    kept: int = 0
    relations: list[dict[str, Any]] = field(default_factory=list)


def to_draft(
    parsed: Parsed,
    *,
    fallback_title: str,
    known: Sequence[tuple[str, Clause]] = (),
) -> Draft:
    """What a page takes over. ``known``: the clauses of an earlier import with their ids."""
    carried = carry_over(known, parsed.clauses) if known else [None] * len(parsed.clauses)
    ids = [found or str(uuid.uuid4()) for found in carried]
    return Draft(
        fields={
            "title": (parsed.title or fallback_title)[:_LONGEST_TITLE],
            "document_number": parsed.document_number[:60],
            "addressee": parsed.addressee,
            "issued_on": parsed.issued_on,
            "effective_on": parsed.effective_on,
            "valid_through": parsed.expires_on,
            "genre": parsed.genre if parsed.genre in Genre.values else Genre.OTHER,
            "level": level_of(parsed.issuing_bodies),
        },
        bodies=[name[:120] for name in parsed.issuing_bodies],
        blocks=[
            to_block(clause, clause_id)
            for clause, clause_id in zip(parsed.clauses, ids, strict=True)
        ],
        clause_ids=ids,
        kept=sum(found is not None for found in carried),
        relations=[
            {
                "kind": relation.kind,
                "target_title": relation.title[:255],
                "target_number": relation.document_number[:60],
                "clause": ids[relation.clause] if relation.clause is not None else "",
                "evidence": relation.evidence,
            }
            for relation in parsed.relations
        ],
    )


def level_of(bodies: Sequence[str]) -> str:
    """Whose document it is, by the name of the lead body; the city's own where nothing tells."""
    lead = bodies[0] if bodies else ""
    if _NATIONAL.search(lead):
        return BodyLevel.NATIONAL
    if _PROVINCIAL.search(lead):
        return BodyLevel.PROVINCIAL
    if _DISTRICT.search(lead):
        return BodyLevel.DISTRICT
    if "人民政府" not in lead and _DEPARTMENT.search(lead):
        return BodyLevel.DEPARTMENT
    return BodyLevel.MUNICIPAL


def to_block(clause: Clause, clause_id: str) -> dict[str, Any]:
    """A raw block of the body. A table keeps its cells; its text stays one line for each row."""
    if clause.rows:
        return {"type": "table", "id": clause_id, "value": _table(clause.rows)}
    return {
        "type": "clause",
        "id": clause_id,
        "value": {
            "level": clause.level,
            "number": clause.number,
            "text": clause.text,
            "invalid_from": None,
        },
    }


def _table(rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    head, *rest = rows
    return {
        "caption": "／".join(cell for cell in head if cell)[:_CAPTION],
        "sheet": "",
        "table": {
            "columns": [{"type": "text", "heading": cell} for cell in head],
            "rows": [{"values": list(row)} for row in rest],
            "caption": "",
        },
        "note": "",
    }


def keep_typed(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """``new`` with what no file has: ends of clauses, captions of tables, pictures.

    A picture stands behind the block that it stood behind, or the nearest one before that is left.
    """
    before = {block["id"]: block for block in old}
    blocks: list[dict[str, Any]] = []
    for block in new:
        value, known = dict(block["value"]), before.get(block["id"])
        if known is not None and known["type"] == block["type"]:
            names = ("invalid_from",) if block["type"] == "clause" else ("caption", "sheet", "note")
            value |= {name: known["value"][name] for name in names if known["value"].get(name)}
        blocks.append({**block, "value": value})
    left = {block["id"] for block in blocks}
    behind = ""
    for block in old:
        if block["id"] in left:
            behind = block["id"]
        elif block["type"] not in ("clause", "table"):
            place = next((n for n, one in enumerate(blocks, 1) if one["id"] == behind), 0)
            blocks.insert(place, dict(block))
            behind = block["id"]
    return blocks


def clauses_of(blocks: Sequence[Mapping[str, Any]]) -> list[tuple[str, Clause]]:
    """The clauses of a stored body, for finding them again in another file of the same text."""
    found = []
    for block in blocks:
        value = block["value"]
        if block["type"] == "clause":
            found.append(
                (
                    block["id"],
                    Clause(value["level"], value.get("number") or "", value.get("text") or ""),
                )
            )
        elif block["type"] == "table" and value.get("table"):
            table = value["table"]
            rows = (
                tuple(column["heading"] for column in table["columns"]),
                *(tuple(str(cell or "") for cell in row["values"]) for row in table["rows"]),
            )
            text = "\n".join("\t".join(row) for row in rows)
            found.append((block["id"], Clause("paragraph", "", text, rows=rows)))
    return found
