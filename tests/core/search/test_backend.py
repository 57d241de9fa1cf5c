"""The admin's search against the real database: SQLite or PostgreSQL, the answers are the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from modelsearch.backends import get_search_backend
from modelsearch.query import MATCH_ALL, And, Not, Or, Phrase, PlainText
from modelsearch.utils import parse_query_string
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page
from wagtail.search.models import IndexEntry

from portal.core.models import Organisation, PortalImage
from portal.core.search import bulk_index, schema

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def search(query: object, queryset: QuerySet[Organisation] | None = None, **kwargs: object) -> set[int]:
    objects = Organisation.objects.all() if queryset is None else queryset
    return {unit.pk for unit in get_search_backend().search(query, objects, **kwargs)}


def complete(query: object, **kwargs: object) -> set[int]:
    found = get_search_backend().autocomplete(query, Organisation.objects.all(), **kwargs)
    return {unit.pk for unit in found}


def text(unit: Organisation) -> str:
    return f"{unit.full_name} {unit.short_name} {unit.duties}"


@pytest.mark.parametrize(
    "query",
    [
        "居住证", "医保", "不动产登记", "规定", "管理", "出生登记", "登记", "咨询", "档案", "云湖市",
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
    parts = {"不动产登记": ("不动产", "登记"), "出生登记": ("出生", "登记"), "open data": ("open", "data")}
    holding = {
        u.pk for u in units if all(p in text(u).lower() for p in parts.get(plain, (plain,)))
    }
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
    "typed", ["不动", "不动产登", "登记中", "户口迁移大厅", "云", "厅", "湖市", "pass", "Passport 签", "etc"]
)
def test_any_part_of_a_name_is_found_while_typing(units: list[Organisation], typed: str) -> None:
    named = {
        unit.pk
        for unit in units
        if all(part in f"{unit.full_name} {unit.short_name}".lower() for part in typed.lower().split())
    }
    assert named
    assert complete(typed) == named


def test_a_whole_name_is_its_own_best_match(units: list[Organisation]) -> None:
    for unit in units[:20]:
        first = get_search_backend().autocomplete(unit.full_name, Organisation.objects.all())[0]
        assert first == unit


def test_a_name_counts_more_than_a_text() -> None:
    named, told = (
        Organisation.objects.create(
            code=code, full_name=name, short_name="某单位", kind=Organisation.Kind.OFFICE, duties=duties
        )
        for code, name, duties in [
            ("a", "公积金中心", "负责贷款与提取。"),
            ("b", "综合窗口", "负责公积金，公积金，公积金。"),
        ]
    )
    assert list(get_search_backend().search("公积金", Organisation)) == [named, told]


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
    ordered = get_search_backend().search(
        "医保", offices.order_by("pk"), order_by_relevance=False
    )
    assert [unit.pk for unit in ordered] == sorted(expected)
    assert search("医保", fields=["full_name"]) == {u.pk for u in units if "医保" in u.full_name + u.short_name} | set()


@pytest.mark.parametrize("method", ["search", "autocomplete"])
def test_nothing_to_look_for_finds_nothing(units: list[Organisation], method: str) -> None:
    for query in ("", " ", "。", "\x00", "\ud800", "'", '"', "\\", "%s", "*"):
        assert not list(getattr(get_search_backend(), method)(query, Organisation))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.text(st.characters()),
        st.text(st.sampled_from("居住证不动产，的 \"'&|!:*()<>-\\%_a1\t"), max_size=300),
    )
)
def test_odd_input_never_raises(db: None, typed: str) -> None:
    _filters, query = parse_query_string(typed, operator="and", zero_terms=MATCH_ALL)
    backend = get_search_backend()
    for asked in (query, typed, Or([PlainText(typed), Not(PlainText(typed))])):
        list(backend.search(asked, Organisation)[:5])
        backend.autocomplete(asked, Organisation).count()


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=120))
def test_any_text_can_be_stored(db: None, name: str) -> None:
    unit = Organisation(pk=1, code="a", full_name=name, short_name=name, duties=name * 3)
    assert bulk_index([unit]) == 1


def test_a_text_too_long_for_the_database_is_cut(db: None) -> None:
    words = "".join(chr(0x4E00 + i % 20_900) for i in range(600_000))
    unit = Organisation.objects.create(
        code="a", full_name="长文", short_name="长", kind="office", duties=words + " 末尾"
    )
    assert search("长文") == {unit.pk}
    assert search("末尾") == set()


# --- the index follows the objects -----------------------------------------------------------


def test_saving_and_deleting(db: None) -> None:
    unit = Organisation.objects.create(
        code="a", full_name="云湖市档案馆", short_name="档案馆", kind="office", duties=""
    )
    assert search("档案馆") == complete("湖市档") == {unit.pk}
    unit.full_name, unit.short_name = "云湖市图书馆", "图书馆"
    unit.save()
    assert search("档案馆") == set()
    assert search("图书馆") == complete("图书") == {unit.pk}
    unit.delete()
    assert not IndexEntry.objects.filter(object_id=str(unit.pk or 0)).exists()


def test_indexing_again_replaces(units: list[Organisation]) -> None:
    before = IndexEntry.objects.count()
    units[0].full_name = "独角兽孵化基地"
    units[0].save = None  # type: ignore[method-assign,assignment] - only the index is written
    bulk_index(units, batch_size=300)
    assert IndexEntry.objects.count() == before
    assert search("独角兽") == {units[0].pk}


def test_a_rolled_back_change_leaves_no_trace(db: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        Organisation.objects.create(
            code="a", full_name="云湖市档案馆", short_name="档案馆", kind="office", duties=""
        )
        raise RuntimeError
    assert not IndexEntry.objects.exists()


def test_the_rebuild_command_gives_the_same_index(units: list[Organisation]) -> None:
    before = {q: (search(q), complete(q)) for q in ("居住证", "不动", "云湖市")}
    get_search_backend().reset_indexes()
    assert search("居住证") == set()
    call_command("wagtail_update_index", verbosity=0)
    assert {q: (search(q), complete(q)) for q in before} == before


# --- as the admin asks -----------------------------------------------------------------------


@pytest.fixture
def tree(db: None) -> tuple[Page, Page]:
    """Two sections, each with a guide of the same words."""
    root = Page.get_first_root_node()
    sections = []
    for slug in ("nanan", "qingshan"):
        section = root.add_child(instance=Page(title=f"{slug} 分站", slug=slug))
        section.add_child(instance=Page(title="不动产登记指南", slug="guide"))
        section.add_child(instance=Page(title="不动产登记草稿", slug="draft", live=False))
        sections.append(section)
    return sections[0], sections[1]


def test_the_explorer_searches_inside_what_it_may_show(tree: tuple[Page, Page]) -> None:
    own, other = tree
    pages = Page.objects.descendant_of(own)
    assert {p.slug for p in pages.autocomplete("不动")} == {"guide", "draft"}
    assert {p.slug for p in pages.live().autocomplete("不动")} == {"guide"}
    assert pages.autocomplete("不动").count() == pages.search("不动产").count() == 2
    assert all(p.is_descendant_of(own) for p in pages.search("登记"))
    assert Page.objects.descendant_of(other).autocomplete("登记指南").count() == 1
    by_title = Page.objects.autocomplete("登记", order_by="-title")
    assert [p.title for p in by_title][0] == "不动产登记草稿"
    assert list(Page.objects.none().search("登记")) == []


def test_a_page_is_found_by_its_base_and_its_own_model(tree: tuple[Page, Page]) -> None:
    assert Page.objects.type(Page).specific().search("指南").count() == 2


def test_images_are_found_in_the_collections_one_may_choose_from(db: None) -> None:
    root = Collection.get_first_root_node()
    own, other = (root.add_child(instance=Collection(name=name)) for name in ("own", "other"))
    for collection in (own, other):
        image = PortalImage(
            title="云湖大桥夜景",
            description="从东岸看大桥",
            collection=collection,
            file=ContentFile(get_test_image_file().read(), name="bridge.png"),
        )
        image.save()
        image.tags.add("风光")
        image.save()
    images = PortalImage.objects.filter(collection=own)
    backend = get_search_backend()
    for query in ("大桥", "东岸", "风光"):
        assert [i.collection for i in backend.autocomplete(query, images)] == [own]
        assert [i.collection for i in backend.search(query, images)] == [own]


# --- what a search costs ---------------------------------------------------------------------


@contextmanager
def counted_steps() -> Iterator[list[int]]:
    """Steps of SQLite's virtual machine, in thousands: the same on every computer."""
    steps = [0]

    def step() -> None:
        steps[0] += 1

    connection.connection.set_progress_handler(step, 1000)
    try:
        yield steps
    finally:
        connection.connection.set_progress_handler(None, 0)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="counts steps of SQLite")
def test_ranking_does_not_ask_again_for_each_match(
    make_indexed_units: Callable[..., list[Organisation]],
) -> None:
    def cost() -> int:
        results = get_search_backend().search("负责", Organisation.objects.all())
        with counted_steps() as steps:
            assert len(results[:20]) == 20
        return steps[0]

    make_indexed_units(500)
    small = cost()
    make_indexed_units(1500, seed=8)
    assert cost() < 6 * small  # four times the matches; the stock backend needs sixteen times


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="reads PostgreSQL's plan")
def test_both_kinds_of_search_use_an_index(units: list[Organisation]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    backend = get_search_backend()
    plan = backend.search("居住证", Organisation.objects.all()).get_queryset().explain()
    assert schema.INDEX in plan
    plan = backend.autocomplete("不动", Organisation.objects.all()).get_queryset().explain()
    assert "autocom" in plan


def test_a_search_is_one_statement(units: list[Organisation]) -> None:
    results = get_search_backend().search("登记", Organisation.objects.all())
    with CaptureQueriesContext(connection, ) as queries:
        list(results[:20])
    assert len(queries) == 1
