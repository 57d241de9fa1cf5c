"""Attachments: read within limits, looked through once, told at the gate of pages that link them."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.base import ContentFile
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from portal.core.gate import PublishRefused
from portal.proofreading.models import FileScan
from portal.proofreading.selectors.findings import scan_page
from portal.proofreading.services.files import scan_file, waiting
from portal.text.detectors import scan_text
from portal.text.file_text import LIMITS, file_text
from tests.factories import ArticleFactory, DocumentFactory, World, publish

PERSON = "330106199003077718"
CARD = "6222021234567890128"


def word(*paragraphs: str, header: str = "", rows: list[list[str]] | None = None) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                table.cell(line, place).text = cell
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def book(*rows: list[Any]) -> bytes:
    made = Workbook()
    made.create_sheet("第二页")
    for row in rows:
        made.worksheets[1].append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def pdf(text: str) -> bytes:
    """A page with one line of Latin letters and digits."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(
        b"%010d 00000 n \n" % one for one in places
    )
    return out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


def found_in(data: bytes, name: str) -> set[str]:
    read = file_text(data, name)
    assert not read.reason, read
    return {one.kind.value for one in scan_text(read.text) if one.grade != "note"}


def test_every_kind_of_file_is_read_where_things_hide() -> None:
    assert found_in(word("公示名单", header="机密★5年"), "a.docx") == {"secret_mark"}
    rows = [["姓名", "身份证号", "残疾等级"], ["张三", PERSON, "二级"]]
    assert found_in(word("公示", rows=rows), "a.docx") == {"identity_number", "personal_list"}
    assert found_in(book(["姓名", "卡号"], ["张三", int(CARD[:15] + "0000")]), "a.xlsx") == {
        "personal_list"
    }
    assert found_in(book(["户名", "账号"], ["张三", CARD]), "a.xlsx") == {"bank_card"}
    assert found_in(f"姓名,电话\n张三,{PERSON}\n".encode("gb18030"), "a.csv") == {
        "identity_number", "personal_list",
    }  # fmt: skip
    assert found_in(pdf(f"ID {PERSON}"), "a.pdf") == {"identity_number"}


def bomb(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, b" " * (LIMITS.unpacked_size + 1))
    return file.getvalue()


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "word/document.xml"])
def test_what_swells_is_not_unpacked(name: str) -> None:
    read = file_text(bomb(name), "a.xlsx" if name.startswith("xl") else "a.docx")
    assert read.reason
    assert not read.text


@given(
    st.binary(max_size=300), st.sampled_from(["docx", "xlsx", "csv", "txt", "html", "ofd", "zip"])
)
@settings(max_examples=150, deadline=None)
def test_no_bytes_make_it_raise(data: bytes, kind: str) -> None:
    file_text(data, f"a.{kind}")
    file_text(b"PK\x03\x04" + data, f"a.{kind}")


@pytest.mark.django_db
class TestAtTheGate:
    def page(self, world: World, document: Any) -> Any:
        body = f'<p>见<a linktype="document" id="{document.pk}">附件</a></p>'
        page = ArticleFactory(parent=world.column, live=False)
        page.body = [("paragraph", body)]
        return page

    def test_a_page_with_such_a_file_is_refused_and_says_which(self, world: World) -> None:
        document = DocumentFactory(
            title="受助名单", file__filename="a.xlsx", file__data=book([PERSON])
        )
        page = self.page(world, document)
        with pytest.raises(PublishRefused) as refused:
            publish(page)
        assert "受助名单" in refused.value.problems[0].message
        assert PERSON not in refused.value.problems[0].message
        assert PERSON not in str(scan_file(document=document).findings)

    def test_a_file_in_a_block_too(self, world: World) -> None:
        document = DocumentFactory(file__filename="a.txt", file__data="机密★".encode())
        page = ArticleFactory(parent=world.column, live=False)
        stream = page._meta.get_field("body").stream_block
        value = {"title": "附件", "documents": [{"type": "item", "id": "1", "value": document.pk}]}
        page.body = stream.to_python(
            [
                {"type": "paragraph", "value": "<p>字</p>"},
                {"type": "attachments", "value": value},
            ]
        )
        assert [one.file for one in scan_page(page).found] == [document.title]

    def test_looked_through_once_and_again_when_it_is_another(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        document = DocumentFactory(file__filename="a.txt", file__data=b"clean")
        page = self.page(world, document)
        assert not scan_page(page).found
        monkeypatch.setattr("portal.proofreading.services.files.file_text", None)
        assert not scan_page(page).found
        monkeypatch.undo()
        document.file.save("b.txt", ContentFile(PERSON.encode()))
        document.file_hash = ""
        document.get_file_hash()
        document.save()
        assert [one.grade for one in scan_page(page).found] == ["blocking"]

    def test_a_file_that_cannot_be_read_is_told(self, world: World) -> None:
        document = DocumentFactory(file__filename="a.docx", file__data=b"PK\x03\x04 not really")
        page = self.page(world, document)
        assert [(one.label, one.grade) for one in scan_page(page).found] == [
            ("file that nobody could look through", "note")
        ]
        publish(page)

    def test_a_kind_that_is_not_read_is_told_and_stops_nobody(self, world: World) -> None:
        document = DocumentFactory(file__filename="a.zip", file__data=bomb("a.txt"))
        page = self.page(world, document)
        assert [(one.finding.text, one.grade) for one in scan_page(page).found] == [
            ("this kind of file is not read: look through it yourself", "note")
        ]
        publish(page)
        picture = DocumentFactory(file__filename="a.png", file__data=b"no text")
        assert scan_page(self.page(world, picture)).found == ()

    def test_files_that_nobody_looked_through_are_caught_up(self, world: World) -> None:
        document = DocumentFactory(file__filename="a.txt", file__data=b"clean")
        FileScan.objects.filter(document=document).delete()
        assert waiting() >= 1
        assert FileScan.objects.get(document=document).state == "done"
        assert scan_file(document=document).characters == 5
