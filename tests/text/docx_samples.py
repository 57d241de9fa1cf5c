"""Twenty Word files, made when the tests run: what offices really send in, in small.

Each maker returns a python-docx document; what python-docx cannot write is put in as XML.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

W = nsdecls("w")
_VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_WPS = 'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'


def png(width: int = 8, height: int = 8, colour: bytes = b"\x0f\x5c\x70") -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + colour * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _xml(document: Any, text: str) -> None:
    """Puts XML at the end of the body, before the properties of the section."""
    document.element.body.insert_element_before(parse_xml(text), "w:sectPr")


def _p(text: str) -> str:
    return f"<w:p {W}>{text}</w:p>"


def _t(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def styled_headings() -> Any:
    document = Document()
    document.add_heading("云湖市生态保护工作方案", 0)
    document.add_heading("总体要求", 1)
    document.add_paragraph("坚持生态优先，统筹推进各项工作。")
    document.add_heading("主要目标", 2)
    document.add_paragraph("到明年湖水水质稳定在三类以上。")
    document.add_heading("年度安排", 3)
    document.add_paragraph("上半年完成排查。")
    document.add_heading("保障措施", 1)
    document.add_paragraph("加强领导。")
    return document


def numbered_headings() -> Any:
    """As officials write: no styles, numbers typed, spaces for the indent."""
    document = Document()
    title = document.add_paragraph("关于印发《云湖市渡船管理办法》的通知")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number = document.add_paragraph("云政办发〔2026〕7号")
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for line in (
        "各县区人民政府：", "　　现将办法印发给你们，请认真贯彻执行。", "　　一、总则",
        "　　为了规范渡船管理，制定本办法。", "　　（一）适用范围", "　　适用于云湖水域。",
        "　　1.客渡", "　　客渡船须持证运营。", "　　二、附则", "　　本办法自印发之日起施行。", "",
    ):  # fmt: skip
        document.add_paragraph(line)
    for line in ("云湖市人民政府办公室", "2026年3月2日"):
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return document


def nested_lists() -> Any:
    document = Document()
    document.add_paragraph("办理材料")
    for text, style in (
        ("身份证明", "List Bullet"), ("居民身份证", "List Bullet 2"), ("护照", "List Bullet 2"),
        ("申请表", "List Bullet"), ("到窗口取号", "List Number"), ("提交材料", "List Number"),
    ):  # fmt: skip
        document.add_paragraph(text, style=style)
    document.add_paragraph("以上材料一式两份。")
    return document


_CHINESE_NUMBERS = f"""<w:abstractNum {W} w:abstractNumId="77"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
</w:abstractNum>"""


def automatic_numbers() -> Any:
    """Numbers that Word prints and does not write: 一、（一）1."""
    document = Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(_CHINESE_NUMBERS))
    numbering.append(parse_xml(f'<w:num {W} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    document.add_paragraph("云湖市防汛预案")
    for level, text in (
        (0, "组织体系"), (None, "设立指挥部。"), (1, "指挥部"), (None, "由市长任指挥长。"),
        (1, "办公室"), (None, "设在应急局。"), (0, "预警"), (None, "分四级。"),
    ):  # fmt: skip
        paragraph = document.add_paragraph(text)
        if level is not None:
            properties = paragraph._p.get_or_add_pPr()
            properties.append(
                parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
            )
    return document


def simple_table() -> Any:
    document = Document()
    document.add_paragraph("云湖渡船时刻")
    document.add_paragraph("表1 首末班时间")
    table = document.add_table(rows=3, cols=3)
    for row, cells in zip(
        table.rows,
        (("码头", "首班", "末班"), ("东岸", "6:30", "22:00"), ("西岸", "6:40", "21:50")),
        strict=True,
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_paragraph("节假日另行公布。")
    return document


def merged_cells() -> Any:
    document = Document()
    document.add_paragraph("各县区任务分解")
    table = document.add_table(rows=4, cols=3)
    for y in range(4):
        for x in range(3):
            table.cell(y, x).text = f"格{y}{x}"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 2).merge(table.cell(3, 2))
    return document


def nested_table() -> Any:
    document = Document()
    document.add_paragraph("值班安排")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text = "日期"
    table.cell(0, 1).text = "人员"
    table.cell(1, 0).text = "周一"
    inner = table.cell(1, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text = "白班甲组"
    inner.cell(0, 1).text = "夜班乙组"
    return document


def pictures() -> Any:
    document = Document()
    document.add_paragraph("湖滨步道开放")
    document.add_paragraph("今天上午步道全线开放。")
    document.add_picture(io.BytesIO(png()), width=Cm(3))
    document.inline_shapes[0]._inline.docPr.set("descr", "晨光中的湖滨步道")
    document.add_paragraph("图1 步道东段")
    run = document.add_paragraph("文字中间").add_run()
    run.add_picture(io.BytesIO(png(colour=b"\xb8\x32\x2a")), width=Cm(1))
    document.paragraphs[-1].add_run("还有文字。")
    return document


def footnotes() -> Any:
    document = Document()
    document.add_paragraph("水质公报")
    notes = f"""<w:footnotes {W}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/></w:r>{_t("数据来自监测站。")}</w:p></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{_t("不含支流。")}</w:p></w:footnote>
</w:footnotes>""".encode()
    part = Part(
        PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        notes,
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    reference = '<w:r><w:footnoteReference w:id="%d"/></w:r>'
    _xml(document, _p(_t("湖水水质为二类") + reference % 1 + _t("，入湖河流为三类") + reference % 2
                      + _t("。")))  # fmt: skip
    return document


def text_boxes() -> Any:
    document = Document()
    document.add_paragraph("办事指引")
    inner = f"<w:txbxContent>{_p(_t('文本框里的话'))}{_p(_t('第二行也在框里'))}</w:txbxContent>"
    _xml(
        document,
        f"""<w:p {W} {_VML} {_MC} {_WPS}>{_t("框外的话。")}<w:r><mc:AlternateContent>
<mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp></w:drawing></mc:Choice>
<mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback>
</mc:AlternateContent></w:r></w:p>""",
    )
    document.add_paragraph("之后的话。")
    return document


def tracked_changes() -> Any:
    document = Document()
    document.add_paragraph("补贴标准")
    who = 'w:author="甲" w:date="2026-03-02T08:00:00Z"'
    _xml(
        document,
        _p(
            _t("每人每月补贴")
            + f'<w:del w:id="1" {who}><w:r><w:delText>三百元</w:delText></w:r></w:del>'
            + f'<w:ins w:id="2" {who}>{_t("四百元")}</w:ins>'
            + _t("。")
        ),
    )
    _xml(document, f'<w:p {W}><w:moveTo w:id="3" {who}>{_t("移来的一句。")}</w:moveTo></w:p>')
    return document


def comments_and_margins() -> Any:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "内部资料 请勿外传"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    paragraph = document.add_paragraph("招考公告")
    run = document.add_paragraph().add_run("报名自五月一日开始。")
    document.add_comment(run, text="日期请人事处再核", author="乙")
    del paragraph
    return document


def links_and_looks() -> Any:
    document = Document()
    document.add_paragraph("参观须知")
    paragraph = document.add_paragraph("请先在")
    key = document.part.relate_to(
        "https://museum.example.invalid/book", RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    paragraph._p.append(
        parse_xml(f'<w:hyperlink {nsdecls("w", "r")} r:id="{key}">{_t("预约系统")}</w:hyperlink>')
    )
    paragraph.add_run("预约，面积30m")
    paragraph.add_run("2").font.superscript = True
    paragraph.add_run("，")
    paragraph.add_run("不收费").bold = True
    paragraph.add_run("，H")
    paragraph.add_run("2").font.subscript = True
    paragraph.add_run("O。")
    return document


def two_columns() -> Any:
    document = Document()
    document.add_paragraph("简报第三期")
    for text in ("左栏第一段，介绍情况。", "左栏第二段，说明原因。", "右栏一段，谈下一步。"):
        document.add_paragraph(text)
    columns = parse_xml(f'<w:cols {W} w:num="2" w:space="425"/>')
    for old in document.sections[0]._sectPr.findall(qn("w:cols")):
        document.sections[0]._sectPr.remove(old)
    document.sections[0]._sectPr.append(columns)
    return document


def wps_quirks() -> Any:
    """WPS: its own style ids, spaces and soft breaks everywhere, runs cut to pieces."""
    document = Document()
    style = document.styles.add_style("标题 1", WD_STYLE_TYPE.PARAGRAPH)
    style.font.bold = True
    document.add_paragraph("关于做好春耕工作的通知")
    document.add_paragraph("一、抓紧备耕", style=style)
    paragraph = document.add_paragraph()
    for piece in ("　　各", "县区", "\u200b要", "抓紧", " 备耕，", "\u00ad确保", "种子", "到位。"):
        paragraph.add_run(piece)
    broken = document.add_paragraph("联系人：农业农村局")
    broken.runs[0].add_break()
    broken.add_run("电话：0571-88886666")
    _xml(document, _p(f'<w:smartTag w:element="chsdate">{_t("2026年3月2日")}</w:smartTag>'))
    _xml(
        document,
        f"<w:sdt {W}><w:sdtPr/><w:sdtContent>{_p(_t('控件里的话。'))}</w:sdtContent></w:sdt>",
    )
    return document


def formulas_and_ruby() -> Any:
    document = Document()
    document.add_paragraph("计算办法")
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    _xml(
        document,
        f"""<w:p {W} {math}>{_t("补贴额")}<m:oMath><m:r><m:t>S=</m:t></m:r><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num>
<m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>{_t("。")}</w:p>""",
    )
    _xml(
        document,
        _p(
            "<w:r><w:ruby><w:rubyPr/><w:rt>"
            + _t("chàng")
            + "</w:rt><w:rubyBase>"
            + _t("氅")
            + "</w:rubyBase></w:ruby></w:r>"
            + _t("字少见。")
        ),
    )
    return document


def hidden_and_fields() -> Any:
    document = Document()
    document.add_paragraph("会议通知")
    _xml(document, _p(_t("公开的话。") + _t("隐藏的话", "<w:vanish/>")))
    _xml(document, _p(_t("共") + f'<w:fldSimple w:instr=" NUMPAGES ">{_t("12")}</w:fldSimple>'
                      + _t("页，见") + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
                      + "<w:r><w:instrText> REF a </w:instrText></w:r>"
                      + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + _t("附件一")
                      + '<w:r><w:fldChar w:fldCharType="end"/></w:r>' + _t("。")))  # fmt: skip
    return document


def linked_picture() -> Any:
    """A picture that stands on another machine: never fetched."""
    document = Document()
    document.add_paragraph("远处的图")
    document.add_paragraph("图在别处。")
    document.add_picture(io.BytesIO(png()), width=Cm(2))
    blip = next(document.element.iter(qn("a:blip")))
    key = document.part.relate_to(
        "http://pictures.example.invalid/a.png", RELATIONSHIP_TYPE.IMAGE, is_external=True
    )
    del blip.attrib[qn("r:embed")]
    blip.set(qn("r:link"), key)
    return document


def long_title_and_date() -> Any:
    document = Document()
    for line in ("云湖市人民政府关于加快推进", "沿湖步道建设的意见"):
        paragraph = document.add_paragraph()
        paragraph.add_run(line).bold = True
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("为加快推进沿湖步道建设，提出如下意见。")
    document.add_paragraph("二〇二六年三月二日").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return document


def macros() -> Any:
    document = Document()
    document.add_paragraph("带宏的文件")
    document.add_paragraph("正文照常。")
    part = Part(
        PackURI("/word/vbaProject.bin"), "application/vnd.ms-office.vbaProject", b"\xd0\xcf\x11",
        document.part.package,
    )  # fmt: skip
    document.part.relate_to(
        part, "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    )
    return document


MAKERS: tuple[Callable[[], Any], ...] = (
    styled_headings, numbered_headings, nested_lists, automatic_numbers, simple_table,
    merged_cells, nested_table, pictures, footnotes, text_boxes, tracked_changes,
    comments_and_margins, links_and_looks, two_columns, wps_quirks, formulas_and_ruby,
    hidden_and_fields, linked_picture, long_title_and_date, macros,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that must be refused, with the reason."""

    data: bytes
    reason: str


def _zip(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _changed(data: bytes, name: str, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    return _zip({**entries, name: new})


def bad_files() -> dict[str, Bad]:
    good = saved(styled_headings())
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    types = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    sheet = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    entity = b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document xmlns:w="urn:x">&a;</w:document>'
    return {
        "nothing in it": Bad(b"", "empty"),
        "an empty text": Bad(saved(Document()), "empty"),
        "no Word file": Bad(b"hello, world", "not_word"),
        "a picture renamed": Bad(png(), "not_word"),
        "an old .doc renamed": Bad(ole, "old_word"),
        "protected by a password": Bad(ole + "EncryptedPackage".encode("utf-16-le"), "password"),
        "cut off": Bad(good[: len(good) // 2], "broken"),
        "a spreadsheet": Bad(_zip({"[Content_Types].xml": types, "_rels/.rels": sheet,
                                   "xl/workbook.xml": b"<a/>"}), "other_office"),
        "some other zip": Bad(_zip({"a.txt": b"a"}), "not_word"),
        "broken XML": Bad(_changed(good, "word/document.xml", b"<w:document><w:body>"), "broken"),
        "entities": Bad(_changed(good, "word/document.xml", entity), "broken"),
        "a bomb": Bad(_changed(good, "word/document.xml", b" " * (60 * 1024 * 1024)), "too_large"),
        "too many parts": Bad(_zip({f"a{n}": b"" for n in range(5000)}), "too_large"),
    }  # fmt: skip
