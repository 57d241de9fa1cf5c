"""The plugin's part of the demo city: documents and what interprets them (files in ``demo/``).

Documents are written as official text and taken apart by the importer's own parser. A clause gets
its id from the document's key and its place, so that products can name clauses by their numbers.
"""

import datetime
import io
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import Page

from portal.text.official.model import Source, SourceLine
from portal.text.official.parsing import parse

from . import demo_disclosure, demo_opinion
from .demo_values import DemoFault, day_of, moment
from .importing.mapping import to_draft
from .models import (
    InterpretationLink,
    InterpretationPage,
    IssuingBody,
    Obligation,
    ObligationRule,
    PlanItem,
    PolicyAmendment,
    PolicyPage,
    PolicyRelation,
)
from .services.obligations import recompute_site

type Row = Mapping[str, Any]

DIRECTORY = Path(__file__).parent / "demo"
# The first rules hold from the day of installation on; the demo's documents are older than that.
_RULES_FROM = datetime.date(2021, 1, 1)
_IDS = uuid.UUID("5b0c6d3e-6a0e-4f6c-9d57-2f0f2f1a9c11")


class DemoPolicies:
    """Entered in the registry ``demo_content``."""

    directory = DIRECTORY

    def draft(self, row: Row, column: Page, demo: Any) -> Page:
        row = _dated(row)
        if row["type"] == "policy":
            return self._policy(row, column, demo)
        return self._product(row, column, demo)

    def complete(self, row: Row, page: Any, demo: Any) -> None:
        row = _dated(row)
        if row["type"] == "policy":
            self._complete_policy(row, page, demo)
        else:
            self._complete_product(row, page, demo)

    def finish(self, demo: Any) -> None:
        """What rests on public pages: what documents owe, the disclosure platforms."""
        if not Obligation.objects.exists():  # later changes of the rules are somebody's own
            ObligationRule.objects.filter(site=None).update(applies_from=_RULES_FROM)
            for record in demo.records.values():
                recompute_site(record.pk)
        demo_disclosure.finish(demo)

    def after_all(self, demo: Any) -> None:
        """What only accounts may do."""
        by = get_user_model().objects.filter(is_superuser=True).order_by("pk").first()
        demo_opinion.load(demo, by=by)

    # --- documents -------------------------------------------------------------------------------
    def _policy(self, row: Row, column: Page, demo: Any) -> Page:
        parsed = parse(_source(row))
        draft = to_draft(parsed, fallback_title=row["title"])
        fields = draft.fields | {
            "title": row["title"],
            "document_number": row.get("document_number") or draft.fields["document_number"],
            "genre": row.get("genre") or draft.fields["genre"],
            "level": row.get("level") or draft.fields["level"],
            "issued_on": day_of(row.get("issued_on")) or draft.fields["issued_on"],
            "effective_on": day_of(row.get("effective_on")) or draft.fields["effective_on"],
            "valid_through": day_of(row.get("valid_through")) or draft.fields["valid_through"],
            "theme_id": row.get("theme"),
            "audience": ",".join(row.get("audience") or ()),
            "index_number": row.get("index_number") or "",
            "summary": row["summary"],
            "search_description": row["summary"],
            "keywords": ",".join(map(str, row.get("keywords") or ())),
            "source": row.get("source") or "",
            "source_url": row.get("source_url") or "",
            "validity_note": row.get("validity_note") or "",
            "date": moment(row["date"]),
            "is_major": bool(row.get("major")),
            "owner_unit": demo.unit(row.get("unit")),
            "plan_exemption": row.get("exemption") or "",
        }
        title = fields.pop("title")
        return demo.add(
            column, PolicyPage, row["key"], title, fields, publish=False, date=fields["date"]
        )

    def _complete_policy(self, row: Row, page: PolicyPage, demo: Any) -> None:
        page.issuing_bodies = [
            IssuingBody(sort_order=order, **_body(name, demo))
            for order, name in enumerate(row.get("bodies") or [row["source"]])
        ]
        page.relations = [
            PolicyRelation(sort_order=order, **_relation(relation, demo))
            for order, relation in enumerate(row.get("relations") or ())
        ]
        page.plan_items = [
            PlanItem(sort_order=order, **item | {"unit": demo.unit(item.get("unit"))})
            for order, item in enumerate(row.get("plan") or ())
        ]
        if row.get("before"):
            page.body = _clauses(row, _text_before(row))
            page.save_revision().publish()
        if row.get("amendments"):
            page.amendments = [
                PolicyAmendment(
                    sort_order=order,
                    effective_on=day_of(amendment["day"]),
                    basis=_page(demo, amendment["basis"]) if "basis" in amendment else None,
                    basis_text=amendment.get("basis_text") or "",
                    note=amendment.get("note") or "",
                )
                for order, amendment in enumerate(row["amendments"])
            ]
        page.body = _clauses(row, row["text"])
        page.save_revision().publish()

    # --- interpretations -------------------------------------------------------------------------
    def _product(self, row: Row, column: Page, demo: Any) -> Page:
        fields = {
            "form": row["form"],
            "author_kind": row["author_kind"],
            "author": row.get("author") or "",
            "source": row["source"],
            "summary": row["summary"],
            "search_description": row["summary"],
            "keywords": ",".join(map(str, row.get("keywords") or ())),
            "date": moment(row["date"]),
            "cover": demo.images.get(row.get("image") or ""),
            "meaning": row.get("meaning") or "",
        }
        return demo.add(
            column,
            InterpretationPage,
            row["key"],
            row["title"],
            fields,
            publish=False,
            date=fields["date"],
        )

    def _complete_product(self, row: Row, page: InterpretationPage, demo: Any) -> None:
        page.interprets = [
            InterpretationLink(
                sort_order=order,
                policy=_page(demo, link["policy"]),
                clauses=_ids(_page(demo, link["policy"]), link.get("clauses") or ()),
            )
            for order, link in enumerate(row["interprets"])
        ]
        body = demo.blocks(row.get("body") or "")
        body += [("part", {"kind": part["kind"], "text": _rich(part["text"])})
                 for part in row.get("parts") or ()]  # fmt: skip
        if row.get("h5"):
            h5 = row["h5"]
            body.append(
                (
                    "animation",
                    {
                        "title": h5["title"],
                        "package": _package(h5["folder"], h5["title"], page, demo),
                        "shape": h5.get("shape") or "tall",
                        "fallback": _rich(h5["words"]),
                    },
                )
            )
        page.body = page.body.stream_block.normalize(body)
        page.picture = page.picture.stream_block.to_python(
            [
                {"type": block["type"], "id": _id(row["key"], "picture", order),
                 "value": {name: value for name, value in block.items() if name != "type"}}
                for order, block in enumerate(row.get("picture") or ())
            ]
        )  # fmt: skip
        first = _page(demo, row["interprets"][0]["policy"])
        page.plain_words = page.plain_words.stream_block.to_python(
            [
                {
                    "type": "explanation",
                    "id": _id(row["key"], "words", order),
                    "value": {
                        "policy": None,
                        "clauses": _ids(first, entry["clauses"]),
                        "text": _rich(entry["text"]),
                    },
                }
                for order, entry in enumerate(row.get("plain_words") or ())
            ]
        )
        page.save_revision().publish()


# --- parts ----------------------------------------------------------------------------------------
def _id(*parts: object) -> str:
    return str(uuid.uuid5(_IDS, "/".join(map(str, parts))))


def _dated(row: Row) -> Row:
    """A row whose date is counted from today ("-1"), with {day} and {year} of it in its words.

    What such a document owes is due or late whenever the demo is loaded.
    """
    if str(row["date"])[:1] not in ("-", "+"):
        return row
    day = day_of(row["date"])
    assert day is not None
    names = {"{day}": f"{day.year}年{day.month}月{day.day}日", "{year}": str(day.year)}
    found = dict(row) | {"date": f"{day.isoformat()}T09:30:00"}
    for name in ("text", "document_number"):
        for mark, words in names.items():
            found[name] = found[name].replace(mark, words)
    return found


def _source(row: Row, text: str = "") -> Source:
    """The lines of a text; neighbours of the form ``| one | two |`` are a table."""
    text = (text or row["text"]).strip()
    if not text.startswith(row["title"]) and "令" not in text.split("\n", 1)[0]:
        text = f"{row['title']}\n{text}"
    lines: list[SourceLine] = []
    for is_table, group in groupby(text.splitlines(), lambda line: line.startswith("|")):
        if is_table:
            rows = tuple(
                tuple(cell.strip() for cell in line.strip("|").split("|")) for line in group
            )
            lines.append(SourceLine("\n".join("\t".join(cells) for cells in rows), rows))
        else:
            lines.extend(SourceLine(line) for line in group if line.strip())
    return Source(tuple(lines), "txt")


def _text_before(row: Row) -> str:
    """The text before its amendment: each change taken back."""
    text: str = row["text"]
    for change in row["before"]:
        if change["new"] not in text:
            raise DemoFault(f"{row['key']}: {change['new']} is not in the text")
        text = text.replace(change["new"], change["old"])
    return text


def _clauses(row: Row, text: str) -> Any:
    """The body; what has the same number in two versions of a text is the same clause."""
    draft = to_draft(parse(_source(row, text)), fallback_title=row["title"])
    seen: dict[str, int] = {}
    blocks = []
    article = ""
    for block in draft.blocks:
        value = block["value"]
        name = f"{value.get('level', block['type'])}{value.get('number', '')}"
        if value.get("level") in ("article", "heading1", "part"):
            article = name
        place = f"{article}/{name}"
        seen[place] = seen.get(place, 0) + 1
        ends = (row.get("ended") or {}).get(value.get("number", ""))
        if ends and block["type"] == "clause":
            value = value | {"invalid_from": day_of(ends).isoformat()}  # type: ignore[union-attr]
        blocks.append(block | {"id": _id(row["key"], place, seen[place]), "value": value})
    return PolicyPage._meta.get_field("body").stream_block.to_python(blocks)


def _ids(page: PolicyPage, numbers: Sequence[str]) -> list[str]:
    """The ids of clauses named as printed: 第三条, or 二、/（一） for what lies below."""
    found = []
    clauses = page.clauses()
    for number in numbers:
        above = None
        for step in number.split("/"):
            match = next(
                (
                    clause
                    for clause in clauses
                    if clause.number == step and (above is None or clause.parent == above)
                ),
                None,
            )
            if match is None:
                raise DemoFault(f"{page.title} has no clause {number}")
            above = match.id
        found.append(match.id)  # type: ignore[union-attr]
    return found


def _page(demo: Any, key: str) -> Any:
    """A page as it is stored now, since others of the demo were published meanwhile."""
    if key not in demo.pages:
        raise DemoFault(f"The demo has no page {key}")
    return type(demo.pages[key]).objects.get(pk=demo.pages[key].pk)


def _body(name: str, demo: Any) -> dict[str, Any]:
    unit = demo.unit_named(name)
    return {"organisation": unit} if unit else {"name": name}


def _relation(row: Row, demo: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"kind": row["kind"], "since": day_of(row.get("since"))}
    if "to" in row:
        return values | {"target": _page(demo, row["to"])}
    return values | {
        "target_title": row["title"],
        "target_number": row.get("number") or "",
        "target_url": row.get("url") or "",
    }


def _rich(text: str) -> str:
    return "".join(f"<p>{line.strip()}</p>" for line in text.splitlines() if line.strip())


def _package(folder: str, title: str, page: Page, demo: Any) -> Any:
    """The .zip of a folder of ``demo/h5``."""
    documents = get_document_model()
    found = documents.objects.filter(title=title).first()
    if found is not None:
        return found
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for path in sorted((DIRECTORY / "h5" / folder).iterdir()):
            package.write(path, path.name)
    collection = next(iter(demo.records.values())).collection
    document = documents(title=title, collection=collection)
    document.file.save(f"{folder}.zip", ContentFile(buffer.getvalue()), save=False)
    document.save()
    return document
