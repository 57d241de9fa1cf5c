"""What people wrote about in a month: words that come often, and the answers that are public
(R-INT-34)."""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from portal.interaction.models import Letter
from portal.interaction.typed import year_of

from .ledger import public_letters, public_replies
from .similar import COMMON, words_of

_MOST = 5_000
_SHOWN = 20
# How one asks, not what about: as topics they would only stand before the others.
_ASKING_WORDS = (
    "怎样 多少 多久 几点 哪个 为何 为什么 能不能 可不可以 要不要 有没有 是不是 应该 不能 不会 不了 "
    "可能 一下 一直 一些 这样 那样 自己 大家 您好 你好 谢谢 问问 请教 申请 提前 要求"
)
_ASKING = frozenset(_ASKING_WORDS.split())


@dataclass(frozen=True, slots=True)
class Topic:
    """A word with how many letters of the month and of the month before have it."""

    word: str
    letters: int
    before: int

    @property
    def more(self) -> int:
        return self.letters - self.before


@dataclass(frozen=True, slots=True)
class Answered:
    number: str
    kind: str
    theme: str
    question: str
    answer: str
    unit: str
    answered_at: datetime.datetime


def month_of(text: str) -> datetime.date:
    """The first day of a month given as ``2026-11``; the last full one for anything else."""
    try:
        found = datetime.date.fromisoformat(f"{text}-01")
        if year_of(f"{found.year:04d}") is None:
            raise ValueError(text)
        return found
    except ValueError:
        today = timezone.localdate()
        return (today.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)


def next_month(first: datetime.date) -> datetime.date:
    return (first + datetime.timedelta(days=32)).replace(day=1)


def _between(first: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    zone = timezone.get_current_timezone()
    midnight = datetime.time()
    return (
        datetime.datetime.combine(first, midnight, tzinfo=zone),
        datetime.datetime.combine(next_month(first), midnight, tzinfo=zone),
    )


def topics(letters: QuerySet[Letter], first: datetime.date) -> list[Topic]:
    """Words of subjects by how many letters have them; two queries. Names of people do not come
    often, and what only one letter has is left out."""
    now = _counted(letters, first)
    before = _counted(letters, (first - datetime.timedelta(days=1)).replace(day=1))
    rows = [Topic(word, number, before[word]) for word, number in now.most_common(200)]
    rows = [row for row in rows if row.letters > 1]
    return sorted(rows, key=lambda row: (-row.letters, -row.more))[:_SHOWN]


def _counted(letters: QuerySet[Letter], first: datetime.date) -> Counter[str]:
    begin, end = _between(first)
    rows = letters.filter(received_at__gte=begin, received_at__lt=end).order_by()
    counter: Counter[str] = Counter()
    for subject in rows.values_list("subject", flat=True)[:_MOST]:
        counter.update(word for word in words_of(subject) if word not in COMMON | _ASKING)
    return counter


def answered(sites: set[int] | None, first: datetime.date, *, most: int = _MOST) -> list[Answered]:
    """The public questions and answers of a month, as they are published. Two queries."""
    begin, end = _between(first)
    rows = public_letters().filter(answered_at__gte=begin, answered_at__lt=end)
    if sites is not None:
        rows = rows.filter(site__in=sites)
    letters: list[Any] = list(rows.select_related("unit").order_by("theme", "kind", "pk")[:most])
    replies = public_replies().filter(letter__in=letters).order_by("pk")
    texts = dict(replies.values_list("letter", "masked_text"))
    return [
        Answered(
            letter.number,
            str(letter.get_kind_display()),
            letter.theme,
            letter.masked_subject,
            texts.get(letter.pk, ""),
            letter.unit.short_name if letter.unit else "",
            letter.answered_at,
        )
        for letter in letters
    ]
