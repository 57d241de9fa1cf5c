"""Whatever is typed: an answer in bounded time, never an error, never markup of the visitor's."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.search.finding import cascade
from portal.search.services.contract import LONGEST_QUERY
from portal.search.services.correcting import Corrections

from . import quality
from .shelf import Shelf

HOSTILE = [
    "", " ", "\n\t", "\x00", "\x00居住证\x00", "居住证\x1b[31m", "\ud800", "居\udfff住证", "\ufffe\uffff",
    '"', '""', '"居住证', '居住证"', '"居"住"证"', "“居住证", "「」『』《》", "'", "''", "' OR 1=1 --", "'; DROP TABLE x; --",
    "a AND b OR NOT c", "+居住证 -办理", "-", "--", "NOT", "AND", "title:居住证", "title:*", "*", "?", "居住证*", "~", "居住证~2",
    "^", "居住证^100", "(", ")", "((((((((((", "[a TO b]", "{", "}", "\\", "\\\\", "/", "/.*/", "居住证\\", "a:b:c", "%", "%%s%d{0}",
    "(a+)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(" * 500, "a" * 10_000, "居住证" * 4_000, "居 " * 5_000, "《" * 5_000,
    '"' * 9_999, '"a' * 3_000, "😀", "😀居住证😀", "👨‍👩‍👧‍👦上户口", "🇨🇳", "\u202e证住居\u202c", "\u2066居住证\u2069", "居\u200b住\u200b证",
    "<script>alert(1)</script>", "<b>居住证</b>", "&lt;居住证&gt;", "<img src=x onerror=alert(1)>", "居住证</mark><script>",
    "İstanbul ß ﬃ", "ﷺ" * 200, "e\u0301" * 3_000, "\u0301" * 5_000, "ก็็็็็็็็" * 100, "㍿㌢", "①②③", "１２３", "²³", "Ⅷ",
    "云(" * 2_000, "云(yun" * 1_500, "云政发〔2026〕" * 700, "云政发〔" * 2_000, "0" * 9_000, "0571-" * 2_000, "1.1.1.1" * 1_000,
    "2026年13月45日", "2026-99-99", "九" * 5_000, "二〇" * 4_000, "http://[::1]/?q=" + "a" * 2_000, "${jndi:ldap://x}", "{{7*7}}",
    "的", "了吗呢吧", "请问", "请问怎么办理", "怎么" * 2_000, "的" * 9_000, "，。！？", "一 二 三 四 五 六 七 八 九 十 " * 30,
    "𠮷野家" * 500, "\U0010fffd居住证", "\x1e居住证\x1e", "㐀", "〇", "々々々", "ー" * 500, "ㄅㄆㄇ", "한국어" * 500, "العربية" * 500,
]  # fmt: skip


@pytest.fixture
def words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cascade, "nearest", lambda *args, **kwargs: ())
    monkeypatch.setattr(cascade, "corrections", lambda *args, **kwargs: Corrections())


@pytest.mark.parametrize("language", ["zh-hans", "en", "ja", "ko", "fr", "ru", "ar"])
def test_hostile_queries_are_answered(shelf: Shelf, language: str) -> None:
    shelf.put("page:1", "居住证 residence", "居住证<script>alert(1)</script>", language=language)
    for typed in HOSTILE:
        began = time.process_time()
        outcome = shelf.find(typed, language=language, facets=("kind",))
        took = time.process_time() - began
        assert took < 0.5, (typed[:40], took)
        for found in outcome.results:
            for html in (found.title_html, found.snippet_html):
                bare = html.replace("<mark>", "").replace("</mark>", "")
                assert "<" not in bare


def test_what_is_hidden_in_a_word_does_not_hide_it(shelf: Shelf) -> None:
    shelf.put("page:1", "居住证")
    for typed in ("居\u200b住\u200b证", "\u2066居住证\u2069", "居\udfff住证", "\x00居住证\x00", "居 住 证",
                  "居(jū)住(zhù)证(zhèng)", "居住證", "<b>居住证</b>", "+居住证", "😀居住证😀"):  # fmt: skip
        assert shelf.keys(typed) == ["page:1"], typed


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=300) | st.text('居住证上户口“”"-()〔〕2026云政发号 ', max_size=60))
def test_no_text_is_an_error(words_alone: None, typed: str) -> None:
    found = quality.looked_for(typed)
    keys = [key for key, _ in found.keys(0, 30)]
    assert len(keys) == len(set(keys))
    assert found.total >= len(keys)


@pytest.mark.parametrize("sign", ["居", "居住证", "a", "(", "“", "1", "é", "云(yún)", "①", "〔"])
def test_the_cost_has_a_bound(words_alone: None, sign: str) -> None:
    """Ten times as much typed is no more to do: of a query the first 500 signs count."""

    def cost(text: str) -> float:
        began = time.process_time()
        for _ in range(5):
            quality.looked_for(text)
        return time.process_time() - began

    short, long = sign * (600 // len(sign)), sign * (LONGEST_QUERY // len(sign))
    cost(short)
    assert cost(long) < 4 * cost(short) + 0.05
