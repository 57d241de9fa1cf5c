"""One row: its values by the mapping, and everything that speaks against it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.library.house import house
from portal.library.models import FiveOpen, Intake, LibraryRecord, PubKind, Scheme, State
from portal.library.selectors.duplicates import similar_to_text
from portal.plugin_api import plain_text

from .reading import Row, clean_html

FIELDS = {
    "title": gettext_lazy("title"),
    "body": gettext_lazy("text"),
    "summary": gettext_lazy("summary"),
    "keywords": gettext_lazy("keywords"),
    "date": gettext_lazy("publication time"),
    "source_name": gettext_lazy("source"),
    "source_url": gettext_lazy("address of the source"),
    "author": gettext_lazy("author"),
    "theme": gettext_lazy("theme"),
    "genre": gettext_lazy("genre"),
    "five_open": gettext_lazy("five kinds of openness"),
    "doc_no": gettext_lazy("document number"),
    "pub_kind": gettext_lazy("kind of publication"),
    "identifier": gettext_lazy("identifier in the old system"),
}
# Headings that are understood without being told.
_KNOWN = {
    "标题": "title", "正文": "body", "内容": "body", "摘要": "summary", "关键词": "keywords",
    "发布日期": "date", "发布时间": "date", "日期": "date", "来源": "source_name",
    "来源网址": "source_url", "原文链接": "source_url", "作者": "author", "主题": "theme",
    "主题分类": "theme", "体裁": "genre", "五公开": "five_open", "文号": "doc_no",
    "发文字号": "doc_no", "发布类型": "pub_kind", "编号": "identifier", "索引号": "identifier",
    "id": "identifier", "file": "identifier", "description": "summary", "source": "source_name",
}  # fmt: skip
_KINDS = {"独家": PubKind.EXCLUSIVE, "转载": PubKind.REPOST, "联合": PubKind.JOINT}
_FIVE = {"决策": FiveOpen.DECISION, "执行": FiveOpen.EXECUTION, "管理": FiveOpen.MANAGEMENT,
         "服务": FiveOpen.SERVICE, "结果": FiveOpen.RESULT}  # fmt: skip
DUPLICATE = 0.9


def guess(headings: list[str]) -> dict[str, str]:
    """A mapping to begin with: field by heading."""
    found: dict[str, str] = {}
    for heading in headings:
        name = heading.strip().lower()
        target = name if name in FIELDS else _KNOWN.get(name, "")
        if target and target not in found.values():
            found[heading] = target
    return found


@dataclass
class Checked:
    """A row as it would be taken in; with refusals it is not."""

    values: dict[str, Any]
    refusals: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class Checker:
    """Knows what the file has brought so far: a title twice in one file is a duplicate, too."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self._titles: set[str] = set()

    def check(self, number: int, row: Row) -> Checked:
        found = Checked(_mapped(row, self.intake.fields))
        values = found.values
        self._title(found)
        values["body"] = clean_html(values.get("body", ""))
        if not plain_text(values["body"]):
            found.refusals.append(_("There is no text."))
        self._codes(found)
        _dates(found)
        _source(found)
        if not found.refusals:
            self._duplicates(found)
        self._titles.add(values["title"])
        return found

    def origin(self, number: int, values: Mapping[str, Any]) -> str:
        key = values.get("identifier") or f"#{number}"
        return f"{self.intake.name}: {key}"[:200]

    def _title(self, found: Checked) -> None:
        title = " ".join(found.values.get("title", "").split())
        found.values["title"] = title
        if not title:
            found.refusals.append(_("There is no title."))
        elif len(title) > 255:
            found.refusals.append(_("The title has more than 255 characters."))

    def _codes(self, found: Checked) -> None:
        terms, values = house().terms, found.values
        for name, scheme in (("theme", Scheme.THEME), ("genre", Scheme.GENRE)):
            value = values.get(name, "")
            if not value:
                continue
            code = value if value in terms[scheme] else _by_name(terms[scheme], value)
            if code:
                values[name] = code
            else:
                found.refusals.append(
                    _("“%(code)s” is in no table: %(field)s.")
                    % {"code": value, "field": FIELDS[name]}
                )
        if values.get("pub_kind"):
            kind = _KINDS.get(values["pub_kind"], values["pub_kind"])
            if kind in PubKind.values:
                values["pub_kind"] = str(kind)
            else:
                found.refusals.append(_("This kind of publication is not known."))
        if values.get("five_open"):
            given = [part.strip() for part in values["five_open"].replace("、", ",").split(",")]
            five = [str(_FIVE.get(part.removesuffix("公开"), part)) for part in given if part]
            if set(five) <= set(FiveOpen.values):
                values["five_open"] = ",".join(five)
            else:
                found.refusals.append(_("This is none of the five kinds of openness."))

    def _duplicates(self, found: Checked) -> None:
        title = found.values["title"]
        if title in self._titles:
            found.refusals.append(_("The title comes twice in this file."))
            return
        same = LibraryRecord.objects.filter(site=self.intake.site_id, title=title)
        if same.exclude(state=State.DELETED).exists():
            found.refusals.append(_("The library has a record of this title at the site."))
            return
        near = similar_to_text(f"{title}\n{plain_text(found.values['body'])}", least=DUPLICATE)
        if near:
            found.refusals.append(
                _("The library has nearly the same text: %(title)s (%(number)s).")
                % {"title": near[0].record.title, "number": near[0].record.index_no}
            )


def _mapped(row: Row, fields: Mapping[str, str]) -> dict[str, Any]:
    return {target: row.get(heading, "").strip() for heading, target in fields.items() if target}


def _by_name(terms: Mapping[str, str], name: str) -> str:
    """By its name, where only one code has it (other is the name of many)."""
    last = name.replace("/", "\\").split("\\")[-1]
    codes = [code for code, known in terms.items() if known == last]
    return codes[0] if len(codes) == 1 else ""


def _dates(found: Checked) -> None:
    text = found.values.get("date", "")
    if not text:
        return
    moment = _moment(text)
    if moment is None:
        found.refusals.append(_("The date cannot be read: %s") % text[:40])
    elif moment > timezone.now() + datetime.timedelta(days=1):
        found.refusals.append(_("The date lies in the future."))
    else:
        found.values["date"] = moment.isoformat()


def _moment(text: str) -> datetime.datetime | None:
    text = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").strip()
    try:
        moment = parse_datetime(text)
        day = parse_date(text[:10]) if moment is None else None
    except ValueError:
        return None
    if moment is None and day is None:
        parts = text.split("-")
        if len(parts) == 3 and all(part.strip().isdecimal() for part in parts):
            try:
                day = datetime.date(*(int(part) for part in parts))
            except (ValueError, OverflowError):
                return None
    if day is not None:
        moment = datetime.datetime.combine(day, datetime.time(9))
    if moment is None:
        return None
    try:
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    except (ValueError, OverflowError):
        return None


def _source(found: Checked) -> None:
    values = found.values
    if values.get("source_url"):
        try:
            URLValidator(schemes=["http", "https"])(values["source_url"])
        except ValidationError:
            found.refusals.append(_("The address of the source is none."))
    if values.get("pub_kind") == PubKind.REPOST and not values.get("source_url"):
        found.refusals.append(_("A repost names the address of its source."))
    if not values.get("source_name"):
        found.remarks.append(_("No source is named: the unit of the column stands in for it."))
    if not values.get("summary"):
        found.remarks.append(_("No summary: the beginning of the text stands in for it."))
