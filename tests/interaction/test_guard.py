"""The reply guard, measured: replies that were swapped are caught, rightful ones pass."""

import random
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from portal.interaction.guard import (
    LetterText,
    OtherText,
    alike,
    check,
    from_stored,
    template_share,
    to_stored,
)

BELONGING = {"other_letter", "off_topic"}


class Pair(NamedTuple):
    theme: str
    number: str
    letter: str
    reply: str


def read(name: str) -> list[Pair]:
    themes = yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))
    rows = [(theme["theme"], pair) for theme in themes for pair in theme["pairs"]]
    return [
        Pair(theme, f"YH-2611{at:04}", f"{pair['subject']}。{pair['letter']}", pair["reply"])
        for at, (theme, pair) in enumerate(rows)
    ]


def others(pairs: list[Pair], *, without_replies_of: tuple[Pair, ...] = ()) -> list[OtherText]:
    return [
        OtherText(pair.number, pair.letter, "" if pair in without_replies_of else pair.reply)
        for pair in pairs
    ]


def stopped(pair: Pair, reply: str, beside: list[OtherText]) -> bool:
    found = check(LetterText(pair.number, pair.letter), reply, beside)
    return any(finding.blocking for finding in found)


def caught_and_alarms(pairs: list[Pair], swaps: list[tuple[Pair, Pair]]) -> tuple[int, int]:
    # The reply that is handed in is not among those that were sent before: it is new.
    caught = sum(
        stopped(letter, other.reply, others(pairs, without_replies_of=(letter, other)))
        for letter, other in swaps
    )
    alarms = sum(
        stopped(pair, pair.reply, others(pairs, without_replies_of=(pair,))) for pair in pairs[:110]
    )
    return caught, alarms


def test_95_of_100_swapped_replies_are_stopped_with_3_false_alarms_at_most() -> None:
    pairs = read("guard_set.yaml")
    dice = random.Random(20261128)
    swaps = [tuple(dice.sample(pairs, 2)) for _ in range(100)]
    caught, alarms = caught_and_alarms(pairs, swaps)  # type: ignore[arg-type]
    assert len(pairs) >= 100
    assert caught >= 95
    assert alarms <= 3


def test_replies_swapped_within_a_theme_are_stopped_as_well() -> None:
    pairs = read("guard_set.yaml")
    within = [(a, b) for a in pairs for b in pairs if a != b and a.theme == b.theme]
    swaps = random.Random(7).sample(within, 100)
    caught, _alarms = caught_and_alarms(pairs, swaps)
    assert caught >= 95


GOOD = (
    "您好。经现场踏勘，柳岸小区南侧支路可以划62个限时泊位，本月底完成。"
    "依据《云湖市机动车停车条例》第十九条。有疑问请拨 0999-10001101。"
)
LETTER = LetterText(
    "YH261128-7K3D5",
    "柳岸小区门口没地方停车，能不能设夜间停车位？我的电话是13800138000。",
    sender_name="周明",
    sender_data=("13800138000", "zhou@example.org", "柳岸小区3栋402"),
)


def codes(reply: str, letter: LetterText = LETTER) -> list[str]:
    return [finding.code for finding in check(letter, reply)]


def test_a_complete_reply_has_no_findings() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("reply", "code", "blocking"),
    [
        ("", "empty", True),
        (GOOD.replace("62个", "{数量}个"), "gap", True),
        (
            "您好。您反映的柳岸小区停车问题已转交交警部门处理，请您耐心等待。",
            "forwarded_only",
            True,
        ),
        (GOOD.replace("依据《云湖市机动车停车条例》第十九条。", ""), "no_basis", False),
        (GOOD.replace("有疑问请拨 0999-10001101。", ""), "no_contact", False),
        (GOOD.replace("您好", "王女士：您好"), "salutation", True),
        (GOOD.replace("您好", "您好，编号YH261127-9A2C4的来信收悉"), "other_number", True),
        (GOOD + "已告知住户13900139001。", "third_person", True),
        (GOOD + "我们会拨打13800138000。", "writer_data", False),
        ("好的，停车位会划。", "too_short", False),
    ],
)
def test_what_a_reply_lacks_or_must_not_have_is_said(reply: str, code: str, blocking: bool) -> None:
    found = {finding.code: finding for finding in check(LETTER, reply)}
    assert code in found
    assert found[code].blocking is blocking
    assert found[code].message
    if found[code].span:
        start, end = found[code].span
        assert reply[start:end]


@pytest.mark.parametrize("name", ["周先生：您好", "尊敬的周明先生：您好", "市民先生：您好"])
def test_the_writer_is_greeted_by_the_own_name(name: str) -> None:
    assert "salutation" not in codes(GOOD.replace("您好", name))


def test_forwarding_together_with_a_result_is_an_answer() -> None:
    reply = GOOD + "地下车库的部分已转交物业处理，请留意小区通知。"
    assert "forwarded_only" not in codes(reply)


def test_the_same_words_with_other_numbers_are_the_same_reply() -> None:
    sent = OtherText("YH261101-00001", "路灯不亮", GOOD)
    again = GOOD.replace("62", "48").replace("1101", "1108")
    found = check(LETTER, again, [sent])
    assert [(one.code, one.detail) for one in found] == [("same_reply", "YH261101-00001")]
    assert alike(GOOD, GOOD) == 1
    assert alike(GOOD, "完全是另外一段话，说的是别的事情。") < 0.1


def test_letters_about_one_matter_may_have_one_answer() -> None:
    """Many people write about the same thing: the reply is nobody else's."""
    pairs = read("guard_set.yaml")
    mine = pairs[0]
    twin = OtherText("YH-TWIN", mine.letter.replace("6楼", "5楼") + "盼复。")
    assert not stopped(mine, mine.reply, [*others(pairs, without_replies_of=(mine,)), twin])


def test_template_share_is_the_part_of_sentences_that_come_again() -> None:
    common = "感谢您对我们工作的关心和支持。"
    assert template_share(["路灯今晚修好并且逐一检查过。" + common, common]) == pytest.approx(
        28 / 41
    )
    assert template_share(["只有这一封回复是这样写的。"]) == 0
    assert template_share([]) == 0


def test_findings_are_kept_as_json_and_come_back() -> None:
    found = check(LETTER, GOOD.replace("62个", "{数量}个"))
    assert from_stored(to_stored(found)) == found


def test_a_foreign_letter_without_translation_is_not_judged_by_its_words() -> None:
    assert "off_topic" not in codes(GOOD, LetterText("YH261128-7K3D5", ""))


def test_how_the_guard_does_on_pairs_that_were_written_after_it() -> None:
    """The bounds were not set on these; what is asserted is a little below what was measured."""
    pairs = read("guard_unseen.yaml")
    dice = random.Random(5)
    swaps = [tuple(dice.sample(pairs, 2)) for _ in range(100)]
    caught, alarms = caught_and_alarms(pairs, swaps)  # type: ignore[arg-type]
    assert len(pairs) == 30
    assert caught >= 95
    assert alarms <= 2
