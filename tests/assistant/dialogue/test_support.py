"""Planted sentences that no passage bears out are dropped; those that one does stand."""

import pytest

from assistant.dialogue.support import Supported, is_supported, supported_sentences

RULE = "申领居住证应当在本市居住满半年，并提交本人身份证和住所证明。受理之日起15个工作日内制发居住证。首次申领免收工本费。"
CARD = "年满65周岁的老年人凭老年卡免费乘坐公共汽车。未满65周岁的按半价购票。"


def test_sentences_stand_with_what_they_cite() -> None:
    written = (
        "申领居住证应当在本市居住满半年[1]。需要提交本人身份证和住所证明[1]。"
        "居住证全国通用[1]。15个工作日内制发居住证【1】。年满65周岁的老年人免费乘坐公共汽车[2]"
    )
    assert supported_sentences(written, [RULE, CARD]) == [
        Supported("申领居住证应当在本市居住满半年。", (1,)),
        Supported("需要提交本人身份证和住所证明。", (1,)),
        Supported("15个工作日内制发居住证。", (1,)),
        Supported("年满65周岁的老年人免费乘坐公共汽车", (2,)),
    ]


@pytest.mark.parametrize(
    "planted",
    [
        "30个工作日内制发居住证。",  # another figure
        "申领居住证应当在本市居住满一年。",
        "首次申领收工本费。",  # a lost "not"
        "申领居住证不应当在本市居住满半年。",  # an added one
        "办理居住证还要缴纳社会保险。",  # another thing
        "老年人每月领取补贴。",
        "You need a visa.",
        "。",
    ],
)
def test_planted_sentences_are_dropped(planted: str) -> None:
    assert not is_supported(planted, [RULE])


def test_without_a_citation_or_with_a_wrong_one_nothing_stands() -> None:
    assert supported_sentences("申领居住证应当在本市居住满半年。", [RULE]) == []
    assert supported_sentences("申领居住证应当在本市居住满半年[3]。", [RULE]) == []
    assert supported_sentences("年满65周岁的老年人免费乘坐公共汽车[1]。", [RULE, CARD]) == []
    assert supported_sentences("", []) == []
