"""Whatever the detectors are given: they answer, soon, and with places that exist."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.text.detectors import Detectors

DETECTORS = Detectors()
PARTS = st.sampled_from(
    ["<div style='display:none'>", "</div>", "<!--", "-->", "<a href='", "'", '"', ">", "<", "&#", "&#49;", "</", "<script>",
     "</script>", "330106199003077718", "1381234", "5678", "6222", " ", "-", "\u200b", "\n", "\t", "姓名", "身份证", "365bet", "_",
     "娱乐城", "“", "”", "@qq.com", "室", "号", "路", "3", "机密★", "(", "zhèng", ")", "市长", "İ", "ß", "<td>", "<p", " style=color:#fff"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=400), st.lists(PARTS, max_size=60).map("".join)))
@settings(max_examples=400, deadline=None)
def test_places_are_within_the_text(source: str) -> None:
    for scanned in (DETECTORS.scan_text(source), DETECTORS.scan_html(source)):
        last = 0
        for found in scanned.findings:
            assert last <= found.start <= found.end <= len(scanned.text)
            last = found.start
            if found.start < found.end and found.kind != "hidden":
                assert scanned.text[found.start : found.end] == found.text


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_an_identity_number_is_found_whatever_stands_around_it(before: str, after: str) -> None:
    text = f"{before}，330106199003077718。{after}"
    assert any(one.kind == "identity_number" for one in DETECTORS.scan_text(text).findings)


HOSTILE = [
    "<", "<a", "<!--", "<a '", "<a \"'", "<b a=1><p>", "<div>", "</div>", "<div style='", "&#x", "1", "1 ", "1-", "12 ", "13812345678 ",
    "a@", "a", "a.", "@a", "室", "3室", "路3号", "姓名\t", "(ā", "“", "?。▍", "澳门", "365", "bet", "云湖市", "_", "新葡京_", "机密", "公开方式：",
    "<style>", "<script", "<script></script", "<![CDATA[", "<p hidden>", "一", "身份证", "住址", "１", "\u200b", "<td>", "a='", "-", "/* ", "护照",
    "<p style='/*'>", "<font color=#fff>字", "京A", "<span style='display:none'>x", "<a class=sr-only href=http://x.y>",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_hang() -> Iterator[None]:
    """Twenty seconds of CPU are no slowness but a hang; how fast it is, the benchmarks say."""

    def stop(*_args: object) -> None:
        raise AssertionError("it does not come to an end")

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, 20)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@pytest.mark.parametrize("unit", HOSTILE)
def test_no_repetition_of_anything_makes_it_hang(unit: str) -> None:
    source = unit * (100_000 // len(unit))
    DETECTORS.scan_text(source)
    DETECTORS.scan_html(source)
