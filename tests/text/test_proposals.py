import pytest

from portal.text.proposals import abstract, is_nearly_same, keywords

LEAD = (
    "市水务局11月起对全市老旧供水管网开展冬季检修。检修期间居民用水价格不变，停水时间提前三天公布。"
)
REST = (
    "供水管网检修分三批进行，第一批在湖滨区。管网检修由水务局负责，居民可以拨打热线咨询供水安排。"
)
NOTICE = f"云政办〔2026〕4号\n各区人民政府，市政府各部门：\n{LEAD}\n{REST}"


def test_the_abstract_begins_with_the_text_proper() -> None:
    found = abstract(NOTICE)
    assert found.startswith("市水务局11月起")
    assert "〔2026〕" not in found
    assert found.endswith("。")


def test_the_abstract_is_made_of_whole_sentences_of_the_text() -> None:
    assert abstract(NOTICE, 60) in NOTICE.replace("\n", "")
    assert len(abstract(NOTICE, 60)) <= 60


def test_a_long_first_sentence_is_cut_where_one_may_breathe() -> None:
    sentence = "为了进一步做好冬季供水保障，" * 20 + "特此通知。"
    found = abstract(sentence, 100)
    assert len(found) <= 100
    assert found.endswith("保障…")


def test_a_byline_is_no_part_of_it() -> None:
    assert abstract("（本报讯 记者 报道）" + LEAD).startswith("市水务局")


@pytest.mark.parametrize("text", ["", "\n \n", "。", "；", "短"])
def test_little_text_gives_little(text: str) -> None:
    assert len(abstract(text)) <= 1
    assert keywords(text) == []


def test_keywords_are_telling_words_of_the_text() -> None:
    found = keywords(NOTICE, "关于开展供水管网冬季检修的通知")
    assert 3 <= len(found) <= 5
    assert "检修" in found[:2]
    assert not {"通知", "政府", "工作"} & set(found)
    assert all(word in NOTICE + "供水管网冬季检修" for word in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云湖市供水公告", "云湖市供水公告"),
        ("云湖市 供水公告", "云湖市《供水公告》"),
        ("Ａ区供水公告", "A区供水公告"),
        ("关于开展冬季供水管网检修的通知", "关于开展冬季供水管网检修通知"),
    ],
)
def test_twins(one: str, other: str) -> None:
    assert is_nearly_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云湖市供水公告", "云湖市供电公告安排"),
        ("2025年政府信息公开年度报告", "2026年政府信息公开年度报告"),
        ("第一批保障房配租公告发布", "第二批保障房配租公告发布"),
        ("", ""),
        ("公告", "公示"),
    ],
)
def test_no_twins(one: str, other: str) -> None:
    assert not is_nearly_same(one, other)
