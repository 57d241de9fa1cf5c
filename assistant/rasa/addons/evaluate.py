"""``python -m addons.evaluate MODEL.tar.gz SENTENCES.jsonl``: does the model understand?

Each line is ``{"text", "intent", "language"}``. All sentences go through the model at once, some
ten times as fast as in Rasa's own test. Counted as the dialogue acts: the unclear is a question.
Printed: right, wrongly started, by intent and language, what is taken for what. Exit code 1 when a
bar is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import starting  # isort: skip  # noqa: F401 - first

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.loading import load_data

FOLDER = Path(__file__).resolve().parent.parent
STARTS = frozenset({"leave_letter", "report_error", "human"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, what it means and what it was taken for."""

    text: str
    language: str
    wanted: str
    taken: str
    confidence: float
    known: bool

    @property
    def right(self) -> bool:
        return self.taken == self.wanted

    @property
    def could_start(self) -> bool:
        return self.wanted not in STARTS

    @property
    def wrongly_started(self) -> bool:
        return self.could_start and self.taken in STARTS


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def understand(model: Path, sentences: Sequence[dict[str, str]]) -> list[Judged]:
    """All sentences in one run of the model."""
    _, metadata, runner = MessageProcessor._load_model(model)
    inputs = {
        PLACEHOLDER_MESSAGE: [UserMessage(one["text"]) for one in sentences],
        PLACEHOLDER_TRACKER: DialogueStateTracker.from_events("evaluation", []),
    }
    parsed = runner.run(inputs=inputs, targets=[metadata.nlu_target])[metadata.nlu_target]
    known = {
        plain(example.get("text"))
        for example in load_data(str(FOLDER / "data" / "nlu")).intent_examples
    }
    judged = []
    for sentence, message in zip(sentences, parsed, strict=True):
        intent = message.get("intent")
        judged.append(
            Judged(
                sentence["text"],
                sentence["language"],
                sentence["intent"],
                intent["name"],
                float(intent["confidence"]),
                plain(sentence["text"]) in known,
            )
        )
    return judged


def plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """The shares that there are bars for."""
    could = [one for one in judged if one.could_start]
    return {
        "sentences": len(judged),
        "right": round(share(sum(one.right for one in judged), len(judged)), 4),
        "wrongly_started": round(share(sum(one.wrongly_started for one in could), len(could)), 4),
    }


def by(judged: Iterable[Judged], name: str) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[getattr(one, name)].append(one)
    return {key: figures(groups[key]) for key in sorted(groups)}


def confusions(judged: Iterable[Judged]) -> Counter[tuple[str, str]]:
    return Counter((one.wanted, one.taken) for one in judged if not one.right)


def report(judged: Sequence[Judged]) -> dict[str, Any]:
    return {
        "all": figures(judged),
        "unseen": figures([one for one in judged if not one.known]),
        "intents": by(judged, "wanted"),
        "languages": by(judged, "language"),
        "confusions": [
            {"wanted": wanted, "taken": taken, "times": times}
            for (wanted, taken), times in confusions(judged).most_common()
        ],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m addons.evaluate", description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--right", type=float, default=0.96, help="least share of right ones")
    parser.add_argument("--wrongly-started", type=float, default=0.005, help="largest share")
    parser.add_argument("--report", type=Path, help="write everything as JSON")
    options = parser.parse_args(arguments)
    lines = options.sentences.read_text(encoding="utf-8").splitlines()
    judged = understand(options.model, [json.loads(line) for line in lines if line.strip()])
    told = report(judged)
    if options.report:
        text = json.dumps(told, ensure_ascii=False, indent=1)
        options.report.write_text(text + "\n", encoding="utf-8")
    write(told)
    missed = (
        told["all"]["right"] < options.right
        or told["all"]["wrongly_started"] > options.wrongly_started
    )
    return 1 if missed else 0


def write(told: dict[str, Any]) -> None:
    """The report for people."""
    out = sys.stdout.write
    for title in ("all", "unseen"):
        row = told[title]
        out(
            f"{title:>16}  {row['sentences']:5}  right {row['right']:.4f}  "
            f"wrongly started {row['wrongly_started']:.4f}\n"
        )
    for group in ("intents", "languages"):
        for name, row in told[group].items():
            out(f"{name:>16}  {row['sentences']:5}  right {row['right']:.3f}\n")
    for row in told["confusions"]:
        out(f"{row['times']:4}  {row['wanted']} taken for {row['taken']}\n")


if __name__ == "__main__":
    sys.exit(main())
