"""The sets of names and queries, and what came of them in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from portal.search.models import Document

SETS = Path(__file__).parents[1] / "sets"


def rows(name: str) -> list[list[str]]:
    lines = (SETS / f"{name}.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def documents(language: str = "zh-hans") -> list[Document]:
    """What ``names.tsv`` names, as nothing but titles and other names."""
    return [
        Document(
            key=f"name:{number}", seq=number, kind=kind, language=language, title=title,
            aliases=[name for name in others.split("|") if name], url=f"/names/{number}/",
        )
        for number, (kind, title, others) in enumerate(rows("names"), 1)
    ]  # fmt: skip


@dataclass
class Score:
    """How many of a set are right; ``misses`` in words, for who tunes."""

    name: str
    asked: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return 1 - len(self.misses) / self.asked

    def __str__(self) -> str:
        head = f"{self.name}: {self.share:.3f} of {self.asked}"
        # What is held out stays unseen.
        return head if self.name.endswith("heldout") else "\n  ".join([head, *self.misses])


def scored(name: str, judge: Callable[[list[str]], Iterator[str]]) -> Score:
    """Ask a judge of each row; what it yields are misses."""
    score = Score(name)
    for row in rows(name):
        score.asked += 1
        score.misses += list(judge(row))[:1]
    return score
