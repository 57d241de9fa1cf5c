"""Texts for synthetic articles: sentences of a small word list, put together by a seed."""

import datetime
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

VOCABULARY = Path(__file__).with_name("bulk_vocabulary.yaml")
# Fixed, so that the same seed gives the same articles on any day, and none of them in the future.
FIRST_DAY = datetime.date(2021, 1, 4)
LAST_DAY = datetime.date(2025, 12, 31)
_SUBJECTS = ("places", "units", "matters", "people", "means", "results")

type Vocabulary = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article; the first one has no heading."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What a synthetic article says. ``published_at`` is naive local time of the portal."""

    title: str
    subtitle: str
    summary: str
    source: str
    keywords: str
    published_at: datetime.datetime
    sections: tuple[Section, ...]


@cache
def vocabulary() -> Vocabulary:
    """The word list; read once for each process."""
    with VOCABULARY.open(encoding="utf-8") as stream:
        words: Vocabulary = yaml.safe_load(stream)
    return words


class _Filling:
    """Fills a sentence: an article keeps its place, unit and matter, figures differ each time."""

    def __init__(self, chance: random.Random, day: datetime.date, words: Vocabulary) -> None:
        self._chance = chance
        self._day = day
        self._fixed = {name: chance.choice(words[name]) for name in _SUBJECTS}

    def __getitem__(self, name: str) -> str:
        match name:
            case "number":
                return str(self._chance.randrange(120, 9_800))
            case "small":
                return str(self._chance.randrange(3, 30))
            case "year" | "month" | "day":
                return str(getattr(self._day, name))
        return self._fixed[name]


def article_text(seed: int, number: int) -> ArticleText:
    """The text of the article with this number: the same for the same seed, always."""
    words = vocabulary()
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 - no secret depends on it
    days = (LAST_DAY - FIRST_DAY).days
    day = FIRST_DAY + datetime.timedelta(days=chance.randrange(days + 1))
    filling = _Filling(chance, day, words)

    def say(name: str) -> str:
        return chance.choice(words[name]).format_map(filling)

    title = say("titles")
    lead = say("leads")
    plan = chance.sample(words["sentences"], k=chance.randrange(7, 12))
    sentences = [sentence.format_map(filling) for sentence in plan]
    headings = chance.sample(words["headings"], k=2)
    third = len(sentences) // 3
    sections = (
        Section("", (lead, "".join(sentences[:third]))),
        Section(headings[0], ("".join(sentences[third : 2 * third]),)),
        Section(headings[1], ("".join(sentences[2 * third :]), say("closings"))),
    )
    return ArticleText(
        title=title,
        subtitle=say("subtitles") if chance.random() < 0.2 else "",
        summary=lead,
        source=filling["units"],
        keywords=f"{filling['matters']},{filling['places']}",
        published_at=datetime.datetime.combine(
            day, datetime.time(chance.randrange(8, 18), chance.randrange(60))
        ),
        sections=sections,
    )
