"""Two versions of a document, clause by clause."""

import random

from portal.text.official.alignment import carry_over, compare, differences

from .builders import parsed

OLD = """
第一条 为了加强供水管理，保障用水安全，制定本办法。
第二条 本办法适用于本市行政区域内的城市供水。
第三条 市水务局负责供水管理工作，区水务局负责日常监督。
第四条 供水单位应当每日检测水质，并公布检测结果。
第五条 违反规定的，处一千元罚款。
"""
NEW = """
第一条 为了加强供水管理，保障用水安全，制定本办法。
第二条 鼓励使用节水设备，推广再生水利用。
第三条 本办法适用于本市行政区域内的城市供水。
第四条 市水务局负责供水管理工作，区水务局负责日常监督和应急处置。
第五条 供水单位应当每日检测水质，并公布检测结果。
"""


def clauses(text):
    return parsed(text).clauses


def with_ids(text):
    return [(clause.text[:3], clause) for clause in clauses(text)]


def test_ids_follow_their_clauses_through_renumbering_and_changes():
    assert carry_over(with_ids(OLD), clauses(NEW)) == ["为了加", None, "本办法", "市水务", "供水单"]


def test_the_table_of_old_and_new():
    pairs = compare(clauses(OLD), clauses(NEW))
    assert [
        (pair.kind, pair.old.number if pair.old else "", pair.new.number if pair.new else "")
        for pair in pairs
    ] == [
        ("same", "第一条", "第一条"),
        ("added", "", "第二条"),
        ("moved", "第二条", "第三条"),
        ("changed", "第三条", "第四条"),
        ("moved", "第四条", "第五条"),
        ("removed", "第五条", ""),
    ]
    changed = pairs[3]
    assert changed.old_spans == ()
    assert [changed.new.text[start:end] for start, end in changed.new_spans] == ["和应急处置"]


def test_a_clause_that_was_split_keeps_its_id_where_most_of_it_went():
    old = "第一条 市水务局负责全市供水管理的统筹协调和监督检查工作，区水务局负责日常巡查。"
    new = "第一条 市水务局负责全市供水管理的统筹协调和监督检查工作。\n第二条 区水务局负责日常巡查。"
    assert carry_over([("a", clauses(old)[0])], clauses(new)) == ["a", None]


def test_a_clause_keeps_its_id_when_it_moves_to_another_chapter():
    old = "第一章 甲\n第一条 供水单位应当公布水质。\n第二章 乙\n第二条 用户应当按时缴费。"
    new = "第一章 甲\n第一条 用户应当按时缴费。\n第二章 乙\n第二条 供水单位应当公布水质。"
    ids = carry_over(with_ids(old), clauses(new))
    assert ids == ["甲", "用户应", "乙", "供水单"]
    kinds = [pair.kind for pair in compare(clauses(old), clauses(new))]
    assert sorted(kinds) == ["moved", "moved", "same", "same"]


def test_headings_without_words_of_their_own_keep_their_place():
    old = "一、甲\n（一）\n供水。\n（二）\n排水。\n二、乙\n（一）\n节水。"
    assert carry_over(with_ids(old), clauses(old)) == [one for one, _clause in with_ids(old)]


def test_differences_are_single_characters_where_only_one_changed():
    assert differences("处一千元罚款。", "处二千元罚款。") == (((1, 2),), ((1, 2),))
    assert differences("每日检测", "每日检测") == ((), ())
    assert differences("", "增加") == ((), ((0, 2),))


def test_ids_hold_under_random_edits():
    rng = random.Random(7)
    words = [
        "供水",
        "水质",
        "管网",
        "检测",
        "公布",
        "单位",
        "用户",
        "应当",
        "负责",
        "监督",
        "管理",
        "设施",
        "建设",
        "安全",
        "价格",
        "标准",
        "投诉",
        "处理",
    ]
    text = "\n".join(
        f"第{number}条 {''.join(rng.choices(words, k=18))}。" for number in range(1, 41)
    )
    old = [(f"id{at}", clause) for at, clause in enumerate(clauses(text))]
    for _edit in range(50):
        lines = [clause.text for _id, clause in old]
        names = [name for name, _clause in old]
        at = rng.randrange(len(lines))
        if rng.random() < 0.5:
            place = rng.randrange(len(lines[at]))
            lines[at] = lines[at][:place] + rng.choice(words) + lines[at][place + 2 :]
        else:
            line, name = lines.pop(at), names.pop(at)
            place = rng.randrange(len(lines) + 1)
            lines.insert(place, line)
            names.insert(place, name)
        new = clauses("\n".join(f"第{number}条 {line}" for number, line in enumerate(lines, 1)))
        assert carry_over(old, new) == names
        old = list(zip(names, new, strict=True))
