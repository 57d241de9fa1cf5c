"""From files to text: the same notice from every kind of file, and what files are refused."""

import io
import struct
import zipfile
import zlib
from functools import cache

import pytest
from PIL import Image

from portal.text.official.model import Source
from portal.text.official.readers import office
from portal.text.official.reading import DocumentFileError, Limits, read

from . import samples
from .samples import NOTICE, all_formats, as_docx, as_text, lines, zipped

FILES = all_formats()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
WORD_STREAM = "WordDocument".encode("utf-16-le")


@cache
def notice(name: str) -> Source:
    """The notice as it is read from one of the files."""
    return read(FILES[name], name)


def texts(source: Source) -> list[str]:
    return [line.text for line in source.lines]


def codes(source: Source) -> set[str]:
    return {finding.code for finding in source.findings}


def refusal(data: bytes, name: str, **limits: int) -> DocumentFileError:
    with pytest.raises(DocumentFileError) as caught:
        read(data, name, limits=Limits(**limits))
    return caught.value


# --- the same text from every kind of file --------------------------------------------------------
@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_gives_the_same_lines(name: str) -> None:
    source = notice(name)
    assert texts(source) == lines()
    assert source.format == name.rpartition(".")[2]
    assert codes(source) <= {"hidden_text"}


@pytest.mark.parametrize("name", FILES)
def test_the_table_keeps_its_cells(name: str) -> None:
    tables = [line.rows for line in notice(name).lines if line.rows]
    assert tables == [para.rows for para in NOTICE if para.rows]


@pytest.mark.parametrize("name", ["notice.html", "notice.docx", "notice.pdf", "notice.ofd"])
def test_what_stands_in_the_middle_or_on_the_right_is_known(name: str) -> None:
    found = {line.text: line.place for line in notice(name).lines}
    assert found == {para.printed: para.place for para in NOTICE}


def test_numbers_are_the_same_typed_and_printed_by_word() -> None:
    assert texts(read(as_docx(numbered_by_word=False), "a.docx")) == lines()


@pytest.mark.parametrize("name", ["notice.pdf", "notice.ofd"])
def test_headers_and_page_numbers_are_taken_out_and_named(name: str) -> None:
    source = notice(name)
    pages = source.lines[-1].page
    gone = [(removed.text, removed.reason) for removed in source.removed]
    for number in range(1, pages + 1):
        assert (f"— {number} —", "page_number") in gone
    assert gone.count(("云湖市人民政府公报", "repeated_header")) == pages
    assert len(gone) == 2 * pages
    assert source.lines[0].page == 1 < pages


# --- kinds ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FILES)
def test_content_decides_and_a_wrong_name_is_said(name: str) -> None:
    wrong = "notice.docx" if name != "notice.docx" else "notice.pdf"
    if name == "notice.txt":
        wrong = "notice.pdf"
    source = read(FILES[name], wrong)
    assert texts(source) == lines()
    assert source.findings[0].code == "wrong_extension"
    assert source.findings[0].excerpt == name.rpartition(".")[2]


@pytest.mark.parametrize("name", FILES)
def test_no_name_is_needed(name: str) -> None:
    source = read(FILES[name], "")
    assert texts(source) == lines()
    assert "wrong_extension" not in codes(source)


def _png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(stream, "PNG")
    return stream.getvalue()


_SHEET = zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>"})
_ODT = zipped(
    {"mimetype": b"application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": b"<a/>"}
)
_MHT = b"From: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\nhello"


@pytest.mark.parametrize(
    ("data", "name", "reason", "kind"),
    [
        (b"", "a.pdf", "empty", None),
        (b" \r\n\t\n", "a.txt", "empty", None),
        ("　\u200b\ufeff\n".encode(), "a.txt", "empty", None),
        (b"<html><body><p>&nbsp;</p></body></html>", "a.html", "empty", None),
        (_png(), "a.pdf", "picture", None),
        (_SHEET, "a.docx", "unsupported", "xlsx"),
        (_ODT, "a.odt", "unsupported", "odt"),
        (zipped({"a.txt": b"a"}), "a.zip", "unsupported", "zip"),
        (_MHT, "a.mht", "unsupported", "mht"),
        (b"Rar!\x1a\x07\0" + b"x" * 50, "a.txt", "unsupported", "rar"),
        (b"MZ\x90\0" + b"\0" * 50, "a.doc", "unsupported", "exe"),
        (OLE + "Workbook".encode("utf-16-le"), "a.doc", "unsupported", "xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "encrypted", "docx"),
        (bytes(range(256)) * 20, "a.txt", "not_text", None),
        (bytes(range(256)) * 20, "a.pdf", "broken", "pdf"),
        (b"\x01\x02 no package", "a.ofd", "broken", "ofd"),
        (FILES["notice.docx"][:3000], "a.docx", "broken", "docx"),
        (FILES["notice.ofd"][:3000], "a.ofd", "broken", "ofd"),
        (b"%PDF-1.7\nnothing follows", "a.pdf", "broken", "pdf"),
    ],
)
def test_refused_by_what_it_is(data: bytes, name: str, reason: str, kind: str | None) -> None:
    error = refusal(data, name)
    assert error.reason == reason
    assert error.parameters.get("kind") == kind


# --- limits ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FILES)
def test_a_file_may_not_be_larger_than_the_limit(name: str) -> None:
    error = refusal(FILES[name], name, file_size=100)
    assert (error.reason, error.parameters) == ("too_large", {"limit": 100})


@pytest.mark.parametrize("name", FILES)
def test_a_text_may_not_be_longer_than_the_limit(name: str) -> None:
    assert refusal(FILES[name], name, characters=300).reason == "too_much_text"


@pytest.mark.parametrize("name", ["notice.pdf", "notice.ofd"])
def test_pages_are_counted(name: str) -> None:
    error = refusal(FILES[name], name, pages=2)
    assert (error.reason, error.parameters["limit"]) == ("too_many_pages", 2)


def _with(name: str, part: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(FILES[name])) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    return zipped({**entries, part: data})


_ENTITIES = (
    b"""<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>"""
)


@pytest.mark.parametrize(
    ("name", "part"), [("notice.docx", "word/document.xml"), ("notice.ofd", "Doc_0/Document.xml")]
)
def test_bombs_of_both_kinds_are_refused(name: str, part: str) -> None:
    bomb = _with(name, part, b" " * (20 * 1024 * 1024))
    assert refusal(bomb, name).reason == "unpacked_too_large"
    assert refusal(_with(name, part, _ENTITIES), name).reason == "broken"
    many = zipped({**{f"x{n}": b"" for n in range(50)}, "OFD.xml": b"", "[Content_Types].xml": b""})
    assert refusal(many, name, parts=20).reason == "unpacked_too_large"


def test_a_directory_that_lies_about_sizes_helps_nobody() -> None:
    data = bytearray(_with("notice.ofd", "OFD.xml", b"<a>" + b" " * 3_000_000 + b"</a>"))
    honest = struct.pack("<I", 3_000_007)
    while (at := data.find(honest)) >= 0:
        data[at : at + 4] = struct.pack("<I", 900)
    assert refusal(bytes(data), "a.ofd", part_size=2_000_000).reason in {
        "broken", "unpacked_too_large",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["notice.docx", "notice.ofd"])
def test_a_locked_package_is_named_as_such(name: str) -> None:
    data = bytearray(FILES[name])
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    assert refusal(bytes(data), name).reason == "encrypted"


# --- encodings ------------------------------------------------------------------------------------
TRADITIONAL = """雲湖市人民政府辦公室關於加強電動車停放管理的通告
為了維護公共秩序，保障居民安全，根據有關規定，現就電動車停放管理通告如下：
一、電動車應當停放在劃定的區域內，不得占用消防通道。
二、違反規定的，由有關部門責令改正。
"""


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk"],
)
def test_simplified_text_in_every_encoding(encoding: str) -> None:
    source = read(as_text().encode(encoding), "a.txt")
    assert texts(source) == lines()
    assert not source.findings


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-le", "big5", "cp950", "big5hkscs", "gb18030"]
)
def test_traditional_text_in_every_encoding(encoding: str) -> None:
    source = read(TRADITIONAL.encode(encoding), "a.txt")
    assert "\n".join(texts(source)) == TRADITIONAL.strip()
    assert not source.findings


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16-le"])
def test_a_short_text_is_enough(encoding: str) -> None:
    assert texts(read("关于召开全市工作会议的通知\n".encode(encoding), "a.txt")) == [
        "关于召开全市工作会议的通知"
    ]


def test_a_guess_is_named() -> None:
    # Names of people and places alone: no frequent character says which encoding it is.
    source = read("龚旭\n薛晓琳\n".encode("gbk"), "a.txt")
    assert "encoding_guessed" in codes(source)


def test_damaged_bytes_are_flagged_and_the_rest_is_read() -> None:
    data = bytearray(as_text().encode())
    data[400:401] = b"\xff"
    source = read(bytes(data), "a.txt")
    assert "undecodable_characters" in codes(source)
    assert texts(source)[-5:] == lines()[-5:]


def test_text_cut_off_within_a_character_is_still_utf_8() -> None:
    data = as_text().encode().rstrip()
    source = read(data[:-1], "a.txt")
    assert texts(source)[:-1] == lines()[:-1]
    assert "undecodable_characters" in codes(source)


def test_private_characters_stay_and_are_flagged() -> None:
    source = read("请王\ue5d2同志参加会议。".encode(), "a.txt")
    assert texts(source) == ["请王\ue5d2同志参加会议。"]
    assert "private_characters" in codes(source)


def test_radicals_that_fonts_take_for_characters_are_read_as_characters() -> None:
    source = read("云湖市⼈⺠政府⻔⼾⽹站⻓效机制\n".encode(), "a.txt")
    assert texts(source) == ["云湖市人民政府门户网站长效机制"]


# --- lines of plain text --------------------------------------------------------------------------
def test_all_kinds_of_line_ends_and_invisible_characters() -> None:
    data = "一、总则\r第二\u200b行\u2028第三行\x0c第四\u00a0行\r\n\r\n第\x00五行\n".encode()
    assert texts(read(data.replace(b"\0", b"\x02"), "a.txt")) == [
        "一、总则", "第二行", "第三行", "第四 行", "第五行",
    ]  # fmt: skip


def test_a_number_and_a_tab_before_each_clause_make_no_table() -> None:
    found = read("第一条\t为了规范管理。\n第二条\t适用于本市。\n".encode(), "a.txt").lines
    assert [line.rows for line in found] == [(), ()]
    assert found[0].text == "第一条\t为了规范管理。"


def test_a_table_of_an_old_program_loses_nothing() -> None:
    found = read("区县\t户数\n云东区\t120\n云西区\t\n".encode(), "a.txt").lines
    assert found[0].rows == (("区县", "户数"), ("云东区", "120")) or found[0].rows == (
        ("区县", "户数"), ("云东区", "120"), ("云西区", ""),
    )  # fmt: skip
    assert "云西区" in "".join(line.text for line in found)


# --- through LibreOffice --------------------------------------------------------------------------
def test_without_libreoffice_an_old_word_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "command", lambda: None)
    for name, data in (
        ("a.doc", OLE + WORD_STREAM), ("a.wps", OLE + WORD_STREAM), ("a.doc", b"{\\rtf1 x}"),
    ):  # fmt: skip
        error = refusal(data, name)
        assert error.reason == "no_converter"
        assert error.parameters == {"kind": name.rpartition(".")[2]}


def test_a_word_file_renamed_doc_needs_no_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "command", lambda: None)
    assert texts(read(FILES["notice.docx"], "notice.doc")) == lines()


# --- PDF ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "encoding", [("UniGB-UTF16-H", "utf-16-be"), ("GBK-EUC-H", "gbk"), ("GBKp-EUC-H", "gbk")]
)
def test_the_encodings_of_old_chinese_programs(encoding: tuple[str, str]) -> None:
    data = samples.pdf_of(samples.set_on_pages(), encoding=encoding)
    assert texts(read(data, "a.pdf")) == lines()


def test_a_scanned_pdf_is_named_as_such() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(stream, "PDF")
    assert refusal(stream.getvalue(), "a.pdf").reason == "scanned_pdf"


def test_a_pdf_that_needs_a_password() -> None:
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]"
    data = samples.pdf_of(samples.set_on_pages(), trailer=lock % (b"11" * 32, b"22" * 32))
    assert refusal(data, "a.pdf").reason == "encrypted"


def test_a_pdf_that_unpacks_to_more_than_memory() -> None:
    squeezed = zlib.compress(zlib.compress(b"\0" * 400_000_000, 1), 9)
    stream = (
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n" % len(squeezed)
        + squeezed
        + b"\nendstream"
    )
    data = samples.pdf_of(samples.set_on_pages()[:1], objects={7: stream})
    assert refusal(data, "a.pdf", memory=300_000_000).reason == "too_complex"


def test_a_pdf_that_would_never_end() -> None:
    forms = {}
    for number in range(10, 20):
        uses = b"/X Do " * 12
        forms[number] = (
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources"
            b" << /XObject << /X %d 0 R >> >> /Length %d >>\nstream\n%s\nendstream"
            % (number + 1, len(uses), uses)
        )
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 10 0 R"
        b" /Resources << /XObject << /X 11 0 R >> >> >>"
    )
    data = samples.pdf_of(samples.set_on_pages()[:1], objects={**forms, 6: page})
    error = refusal(data, "a.pdf", seconds=2)
    assert (error.reason, error.parameters["limit"]) == ("too_slow", 2)


def test_a_pdf_that_contains_itself() -> None:
    uses = b"/X Do"
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 8 0 R >> >>"
        b" /Length 5 >>\nstream\n%s\nendstream" % uses
    )
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 8 0 R"
        b" /Resources << /XObject << /X 8 0 R >> >> >>"
    )
    sheets = samples.set_on_pages()[:1]
    data = samples.pdf_of(sheets, objects={8: form, 6: page})
    assert refusal(data, "a.pdf", seconds=20).reason in {"too_complex", "broken", "empty"}
    # A tree of pages in a circle: what pages there are is found without it.
    tree = samples.pdf_of(sheets, objects={2: b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"})
    assert lines()[1] in texts(read(tree, "a.pdf"))


def test_a_pdf_without_its_end_is_flagged() -> None:
    data = FILES["notice.pdf"]
    source = read(data[: data.rfind(b"startxref")], "a.pdf")
    assert texts(source) == lines()
    assert "cut_off" in codes(source)


def test_characters_that_no_font_names() -> None:
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /Odd /Encoding /Identity-H /DescendantFonts [4 0 R] >>"
    descendant = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Odd /DW 1000 /FontDescriptor 5 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    data = samples.pdf_of(samples.set_on_pages()[:1], objects={3: font, 4: descendant})
    assert refusal(data, "a.pdf").reason == "unreadable_fonts"
