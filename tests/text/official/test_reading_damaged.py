"""Whatever a file holds: lines and findings, or a refusal with a reason. Never anything else."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.text.official.model import Source
from portal.text.official.readers import office, pdf
from portal.text.official.readers.pdf_worker import answer
from portal.text.official.readers.refusals import DocumentFileError, Limits
from portal.text.official.reading import read

from .samples import all_formats, set_on_pages

LIMITS = Limits(seconds=20, part_size=4_000_000, unpacked_size=8_000_000)
FILES = all_formats()
ENDINGS = ("txt", "html", "docx", "pdf", "ofd", "doc", "wps", "rtf", "xyz", "")
fuzz = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(autouse=True)
def no_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDF files are read here and not in a process each, which would take minutes."""

    def in_this_process(data: bytes, limits: Limits) -> Source:
        with at_most(limits.seconds):
            found = answer(data, most_pages=limits.pages, most_characters=limits.characters)
        if "reason" in found:
            raise DocumentFileError(found["reason"], kind="pdf")
        return pdf.source_of(found, is_whole=True, limits=limits)

    monkeypatch.setattr(pdf, "read", in_this_process)
    monkeypatch.setattr(office, "command", lambda: None)


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """What the process of its own does about files that never end."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise DocumentFileError("too_slow", kind="pdf", limit=seconds)

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def holds(data: bytes, name: str) -> None:
    try:
        source = read(data, name, limits=LIMITS)
    except DocumentFileError:
        return
    assert source.lines
    for line in source.lines:
        assert line.text.strip()
        assert line.text == line.text.strip() or line.rows
        assert "\r" not in line.text
        assert line.rows or "\n" not in line.text
        assert not line.rows or line.text == "\n".join("\t".join(row) for row in line.rows)
    for removed in source.removed:
        assert removed.text
        assert removed.line is None or removed.line <= len(source.lines)


@fuzz
@given(st.binary(max_size=3000), st.sampled_from(ENDINGS))
def test_any_bytes(data: bytes, ending: str) -> None:
    holds(data, f"a.{ending}")


@fuzz
@given(
    st.sampled_from([b"%PDF-1.7\n", b"PK\x03\x04", b"{\\rtf1", b"<html>", b"\xff\xfe", b"\xfe\xff",
                     b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "第一条　".encode("gb18030")]),
    st.binary(max_size=600),
    st.sampled_from(ENDINGS),
)  # fmt: skip
def test_any_bytes_behind_a_true_beginning(head: bytes, data: bytes, ending: str) -> None:
    holds(head + data, f"a.{ending}")


@pytest.mark.parametrize("name", FILES)
@fuzz
@given(st.lists(st.tuples(st.floats(0, 0.9999), st.integers(0, 255)), min_size=1, max_size=12))
def test_changed_bytes(name: str, changes: list[tuple[float, int]]) -> None:
    data = bytearray(FILES[name])
    for place, value in changes:
        data[int(place * len(data))] = value
    holds(bytes(data), name)


@pytest.mark.parametrize("name", FILES)
@fuzz
@given(st.floats(0, 1), st.floats(0, 1))
def test_cut_off_and_pieces_missing(name: str, start: float, end: float) -> None:
    data = FILES[name]
    holds(data[: int(end * len(data))], name)
    first, last = sorted((int(start * len(data)), int(end * len(data))))
    holds(data[:first] + data[last:], name)


@fuzz
@given(
    st.sampled_from(["/Kids", "/Contents", "/Font", "/Encoding", "/W", "/DescendantFonts", "/Filter",
                     "/Length", "/MediaBox", "/Count", "/Root", " 0 R", "/Type0", "/Page", "obj"]),
    st.sampled_from(["", "/X", "null", "-1", "99999999999", "[]", "<< >>", "(x)", "2 0 R", "7 0 R"]),
)  # fmt: skip
def test_a_pdf_with_a_wrong_structure(old: str, new: str) -> None:
    holds(FILES["notice.pdf"].replace(old.encode(), new.encode()), "a.pdf")


def test_the_pages_are_the_ones_that_are_damaged_here() -> None:
    assert len(set_on_pages()) == 4
    holds(FILES["notice.pdf"], "a.pdf")
