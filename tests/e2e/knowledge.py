"""Entries that tests in a browser ask for, brought in as administrators do."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from .serving import REPOSITORY, Portal, environment


def bring_in(portal: Portal, folder: Path, *rows: dict[str, Any]) -> None:
    file = folder / "entries.jsonl"
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    file.write_text(text, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "portal", "import_qa", str(file)],
        cwd=REPOSITORY,
        env=environment(portal.data),
        check=True,
        capture_output=True,
    )
