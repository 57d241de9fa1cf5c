"""The file of a backup: what went in comes out, and what was damaged is told before anything is done."""

import gzip
import io
import json
import random
import tarfile
from pathlib import Path

import pytest

from portal.core.backup import archive
from portal.core.backup.problems import BackupError, DamagedBackup


@pytest.fixture
def made(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    (source / "keys").mkdir(parents=True, mode=0o700)
    (source / "keys" / "secret").write_bytes(b"s" * 50)
    (source / "media").mkdir()
    (source / "media" / "湖.webp").write_bytes(random.Random(1).randbytes(40_000))
    target = tmp_path / "backup.tar.gz"
    with archive.writing(target) as writer:
        writer.value(archive.MANIFEST, {"format": archive.FORMAT, "database": "sqlite"})
        writer.value(archive.ENVIRONMENT, {"PORTAL_ENV": "production"})
        for name in ("keys", "media"):
            writer.folder(f"files/{name}", source / name)
        writer.file("files/keys/secret", source / "keys" / "secret")
        writer.file("files/media/湖.webp", source / "media" / "湖.webp")
    return target


def unpacked(source: Path, folder: Path) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    return archive.unpack(source, folder)


def test_what_went_in_comes_out(made: Path, tmp_path: Path) -> None:
    assert archive.manifest_of(made)["database"] == "sqlite"
    assert unpacked(made, tmp_path / "out") == {"PORTAL_ENV": "production"}
    files = tmp_path / "out" / "files"
    assert (files / "media" / "湖.webp").read_bytes() == random.Random(1).randbytes(40_000)
    assert (files / "keys" / "secret").read_bytes() == b"s" * 50
    assert (files / "keys").stat().st_mode & 0o777 == 0o700


def test_nobody_else_may_read_it(made: Path) -> None:
    assert made.stat().st_mode & 0o777 == 0o600


def test_an_unfinished_one_does_not_take_the_place_of_the_last(made: Path) -> None:
    before = made.read_bytes()
    with pytest.raises(RuntimeError, match="no more"), archive.writing(made) as writer:
        writer.value(archive.MANIFEST, {"format": archive.FORMAT})
        raise RuntimeError("no more")
    assert made.read_bytes() == before
    assert [path.name for path in made.parent.iterdir() if "unfinished" in path.name] == []


def test_a_changed_bit_of_the_file_on_disk_is_told(made: Path, tmp_path: Path) -> None:
    content, dice = made.read_bytes(), random.Random(7)
    anywhere = [dice.randrange(10 * 8, len(content) * 8) for _ in range(80)]  # behind gzip's header
    for bit in (*anywhere, *range((len(content) - 24) * 8, len(content) * 8)):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        made.write_bytes(bytes(changed))
        try:
            archive.manifest_of(made)
            unpacked(made, tmp_path / f"disk-{bit}")
        except DamagedBackup:
            continue
        # The same in other words: bits that fill up a byte, a run of zeros copied from further off.
        assert gzip.decompress(bytes(changed)) == gzip.decompress(content)


def test_any_damage_is_told(made: Path, tmp_path: Path) -> None:
    content = gzip.decompress(made.read_bytes())
    dice = random.Random(20261129)
    for number in range(60):
        changed = bytearray(content)
        # Within what is covered: the rest of a block of 512 bytes is padding.
        place = dice.choice([n for n in range(0, len(content), 97) if content[n]])
        changed[place] ^= 1 << dice.randrange(8)
        made.write_bytes(gzip.compress(bytes(changed), 1))
        out = tmp_path / f"out-{number}"
        try:
            archive.manifest_of(made)
            found = unpacked(made, out)
        except BackupError:
            continue
        # Headers hold times and owners too, which nothing rests on.
        assert found == {"PORTAL_ENV": "production"}
        assert (out / "files/media/湖.webp").read_bytes() == random.Random(1).randbytes(40_000)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_one_that_is_cut_off_is_damaged(made: Path, tmp_path: Path, part: float) -> None:
    content = made.read_bytes()
    made.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(DamagedBackup):
        unpacked(made, tmp_path / "out")


def test_one_without_its_list_of_contents_is_cut_off(made: Path, tmp_path: Path) -> None:
    kept = io.BytesIO()
    with tarfile.open(made) as old, tarfile.open(fileobj=kept, mode="w:gz") as new:
        for entry in old:
            if entry.name != archive.CONTENTS:
                new.addfile(entry, old.extractfile(entry) if entry.isfile() else None)
    made.write_bytes(kept.getvalue())
    with pytest.raises(DamagedBackup, match="cut off"):
        unpacked(made, tmp_path / "out")


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "files/../../outside"])
def test_nothing_is_written_outside(made: Path, tmp_path: Path, name: str) -> None:
    with tarfile.open(made, "w:gz") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"x"))
    with pytest.raises(DamagedBackup):
        unpacked(made, tmp_path / "out")
    assert not list(tmp_path.rglob("outside"))
    assert not Path("/etc/outside").exists()


@pytest.mark.parametrize("content", [b"", b"hello", gzip.compress(b"hello", mtime=0)])
def test_what_is_no_backup_says_so(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "other.tar.gz"
    source.write_bytes(content)
    with pytest.raises(BackupError):
        archive.manifest_of(source)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no file"):
        archive.manifest_of(tmp_path / "none.tar.gz")


def test_another_format_is_not_guessed(made: Path) -> None:
    with archive.writing(made) as writer:
        writer.value(archive.MANIFEST, {"format": archive.FORMAT + 1})
    with pytest.raises(BackupError, match="format"):
        archive.manifest_of(made)


def test_a_log_that_grows_meanwhile_goes_in_as_far_as_it_was(tmp_path: Path) -> None:
    log, target = tmp_path / "log.txt", tmp_path / "backup.tar.gz"
    log.write_bytes(b"one\n")
    with archive.writing(target) as writer:
        writer.value(archive.MANIFEST, {"format": archive.FORMAT})
        writer.value(archive.ENVIRONMENT, {})
        with log.open("ab") as still_open:
            writer.file("files/log.txt", log)
            still_open.write(b"two\n")
    unpacked(target, tmp_path / "out")
    assert (tmp_path / "out/files/log.txt").read_bytes() == b"one\n"
    told = json.loads((tmp_path / "out" / archive.CONTENTS).read_text())
    assert told["files/log.txt"][0] == 4
