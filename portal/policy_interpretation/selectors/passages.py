"""Clauses in force that a question is about.

Documents are found by words of their titles and of their texts, then their clauses are compared
with the question by the words and pairs of characters that they share; rare ones count more.
"""

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from portal.plugin_api import Passage, having_words, main_site_pk, public_pages
from portal.policy_interpretation.clauses import ClauseData
from portal.policy_interpretation.models import PolicyPage, PolicyRecord
from portal.policy_interpretation.validity import in_force_q
from portal.text.official.script import simplified
from portal.text.segmentation import dense_runs, is_hanzi, normalise, pairs, query_tokens

from .clause_texts import Document, clause_on, documents_of

_LONGEST_QUESTION = 500
_MOST_WORDS = 12
_CANDIDATES = 25  # by titles, and as many by texts
_NEEDED = 4  # words that a text must have; half of them where none has all
_LONGEST_UNIT = 400
_OF_ONE_DOCUMENT = 2
# Less than this share of the question, and a clause is about another matter.
_LEAST = 0.5
# What pairs, words that only the title has, and single characters count against words.
_PAIR, _TITLE, _SINGLE = 0.3, 0.9, 0.3
_STRUCTURE = frozenset({"part", "chapter", "section"})
_NO_UNITS = frozenset({"preamble", "signature"})
# Words that make a question of anything, words of every document, and single characters that join.
_EMPTY_WORDS = """
怎么 怎样 怎么办 如何 什么 为什么 哪里 哪儿 哪些 哪个 多少 几个 多久 啥时候 时候 什么时候 是否 能否
有没有 可以 能够 需要 应该 应当 请问 想问 你好 您好 谢谢 我们 你们 他们 我家 这个 那个
现在 关于 一下 没有 不能 还是 或者 以及 进行 相关 有关 规定 办法 通知 文件 政策 云湖 云湖市
的 地 得 吗 呢 吧 了 我 你 他 她 要 在 有 是 怎 咋 啥 哪 能 会 可 给 和 与 或 还 都 就 去 到 把
被 让 为 不 没 请 想 问 办 发 做 这 那 几 个 对 从 向 以 上 下 里 中
the an of in to for is are do does how what when where can my and or on with
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class _Question:
    """``words`` are looked for in titles and texts, ``pairs`` tell clauses apart; ``singles`` are
    characters that stand alone (补 of 补贴) and count a little.
    """

    words: tuple[str, ...]
    pairs: tuple[str, ...]
    singles: tuple[str, ...]


def find_passages(
    text: str,
    *,
    site: int | None,
    language: str,
    at: datetime.datetime | None = None,
    count: int = 5,
) -> list[Passage]:
    """See ``Passages.passages``. At most six queries."""
    question = _read(text)
    if not question.words or count < 1:
        return []
    day = timezone.localdate(at or timezone.now())
    pks = _candidates(question, site, language, day)
    found = _ranked(question, documents_of(set(pks)), day) if pks else []
    return found[:count]


def _read(text: str) -> _Question:
    plain = simplified(normalise(text[:_LONGEST_QUESTION]))
    words: list[str] = []
    singles: list[str] = []
    alone = ""  # characters that make no word of the dictionary: 公租房 is cut 公 | 租房
    for token in query_tokens(plain):
        if token in _EMPTY:
            alone = ""
            continue
        single = len(token) == 1 and is_hanzi(token)
        if alone:
            words.append(alone + token[0])
        (singles if single else words).append(token)
        alone = token if single and not alone else ""
    content = [run for word in words for run, dense in dense_runs(word) if dense]
    both = [pair for run in content for pair in pairs(run)]
    return _Question(
        tuple(dict.fromkeys(word for word in words if len(word) > 1))[:_MOST_WORDS],
        tuple(dict.fromkeys(both)),
        tuple(dict.fromkeys(singles)),
    )


# --- documents ----------------------------------------------------------------------------------
def _candidates(
    question: _Question, site: int | None, language: str, day: datetime.date
) -> list[int]:
    """Documents in force with these words in their titles or in their texts. Three queries."""
    code = "zh-hans" if language.startswith("zh") else language
    where = Q(page__live=True, page__locale__language_code=code) & in_force_q(day)
    where &= Q(issued_on__isnull=True) | Q(issued_on__lte=day)
    where &= public_pages("page__path")
    if site is not None:
        where &= Q(site__in={site, main_site_pk()})
    records = PolicyRecord.objects.filter(where)
    pks = dict.fromkeys(_by_title(records, question.words))
    pages = PolicyPage.objects.filter(policy_record__in=records, alias_of__isnull=True)
    # Words that are in most documents make ranking by relevance take seconds, so texts must have
    # all of the longest words (the most telling ones), and of those the newest are taken.
    longest = sorted(question.words, key=len, reverse=True)
    for number in (_NEEDED, _NEEDED // 2):
        with_words = having_words(pages, longest[:number]).values_list("pk", flat=True)
        found = list(with_words[:_CANDIDATES])
        pks |= dict.fromkeys(found)
        if found or len(longest) < number:
            break
    return list(pks)


def _by_title(records: QuerySet[PolicyRecord], words: Sequence[str]) -> list[int]:
    score: Case | None = None
    anything = Q()
    for word in words:
        anything |= Q(title__icontains=word)
        part = Case(
            When(title__icontains=word, then=Value(len(word))),
            default=Value(0),
            output_field=IntegerField(),
        )
        score = part if score is None else score + part  # type: ignore[assignment]
    found = records.filter(anything).annotate(fits=score).order_by("-fits", "-published_at")
    return list(found.values_list("page_id", flat=True)[:_CANDIDATES])


# --- clauses ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Unit:
    """A clause with all below it: what one reads as a whole."""

    document: Document
    clause: ClauseData
    text: str


def _ranked(
    question: _Question, documents: Mapping[int, Document], day: datetime.date
) -> list[Passage]:
    units = [unit for document in documents.values() for unit in _units(document, day)]
    if not units:
        return []
    rarity = _rarity((*question.words, *question.pairs), units)
    usual = sum(len(unit.text) for unit in units) / len(units)
    scored: list[tuple[float, float, _Unit]] = []
    for unit in units:
        title = unit.document.page.title
        inside = {word for word in question.words if word in unit.text}
        above = {word for word in question.words if word in title} - inside
        singles = sum(single in unit.text for single in question.singles)
        if not inside and not (above and singles):
            continue
        # All words alike: those that found the documents are rare in none of them.
        counted = len(inside) + _TITLE * len(above) + _SINGLE * singles
        share = min(1.0, counted / len(question.words))
        if share < _LEAST:
            continue
        words = sum(rarity[w] for w in inside) + _TITLE * sum(rarity[w] for w in above)
        words += _SINGLE * singles
        shared = sum(rarity[pair] for pair in question.pairs if pair in unit.text)
        length = 0.75 + 0.25 * len(unit.text) / usual
        scored.append(((words + _PAIR * shared) / length, share, unit))
    scored.sort(key=lambda row: -row[0])
    return list(_passages(scored, day))


def _passages(
    scored: Sequence[tuple[float, float, _Unit]], day: datetime.date
) -> Iterator[Passage]:
    taken: dict[int, int] = {}
    for _score, share, unit in scored:
        pk = unit.document.page.pk
        if taken.get(pk, 0) >= _OF_ONE_DOCUMENT:
            continue
        told = clause_on(unit.document, unit.clause.id, day)
        if told is None:
            continue
        taken[pk] = taken.get(pk, 0) + 1
        yield Passage(
            kind="policy",
            key=f"page:{pk}#{unit.clause.anchor}",
            title=told.title,
            url=told.url,
            label=told.label,
            text=unit.text,
            standing=told.standing,
            score=round(share, 3),
            valid_from=told.valid_from,
            valid_until=told.valid_until,
        )


def _rarity(terms: Sequence[str], units: Sequence[_Unit]) -> dict[str, float]:
    """How telling each term is among these clauses."""
    having = {term: sum(term in unit.text for unit in units) for term in terms}
    return {term: math.log(1 + len(units) / (1 + number)) for term, number in having.items()}


def _units(document: Document, day: datetime.date) -> Iterator[_Unit]:
    """Clauses that hold on the day, as large as one reads at a glance; long ones in their parts."""
    text = document.text_on(day)
    if text is None:
        return
    holding = [c for c in text.clauses if c.invalid_from is None or c.invalid_from > day]
    below: dict[str, list[ClauseData]] = {}
    for clause in holding:
        below.setdefault(clause.parent, []).append(clause)

    def words(clause: ClauseData) -> Iterator[str]:
        if line := f"{clause.number} {clause.text}".strip():
            yield line
        for child in below.get(clause.id, ()):
            yield from words(child)

    def walk(parent: str) -> Iterator[_Unit]:
        for clause in below.get(parent, ()):
            if clause.level in _NO_UNITS:
                continue
            whole = "" if clause.level in _STRUCTURE else "\n".join(words(clause))
            if whole and (len(whole) <= _LONGEST_UNIT or clause.id not in below):
                yield _Unit(document, clause, whole)
            else:
                yield from walk(clause.id)

    yield from walk("")
