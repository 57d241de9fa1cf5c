"""``python -m addons.train MODEL.tar.gz [FOLDER …]``: make a model of the files beside.

Each folder may bring more of the same kind (``nlu``, ``domain`` and ``rules``): that is how the
skills of plugins come in. Nothing is left under the name of the model when the training fails.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from . import starting  # noqa: F401 - first

from rasa.model_training import train  # isort: skip

FOLDER = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    if not arguments:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    model, more = Path(arguments[0]).absolute(), [Path(one).absolute() for one in arguments[1:]]
    model.parent.mkdir(parents=True, exist_ok=True)
    files = [FOLDER / "domain.yml", *(found for one in more for found in one.rglob("domain*.yml"))]
    with tempfile.TemporaryDirectory(dir=model.parent) as scratch:
        # Rasa keeps a cache in the current folder; a domain in parts is read from a folder.
        domain = Path(scratch) / "domain"
        domain.mkdir()
        for number, source in enumerate(files):
            (domain / f"{number}.yml").write_bytes(source.read_bytes())
        os.environ["RASA_CACHE_DIRECTORY"] = str(Path(scratch) / "cache")
        result = train(
            domain=str(domain),
            config=str(FOLDER / "config.yml"),
            training_files=[str(FOLDER / "data"), *map(str, more)],
            output=scratch,
            fixed_model_name="model",
            force_training=True,
        )
        if result.code or not result.model:
            return result.code or 1
        Path(result.model).replace(model)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
