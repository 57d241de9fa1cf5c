"""The translation memory: what was released is found again, the nearest first, and quickly."""

import random
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.foreign.models import LiveSegment, PageTranslation
from portal.foreign.selectors import memory
from portal.foreign.selectors.memory import difference, suggestions
from portal.foreign.services.memory import remember, remember_all
from portal.foreign.services.syncing import sync_source
from portal.foreign.shapes import keys_of, likeness, shape_of

from .factories import Section
from .memories import fill_memory


@dataclass
class Wanted:
    source_text: str
    path: str = "body.x"


@pytest.fixture
def translation(english: Section) -> PageTranslation:
    sync_source(english.article)
    return PageTranslation.objects.select_related("section__locale", "source").get(
        section=english.row, source_id=english.article.pk
    )


def released(translation: PageTranslation, *pairs: tuple[str, str], path: str = "body.x") -> None:
    translation.live_segments.all().delete()
    for number, (source, text) in enumerate(pairs):
        LiveSegment.objects.create(
            translation=translation, path=path, position=number, source_hash=str(number),
            source_text=source, text=text, made_at=timezone.now(),
        )  # fmt: skip
    remember(translation=translation)


def test_the_same_text_comes_first_then_what_is_alike(translation: PageTranslation) -> None:
    released(
        translation,
        ("持居留许可的外国人应当在十日内登记。", "Holders register within ten days."),
        ("持居留许可的外国人应当在十日内到派出所登记。", "Holders register at the police station."),
        ("今天天气很好，适合出游。", "Nice weather."),
    )
    found = suggestions(translation, Wanted("持居留许可的外国人应当在十日内登记。"))
    assert next((one.text, one.percent) for one in found) == (
        "Holders register within ten days.",
        101,
    )
    assert [one.text for one in found][1:] == ["Holders register at the police station."]
    elsewhere = suggestions(translation, Wanted("持居留许可的外国人应当在十日内登记。", "title"))
    assert elsewhere[0].percent == 100


def test_only_numbers_are_other_is_nearly_the_same(translation: PageTranslation) -> None:
    released(translation, ("申请费用为 400 元，<b>10</b> 个工作日办结。", "The fee is CNY 400."))
    (found,) = suggestions(translation, Wanted("申请费用为 1,200 元，5 个工作日办结。"))
    assert found.percent == 99
    assert [(piece.kind, piece.text) for piece in found.difference("申请费用为 500 元，10 个工作日办结。")] == [
        ("same", "申请费用为 "), ("left", "4"), ("added", "5"), ("same", "00 元，10 个工作日办结。"),
    ]  # fmt: skip


def test_what_was_released_before_is_remembered_after_the_source_changed(
    translation: PageTranslation,
) -> None:
    released(translation, ("旧的说法是这样的。", "Old."))
    released(translation, ("新的说法是那样的。", "New."))
    assert remember_all() == 0
    assert (
        next(one.text for one in suggestions(translation, Wanted("旧的说法是这样的。"))) == "Old."
    )


def test_other_languages_are_not_suggested(translation: PageTranslation, japanese: Section) -> None:
    released(translation, ("持居留许可的外国人应当登记。", "Register."))
    sync_source(japanese.article)
    other = PageTranslation.objects.get(section=japanese.row, source_id=japanese.article.pk)
    assert suggestions(other, Wanted("持居留许可的外国人应当登记。")) == []


def test_difference_leaves_tags_out() -> None:
    assert [piece.kind for piece in difference('看<a id="a1">这里</a>', "看这里")] == ["same"]


WORDS = [
    "居留",
    "许可",
    "申请",
    "外国人",
    "材料",
    "办理",
    "窗口",
    "登记",
    "护照",
    "签证",
    "税务",
    "企业",
    "子女",
    "入学",
    "医院",
    "急救",
    "工作日",
    "费用",
    "免费",
    "预约",
    "网上",
    "提交",
    "审核",
    "领取",
    "证件",
    "住宿",
    "派出所",
    "信息",
    "变更",
    "延期",
    "注销",
    "证明",
    "合同",
    "社保",
    "公积金",
    "驾驶",
    "车辆",
    "交通",
]


def sentence(chance: random.Random) -> str:
    return "".join(chance.choice(WORDS) for _ in range(chance.randint(6, 25))) + "。"


def test_edited_texts_are_found_again() -> None:
    """The keys lead to the text: nineteen of twenty with an edit in one place out of ten words."""
    chance = random.Random(7)
    hits = 0
    for _ in range(400):
        words = [chance.choice(WORDS) for _ in range(12)]
        edited = list(words)
        edited[chance.randrange(12)] = chance.choice(WORDS)
        one, other = shape_of("".join(words)), shape_of("".join(edited))
        assert likeness(one, other) > 0.7
        hits += len(set(keys_of(one)) & set(keys_of(other))) >= 2
    assert hits >= 380


def test_a_look_up_among_many_compares_few(
    translation: PageTranslation, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(11)
    texts = list({sentence(chance) for _ in range(1_500)})
    fill_memory(translation.section.locale_id, texts)
    compared: list[str] = []

    def counting(one: str, other: str) -> float:
        compared.append(one)
        return likeness(one, other)

    monkeypatch.setattr(memory, "likeness", counting)
    wanted = [texts[number * 37][:-2] + "了。" for number in range(20)]
    with CaptureQueriesContext(connection) as queries:
        found = [suggestions(translation, Wanted(text)) for text in wanted]
    assert [text[:5] for text in wanted] == [best[0].source_text[:5] for best in found]
    assert len(queries) <= 4 * len(wanted)
    assert len(compared) <= 60 * len(wanted)
