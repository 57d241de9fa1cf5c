"""Finding: what is shown of a search, in which order, and what never is."""

import datetime

import pytest
import time_machine
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import override
from wagtail.models import PageViewRestriction

from portal.core import structure
from portal.core.models import Publication, SiteRecord
from portal.search.engine.contract import EngineHit, EngineUnavailable, Sort
from portal.search.finding.highlighting import excerpt
from portal.search.models import Document
from portal.search.rules import BestBet, Rules, Synonym, Weights
from portal.search.services import searching
from portal.search.services.contract import PER_PAGE, Search
from portal.search.services.correcting import Corrections
from portal.text.searching.marking import Marker
from tests.factories import ArticleFactory, OrganisationFactory, World

from .shelf import Shelf

NOW = datetime.datetime(2026, 11, 27, 4, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


# --- order ----------------------------------------------------------------------------------------
def test_titles_stand_before_bodies_and_both_before_parts(shelf: Shelf) -> None:
    shelf.put("page:1", "公安局便民措施", "在派出所可以办理居住证签注。")
    shelf.put("page:2", "居住证签注")
    shelf.put("page:3", "居住证申领")
    assert shelf.keys("居住证签注") == ["page:2", "page:1", "page:3"]


def test_an_exact_title_is_pinned_above_newer_and_longer_ones(shelf: Shelf) -> None:
    shelf.put("page:1", "居住证办理办理居住证居住证", "居住证" * 20, date=NOW)
    shelf.put("page:2", "居住证", date=NOW - 3000 * DAY)
    outcome = shelf.find("居住證")
    assert [found.key for found in outcome.results] == ["page:2", "page:1"]
    assert outcome.how == "exact"
    assert [found.pinned for found in outcome.results] == [True, False]


@pytest.mark.parametrize(
    "typed",
    ["云政发〔2026〕12号", "云政发[2026]12号", "云政发（２０２６）12号", "云政发2026 12", "雲政發〔2026〕012號",
     "云政发【2026】12号", "请问云政发〔2026〕12号是什么"],
)  # fmt: skip
def test_a_document_number_is_found_however_it_is_written(shelf: Shelf, typed: str) -> None:
    shelf.put("page:1", "关于印发居住证办法的通知", number="云政发〔2026〕12号")
    shelf.put(
        "page:2",
        "关于废止云政发〔2026〕12号的决定",
        "云政发〔2026〕12号",
        number="云政发〔2026〕13号",
    )
    shelf.put("page:3", "年报", number="云政发〔2026〕112号")
    outcome = shelf.find(typed)
    assert outcome.results[0].key == "page:1"
    assert outcome.results[0].pinned


def test_recency_parts_equals_and_date_order_forgets_relevance(shelf: Shelf) -> None:
    shelf.put("page:1", "居住证通知", date=NOW - 2000 * DAY)
    shelf.put("page:2", "居住证通知", date=NOW - 10 * DAY)
    shelf.put("page:3", "工作动态", "居住证", date=NOW)
    assert shelf.keys("居住证 通知") == ["page:2", "page:1", "page:3"]
    assert shelf.keys("居住证", sort=Sort.DATE) == ["page:3", "page:2", "page:1"]


def test_weights_of_editors_change_the_order(shelf: Shelf) -> None:
    shelf.put("page:1", "居住证", kind="article", body="无")
    shelf.put("page:2", "居住证制度", kind="policy", body="居住证")
    assert shelf.keys("办理居住证") == ["page:1", "page:2"]
    shelf.rules = Rules(weights=Weights(kinds={"policy": 5.0}))
    assert shelf.keys("办理居住证") == ["page:2", "page:1"]
    assert shelf.find("办理居住证").total == 2


def test_rules_can_be_tried_without_being_in_force(shelf: Shelf) -> None:
    shelf.put("page:1", "出生登记")
    tried = Rules(synonyms=(Synonym(("生娃报名",), ("出生登记",)),), version="tried")
    wanted = Search(text="生娃报名", language="zh-hans")
    assert searching.find(wanted, rules=tried).total == 1
    assert searching.find(wanted).total == 0


# --- everyday words, corrections, meaning ---------------------------------------------------------
def test_synonyms_are_directed(shelf: Shelf) -> None:
    shelf.put("page:1", "出生登记")
    shelf.put("page:2", "上户口的故事")
    shelf.rules = Rules(synonyms=(Synonym(("上户口",), ("出生登记",)),))
    assert set(shelf.keys("上户口")) == {"page:1", "page:2"}
    assert shelf.keys("出生登记") == ["page:1"]


def test_only_other_words_were_needed(shelf: Shelf) -> None:
    shelf.put("page:1", "出生登记")
    outcome = shelf.find("上户口")
    assert (outcome.how, outcome.total) == ("synonyms", 1)
    assert outcome.results[0].title_html == "<mark>出生登记</mark>"


def test_a_sure_correction_is_silent_at_nothing_and_offered_at_little(shelf: Shelf) -> None:
    shelf.put("page:1", "居住证办理")
    shelf.corrections = Corrections("居住证", ("居住证", "居住地"))
    outcome = shelf.find("巨柱正")
    assert (outcome.how, outcome.corrected) == ("corrected", "居住证")
    assert outcome.did_you_mean == ("居住地",)
    assert outcome.results[0].title_html == "<mark>居住证</mark>办理"
    as_typed = shelf.find("巨柱正", exact=True)
    assert (as_typed.total, as_typed.corrected) == (0, "")
    assert as_typed.did_you_mean == ("居住证", "居住地")
    assert shelf.find("居住证").corrected == ""


def test_meaning_fills_up_and_exact_hits_stay_above(shelf: Shelf) -> None:
    shelf.put("page:1", "婚姻登记", kind="service")
    shelf.put("page:2", "结婚登记", kind="service")
    shelf.near = (EngineHit("page:1", 0.9),)
    outcome = shelf.find("结婚登记", facets=("kind",))
    assert [found.key for found in outcome.results] == ["page:2", "page:1"]
    assert outcome.total == 2
    [kind] = outcome.facets["kind"]
    assert kind.count == 2
    nothing = shelf.find("宠物寄养")
    assert (nothing.how, nothing.total) == ("meaning", 1)


def test_quoted_text_stands_together(shelf: Shelf) -> None:
    shelf.put("page:1", "居住证", "办理条件见附件")
    shelf.put("page:2", "居住证", "条件成熟后办理")
    assert shelf.keys('"办理条件"') == ["page:1"]
    assert shelf.keys("居住证“办理条件”") == ["page:1"]
    assert set(shelf.keys('居住证 "办理条件')) >= {"page:1"}  # nobody closed it


def test_pieces_of_unknown_words_are_better_than_nothing(shelf: Shelf) -> None:
    shelf.put("page:1", "琉璃溪湿地公园")
    assert shelf.find("琉璃溪公园大门").results[0].key == "page:1"


def test_pinyin_and_initials_lead_to_names_that_begin_so(shelf: Shelf) -> None:
    shelf.put("page:1", "居住证申领", aliases=["暂住证"])
    shelf.put("page:2", "公积金提取")
    shelf.put("page:3", "办公室", "邮箱 gjjbgs@yunhu.example")
    for typed in ("juzhuzheng", "ju zhu zheng", "JZZ", "jzzsl", "zzz"):
        assert shelf.keys(typed) == ["page:1"], typed
    assert shelf.keys("gjj") == ["page:2"]


@pytest.mark.parametrize(
    "typed",
    [
        "云湖市门户网站",
        "门户网站内容建设",
        "网络平台",
        "信息公开",
        "用户体验",
        "云湖市 意见",
        "政府网站",
    ],
)
def test_damaged_and_converted_texts_are_found_with_simplified_words(
    shelf: Shelf, typed: str
) -> None:
    """Traditional script, words of Taiwan, readings in brackets, lost characters (R-SRCH-10)."""
    shelf.put(
        "page:1",
        "雲(yún)湖(hú)市(shì)關於加強入口網站內容建設的意(yì)見",
        "各單位應當重視政府網(wǎng)站(zhàn)和網路平臺，做好資訊公開\ufffd，改善使用者體驗。",
    )
    shelf.put("page:2", "年度预算")
    assert shelf.keys(typed) == ["page:1"]


# --- editors --------------------------------------------------------------------------------------
def test_best_bets_stand_first_within_their_dates_and_filters(shelf: Shelf) -> None:
    shelf.put("page:1", "社保卡申领", kind="service")
    shelf.put("page:2", "惠民政策一览", kind="article")
    shelf.rules = Rules(best_bets=(BestBet(("社保卡",), "page:2", since=NOW, until=NOW + DAY),))
    with time_machine.travel(NOW - DAY, tick=False):
        assert shelf.keys("社保卡") == ["page:1"]
    with time_machine.travel(NOW, tick=False):
        outcome = shelf.find("社保卡怎么办", facets=("kind",))
        assert [(f.key, f.pinned) for f in outcome.results] == [("page:2", True), ("page:1", False)]
        assert outcome.total == 2
        assert {v.value: v.count for v in outcome.facets["kind"]} == {"service": 1, "article": 1}
        assert shelf.keys("社保卡", chosen={"kind": ("service",)}) == ["page:1"]
        Document.objects.filter(key="page:2").update(is_removed=True)
        assert shelf.keys("社保卡") == ["page:1"]
    with time_machine.travel(NOW + DAY, tick=False):
        assert shelf.keys("社保卡") == ["page:1"]


def test_blocked_words_have_no_results_and_a_sentence(shelf: Shelf) -> None:
    shelf.put("page:1", "澳门博彩攻略")
    shelf.rules = Rules(blocked=("博彩",))
    for typed in ("博彩", "澳 门 博 彩", "博​彩"):
        outcome = shelf.find(typed)
        assert (outcome.how, outcome.total, outcome.results) == ("blocked", 0, ())
        assert outcome.notice
    assert shelf.find("攻略").total == 1


def test_stop_phrases_never_leave_nothing(shelf: Shelf) -> None:
    shelf.put("page:1", "居住证")
    shelf.put("page:2", "怎么办理")
    assert shelf.keys("请问居住证怎么办理")[0] == "page:1"
    assert shelf.keys("怎么办理") == ["page:2"]


# --- what never is shown --------------------------------------------------------------------------
def test_what_was_withdrawn_or_restricted_is_not_shown_though_the_index_has_it(
    shelf: Shelf, world: World
) -> None:
    articles = ArticleFactory.create_batch(5, parent=world.column)
    draft = ArticleFactory(parent=world.column, live=False)
    for article in (*articles, draft):
        shelf.put(f"page:{article.pk}", "居住证", page=article.pk, site=world.site.pk)
    assert len(shelf.keys("居住证")) == 5
    articles[0].unpublish()
    articles[1].delete()
    PageViewRestriction.objects.create(
        page=articles[2], restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    structure.touch()
    outcome = shelf.find("居住证")
    assert {found.page for found in outcome.results} == {articles[3].pk, articles[4].pk}
    assert outcome.total == 2


def test_a_closed_site_a_hidden_column_and_an_ended_publication(shelf: Shelf, world: World) -> None:
    at_hubin = ArticleFactory(parent=world.hubin_column)
    at_gaoxin = ArticleFactory(parent=world.gaoxin_column)
    ended = ArticleFactory(parent=world.column)
    kept = ArticleFactory(parent=world.column)
    for page, site in ((at_hubin, world.hubin), (at_gaoxin, world.gaoxin), (ended, world.site),
                       (kept, world.site)):  # fmt: skip
        shelf.put(f"page:{page.pk}", "居住证", page=page.pk, site=site.pk)
    shelf.put("file:1", "居住证", site=world.hubin.pk)
    assert len(shelf.keys("居住证")) == 5
    SiteRecord.objects.filter(pk=world.hubin.pk).update(state=SiteRecord.State.CLOSED)
    world.gaoxin_column.unpublish()
    structure.touch()
    Publication.objects.filter(page=ended).update(until=timezone.now())
    assert shelf.keys("居住证") == [f"page:{kept.pk}"]


def test_embargo_and_expiry_follow_the_clock(shelf: Shelf) -> None:
    shelf.put("page:1", "居住证", public_from=NOW, public_until=NOW + DAY)
    for moment, expected in ((NOW - DAY, []), (NOW, ["page:1"]), (NOW + DAY, [])):
        with time_machine.travel(moment, tick=False):
            assert shelf.keys("居住证") == expected
    # Dates that were changed a moment ago, which the index does not know.
    Document.objects.update(public_until=NOW + DAY / 2)
    with time_machine.travel(NOW + DAY / 2, tick=False):
        assert shelf.keys("居住证") == []


def test_a_page_is_filled_up_from_what_follows(shelf: Shelf) -> None:
    shelf.put_many([{"key": f"page:{n}", "title": f"居住证办理{n}号窗口"} for n in range(60)])
    first = shelf.keys("居住证办理")
    assert len(first) == PER_PAGE
    Document.objects.filter(key__in=first[:15]).update(is_removed=True)
    outcome = shelf.find("居住证办理")
    assert len(outcome.results) == PER_PAGE
    assert outcome.total == 45
    assert not {found.key for found in outcome.results} & set(first[:15])


# --- pages, facets, languages ---------------------------------------------------------------------
def test_pages_follow_each_other_without_gap_or_overlap(shelf: Shelf) -> None:
    shelf.put_many([{"key": f"page:{n}", "title": f"居住证第{n}号"} for n in range(50)])
    shelf.put("page:99", "居住证")
    seen = [key for page in (1, 2, 3) for key in shelf.keys("居住证", page=page)]
    assert len(seen) == len(set(seen)) == 51
    assert seen[0] == "page:99"
    assert shelf.keys("居住证", page=4) == []
    assert shelf.keys("居住证", page=10**9) == []
    assert shelf.keys("居住证", page=-1) == seen[:PER_PAGE]


def test_facets_are_labelled_and_counted_under_several_choices(shelf: Shelf, world: World) -> None:
    unit = OrganisationFactory(full_name="云湖市公安局")
    for n, (kind, site) in enumerate(
        [("policy", world.site), ("policy", world.hubin), ("article", world.site), ("file", world.site)]
    ):  # fmt: skip
        shelf.put(f"page:{n}", "居住证", kind=kind, site=site.pk, agencies=[unit.pk],
                  columns=[world.column.pk], theme="02", date=NOW - n * 400 * DAY)  # fmt: skip
    facets = ("kind", "site", "agency", "column", "year", "standing")
    outcome = shelf.find("居住证", facets=facets, chosen={"kind": ("policy", "article")})
    assert outcome.total == 3
    kinds = {v.value: (v.count, v.is_chosen) for v in outcome.facets["kind"]}
    assert kinds == {"policy": (2, True), "article": (1, True), "file": (1, False)}
    sites = {v.label: v.count for v in outcome.facets["site"]}
    assert sites == {"云湖市人民政府": 2, "湖滨区人民政府": 1}
    assert [(v.label, v.count) for v in outcome.facets["agency"]] == [("云湖市公安局", 3)]
    assert [v.label for v in outcome.facets["column"]] == ["云湖要闻"]
    assert [v.value for v in outcome.facets["year"]] == ["2026", "2025", "2024"]
    with override("zh-hans"):
        [standing] = shelf.find("居住证", facets=facets).facets["standing"]
    assert standing.value == "in_force"
    assert standing.label != "in_force"


def test_titles_only_dates_and_repealed_ones(shelf: Shelf) -> None:
    shelf.put("page:1", "居住证", date=NOW - 10 * DAY)
    shelf.put("page:2", "通知", "居住证", date=NOW)
    shelf.put("page:3", "居住证暂行规定", standing="repealed", date=NOW - 20 * DAY)
    assert set(shelf.keys("居住证", in_title=True)) == {"page:1", "page:3"}
    assert set(shelf.keys("居住证", hide_repealed=True)) == {"page:1", "page:2"}
    day = timezone.localtime(NOW - 10 * DAY).date()
    assert shelf.keys("居住证", since=day, until=day) == ["page:1"]


def test_other_languages_look_in_their_own_and_count_chinese_ones(shelf: Shelf) -> None:
    shelf.put("page:1", "Residence permits", "Where to register a marriage", language="en")
    shelf.put("page:2", "Déclaration de naissance", language="fr")
    shelf.put("page:3", "出生届の手続き", language="ja")
    shelf.put("page:4", "Passport 护照 office")
    assert shelf.keys("residence permit", language="en") == ["page:1"]
    assert shelf.keys("registering marriages", language="en") == ["page:1"]
    assert shelf.keys("declarations naissances", language="fr") == ["page:2"]
    assert shelf.keys("出生届", language="ja") == ["page:3"]
    outcome = shelf.find("passport", language="en")
    assert (outcome.total, outcome.chinese) == (0, 1)
    assert shelf.keys("護照", language="zh-hant") == ["page:4"]


# --- marking --------------------------------------------------------------------------------------
def test_marks_are_escaped_and_know_both_scripts(shelf: Shelf) -> None:
    shelf.put("page:1", "<b>居住證</b>&辦理", "無關。" * 80 + "申領居住證的條件<script>")
    [found] = shelf.find("居住证").results
    assert found.title_html == "&lt;b&gt;<mark>居住證</mark>&lt;/b&gt;&amp;辦理"
    assert "申領<mark>居住證</mark>的條件&lt;script&gt;" in found.snippet_html
    assert found.snippet_html.startswith("…")


def test_excerpts_begin_and_end_with_whole_words(shelf: Shelf) -> None:
    filling = "Certificates of registration were mentioned. " * 6
    text = f"{filling}Whoever moves brings the passport, photographs and residence permit along. "
    shelf.put("page:1", "Moving house", text + filling, language="en")
    [found] = shelf.find("permit", language="en").results
    shown = strip_tags(found.snippet_html)
    assert "residence permit along" in shown
    words = {word.strip(".,") for word in text.split()}
    assert {word.strip("….,") for word in shown.split()} - {""} <= words
    number = excerpt(
        "办理" + "事" * 112 + "0999-10000142" * 5, "", Marker({"办理": 2.0}, "zh-hans")
    )
    assert strip_tags(number).endswith("事0999-…")


# --- without an index -----------------------------------------------------------------------------
def test_without_an_index_titles_are_searched_and_said_so(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("page:1", "居住证办理", date=NOW)
    shelf.put("page:2", "办理居住证的窗口", date=NOW - DAY)
    shelf.put("page:3", "窗口", "居住证")
    shelf.put("page:4", "居住证", is_removed=True)

    def away() -> None:
        raise EngineUnavailable("damaged")

    monkeypatch.setattr(searching, "current_engine", away)
    outcome = shelf.find("请问居住證怎么办理")
    assert [found.key for found in outcome.results] == ["page:1", "page:2"]
    assert (outcome.how, outcome.total) == ("titles_only", 2)
    assert outcome.notice
    assert outcome.results[0].title_html == "<mark>居住证</mark>办理"


# --- cost -----------------------------------------------------------------------------------------
def test_a_search_asks_the_database_a_fixed_number_of_times(
    shelf: Shelf, world: World, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    articles = ArticleFactory.create_batch(25, parent=world.column)
    unit = OrganisationFactory()
    for article in articles:
        shelf.put(f"page:{article.pk}", "居住证", page=article.pk, site=world.site.pk,
                  agencies=[unit.pk])  # fmt: skip
    facets = ("site", "column", "kind", "agency", "year", "standing")
    shelf.find("居住证", facets=facets)
    # Two, and outside a request three looks at the version of the structure and one at plugins.
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert len(shelf.find("居住证", facets=facets).results) == PER_PAGE
