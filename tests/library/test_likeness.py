"""Near-duplicates are found, others are not; numbers by the rule."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.library.likeness import ALIKE, bands, likeness, signature
from portal.library.numbers import PATTERN, make_number, pattern_problem

WORDS = "云湖市人民政府办公室关于印发实施方案的通知各区县市直部门按照要求认真贯彻执行医保就业养老住房教育交通".strip()


def text_of(seed: int, length: int = 600) -> str:
    chosen = random.Random(seed)
    return "".join(chr(0x4E00 + chosen.randrange(3000)) for _ in range(length))


def share_a_band(one: str, other: str) -> bool:
    return not set(bands(signature(one))).isdisjoint(bands(signature(other)))


def test_a_text_is_like_itself_whatever_its_layout() -> None:
    text = text_of(1)
    spaced = "　".join(text[i : i + 20] for i in range(0, len(text), 20)) + "。\n"
    assert likeness(signature(text), signature(spaced)) == 1


def test_nearly_the_same_is_found_and_another_is_not() -> None:
    found = 0
    for seed in range(100):
        text = text_of(seed)
        near = text[:300] + text_of(seed + 1000, 20) + text[300:]
        found += share_a_band(text, near)
        assert likeness(signature(text), signature(near)) > ALIKE - 0.15
        assert likeness(signature(text), signature(text_of(seed + 500))) < 0.3
    assert found >= 97


def test_short_texts_are_not_compared() -> None:
    assert signature("通知") == []
    assert likeness([], []) == 0


@given(st.text(max_size=400))
def test_any_text_has_a_signature_or_none(text: str) -> None:
    found = signature(text)
    assert len(found) in (0, 32)
    assert all(0 <= value < 2**33 for value in found)
    assert all(0 <= band < 2**63 for band in bands(found))
    assert signature(text) == found


@given(st.text(max_size=60))
def test_any_pattern_is_used_or_refused(pattern: str) -> None:
    if not pattern_problem(pattern):
        number = make_number(pattern, site="x", record_type="article", year=2026, serial=7)
        assert "2026" in number
        assert "000007" in number


@pytest.mark.parametrize(
    "pattern", ["{site}-{year}", "{site}{year}{serial}{serial}", "{x}", "{", "{site!r}-{year}-{serial}",
                "{site}-{year}-{serial}" + "长" * 60]
)  # fmt: skip
def test_wrong_patterns_are_refused(pattern: str) -> None:
    assert pattern_problem(pattern)
    assert not pattern_problem(PATTERN)
