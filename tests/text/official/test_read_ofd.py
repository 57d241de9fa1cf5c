"""OFD files as their writers differ: places, matrices, steps, several documents."""

import io
import zipfile

import pytest

from portal.text.official.model import Source
from portal.text.official.reading import read

from .samples import _OFD, Drawn, Sheet, ofd_of, set_on_pages, zipped
from .test_reading import refusal

_TEXT = '<ofd:TextObject ID="1" Font="1" Size="5.64" {}>{}</ofd:TextObject>'
_CODE = '<ofd:TextCode X="{}" Y="{}" DeltaX="{}">{}</ofd:TextCode>'


def texts(source: Source) -> list[str]:
    return [line.text for line in source.lines]


def with_objects(objects: str, **parts: bytes) -> bytes:
    page = f'<ofd:Page {_OFD}><ofd:Content><ofd:Layer ID="2">{objects}</ofd:Layer></ofd:Content></ofd:Page>'
    sheets = [Sheet((Drawn("", 0, 0), Drawn("占位", 100, 100)))]
    return ofd_of(sheets, extra={"Doc_0/Pages/Page_0/Content.xml": page.encode(), **parts})


def test_places_by_boundary_matrix_and_steps() -> None:
    objects = (
        _TEXT.format('Boundary="26 40 100 7"', _CODE.format(0, 5, "g 2 5.64", "第一条"))
        + _TEXT.format(
            'Boundary="26 60 100 7" CTM="2 0 0 2 0 0"', _CODE.format(0, 2.5, "5.64", "放大")
        )
        # Two pieces of one line, the second with a place of its own.
        + _TEXT.format(
            'Boundary="26 80 150 7"',
            _CODE.format(0, 5, "5.64", "左边") + _CODE.format(90, 5, "5.64", "右边"),
        )
    )
    assert texts(read(with_objects(objects), "a.ofd")) == ["第一条", "放大", "左边 右边"]


def test_groups_and_other_prefixes_are_followed() -> None:
    inner = _TEXT.format('Boundary="26 40 100 7"', _CODE.format(0, 5, "5.64", "在组里"))
    data = with_objects(f"<ofd:PageBlock><ofd:PageBlock>{inner}</ofd:PageBlock></ofd:PageBlock>")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        plain = {
            name: archive.read(name).replace(b"ofd:", b"").replace(b"xmlns:ofd", b"xmlns")
            for name in archive.namelist()
        }
    for found in (data, zipped(plain)):
        assert texts(read(found, "a.ofd")) == ["在组里"]


def test_turned_text_is_a_watermark_and_invisible_text_is_none() -> None:
    objects = (
        _TEXT.format('Boundary="26 40 100 7"', _CODE.format(0, 5, "5.64", "正文"))
        + _TEXT.format(
            'Boundary="0 0 99 99" CTM="0.7 0.7 -0.7 0.7 0 0"', _CODE.format(0, 5, "5", "样稿")
        )
        + _TEXT.format('Boundary="26 60 100 7" Visible="false"', _CODE.format(0, 5, "5", "不可见"))
    )
    source = read(with_objects(objects), "a.ofd")
    assert texts(source) == ["正文"]
    assert [(gone.text, gone.reason) for gone in source.removed] == [("样稿", "watermark")]


def test_several_documents_are_read_and_said() -> None:
    data = ofd_of(set_on_pages()[:1])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = b"<ofd:DocBody><ofd:DocRoot>/Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    parts["OFD.xml"] = parts["OFD.xml"].replace(b"</ofd:OFD>", body)
    second = with_objects(
        _TEXT.format('Boundary="26 40 99 7"', _CODE.format(0, 5, "5.64", "第二份"))
    )
    with zipfile.ZipFile(io.BytesIO(second)) as archive:
        parts |= {
            n.replace("Doc_0", "Doc_1"): archive.read(n) for n in archive.namelist() if "Doc_0" in n
        }
    source = read(zipped(parts), "a.ofd")
    assert texts(source)[-1] == "第二份"
    assert "several_documents" in {finding.code for finding in source.findings}


@pytest.mark.parametrize(
    ("objects", "reason"),
    [
        ("", "empty"),
        ('<ofd:ImageObject ID="4" Boundary="0 0 210 297" ResourceID="9"/>', "only_pictures"),
        (
            _TEXT.format('Boundary="26 40 9 9"', _CODE.format(0, 5, "5", "多" * 30_000)),
            "too_complex",
        ),
    ],
)
def test_pages_without_text_and_with_too_much(objects: str, reason: str) -> None:
    assert refusal(with_objects(objects), "a.ofd").reason == reason


def test_numbers_out_of_all_measure_do_no_harm() -> None:
    wild = _TEXT.format(
        'Boundary="1e300 nan x"', _CODE.format("1e999", "-", "g 99999999 1e308", "甲乙")
    )
    path = (
        '<ofd:PathObject ID="3" Boundary="0 0 1e9 1"><ofd:AbbreviatedData>M 0 0 L 1e400 5 L C Q 1'
        "</ofd:AbbreviatedData></ofd:PathObject>"
    )
    assert texts(read(with_objects(wild + path), "a.ofd")) == ["甲乙"]


def test_a_locked_file_and_a_missing_page() -> None:
    sheets = set_on_pages()[:1]
    assert (
        refusal(ofd_of(sheets, extra={"Encryptions.xml": b"<a/>"}), "a.ofd").reason == "encrypted"
    )
    data = ofd_of(sheets, extra={"Doc_0/Document.xml": (
        f'<ofd:Document {_OFD}><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/gone.xml"/></ofd:Pages>'
        "</ofd:Document>").encode()})  # fmt: skip
    assert refusal(data, "a.ofd").reason == "broken"
