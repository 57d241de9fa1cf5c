"""What holds for any text at all: nothing lost, nothing doubled, no exception, no long wait."""

import re
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.text.official.alignment import carry_over, compare, differences
from portal.text.official.model import Clause, Parsed, Source, SourceLine
from portal.text.official.parsing import parse

from .builders import source

# Pieces that the parser has an opinion about, in both scripts and widths, whole and broken.
PIECES = [
    "第一章 总则", "第一条", "第二条 为了", "第三条之二", "第三条第二款", "一、", "（一）", "(二)", "1.", "1.5倍", "（1）",
    "①", "1.1 目的", "2 职责", "附件", "（试行）", "附件1", "附件：1.表", "附件2：办法", "目录", "云湖市人民政府", "市长 某某",
    "二〇二四年五月六日", "2024年5月6日", "2024-05-06", "二??四年一月二日", "云政发〔2024〕5号", "雲政發[2024]5號",
    "云湖市人民政府令", "第12号", "关于印发《云湖市办法》的通知", "云湖市办法", "《云湖市办法》", "各区人民政府：",
    "各区人民政府：现将有关事项通知如下", "根据《甲法》（云发〔2020〕1号），制定本办法。", "《乙办法》同时废止。",
    "自2024年6月1日起施行，有效期5年。", "導(dǎo)", "導(dǎo)指(zhǐ)", "?。ǘ┩", "'>", "<p>", "&nbsp;", "“", "”",
    "“第一条", "》", "《", "当前位置：首页 > 公告", "上一篇：某某", "来源：某网", "365bet官方网址_365betvip5_亚洲体育在线",
    "— 3 —", "（此件公开发布）", "抄送：市委。", "转发", "。", "，", "：", "；", " ", "\u3000", "\t", "号", "年 月 日", "(", ")",
    "（2024年5月6日云湖市人民代表大会常务委员会通过", "20171116", "\u200b", "\ufeff", "\x85", "\x1e",
]  # fmt: skip
text_lines = st.lists(
    st.one_of(
        st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
        st.text(max_size=40),
    ),
    max_size=40,
)


def content(text: str) -> str:
    return re.sub(r"\s+", "", text)


def kept(parsed: Parsed) -> str:
    """The text of a document in its order: lead, clauses, documents in it."""
    own = "".join(parsed.lead) + "".join(one.number + one.text for one in parsed.clauses)
    return own + "".join(kept(inner) for inner in parsed.embedded)


def is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in part)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text_lines)
def test_every_character_of_the_source_ends_up_in_one_place_and_in_order(lines):
    parsed = parse(source("\n".join(lines)))
    whole = content("\n".join(lines))
    found = content(kept(parsed))
    removed = content("".join(one.text for one in parsed.removed))
    assert Counter(found) + Counter(removed) == Counter(whole)
    assert is_subsequence(found, whole)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text_lines)
def test_parents_stand_before_their_children_and_findings_point_at_clauses(lines):
    parsed = parse(source("\n".join(lines)))
    for position, clause in enumerate(parsed.clauses):
        assert clause.parent is None or 0 <= clause.parent < position
    for finding in parsed.findings:
        assert finding.clause is None or 0 <= finding.clause < len(parsed.clauses)
    for attachment in parsed.attachments:
        assert attachment.clause is None or parsed.clauses[attachment.clause].level == "part"


@pytest.mark.parametrize(
    "line",
    [
        "第一条 甲。", "（一）甲；", "1.", "云湖市人民政府", "2024年5月6日", "云政发〔2024〕5号", "附件1", "附件：1.甲",
        "关于甲的通知", "《甲》", "《", "“", "（", "根据《甲》、《乙》和《丙》，", "導(dǎo)", "转发", " ", "某", "<p", "自",
        "目录", "1.1 甲", "第", "〔2024〕", "有效期", "……", "不超过", "为：", "首页>", "|",
    ],
)  # fmt: skip
@pytest.mark.parametrize("joined", ["\n", ""])
def test_a_long_text_of_one_pattern_takes_time_in_proportion(line, joined):
    def seconds(count: int) -> float:
        text = source(joined.join([line] * count))
        start = time.process_time()
        parse(text)
        return time.process_time() - start

    count = 3_000 // len(line)
    seconds(10)
    # Four times the text: sixteen times the time would be a square. The floor is the clock's. What
    # a busy machine does to one measurement, it does not do to each of several.
    measured = ((seconds(count // 4), seconds(count)) for _ in range(4))
    assert any(long < max(12 * short, 0.5) for short, long in measured)


clauses = st.lists(
    st.builds(
        Clause,
        st.sampled_from(["article", "paragraph", "item"]),
        st.sampled_from(["", "第一条", "第二条", "（一）", "（二）"]),
        st.text(alphabet="为了加强管理制定本办法，。", max_size=30),
    ),
    max_size=12,
)


@given(clauses, clauses)
@settings(max_examples=60, deadline=None)
def test_an_alignment_uses_every_clause_once(old, new):
    ids = [(f"id{position}", clause) for position, clause in enumerate(old)]
    given_ids = [one for one in carry_over(ids, new) if one is not None]
    assert len(given_ids) == len(set(given_ids))
    pairs = compare(old, new)
    assert [pair.new for pair in pairs if pair.new is not None] == new
    assert Counter(pair.old for pair in pairs if pair.old is not None) == Counter(old)


@given(clauses)
def test_an_unchanged_version_keeps_every_id(old):
    ids = [(f"id{position}", clause) for position, clause in enumerate(old)]
    assert carry_over(ids, old) == [one for one, _clause in ids]
    assert {pair.kind for pair in compare(old, old)} <= {"same"}


@given(st.text(alphabet="甲乙丙丁，", max_size=40), st.text(alphabet="甲乙丙丁，", max_size=40))
def test_what_lies_outside_the_spans_is_the_same_in_both_texts(old, new):
    old_spans, new_spans = differences(old, new)

    def outside(text: str, spans: tuple[tuple[int, int], ...]) -> str:
        cut = set().union(*(range(start, end) for start, end in spans)) if spans else set()
        return "".join(sign for at, sign in enumerate(text) if at not in cut)

    assert (old_spans, new_spans) == ((), ()) or old != new
    # A single equal character between two differences belongs to the difference.
    assert is_subsequence(outside(old, old_spans), new)
    assert is_subsequence(outside(new, new_spans), old)


def test_tables_stay_whole():
    rows = (("项目", "标准"), ("一、甲", "1.乙"))
    table = SourceLine("项目 标准\n一、甲 1.乙", rows)
    parsed = parse(Source((SourceLine("一、范围"), table, SourceLine("二、其他")), "docx"))
    assert [(one.level, one.rows, one.parent) for one in parsed.clauses] == [
        ("heading1", (), None),
        ("paragraph", rows, 0),
        ("heading1", (), None),
    ]
