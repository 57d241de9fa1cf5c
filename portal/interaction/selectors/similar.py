"""What may answer a letter before it is sent: public answers, approved Q&A, guides to services."""

import json
from dataclasses import dataclass
from functools import lru_cache

from portal.interaction.masking import masked
from portal.plugin_api import (
    CapabilityUnavailable,
    DirectAnswer,
    ServiceGuide,
    capability,
    direct_answers,
    kept_text,
    service_guides,
)
from portal.text.segmentation import query_tokens

from .ledger import public_letters

LOOKED_AT = 2_000
SHOWN = 3
_ENOUGH = 2  # words in common
_LONGEST = 500
# In half of all letters; they say nothing of what one is about.
_EVERYWHERE = (
    "请问 什么 怎么 如何 可以 需要 没有 一个 我们 你们 关于 问题 办理 希望 建议 投诉 反映 情况 "
    "咨询 有关 部门 相关 时候 现在 已经 因为 所以 如果 但是 还是 这个 那个 哪里 哪些 是否 能否 "
    "尽快 怎样 哪儿 多少 几点 是不是 能不能 有没有 可不可以 要带 知道 这里 那里 "
    "the and for how what where can you with this that please have from"
)
COMMON = frozenset(_EVERYWHERE.split())


@dataclass(frozen=True, slots=True)
class AnsweredBefore:
    number: str
    subject: str


@dataclass(frozen=True, slots=True)
class Similar:
    """Empty where nothing surely fits."""

    letters: tuple[AnsweredBefore, ...] = ()
    guides: tuple[ServiceGuide, ...] = ()
    answer: DirectAnswer | None = None

    def __bool__(self) -> bool:
        return bool(self.letters or self.guides or self.answer)


def similar_to(subject: str, text: str, *, site: int, language: str) -> Similar:
    """What is alike; the words are masked before they go to anybody."""
    words = masked(f"{subject}\n{text}"[:_LONGEST])
    asked = masked(subject)[:200].strip()
    if len(asked) < 2:
        return Similar()
    return Similar(
        letters=_letters(words, site),
        guides=_guides(asked, site, language),
        answer=_answer(asked, site, language),
    )


def _letters(words: str, site: int) -> tuple[AnsweredBefore, ...]:
    wanted = words_of(words)
    if not wanted:
        return ()
    found = []
    for number, subject in _subjects(site):
        common = wanted & words_of(subject)
        if len(common) >= _ENOUGH:
            found.append((len(common) / (len(words_of(subject)) or 1), number, subject))
    found.sort(key=lambda row: -row[0])
    return tuple(AnsweredBefore(number, subject) for _share, number, subject in found[:SHOWN])


@lru_cache(maxsize=4 * LOOKED_AT)
def words_of(text: str) -> frozenset[str]:
    return frozenset(word for word in query_tokens(text) if len(word) > 1) - COMMON


def _subjects(site: int) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = json.loads(
        kept_text(("interaction", "subjects", site), lambda: _read_subjects(site))
    )
    return rows


def _read_subjects(site: int) -> str:
    rows = public_letters(site).order_by("-answered_at").values_list("number", "masked_subject")
    return json.dumps([row for row in rows[:LOOKED_AT] if row[1]])


def _guides(asked: str, site: int, language: str) -> tuple[ServiceGuide, ...]:
    provider = capability(service_guides, site)
    if provider is None:
        return ()
    try:
        return tuple(provider.find(asked, site=site, language=language, count=SHOWN))
    except CapabilityUnavailable:
        return ()


def _answer(asked: str, site: int, language: str) -> DirectAnswer | None:
    provider = capability(direct_answers, site)
    if provider is None:
        return None
    try:
        return provider.direct_answer(asked, site=site, language=language)
    except CapabilityUnavailable:
        return None
