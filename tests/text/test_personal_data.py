"""What is personal is hidden; what is not stays readable. The numbers are invented."""

import random
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.text.personal_data import (
    MASK,
    Kind,
    find,
    has_identity_checksum,
    has_luhn,
    scrub,
)


def identity(seed: int, *, valid: bool = True) -> str:
    """An invented identity number; with the right check digit, or a wrong one."""
    dice = random.Random(seed)
    first = f"{dice.choice('12345')}{dice.randrange(10000, 99999)}"
    birthday = f"{dice.randrange(1930, 2020)}{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}"
    body = f"{first}{birthday}{dice.randrange(1000):03}"
    ends = [end for end in "0123456789X" if has_identity_checksum(body + end) == valid]
    return body + dice.choice(ends)


ENDS_WITH_X = next(seed for seed in range(1000) if identity(seed)[-1] == "X")


def card(seed: int) -> str:
    """An invented card number with a right check digit that is no identity number."""
    dice = random.Random(seed)
    body = f"62{dice.randrange(10**16):016}"
    return next(body + str(end) for end in range(10) if has_luhn(body + str(end)))


@pytest.mark.parametrize("valid", [True, False])
def test_identity_numbers_are_found_with_a_right_check_digit_and_with_a_wrong_one(
    valid: bool,
) -> None:
    for seed in range(200):
        number = identity(seed, valid=valid)
        scrubbed = scrub(f"我的证件是{number}，怎么办？")
        assert scrubbed.text == f"我的证件是{MASK}，怎么办？"
        assert scrubbed.kinds == {Kind.IDENTITY}
        assert scrubbed.is_stopping


@pytest.mark.parametrize(
    "written",
    [
        lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
        lambda n: f"{n[:6]}-{n[6:14]}-{n[14:]}",
        lambda n: "".join(chr(ord(c) + 0xFEE0) for c in n),  # full width
        lambda n: "".join(dict(zip("0123456789", "零一二三四五六七八九", strict=True)).get(c, c) for c in n),
        lambda n: n.lower(),
    ],
)  # fmt: skip
def test_however_it_is_written(written) -> None:  # type: ignore[no-untyped-def]
    for seed in range(60):
        text = written(identity(seed))
        assert scrub(text).text == MASK, text


def test_card_numbers_stop_a_question_and_are_told_by_their_check_digit() -> None:
    for seed in range(200):
        number = card(seed)
        assert scrub(f"卡号 {number} 没到账").kinds == {Kind.BANK_CARD}
        spaced = " ".join(number[i : i + 4] for i in range(0, len(number), 4))
        assert MASK in scrub(spaced).text
        assert not any(c.isdigit() for c in scrub(spaced).text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电话13812345678", Kind.MOBILE),
        ("打 138 1234 5678", Kind.MOBILE),
        ("+86 138-1234-5678", Kind.MOBILE),
        ("幺三八一二三四五六七八", Kind.MOBILE),
        ("家里0888-2345678", Kind.LANDLINE),
        ("座机是 82345678", Kind.LANDLINE),
        ("写信到 li.ming@example.com", Kind.EMAIL),
        ("护照E12345678", Kind.PASSPORT),
        ("my passport number is AB1234567", Kind.PASSPORT),
        ("车牌浙A12345被拍", Kind.PLATE),
        ("浙AD12345", Kind.PLATE),
        ("我叫王小明，想办居住证", Kind.NAME),
        ("我是李建国的儿子", Kind.NAME),
        ("姓名：欧阳娜娜", Kind.NAME),
        ("My name is John Smith and I", Kind.NAME),
    ],
)
def test_what_is_masked_and_goes_on(text: str, kind: Kind) -> None:
    scrubbed = scrub(text)
    assert kind in scrubbed.kinds
    assert MASK in scrubbed.text
    assert not scrubbed.is_stopping


@pytest.mark.parametrize(
    "text",
    [
        "12345热线几点上班",
        "云政发〔2026〕12号还有效吗",
        "2026年11月26日以后怎么办，二〇二六年呢",
        "补贴50000元到100000元",
        "统一社会信用代码91330106MA2AX12345怎么查",
        "我是高中生，能申请吗",
        "我是江苏人，怎么落户",
        "我是外地人",
        "我是退休职工，医保怎么办",
        "第12条第3款",
        "邮编310000",
        "a@b 是什么",
        "HSK4级可以吗",
        "110、119、120 都是什么电话",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert scrub(text).text == text


@given(st.text(max_size=300))
def test_finds_are_in_order_and_never_overlap(text: str) -> None:
    found = find(text)
    assert all(0 <= item.start < item.end <= len(text) for item in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


@given(st.text(max_size=60), st.integers(0, 10_000), st.text(max_size=60))
@example("", ENDS_WITH_X, "0")  # the run goes on behind the letter
def test_a_number_never_comes_through_whatever_stands_around_it(
    before: str, seed: int, after: str
) -> None:
    number = identity(seed)
    assert number not in scrub(f"{before}{number}{after}").text
