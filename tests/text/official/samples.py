"""One invented official notice, and the same notice as every kind of file that is read.

``NOTICE`` is the text, line by line, as it is printed. The makers below write it as plain text, web
page, Word file (with the numbers that Word prints itself), PDF and OFD (set on pages, with headers,
page numbers and broken lines). Whoever reads one of them must find ``lines()`` again.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

W = nsdecls("w")


@dataclass(frozen=True, slots=True)
class Para:
    """``number`` is what a word processor would print; the text follows it."""

    text: str
    number: str = ""
    place: Literal["", "center", "right"] = ""
    rows: tuple[tuple[str, ...], ...] = ()
    title: bool = False

    @property
    def printed(self) -> str:
        if self.rows:
            return "\n".join("\t".join(row) for row in self.rows)
        gap = "　" if self.number.endswith(("条", "章")) else ""
        return f"{self.number}{gap}{self.text}"


_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """1 to 99 as clauses are numbered."""
    tens, ones = divmod(number, 10)
    start = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return start + (_DIGITS[ones] if ones else "")


def _notice() -> Iterator[Para]:
    yield Para("云湖市人民政府办公室", place="center", title=True)
    yield Para("关于印发云湖市老旧小区改造办法的通知", place="center", title=True)
    yield Para("云政办发〔2026〕18号", place="center")
    yield Para("各区县人民政府，云湖新区管委会，市政府各部门、各直属机构：")
    yield Para(
        "《云湖市老旧小区改造办法》已经市政府第三十一次常务会议同意，现印发给你们，请结合实际认真贯彻执行，"
        "执行中遇到的问题请及时报市住房和城乡建设局。"
    )
    yield Para("附件：1.老旧小区改造项目申报表")
    yield Para("2.改造内容清单（2026年版）")
    yield Para("云湖市人民政府办公室", place="right")
    yield Para("2026年4月9日", place="right")
    yield Para("云湖市老旧小区改造办法", place="center", title=True)
    article = 0
    for chapter, (name, articles) in enumerate(_CHAPTERS, start=1):
        yield Para(name, number=f"第{chinese(chapter)}章", place="center")
        for text, items, more in articles:
            article += 1
            yield Para(text, number=f"第{chinese(article)}条")
            for at, item in enumerate(items, start=1):
                yield Para(item, number=f"（{chinese(at)}）")
            yield from (Para(paragraph) for paragraph in more)
            if text.startswith("补助标准"):
                yield Para("", rows=_RATES)


_RATES = (
    ("改造类别", "补助对象和条件", "标准（元/平方米）"),
    ("基础类", "2000年底前建成，水电气管线老化的小区", "300"),
    ("完善类", "有加装电梯、停车位改造需求的小区，由业主共同决定", "220"),
    ("提升类", "配套养老、托育设施的小区", "180.5"),
)
type _Article = tuple[str, tuple[str, ...], tuple[str, ...]]
_CHAPTERS: tuple[tuple[str, tuple[_Article, ...]], ...] = (
    (
        "总则",
        (
            (
                "为了改善居民居住条件，规范老旧小区改造活动，根据《云湖市城市更新条例》等有关规定，结合本市实际，"
                "制定本办法。",
                (),
                (),
            ),
            (
                "本市行政区域内建成年代较早、失养失修失管、市政配套设施不完善的住宅小区，其改造活动适用本办法。",
                (),
                ("列入房屋征收计划的小区，不适用本办法。",),
            ),
            (
                "老旧小区改造遵循下列原则：",
                (
                    "坚持以人为本，先急后缓，优先解决漏水、停电、断气等居民反映强烈的问题；",
                    "坚持共建共享，改不改、改什么、怎么改由居民商量着办；",
                    "坚持建管并重，改造一个小区，健全一套长效管理机制。",
                ),
                (),
            ),
            (
                "市住房和城乡建设局负责全市老旧小区改造工作的统筹协调和监督指导。区县人民政府是改造工作的责任主体。",
                (),
                ("发展改革、财政、自然资源、民政等部门按照各自职责做好相关工作。",),
            ),
        ),
    ),
    (
        "计划与申报",
        (
            (
                "区县人民政府应当在每年9月30日前组织申报下一年度改造项目，申报材料包括：",
                ("项目申报表；", "业主意愿调查结果，同意改造的业主不少于三分之二；", "初步改造方案和资金筹措方案。"),
                (),
            ),
            (
                "市住房和城乡建设局会同市发展改革委、市财政局在20个工作日内完成审核，形成年度改造计划，报市人民政府批准后公布。",
                (),
                (),
            ),
            (
                "年度改造计划不得随意调整；确需调整的，应当重新征求业主意见，并按照原程序报批。",
                (),
                (),
            ),
        ),
    ),
    (
        "资金与补助",
        (
            (
                "改造资金由政府补助、业主出资、社会投资等多渠道筹集，专款专用，接受审计监督。",
                (),
                (),
            ),
            (
                "补助标准按照改造类别确定，见下表。",
                (),
                ("补助资金按照工程进度拨付，开工时拨付40%，竣工验收合格后拨付其余部分。",),
            ),
            (
                "有下列情形之一的，不予补助：",
                (
                    "未列入年度改造计划擅自施工的；",
                    "同一内容已经享受其他财政补助的；",
                    "提供虚假申报材料的。",
                ),
                (),
            ),
            (
                "业主可以依法申请提取住房公积金，用于加装电梯等改造内容，每户每年提取额度不超过50000元。",
                (),
                (),
            ),
        ),
    ),
    (
        "实施与监督",
        (
            (
                "改造工程应当依法确定设计、施工和监理单位，并在小区显著位置公示项目名称、内容、工期、责任人和监督电话0571-88001234。",
                (),
                (),
            ),
            (
                "施工单位应当采取措施，减少噪声、扬尘对居民生活的影响，在夜间22时至次日6时不得进行产生噪声的作业。",
                (),
                (),
            ),
            (
                "工程竣工后，由区县住房和城乡建设部门组织联合验收，邀请居民代表参加。验收不合格的，责令限期整改。",
                (),
                (),
            ),
            (
                "违反本办法规定，截留、挪用改造资金的，依法追究责任；构成犯罪的，依法追究刑事责任。",
                (),
                (),
            ),
        ),
    ),
    (
        "附则",
        (
            (
                "本办法由市住房和城乡建设局负责解释。",
                (),
                (),
            ),
            (
                "本办法自2026年6月1日起施行，有效期5年。《云湖市旧住宅区整治暂行规定》（云政办发〔2015〕7号）同时废止。",
                (),
                (),
            ),
        ),
    ),
)  # fmt: skip
NOTICE: tuple[Para, ...] = tuple(_notice())


def lines() -> list[str]:
    """What every reader must find."""
    return [para.printed for para in NOTICE]


# --- text and web pages ---------------------------------------------------------------------------
def as_text(paras: Iterable[Para] = NOTICE) -> str:
    """With the indents and blank lines that people type."""
    result = []
    for para in paras:
        indent = {"": "　　", "center": " " * 16, "right": " " * 40}[para.place]
        result.append(para.printed if para.rows else f"{indent}{para.printed}")
        if para.title:
            result.append("")
    return "\r\n".join(result) + "\r\n"


def as_html(paras: Iterable[Para] = NOTICE) -> str:
    body = []
    for para in paras:
        if para.rows:
            rows = "".join(
                f"<tr>{''.join(f'<td><p>{escape(cell)}</p></td>' for cell in row)}</tr>"
                for row in para.rows
            )
            body.append(f"<table border='1'><tbody>{rows}</tbody></table>")
            continue
        style = f' style="text-align:{para.place}"' if para.place else ""
        indent = "" if para.place else "&emsp;&emsp;"
        body.append(f"<p{style}>{indent}<span>{escape(para.printed)}</span></p>")
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知</title>
<style>p {{ margin: 0 }}</style><script>var visits = 1;</script></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>
<div class="content">{"".join(body)}</div>
<div style="display:none">看不见的话</div></body></html>"""


# --- Word -----------------------------------------------------------------------------------------
_NUMBERS = f"""<w:abstractNum {W} w:abstractNumId="55"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum>"""


def as_docx(paras: Iterable[Para] = NOTICE, *, numbered_by_word: bool = True) -> bytes:
    """With a header, a page number, and articles and items that Word numbers."""
    document = Document()
    if numbered_by_word:
        numbering = document.part.numbering_part.element
        numbering.insert(0, parse_xml(_NUMBERS))
        numbering.append(
            parse_xml(f'<w:num {W} w:numId="55"><w:abstractNumId w:val="55"/></w:num>')
        )
    document.sections[0].header.paragraphs[0].text = "云湖市人民政府公报"
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    for para in paras:
        if para.rows:
            table = document.add_table(rows=len(para.rows), cols=len(para.rows[0]))
            for row, cells in zip(table.rows, para.rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
            continue
        level = {"条": 0, "）": 1}.get(para.number[-1:]) if numbered_by_word else None
        paragraph = document.add_paragraph(para.printed if level is None else para.text)
        if level is not None:
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="55"/></w:numPr>')
            )
        if para.place:
            paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, para.place.upper())
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


# --- set on pages ---------------------------------------------------------------------------------
WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT, TOP, BOTTOM = 73.0, 521.0, 110.0, 740.0
EM, PITCH = 16.0, 28.0
_MAY_NOT_BEGIN = "，。；：、）》”〕%"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Text at a place: points from the upper left corner, ``y`` is the foot of the letters."""

    text: str
    x: float
    y: float
    size: float = EM


@dataclass(frozen=True, slots=True)
class Sheet:
    drawn: tuple[Drawn, ...]
    rules: tuple[tuple[float, float, float, float], ...] = ()


def width(text: str, size: float = EM) -> float:
    return sum(size if character > "\u02ff" else size / 2 for character in text)


def broken(text: str, room: float, first: float, size: float = EM) -> list[str]:
    """A paragraph as lines; Latin words and numbers stay whole, no sign begins a line."""
    words: list[str] = []
    for character in text:
        latin = words and character.isascii() and words[-1][-1].isascii()
        if words and (character in _MAY_NOT_BEGIN or (latin and character != " ")):
            words[-1] += character
        else:
            words.append(character)
    result, left = [""], room - first
    for word in words:
        if width(result[-1] + word, size) > left and result[-1]:
            result.append("")
            left = room
        result[-1] += word
    return result


def set_on_pages(
    paras: Iterable[Para] = NOTICE,
    *,
    header: str = "云湖市人民政府公报",
    page_number: str = "— {} —",
    indent: float = 2 * EM,
) -> list[Sheet]:
    pages: list[tuple[list[Drawn], list[tuple[float, float, float, float]]]] = [([], [])]
    y = TOP

    def line(text: str, x: float, size: float = EM) -> None:
        nonlocal y
        if y > BOTTOM:
            pages.append(([], []))
            y = TOP
        pages[-1][0].append(Drawn(text, x, y, size))
        y += PITCH * (1.4 if size > EM else 1)

    for para in paras:
        size = 22.0 if para.title else EM
        wide = width(para.printed, size)
        if para.rows:
            needed = sum(_row_height(row) for row in para.rows) + PITCH
            if y + needed > BOTTOM:
                pages.append(([], []))
                y = TOP
            y = _set_table(para.rows, y - PITCH * 0.6, *pages[-1]) + PITCH
        elif para.place == "center":
            line(para.printed, (LEFT + RIGHT - wide) / 2, size)
        elif para.place == "right":
            line(para.printed, RIGHT - 4 * EM - wide, size)
        else:
            # An address begins at the margin.
            first = 0.0 if para.text.endswith("机构：") else indent
            for at, text in enumerate(broken(para.printed, RIGHT - LEFT, first)):
                line(text, LEFT + (0 if at else first))
    return [
        Sheet(
            (
                *([Drawn(header, 240, 60, 10.5)] if header else []),
                *drawn,
                *([Drawn(page_number.format(n), 270, 790, 14)] if page_number else []),
            ),
            tuple(rules),
        )
        for n, (drawn, rules) in enumerate(pages, start=1)
    ]


_COLUMNS = (LEFT, LEFT + 90, LEFT + 320, RIGHT)


def _row_height(row: Sequence[str]) -> float:
    return max(
        len(broken(cell, right - left - 8, 0, 14))
        for cell, left, right in zip(row, _COLUMNS, _COLUMNS[1:], strict=False)
    ) * 20.0 + 8  # fmt: skip


def _set_table(
    rows: Sequence[Sequence[str]],
    top: float,
    drawn: list[Drawn],
    rules: list[tuple[float, float, float, float]],
) -> float:
    y = top
    for row in rows:
        rules.append((LEFT, y, RIGHT, y))
        for cell, left, right in zip(row, _COLUMNS, _COLUMNS[1:], strict=False):
            for at, text in enumerate(broken(cell, right - left - 8, 0, 14)):
                drawn.append(Drawn(text, left + 4, y + 18 + at * 20, 14))
        y += _row_height(row)
    rules.append((LEFT, y, RIGHT, y))
    rules.extend((x, top, x, y) for x in _COLUMNS)
    return y


# --- PDF ------------------------------------------------------------------------------------------
def pdf_of(
    sheets: Sequence[Sheet],
    *,
    objects: dict[int, bytes] | None = None,
    trailer: bytes = b"",
    encoding: tuple[str, str] = ("UniGB-UCS2-H", "utf-16-be"),
) -> bytes:
    """A PDF in the encoding of old Chinese programs: a font that is named, not embedded.

    ``objects`` replaces objects by number: 1 the catalogue, 2 the pages, 3 the font, 6 and 7 the
    first page and its content. ``encoding``: its name in PDF and in Python.
    """
    found: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        3: b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /%s"
        b" /DescendantFonts [4 0 R] >>" % encoding[0].encode(),
        4: b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
        b" /W [1 95 500 814 939 500] /FontDescriptor 5 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
        5: b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /Ascent 880 /Descent -120"
        b" /CapHeight 700 /StemV 80 /ItalicAngle 0 /FontBBox [-25 -254 1000 880] >>",
    }
    kids = []
    for sheet in sheets:
        number = max(found) + 1
        content = zlib.compress(_content(sheet, encoding[1]))
        found[number] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            b" /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (number + 1)
        )
        found[number + 1] = (
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(content)
            + content
            + b"\nendstream"
        )
        kids.append(b"%d 0 R" % number)
    found[2] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return pdf_of_objects({**found, **(objects or {})}, trailer)


def pdf_of_objects(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    result = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number in sorted(objects):
        places[number] = len(result)
        result += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start = len(result)
    size = max(objects) + 1
    result += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        result += b"%010d 00000 n \n" % places.get(number, 0)
    result += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (size, trailer)
    result += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(result)


def _content(sheet: Sheet, encoding: str) -> bytes:
    parts = [
        f"{x0:.2f} {HEIGHT - y0:.2f} m {x1:.2f} {HEIGHT - y1:.2f} l S"
        for x0, y0, x1, y1 in sheet.rules
    ]
    parts += [
        f"BT /F1 {one.size:g} Tf {one.x:.2f} {HEIGHT - one.y:.2f} Td"
        f" <{one.text.encode(encoding).hex()}> Tj ET"
        for one in sheet.drawn
    ]
    return "\n".join(parts).encode("ascii")


def as_pdf(paras: Iterable[Para] = NOTICE) -> bytes:
    return pdf_of(set_on_pages(paras))


# --- OFD ------------------------------------------------------------------------------------------
_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_MM = 25.4 / 72


def ofd_of(sheets: Sequence[Sheet], *, extra: dict[str, bytes] | None = None) -> bytes:
    """The first text of each sheet, its header, stands in a template, as in real files."""
    parts = {
        "OFD.xml": f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {_OFD} Version="1.0" DocType="OFD">'
        "<ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_OFD}><ofd:CommonData><ofd:PageArea>"
        f"<ofd:PhysicalBox>0 0 {WIDTH * _MM:.3f} {HEIGHT * _MM:.3f}</ofd:PhysicalBox></ofd:PageArea>"
        '<ofd:TemplatePage ID="90" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages>'
        + "".join(
            f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(sheets))
        )
        + "</ofd:Pages></ofd:Document>",
        "Doc_0/Tpls/Tpl_0/Content.xml": _ofd_page(sheets[0].drawn[:1], ()),
    }
    for n, sheet in enumerate(sheets):
        use = '<ofd:Template TemplateID="90" ZOrder="Background"/>'
        parts[f"Doc_0/Pages/Page_{n}/Content.xml"] = _ofd_page(sheet.drawn[1:], sheet.rules, use)
    return zipped({**{name: text.encode() for name, text in parts.items()}, **(extra or {})})


def _ofd_page(
    drawn: Iterable[Drawn], rules: Iterable[tuple[float, float, float, float]], use: str = ""
) -> str:
    objects = []
    for one in drawn:
        size, y = one.size * _MM, (one.y - one.size) * _MM
        steps = _steps([width(character, one.size) * _MM for character in one.text[:-1]])
        wide = width(one.text, one.size) * _MM
        objects.append(
            f'<ofd:TextObject ID="7" Font="3" Size="{size:.4f}"'
            f' Boundary="{one.x * _MM:.3f} {y:.3f} {wide:.3f} {size * 1.2:.3f}">'
            f'<ofd:TextCode X="0" Y="{size:.4f}" DeltaX="{steps}">{escape(one.text)}</ofd:TextCode>'
            "</ofd:TextObject>"
        )
    for x0, y0, x1, y1 in rules:
        objects.append(
            f'<ofd:PathObject ID="8" Boundary="{x0 * _MM:.3f} {y0 * _MM:.3f}'
            f' {(x1 - x0) * _MM + 0.1:.3f} {(y1 - y0) * _MM + 0.1:.3f}" LineWidth="0.2">'
            f"<ofd:AbbreviatedData>M 0 0 L {(x1 - x0) * _MM:.3f} {(y1 - y0) * _MM:.3f}"
            "</ofd:AbbreviatedData></ofd:PathObject>"
        )
    return (
        f'<ofd:Page {_OFD}>{use}<ofd:Content><ofd:Layer ID="5">{"".join(objects)}'
        "</ofd:Layer></ofd:Content></ofd:Page>"
    )


def _steps(steps: Sequence[float]) -> str:
    """Equal steps in a row are written once, with their number."""
    parts: list[str] = []
    at = 0
    while at < len(steps):
        until = at
        while until < len(steps) and abs(steps[until] - steps[at]) < 1e-6:
            until += 1
        count, step = until - at, f"{steps[at]:.4f}"
        parts += ["g", str(count), step] if count > 1 else [step]
        at = until
    return " ".join(parts)


def as_ofd(paras: Iterable[Para] = NOTICE) -> bytes:
    return ofd_of(set_on_pages(paras))


def zipped(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


def all_formats() -> dict[str, bytes]:
    """The notice as a file of every kind that needs no other program, by file name."""
    return {
        "notice.txt": as_text().encode(),
        "notice.html": as_html().encode(),
        "notice.docx": as_docx(),
        "notice.pdf": as_pdf(),
        "notice.ofd": as_ofd(),
    }
