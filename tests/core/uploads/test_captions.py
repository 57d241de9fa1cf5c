"""Caption files: mended where that is safe, refused with the line where it is not."""

import pytest

from portal.core.uploads.captions import to_webvtt
from portal.core.uploads.containers import FileProblem

VTT = "WEBVTT\n\n00:01.000 --> 00:03.000\n各位市民\n\nNOTE 备注\n\n00:04.000 --> 00:06.500 align:start\n大家好\n"
SRT = "1\r\n00:00:01,000 --> 00:00:03,000\r\n各位市民\r\n\r\n2\r\n00:00:04,000 --> 00:00:06,500\r\n大家好\r\n"


def test_webvtt_stays_webvtt() -> None:
    assert to_webvtt(VTT.encode()) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n各位市民\n\n"
        "00:00:04.000 --> 00:00:06.500 align:start\n大家好\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_subrip_of_any_chinese_computer_becomes_webvtt(encoding: str) -> None:
    text = to_webvtt(SRT.encode(encoding))
    assert text.startswith("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n各位市民\n")
    assert to_webvtt(text.encode()) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("WEBVTT\n\n00:01 --> 00:03\n字\n", 3),
        ("WEBVTT\n\n00:01.000 --> 00:03.000\n字\n\n00:05.000 --> 00:04.000\n字\n", 6),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\n字\n\n00:01.000 --> 00:02.000\n字\n", 6),
        ("WEBVTT\n\n00:01.000 --> 00:03.000\n\n", 3),
        ("WEBVTT\n\n00:01.000 --> 00:03.000\n字\n\n第二句话\n", 6),
        ("1\n00:00:01,000 -> 00:00:03,000\n字\n\n2\n00:00:04,000 --> 00:00:05,000\n字\n", 2),
        ("WEBVTT\n\n00:61.000 --> 00:63.000\n字\n", 3),
    ],
)
def test_the_line_to_be_mended_is_named(text: str, line: int) -> None:
    with pytest.raises(FileProblem, match=f"Line {line}:"):
        to_webvtt(text.encode())


@pytest.mark.parametrize(
    "data", [b"", b"WEBVTT\n", b"hello", b"\x00\x01\x02\x80\xff", b"PK\x03\x04"]
)
def test_what_is_no_caption_file(data: bytes) -> None:
    with pytest.raises(FileProblem):
        to_webvtt(data)


def test_a_header_with_words_and_styles_is_no_caption() -> None:
    text = "WEBVTT - 云湖\nKind: captions\n\nSTYLE\n::cue {}\n\n00:01.000 --> 00:03.000\n字\n"
    assert to_webvtt(text.encode()) == "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n字\n"
