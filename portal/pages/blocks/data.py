"""Figures: tables, charts drawn from them, single numbers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import (
    TypedTable,
    TypedTableBlock,
    TypedTableBlockValidationError,
)
from wagtail_localize.segments import StringSegmentValue

from portal.core.downloads import key_of
from portal.pages.figures import (
    Chart,
    TableData,
    TableProblem,
    TableUnfinished,
    draw,
    number,
    number_text,
    read_table,
    to_csv,
)
from portal.pages.figures.charts import Series
from portal.pages.figures.numbers import NotANumber

from .choices import LookBlock
from .section import is_preview
from .sheet_widget import SheetInput
from .translating import table_segments, translated_table

__all__ = ["ChartBlock", "KeyFiguresBlock", "SheetBlock", "TableBlock"]

_SHEET_HELP = _(
    "Copy the cells in Excel or WPS and paste them here, heading first; or choose a CSV or XLSX "
    "file."
)


class SheetBlock(blocks.TextBlock):
    """Rows of a spreadsheet as text; the form offers to read them from a file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field_options["widget"] = SheetInput()

    class Meta:
        icon = "table"


class TableBlock(blocks.StructBlock):
    """A table, typed in or filled from a spreadsheet.

    What is pasted fills the table when the page is saved; a mistake keeps all that was pasted.
    """

    caption = blocks.CharBlock(
        label=_("Caption"), max_length=160, help_text=_("What the table shows, with the period.")
    )
    sheet = SheetBlock(
        label=_("Fill from a spreadsheet"),
        required=False,
        default="",
        help_text=_SHEET_HELP,
    )
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(required=False, default="")),
            ("number", blocks.DecimalBlock(required=False)),
        ],
        label=_("Table"),
        required=False,
    )
    note = blocks.CharBlock(label=_("Note"), required=False, default="", max_length=200)

    class Meta:
        icon = "table"
        label = _("Table")
        group = _("Figures")
        description = _("Rows and columns with a caption; visitors can take them as CSV.")
        template = "pages/blocks/table.html"
        preview_value = {
            "caption": "前三季度主要指标",
            "sheet": "",
            "table": {
                "columns": [
                    {"type": "text", "heading": "指标"},
                    {"type": "text", "heading": "数值"},
                    {"type": "text", "heading": "同比"},
                ],
                "rows": [
                    {"values": ["地区生产总值（亿元）", "2145.3", "5.8%"]},
                    {"values": ["常住人口（万人）", "312.4", "0.4%"]},
                ],
                "caption": "",
            },
            "note": "资料来源：云湖市统计局",
        }

    def clean(self, value: Any) -> Any:
        try:
            cleaned = super().clean(value)
        except blocks.StructBlockValidationError as error:
            # A field of its own is missing; say at once what is wrong with the rows, too.
            if "sheet" not in (error.block_errors or {}):
                _filled(self, value, error.block_errors)
            raise
        return _filled(self, cleaned, {})

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        table = value.get("table")
        rows = _cells(table) if table else []
        context["headings"] = [(heading, kind) for _text, heading, kind in rows[0]] if rows else []
        context["rows"] = rows
        context["csv_key"] = key_of(self.csv_text(value)) if context["rows"] else ""
        if value.get("sheet") and is_preview(context):
            context["problem"] = _problem(lambda: read_table(value["sheet"]))
        return context

    def get_translatable_segments(self, value: Any) -> list[StringSegmentValue]:
        """For wagtail-localize: caption, headings and cells, note."""
        found = [StringSegmentValue("caption", value.get("caption") or "")]
        found += [segment.wrap("table") for segment in table_segments(value.get("table"))]
        return [*found, StringSegmentValue("note", value.get("note") or "")]

    def restore_translated_segments(self, value: Any, segments: list[StringSegmentValue]) -> Any:
        for name in ("caption", "note"):
            for segment in segments:
                if segment.path == name:
                    value[name] = segment.render_text()
        value["table"] = translated_table(
            value.get("table"), [segment for segment in segments if segment.path == "table"]
        )
        return value

    def csv_text(self, value: Any) -> str:
        table = value.get("table")
        if not table or not table.columns:
            return ""
        rows = [[text for text, _heading, _kind in row] for row in _cells(table)]
        return to_csv([column["heading"] for column in table.columns], rows)

    def csv_name(self, value: Any) -> str:
        return str(value.get("caption") or "")


def _problem(read: Callable[[], object]) -> str:
    """What stands in the way of rows; "" when nothing does."""
    try:
        read()
    except TableProblem as problem:
        return str(problem)
    return ""


def _cells(table: TypedTable) -> list[list[tuple[str, str, str]]]:
    """Rows of (text, heading, kind); a column whose cells are all figures is set as figures."""
    kinds = [_kind(table, place) for place in range(len(table.columns))]
    return [
        [
            ("" if value is None else str(value), column["heading"], kind)
            for value, column, kind in zip(row["values"], table.columns, kinds, strict=False)
        ]
        for row in table.row_data
    ]


def _kind(table: TypedTable, place: int) -> str:
    if table.columns[place]["block"].name == "number":
        return "number"
    cells = [row["values"][place] for row in table.row_data]
    return "number" if place and _all_figures(cells) else "text"


def _all_figures(cells: list[Any]) -> bool:
    some = False
    for cell in cells:
        try:
            some = number(str(cell or "")) is not None or some
        except NotANumber:
            return False
    return some


def _filled(block: TableBlock, value: Any, errors: dict[str, Any]) -> Any:
    """The value with what was pasted in its table."""
    pasted = (value.get("sheet") or "").strip()
    if pasted:
        try:
            value["table"] = _typed(block, read_table(pasted))
        except TableProblem as problem:
            if block.is_deferred_validation and isinstance(problem, TableUnfinished):
                return value
            raise blocks.StructBlockValidationError(
                block_errors=errors | {"sheet": ValidationError(str(problem))}
            ) from problem
        value["sheet"] = ""
    table = value.get("table")
    if block.is_deferred_validation:  # a draft may be unfinished
        return value
    if not errors and (not table or not table.columns or not table.row_data):
        raise blocks.StructBlockValidationError(
            block_errors={
                "table": TypedTableBlockValidationError(
                    non_block_errors=[
                        gettext("The table is empty. Type it in, or fill it from a spreadsheet.")
                    ]
                )
            }
        )
    return value


def _typed(block: TableBlock, data: TableData) -> TypedTable:
    text = block.child_blocks["table"].child_blocks["text"]
    return TypedTable(
        columns=[{"block": text, "heading": heading} for heading in data.heading],
        row_data=[{"values": list(row)} for row in data.rows],
        caption="",
    )


class ChartBlock(blocks.StructBlock):
    """A chart from rows: the first column holds the labels, every other one a series."""

    title = blocks.CharBlock(
        label=_("Title"), max_length=120, help_text=_("What the chart shows, with the period.")
    )
    kind = LookBlock(
        label=_("Kind"),
        choices=[
            ("column", _("Columns – compare a few")),
            ("bar", _("Bars – compare many, or long names")),
            ("line", _("Line – change over time")),
            ("share", _("Shares – parts of a whole")),
        ],
        default="column",
    )
    unit = blocks.CharBlock(
        label=_("Unit"),
        required=False,
        default="",
        max_length=20,
        help_text=_("Such as 亿元, 万人次, %."),
    )
    sheet = SheetBlock(label=_("Figures"), help_text=_SHEET_HELP)
    summary = blocks.CharBlock(
        label=_("What it says"),
        required=False,
        default="",
        max_length=240,
        help_text=_("One sentence. Empty: the highest and the lowest figure."),
    )
    source = blocks.CharBlock(label=_("Source"), required=False, default="", max_length=120)

    class Meta:
        icon = "table"
        label = _("Chart")
        group = _("Figures")
        description = _("Columns, bars, a line or shares, with the table behind it.")
        template = "pages/blocks/chart.html"
        preview_value = {
            "title": "轮渡客运量",
            "kind": "column",
            "unit": "万人次",
            "sheet": "月份,2025年,2026年\n6月,96,118\n7月,104,139\n8月,112,151",
            "summary": "",
            "source": "云湖市交通运输局",
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        try:
            data = read_table(cleaned["sheet"])
            _check_chart(cleaned["kind"], data)
        except TableProblem as problem:
            if self.is_deferred_validation and isinstance(problem, TableUnfinished):
                return cleaned
            raise blocks.StructBlockValidationError(
                block_errors={"sheet": ValidationError(str(problem))}
            ) from problem
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        try:
            data = read_table(value.get("sheet") or "")
            _check_chart(value.get("kind") or "column", data)
            series = _series(data)
        except TableProblem as problem:
            # Unfinished, or stored by a program: the page is read without the chart.
            context["problem"] = str(problem) if is_preview(context) else ""
            return context
        language = get_language() or "zh-hans"
        chart = Chart(
            value.get("kind") or "column",
            tuple(row[0] for row in data.rows),
            series,
            lambda figure: number_text(figure, language),
        )
        context.update(
            drawings=draw(chart),
            mark=_count(context.get("request")),
            headings=[
                (heading, "number" if place else "text")
                for place, heading in enumerate(data.heading)
            ],
            rows=[
                [
                    (text, heading, "number" if place else "text")
                    for place, (text, heading) in enumerate(zip(row, data.heading, strict=True))
                ]
                for row in data.rows
            ],
            summary=value.get("summary") or _summary(chart, value.get("unit") or ""),
            csv_key=key_of(self.csv_text(value)),
        )
        return context

    def csv_text(self, value: Any) -> str:
        try:
            data = read_table(value.get("sheet") or "")
        except TableProblem:
            return ""
        return to_csv(data.heading, data.rows)

    def csv_name(self, value: Any) -> str:
        return str(value.get("title") or "")


def _count(request: Any) -> int:
    """Numbers the charts of a page: patterns of a drawing are named by ids."""
    if request is None:
        return 1
    request.portal_charts = getattr(request, "portal_charts", 0) + 1
    return int(request.portal_charts)


def _series(data: TableData) -> tuple[Series, ...]:
    """The columns after the first as figures.

    Raises:
        TableProblem: a cell holds words.
    """
    columns = []
    for place, name in enumerate(data.heading[1:], start=1):
        values = tuple(_figure(row, place, name, at) for at, row in enumerate(data.rows, start=2))
        columns.append(Series(name, values))
    return tuple(columns)


def _figure(row: tuple[str, ...], place: int, heading: str, at: int) -> Decimal | None:
    try:
        return number(row[place])
    except NotANumber:
        raise TableProblem(
            gettext("Row %(row)d, “%(column)s”: “%(cell)s” is not a number.")
            % {"row": at, "column": heading, "cell": row[place]}
        ) from None


def _check_chart(kind: str, data: TableData) -> None:
    """Whether this kind of chart can show the rows.

    Raises:
        TableProblem: what is to be changed.
    """
    most_series, most_rows = (1, 8) if kind == "share" else (6, 40)
    if len(data.heading) < 2:
        raise TableUnfinished(gettext("A chart needs two columns: the names and their figures."))
    series = _series(data)
    if not any(value is not None for one in series for value in one.values):
        raise TableUnfinished(gettext("There is no figure in the table."))
    if len(series) > most_series:
        raise TableProblem(
            gettext("This kind of chart shows %(most)d columns of figures; there are %(found)d.")
            % {"most": most_series, "found": len(series)}
        )
    if len(data.rows) > most_rows:
        raise TableProblem(
            gettext("This kind of chart shows %(most)d rows; there are %(found)d.")
            % {"most": most_rows, "found": len(data.rows)}
        )
    if kind == "share":
        values = [value for value in series[0].values if value is not None]
        if any(value < 0 for value in values) or not any(values):
            raise TableProblem(gettext("Shares of a whole cannot be negative or all zero."))


def _summary(chart: Chart, unit: str) -> str:
    """The highest and the lowest in a sentence for those who do not see the drawing."""
    found = [
        (value, label if len(chart.series) == 1 else f"{label} {one.name}")
        for one in chart.series
        for label, value in zip(chart.labels, one.values, strict=True)
        if value is not None
    ]
    if not found:
        return ""
    highest, lowest = max(found), min(found)
    words = {
        "high": highest[1], "high_value": f"{chart.say(highest[0])}{unit}",
        "low": lowest[1], "low_value": f"{chart.say(lowest[0])}{unit}",
    }  # fmt: skip
    if len(found) == 1 or highest[0] == lowest[0]:
        return gettext("%(high)s: %(high_value)s.") % words
    return gettext("Highest: %(high)s, %(high_value)s. Lowest: %(low)s, %(low_value)s.") % words


class KeyFigureBlock(blocks.StructBlock):
    value = blocks.CharBlock(label=_("Figure"), max_length=20, help_text=_("Such as 312.4 or 98%."))
    unit = blocks.CharBlock(label=_("Unit"), required=False, default="", max_length=12)
    label = blocks.CharBlock(label=_("What it is"), max_length=60)
    change = blocks.CharBlock(
        label=_("Change"),
        required=False,
        default="",
        max_length=40,
        help_text=_("In words, with the period: 比上年增长5.8%."),
    )

    class Meta:
        icon = "order"
        label = _("Figure")


class KeyFiguresBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=80)
    items = blocks.ListBlock(KeyFigureBlock(), label=_("Figures"), min_num=1, max_num=8)
    source = blocks.CharBlock(label=_("Source"), required=False, default="", max_length=120)

    class Meta:
        icon = "order"
        label = _("Key figures")
        group = _("Figures")
        description = _("A few numbers that say it all, large.")
        template = "pages/blocks/key_figures.html"
        preview_value = {
            "title": "云湖数字",
            "items": [
                {"value": "312.4", "unit": "万", "label": "常住人口", "change": "比上年增加1.3万"},
                {"value": "98.6", "unit": "%", "label": "网上可办事项", "change": ""},
                {"value": "1047", "unit": "万人次", "label": "轮渡客运量", "change": "同比增长31%"},
            ],
            "source": "云湖市统计局",
        }
