"""Videos and recordings are what they hold, whatever they are called."""

import contextlib
from io import BytesIO
from pathlib import Path

import pytest

from portal.core.uploads.containers import FileProblem, inspect

SAMPLES = Path(__file__).parent / "samples"


def look(name: str, *, video: bool = True, called: str = "", cut: int | None = None) -> object:
    data = (SAMPLES / name).read_bytes()
    return inspect(BytesIO(data[:cut]), called or name, want_video=video)


@pytest.mark.parametrize("name", ["good.mp4", "good.webm"])
def test_a_video_tells_its_size_and_length(name: str) -> None:
    facts = inspect((SAMPLES / name).open("rb"), name, want_video=True)
    assert (facts.width, facts.height) == (64, 36)
    assert facts.duration == pytest.approx(1, abs=0.1)
    assert facts.is_video
    assert not facts.has_sound


@pytest.mark.parametrize("name", ["good.mp3", "good.m4a", "good.ogg", "good.opus", "good.wav"])
def test_a_recording_tells_its_length(name: str) -> None:
    facts = inspect((SAMPLES / name).open("rb"), name, want_video=False)
    assert facts.duration == pytest.approx(1, abs=0.15)
    assert not facts.is_video


@pytest.mark.parametrize(
    ("name", "called", "word"),
    [
        ("old.avi", "old.mp4", "AVI"),
        ("phone.mov", "phone.mp4", "QuickTime"),
        ("good.mkv", "good.webm", "Matroska"),
        ("hevc.mp4", "hevc.mp4", "H.265"),
        ("good.webm", "good.mp4", "WEBM"),
        ("good.mp4", "good.webm", "MP4"),
    ],
)
def test_what_browsers_do_not_play_is_named(name: str, called: str, word: str) -> None:
    with pytest.raises(FileProblem, match=word):
        look(name, called=called)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>hello</html>",
        b"%PDF-1.7 something",
        b"PK\x03\x04" + b"\0" * 60,
        b"\xff\xd8\xff",
    ],
)
def test_something_else_under_the_name_of_a_video(data: bytes) -> None:
    with pytest.raises(FileProblem, match="neither a video nor a recording"):
        inspect(BytesIO(data), "film.mp4", want_video=True)


@pytest.mark.parametrize("name", ["good.mp4", "good.webm", "good.wav", "good.ogg"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_file_that_was_cut_off(name: str, part: float) -> None:
    size = (SAMPLES / name).stat().st_size
    with pytest.raises(FileProblem, match="damaged or was cut off"):
        look(name, video=name.endswith(("mp4", "webm")), cut=int(size * part))


def test_a_recording_is_no_video_and_a_video_no_recording() -> None:
    with pytest.raises(FileProblem, match="no picture"):
        look("good.m4a", called="a.m4a")
    with pytest.raises(FileProblem, match="is a video"):
        look("good.mp4", video=False)


@pytest.mark.parametrize("name", [path.name for path in sorted(SAMPLES.iterdir())])
def test_damaged_bytes_never_raise_anything_else(name: str) -> None:
    """Each byte of the first part turned over, one after the other: accepted or refused."""
    data = bytearray((SAMPLES / name).read_bytes())
    for place in range(0, min(len(data), 1200), 3):
        data[place] ^= 0xFF
        with contextlib.suppress(FileProblem):
            inspect(BytesIO(bytes(data)), name, want_video=True)
        data[place] ^= 0xFF
