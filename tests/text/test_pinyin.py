import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text.pinyin import slug, sort_key

any_text = st.text(st.characters())


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("云湖市2024年政府工作报告", "yun-hu-shi-2024-nian-zheng-fu-gong-zuo-bao-gao"),
        ("重庆", "chong-qing"),
        ("绿色Ｃafé №5", "lv-se-cafe-no5"),
        ("关于印发《办法》的通知", "guan-yu-yin-fa-ban-fa-de-tong-zhi"),
        ("правительство", "page"),
        ("？！", "page"),
        ("", "page"),
    ],
)
def test_slug(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_a_long_title_is_cut_between_words() -> None:
    assert slug("云湖市人民政府", max_length=11) == "yun-hu-shi"
    assert slug("administration", max_length=5) == "admin"


def test_order_is_alphabetical_by_syllables() -> None:
    names = ["重庆", "北京", "安徽", "？", "Beihai", "昂", "安"]
    assert sorted(names, key=sort_key) == [
        "安",
        "安徽",
        "昂",
        "北京",
        "Beihai",
        "重庆",
        "？",
    ]
    assert sort_key("安徽")[0] == "a"


@given(any_text, st.integers(min_value=1, max_value=120))
def test_a_slug_is_always_an_address(title: str, max_length: int) -> None:
    result = slug(title, max_length=max_length)
    assert 1 <= len(result) <= max_length
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", result)


@given(any_text)
def test_a_sort_key_is_never_empty(text: str) -> None:
    key = sort_key(text)
    assert key
    assert key.isascii()
    assert key == key.lower()
