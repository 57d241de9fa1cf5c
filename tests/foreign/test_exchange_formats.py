"""PO and XLIFF: nothing is lost on the way, their own tools take them, bad files are refused."""

import dataclasses
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from portal.foreign.exchange import inline, po, xliff
from portal.foreign.exchange.units import Document, Mark, NotReadable, Unit

KEY = "7f1d1c5e-0000-4000-8000-000000000001"
FORMATS = [po, xliff]
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("xliff_subset.xsd")))

# Pieces that inline HTML is made of, the good and the bad.
_PIECES = st.sampled_from(
    [
        "办事指南", "云湖市", "Residence permit", " ", "\n", "\t", "\r\n", "<b>", "</b>", "<i>", "</i>",
        '<a id="a1">', '<a id="a2">', "</a>", "<br/>", "<br>", "&amp;", "&lt;", "&gt;", "&nbsp;", "&",
        "<", ">", '"', "'", "\\", "\\n", "#| msgid", "msgid \"x\"", "%s", "\x00", "\x0b", "\x1f", "\x85",
        "\u2028", "\u200f", "\ufeff", "é", "é", "مرحبا", "😀", "]]>", "<!--", "state: live",
    ]
)  # fmt: skip
_ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_TEXTS = st.lists(_PIECES | _ANY, max_size=8).map("".join)
# A database on PostgreSQL holds no NUL; a text of a page is never empty and has no space around it.
_SOURCES = _TEXTS.map(lambda text: text.strip("\n") or "字")


@st.composite
def documents(draw: st.DrawFn) -> Document:
    units = []
    for number in range(draw(st.integers(0, 4))):
        target = draw(_TEXTS)
        mark = draw(st.sampled_from(list(Mark))) if target else Mark.NEW
        units.append(
            Unit(
                path=f"body.0b{number}.text",
                source_hash=f"{number}f",
                source=draw(_SOURCES),
                target=target,
                mark=mark,
                finished=mark in (Mark.DRAFT, Mark.LIVE),
                # A note of XLIFF cannot hold what XML cannot; it is read by people only.
                previous_source=xliff._CONTROL.sub("?", draw(_SOURCES))
                if mark is Mark.STALE
                else "",
                label=draw(st.sampled_from(["", "正文 · 第 2 段"])),
                base=draw(st.sampled_from(["", "0a1b2c3d"])),
            )
        )
    return Document(KEY, "zh-hans", draw(st.sampled_from(["en", "zh-hant"])), "标题", tuple(units))


def back(module: object, document: Document) -> Document:
    read = module.read(module.write(document))  # type: ignore[attr-defined]
    units = tuple(dataclasses.replace(unit, line=0) for unit in read.units)
    return dataclasses.replace(read, units=units)


@given(_TEXTS)
@settings(max_examples=300)
def test_inline_html_comes_back_character_by_character(text: str) -> None:
    assert inline.render(inline.parse(text)) == text


@pytest.mark.parametrize("module", FORMATS, ids=["po", "xliff"])
@given(document=documents())
@settings(max_examples=150, deadline=None)
def test_a_round_trip_loses_nothing(module: object, document: Document) -> None:
    again = back(module, document)
    assert again == dataclasses.replace(
        document,
        units=tuple(
            dataclasses.replace(unit, finished=unit.finished and not _odd_ends(module, unit))
            for unit in document.units
        ),
    )


def _odd_ends(module: object, unit: Unit) -> bool:
    """gettext has no finished entry whose texts do not both begin or end with a line break."""
    return module is po and not po._same_ends(unit)


@given(document=documents())
@settings(max_examples=100, deadline=None)
def test_xliff_is_valid(document: Document) -> None:
    tree = etree.fromstring(xliff.write(document))
    SCHEMA.assertValid(tree)
    assert _broken_constraints(tree) == []


def _broken_constraints(tree: etree._Element) -> list[str]:
    """What the specification demands and a schema cannot say."""
    ns = {"x": xliff.NAMESPACE}
    found = []
    ids = tree.xpath("//x:unit/@id", namespaces=ns)
    if len(ids) != len(set(ids)):
        found.append("unit ids")
    for unit in tree.iterfind(".//x:unit", ns):
        known = set(unit.xpath("x:originalData/x:data/@id", namespaces=ns))
        used = set(unit.xpath(".//@dataRef|.//@dataRefStart|.//@dataRefEnd", namespaces=ns))
        if not used <= known:
            found.append("data that is not there")
        for part in ("x:source", "x:target"):
            codes = unit.xpath(f".//{part}//x:pc/@id|.//{part}//x:ph/@id", namespaces=ns)
            if len(codes) != len(set(codes)):
                found.append("ids of codes")
        for segment in unit.iterfind("x:segment", ns):
            if segment.get("subState") and not segment.get("state"):
                found.append("a sub-state without a state")
            if (
                segment.get("state", "initial") != "initial"
                and segment.find("x:target", ns) is None
            ):
                found.append("a state without a target")
    return found


def test_msgfmt_takes_the_file(tmp_path: Path) -> None:
    units = (
        Unit("title", "a1", "居留许可 100% 办理", '100% d\'un titre "de séjour"', Mark.DRAFT, True),
        Unit(
            "body.1",
            "a2",
            '见<a id="a1">指南</a>。',
            'See the\n<a id="a1">guide</a>.\n',
            Mark.LIVE,
            True,
        ),
        Unit("body.2", "a3", "十日内", "within 5 days", Mark.STALE, False, "五日内", "正文"),
        Unit("body.3", "a4", "新的一段"),
        Unit("body.4", "a5", "机器", "machine \\ \t", Mark.MACHINE),
    )
    for language in ("en", "ar", "zh-hant"):
        path = tmp_path / f"{language}.po"
        path.write_bytes(po.write(Document(KEY, "zh-hans", language, "测试\n页", units)))
        done = subprocess.run(
            ["msgfmt", "--check", "--statistics", "-o", str(tmp_path / "out.mo"), str(path)],
            capture_output=True, text=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "1 translated message, 3 fuzzy translations, 1 untranslated" in done.stderr


@given(document=documents().filter(lambda document: document.units))
@settings(max_examples=15, deadline=None)
def test_what_gettext_writes_itself_is_read_the_same(document: Document) -> None:
    cleaned = dataclasses.replace(document, units=tuple(map(_for_gettext, document.units)))
    done = subprocess.run(
        ["msgcat", "--width=60", "-"], input=po.write(cleaned), capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    units = tuple(dataclasses.replace(unit, line=0) for unit in po.read(done.stdout).units)
    assert units == cleaned.units


def _for_gettext(unit: Unit) -> Unit:
    """Without what only control characters are in; line breaks as gettext wants them."""

    def tidy(text: str) -> str:
        return re.sub(r"[\x00-\x1f\x7f-\x9f\ufeff]", "", text) or ("字" if text else "")

    target = tidy(unit.target)
    return dataclasses.replace(
        unit, source=tidy(unit.source), target=target, previous_source=tidy(unit.previous_source),
    )  # fmt: skip


# --- bad files ------------------------------------------------------------------------------------
@pytest.mark.parametrize("module", FORMATS, ids=["po", "xliff"])
@given(data=st.binary(max_size=400) | _TEXTS.map(str.encode))
@settings(max_examples=200, deadline=None)
def test_rubbish_is_refused_with_a_sentence(module: object, data: bytes) -> None:
    with pytest.raises(NotReadable) as refused:
        module.read(data)  # type: ignore[attr-defined]
    assert refused.value.message


@pytest.mark.parametrize("module", FORMATS, ids=["po", "xliff"])
@given(document=documents(), cut=st.integers(0, 3000), filling=st.binary(max_size=3))
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_is_read_or_refused(
    module: object, document: Document, cut: int, filling: bytes
) -> None:
    data = module.write(document)  # type: ignore[attr-defined]
    place = cut % (len(data) + 1)
    problem = "read"
    try:
        module.read(data[:place] + filling + data[place + 1 :])  # type: ignore[attr-defined]
    except NotReadable as refused:
        problem = refused.message
    assert problem


BOMB = b"""<?xml version="1.0"?><!DOCTYPE xliff [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="zh">&b;</xliff>"""
OUTSIDE = b"""<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>"""
DEEP = (
    b'<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1">'
    + b"<pc>" * 50_000
    + b"</pc>" * 50_000
    + b"</xliff>"
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (BOMB, "document type"),
        (OUTSIDE, "document type"),
        (DEEP, "nested"),
        (b'<xliff version="1.2"><file/></xliff>', "version 2"),
        (b"<html/>", "version 2"),
    ],
    ids=["bomb", "outside", "deep", "old", "other"],
)
def test_xml_traps_are_refused(data: bytes, words: str) -> None:
    from django.utils.translation import override

    with override("en"), pytest.raises(NotReadable, match=words):
        xliff.read(data)


def test_a_tool_that_parts_a_unit_into_segments_is_understood() -> None:
    data = xliff.write(
        Document(KEY, "zh-hans", "en", "t", (Unit("a", "1", "一。二。", "x", Mark.DRAFT, True),))
    )
    parted = re.sub(
        rb"<segment .*</segment>",
        '<segment id="s1" state="translated"><source>一。</source><target>One.</target></segment>'
        "<ignorable><source/><target> </target></ignorable>"
        '<segment id="s2" state="final"><source>二。</source><target><mrk id="m" translate="no">Two</mrk>.</target></segment>'.encode(),
        data,
    )
    (unit,) = xliff.read(parted).units
    assert (unit.source, unit.target, unit.finished) == ("一。二。", "One. Two.", True)
    (unit,) = xliff.read(parted.replace(b'state="translated"', b'state="initial"')).units
    assert not unit.finished


def test_a_code_without_its_data_is_seen_as_broken() -> None:
    source = '见<a id="a1">指南</a>'
    data = xliff.write(
        Document(KEY, "zh-hans", "en", "t", (Unit("a", "1", source, source, Mark.DRAFT, True),))
    )
    (unit,) = xliff.read(
        data.replace(b'<target>\xe8\xa7\x81<pc id="1" dataRefStart="d1"', b'<target>x<pc id="1"')
    ).units
    assert inline.broken_tags(unit.source, unit.target)


@pytest.mark.parametrize(
    ("target", "broken"),
    [
        ('See <a id="a1">this</a>', []),
        ('See <a id="a1"><b>this</b></a><br/>', []),
        ("See this", ['<a id="a1">']),
        ('See <a id="a1">this', ['<a id="a1">']),
        ('<a id="a1">x</a><a id="a1">y</a>', ['<a id="a1">']),
        ('<a id="a2">x</a><a id="a1">y</a>', ['<a id="a2">']),
        ('<a id="a1" onclick="x()">y</a>', ['<a id="a1" onclick="x()">', '<a id="a1">']),
        ('<script>x</script><a id="a1">y</a>', ["<script>", "</script>"]),
        ('5 < 6 <a id="a1">y</a>', ["<"]),
        ('a & b <a id="a1">y</a>', ["&"]),
    ],
)
def test_broken_tags(target: str, broken: list[str]) -> None:
    assert inline.broken_tags('见<a id="a1">指南</a>', target) == broken
