"""A table of old and new text as a Word file.

Written by hand: the file needs a table and two kinds of marks, and nothing else of a library for
Word files would be used.
"""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from django.utils.translation import gettext

from .selectors.comparison import Cell, Side, Table

# Names of XML namespaces, which nobody asks the host of.
_NAMES = "http://" + "schemas.openxmlformats.org"
_W = f"{_NAMES}/wordprocessingml/2006/main"
_OFFICE = f"{_NAMES}/officeDocument/2006/relationships"
_PACKAGE = f"{_NAMES}/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
CONTENT_TYPE = f"{_WORD}.document"

# A4 across, in twentieths of a point.
_PAGE = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
_MARGINS = (
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" '
    'w:footer="567" w:gutter="0"/>'
)
_WIDTHS = (1370, 6600, 6600)
_STYLES = f"""{_HEAD}
<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>
<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="FangSong"/>
<w:sz w:val="24"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:pPr><w:jc w:val="center"/>
<w:spacing w:after="240"/></w:pPr><w:rPr><w:b/><w:sz w:val="36"/></w:rPr></w:style></w:styles>"""
_TYPES = f"""{_HEAD}
<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{CONTENT_TYPE}.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/></Types>"""
_RELATIONS = f"""{_HEAD}
<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"
Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>"""
_DOCUMENT_RELATIONS = f"""{_HEAD}
<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"
Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>"""


def to_docx(table: Table, *, address: str) -> bytes:
    """All rows, what is left out struck through, what is new underlined; ``address`` is the
    page's."""
    body = [
        _paragraph(_run(gettext("Comparison of old and new text")), style="Title"),
        *(_paragraph(_run(sentence)) for sentence in table.summary),
        _table(table),
        _paragraph(_run(f"{gettext('Address of this page:')} {address}", size=18)),
    ]
    document = (
        f'{_HEAD}<w:document xmlns:w="{_W}"><w:body>{"".join(body)}'
        f"<w:sectPr>{_PAGE}{_MARGINS}</w:sectPr></w:body></w:document>"
    )
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
            ("word/styles.xml", _STYLES),
            ("word/_rels/document.xml.rels", _DOCUMENT_RELATIONS),
        ):
            package.writestr(name, text)
    return buffer.getvalue()


def _table(table: Table) -> str:
    head = _row(
        [
            _paragraph(_run(gettext("Kind of change"), "<w:b/>")),
            _paragraph(_run(_heading(table.old), "<w:b/>")),
            _paragraph(_run(_heading(table.new), "<w:b/>")),
        ],
        repeated=True,
    )
    rows = [
        _row(
            [
                _paragraph(_run(row.label)),
                _cell(row.old, "<w:strike/>"),
                _cell(row.new, '<w:b/><w:u w:val="single"/>'),
            ]
        )
        for row in table.rows
    ]
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in _WIDTHS)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(_WIDTHS)}" w:type="dxa"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{head}{''.join(rows)}</w:tbl>"
    )


def _heading(side: Side) -> str:
    return " ".join(filter(None, (side.title, side.document_number, f"({side.state})")))


def _row(cells: Sequence[str], *, repeated: bool = False) -> str:
    properties = "<w:cantSplit/>" + ("<w:tblHeader/>" if repeated else "")
    filled = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
        for width, cell in zip(_WIDTHS, cells, strict=True)
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{filled}</w:tr>"


def _cell(cell: Cell | None, mark: str) -> str:
    if cell is None:
        return _paragraph()
    number = [_run(f"{cell.number}\u3000", "<w:b/>")] if cell.number else []
    runs = [_run(part.text, mark if part.is_different else "") for part in cell.segments]
    return _paragraph(*number, *runs)


def _paragraph(*runs: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def _run(text: str, properties: str = "", *, size: int = 0) -> str:
    if size:
        properties += f'<w:sz w:val="{size}"/>'
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(_printable(line))}</w:t>' for line in text.split("\n")
    )
    return f"<w:r><w:rPr>{properties}</w:rPr>{lines}</w:r>"


def _printable(text: Iterable[str]) -> str:
    """Without control characters, which XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign == "\t")
