"""What is found, and in which order; the answers are the same on SQLite and PostgreSQL."""

import pytest
from modelsearch.backends import get_search_backend
from modelsearch.query import MATCH_ALL, And, Not, Or, Phrase, PlainText

from portal.core.models import Organisation
from portal.core.search import bulk_index, newest_having_words

from .sample import complete, make_unit, search, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query",
    [
        "居住证", "医保", "不动产登记", "规定", "管理", "出生登记", "登记", "咨询", "档案",
        "云湖市",
        "不动产", "不动", "营业执照", "证", "税", "passport", "Open Data", "ETC", "ＥＴＣ",
    ],
)  # fmt: skip
def test_chinese_is_found(units: list[Organisation], query: str) -> None:
    """Everything that holds the text literally is found, and what is found holds all its words."""
    plain = query.lower().replace("ｅｔｃ", "etc")
    literally = {unit.pk for unit in units if plain in text(unit).lower()}
    found = search(query)
    if query in ("证", "税"):  # one character: words that begin with it
        assert found <= literally
        return
    assert literally
    assert literally <= found
    parts = {
        "不动产登记": ("不动产", "登记"),
        "出生登记": ("出生", "登记"),
        "open data": ("open", "data"),
    }
    holding = {u.pk for u in units if all(p in text(u).lower() for p in parts.get(plain, (plain,)))}
    assert found == holding


def test_words_may_stand_apart(units: list[Organisation]) -> None:
    both = {u.pk for u in units if "居住证" in text(u) and "申请材料" in text(u)}
    assert search("申请材料居住证") == search("居住证 申请材料") == both
    assert search("居住证 医保", operator="or") == search("居住证") | search("医保")


def test_combined_queries(units: list[Organisation]) -> None:
    card, insurance = search("居住证"), search("医保")
    every = {unit.pk for unit in units}
    a, b = PlainText("居住证"), PlainText("医保")
    assert search(And([a, b])) == card & insurance
    assert search(Or([a, b])) == card | insurance
    assert search(And([a, Not(b)])) == card - insurance
    assert search(Not(a)) == every - card
    assert search(And([Not(a), Not(b)])) == every - card - insurance
    assert search(Or([a, Not(b)])) == card | (every - insurance)
    assert search(MATCH_ALL) == every
    assert search(Phrase("居住证的管理")) <= card


@pytest.mark.parametrize(
    "typed",
    [
        "不动",
        "不动产登",
        "登记中",
        "户口迁移大厅",
        "云",
        "厅",
        "湖市",
        "pass",
        "Passport 签",
        "etc",
    ],
)
def test_any_part_of_a_name_is_found_while_typing(units: list[Organisation], typed: str) -> None:
    named = {
        unit.pk
        for unit in units
        if all(
            part in f"{unit.full_name} {unit.short_name}".lower() for part in typed.lower().split()
        )
    }
    assert named
    assert complete(typed) == named


def test_the_name_itself_comes_before_longer_ones(units: list[Organisation]) -> None:
    for number, name in enumerate(["云湖市气象局青山分局", "云湖市气象局", "云湖市气象局信息中心"]):
        make_unit(name, code=f"met-{number}")
    for method in (get_search_backend().autocomplete, get_search_backend().search):
        found = [unit.full_name for unit in method("云湖市气象局", Organisation.objects.all())]
        assert len(found) == 3
        assert found[0] == "云湖市气象局"


def test_a_name_counts_more_than_a_text(units: list[Organisation]) -> None:
    make_unit("综合窗口", "负责贷款，贷款，贷款。", code="told")
    make_unit("贷款中心", "负责咨询。", code="named")
    found = get_search_backend().search("贷款", Organisation.objects.all())
    assert [unit.code for unit in found] == ["named", "told"]


def test_slices_counts_scores_and_facets(units: list[Organisation]) -> None:
    results = get_search_backend().search("登记", Organisation.objects.all())
    every = [unit.pk for unit in results]
    assert results.count() == len(every) == len(set(every))
    assert [unit.pk for unit in results[10:25]] == every[10:25]
    scored = list(results.annotate_score("score"))
    assert [unit.pk for unit in scored] == every
    assert [u.score for u in scored] == sorted((u.score for u in scored), reverse=True)
    assert sum(results.facet("kind").values()) == len(every)


def test_filters_and_orders_of_choosers(units: list[Organisation]) -> None:
    offices = Organisation.objects.filter(kind=Organisation.Kind.OFFICE)
    expected = {u.pk for u in units if u.kind == Organisation.Kind.OFFICE} & search("医保")
    assert search("医保", offices) == expected
    units_by_kind = Organisation.objects.order_by("-kind")
    ordered = get_search_backend().search("医保", units_by_kind, order_by_relevance=False)
    keys = [(unit.kind, unit.pk) for unit in ordered]
    assert keys == sorted(keys, reverse=True)
    assert search("医保", fields=["full_name"]) == {u.pk for u in units if "医保" in u.full_name}


@pytest.mark.parametrize("method", ["search", "autocomplete"])
def test_nothing_to_look_for_finds_nothing(units: list[Organisation], method: str) -> None:
    for query in ("", " ", "。", "\x00", "\ud800", "'", '"', "\\", "%s", "*"):
        assert not list(getattr(get_search_backend(), method)(query, Organisation))


def test_the_newest_with_the_words_end_the_work(units: list[Organisation]) -> None:
    """What was indexed last comes first; a place is kept when an entry is written anew."""
    having = [unit.pk for unit in units if "登记" in text(unit)]
    wanted = list(reversed(having))
    assert [pk for (pk,) in newest_having_words(Organisation, ["登记"], 2000)] == wanted
    assert [pk for (pk,) in newest_having_words(Organisation, ["登记"], 7)] == wanted[:7]
    bulk_index(Organisation.objects.filter(pk__in=having[:3]))
    keys = newest_having_words(Organisation, ["登记"], 7)
    assert [pk for (pk,) in keys] == wanted[:7]
    assert set(Organisation.objects.filter(pk__in=keys).values_list("pk", flat=True)) == set(
        wanted[:7]
    )
    both = [u.pk for u in units if "居住证" in text(u) and "申请材料" in text(u)]
    found = newest_having_words(Organisation, ["居住证", "申请材料"], 5)
    assert [pk for (pk,) in found] == both[::-1][:5]
    assert not newest_having_words(Organisation, ["。"], 5).exists()
