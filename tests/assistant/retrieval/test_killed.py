"""Real processes, really killed (signal 9): nothing is lost, nothing is half."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.retrieval import files
from assistant.retrieval.live import make_base
from assistant.retrieval.reading import READING
from assistant.retrieval.source import MemorySource
from tests.assistant.retrieval.entries import entries, found, retriever_of

_BUILDER = """
import sys
from pathlib import Path
from assistant.retrieval.live import make_base
from assistant.retrieval.reading import READING
from assistant.retrieval.source import MemorySource, Model
from tests.assistant.retrieval.entries import entry
from tests.assistant.retrieval.entries import with_vectors
from tests.assistant.models import SmallModel

model = SmallModel()
source = with_vectors(MemorySource(entry(n, f"第{n}个问题怎么办？") for n in range(300)), model)
print("ready", flush=True)
while True:
    make_base(source, {model.space: model.model}, READING, Path(sys.argv[1]))
"""


def test_a_builder_killed_at_any_moment_leaves_whole_bases_and_no_lock(tmp_path: Path) -> None:
    for delay in (0.01, 0.05):
        process = subprocess.Popen(
            [sys.executable, "-c", _BUILDER, str(tmp_path)],
            stdout=subprocess.PIPE,
            cwd=Path.cwd(),
            env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()

        base = files.newest(tmp_path)
        assert base is None or len(base.segment) == 300
        with files.building(tmp_path) as mine:
            assert mine  # a dead process holds nothing

    source = MemorySource(entries())
    assert make_base(source, {}, READING, tmp_path) is not None
    assert not list(tmp_path.glob(".new-*"))
    assert found(retriever_of(source, directory=tmp_path), "居住证怎么办理？")[0] == "2"


def test_a_full_disk_leaves_the_old_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = MemorySource(entries())
    make_base(source, {}, READING, tmp_path)

    def no_room(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files.np, "save", no_room)
        with pytest.raises(OSError, match="No space"):
            make_base(source, {}, READING, tmp_path)

    assert not list(tmp_path.glob(".new-*"))
    assert found(retriever_of(source, directory=tmp_path), "居住证怎么办理？")[0] == "2"
