"""The way through LibreOffice, with a stand-in that takes the same arguments."""

import os
import stat
import time
from pathlib import Path

import pytest

from portal.text.official.readers import confined
from portal.text.official.reading import DocumentFileError, Limits, read

from .samples import as_docx, lines

OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le")


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program named soffice; a test writes what it does into its second line on."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.defpath}")
    return folder / "soffice"


def does(program: Path, *commands: str) -> None:
    program.write_text("\n".join(["#!/bin/sh", *commands]) + "\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(
    ("name", "data", "given"),
    [
        ("通知.doc", OLD_WORD, "given.doc"),
        ("通知.wps", OLD_WORD, "given.doc"),
        ("通知.doc", b"{\\rtf1 hello}", "given.rtf"),
    ],
)
def test_it_is_converted_and_read(
    stand_in: Path, tmp_path: Path, name: str, data: bytes, given: str
) -> None:
    (tmp_path / "result.docx").write_bytes(as_docx())
    does(
        stand_in,
        f'echo "$@" > {tmp_path}/arguments',
        f'for last; do :; done; cp "$last" {tmp_path}/{given}',
        'while [ "$1" != "--outdir" ]; do shift; done',
        f'cp {tmp_path}/result.docx "$2/given.docx"',
        f'cp "$HOME/profile/user/registrymodifications.xcu" {tmp_path}/settings',
    )
    source = read(data, name)
    assert [line.text for line in source.lines] == lines()
    assert source.format == name.rpartition(".")[2]
    assert "converted" in {finding.code for finding in source.findings}
    assert (tmp_path / given).read_bytes() == data
    arguments = (tmp_path / "arguments").read_text()
    assert "--headless" in arguments
    assert "-env:UserInstallation=file:///" in arguments
    settings = (tmp_path / "settings").read_text()
    for setting in ("DisableMacrosExecution", "BlockUntrustedRefererLinks"):
        assert setting in settings


def test_no_result_is_a_clear_refusal(stand_in: Path) -> None:
    does(stand_in, "echo could not load >&2", "exit 0")
    with pytest.raises(DocumentFileError) as caught:
        read(OLD_WORD, "a.doc")
    assert caught.value.reason == "conversion_failed"


def test_a_result_that_is_no_word_file_is_refused(stand_in: Path) -> None:
    does(
        stand_in,
        'while [ "$1" != "--outdir" ]; do shift; done',
        'echo nothing > "$2/given.docx"',
    )
    with pytest.raises(DocumentFileError) as caught:
        read(OLD_WORD, "a.doc")
    assert caught.value.reason == "broken"


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # A process that ended and that nobody has waited for yet.
    return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()


def test_it_is_stopped_with_its_children_when_the_time_is_up(
    stand_in: Path, tmp_path: Path
) -> None:
    does(stand_in, "sleep 60 &", f"echo $! > {tmp_path}/child", "wait")
    with pytest.raises(DocumentFileError) as caught:
        read(OLD_WORD, "a.doc", limits=Limits(conversion_seconds=1))
    assert (caught.value.reason, caught.value.parameters["limit"]) == ("too_slow", 1)
    child = int((tmp_path / "child").read_text())
    until = time.monotonic() + 5
    while _is_there(child) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _is_there(child)


# --- confinement ----------------------------------------------------------------------------------
def test_memory_and_files_are_limited() -> None:
    hungry = ["python3", "-c", "x = bytearray(900_000_000); print(len(x))"]
    ended = confined.run(hungry, seconds=20, memory=300_000_000)
    assert ended.code != 0
    assert b"MemoryError" in ended.errors
    writer = ["python3", "-c", "open('/dev/shm/portal-test', 'wb').write(b'x' * 5000)"]
    ended = confined.run(writer, seconds=20, memory=300_000_000)
    Path("/dev/shm/portal-test").unlink(missing_ok=True)
    assert ended.code != 0


def test_what_is_given_comes_back() -> None:
    ended = confined.run(["cat"], given=b"abc" * 100_000, seconds=20, memory=300_000_000)
    assert (ended.code, ended.output) == (0, b"abc" * 100_000)
