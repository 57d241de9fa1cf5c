"""The screens of the rules: what they do, and who may not."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from portal.search.admin import weights as weights_view
from portal.search.admin.rules import _state
from portal.search.models import (
    BestBet,
    BlockedWord,
    RuleChange,
    SavedQuery,
    SiteWeights,
    StopPhrase,
    SynonymRule,
)
from portal.search.rules import Weights
from portal.search.services import comparing
from portal.search.services.changing import save_rule
from portal.search.services.contract import Found, Outcome
from portal.search.services.rules import rules_for
from tests.factories import ArticleFactory, UserFactory, World, member

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
LISTS = ("synonymrule", "stopphrase", "bestbet", "blockedword", "savedquery")
OWN = ("portal_search_weights", "portal_search_changes", "portal_search_synonyms_table")


def signed_in(role: str, site: Any = None) -> Client:
    client = Client()
    user = (
        member(role, site)
        if site is not None or role.startswith(("platform", "sec", "audit"))
        else UserFactory(superuser=True)
    )
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


@pytest.fixture
def in_chinese() -> Iterator[None]:
    """As the screens are."""
    with override("zh-hans"):
        yield


def stored(**values: Any) -> SynonymRule:
    rule = SynonymRule(**values)
    save_rule(rule=rule, by=None)
    return rule


# --- doing ----------------------------------------------------------------------------------------
def test_a_synonym_is_added_changed_and_deleted(provisioned_world: World) -> None:
    client, site = signed_in("site_admin", provisioned_world.site), provisioned_world.site
    values = {"words": "上户口，落户", "meanings": "出生登记", "site": site.pk, "is_active": "on"}
    assert client.post(reverse("synonymrule:add"), values).status_code == 302
    rule = SynonymRule.objects.get()
    assert rules_for(site.pk).synonyms[0].words == ("上户口", "落户")
    url = reverse("synonymrule:edit", args=[rule.pk])
    assert client.post(url, values | {"meanings": "户口登记"}).status_code == 302
    assert rules_for(site.pk).synonyms[0].meanings == ("户口登记",)
    assert client.post(reverse("synonymrule:delete", args=[rule.pk])).status_code == 302
    assert rules_for(site.pk).synonyms == ()
    acts = list(RuleChange.objects.order_by("pk").values_list("act", "user__username"))
    assert [act for act, _user in acts] == ["added", "changed", "deleted"]
    assert all(user for _act, user in acts)


def test_what_does_not_fit_comes_back_with_what_was_typed(provisioned_world: World) -> None:
    stored(words="上户口", meanings="落户")
    client = signed_in("site_admin", provisioned_world.site)
    values = {"words": "落户", "meanings": "上户口", "site": provisioned_world.site.pk,
              "is_active": "on", "note": "留着的备注"}  # fmt: skip
    response = client.post(reverse("synonymrule:add"), values)
    assert response.status_code == 200
    assert "落户 → 上户口 → 落户" in response.text
    assert "留着的备注" in response.text
    assert SynonymRule.objects.count() == 1


@pytest.mark.usefixtures("in_chinese")
def test_a_best_bet_says_how_it_stands_and_can_be_tried(provisioned_world: World) -> None:
    page = ArticleFactory(parent=provisioned_world.column, title="落户指南")
    save_rule(rule=BestBet(queries="落户", page=page, site=provisioned_world.site), by=None)
    client = signed_in("releaser", provisioned_world.site)
    shown = client.get(reverse("bestbet:index"))
    assert "/search/?q=%E8%90%BD%E6%88%B7" in shown.text
    before = _state(shown.context["object_list"][0])
    assert before in shown.text
    page.unpublish()
    gone = client.get(reverse("bestbet:index"))
    after = _state(gone.context["object_list"][0])
    assert after != before
    assert after in gone.text


def test_lists_cost_the_same_with_many_rows(
    provisioned_world: World, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("super")
    for number in range(30):
        page = ArticleFactory(parent=provisioned_world.column)
        stored(words=f"俗称{number}", meanings=f"正式名称{number}", site=provisioned_world.site)
        save_rule(rule=BestBet(queries=f"查询{number}", page=page, site=provisioned_world.site),
                  by=None)  # fmt: skip
        save_rule(rule=StopPhrase(phrase=f"请问{number}"), by=None)
        save_rule(rule=BlockedWord(word=f"词语{number}"), by=None)
        SavedQuery.objects.create(site=provisioned_world.site, text=f"落户{number}", expected=page)
    for name in LISTS:
        with django_assert_max_num_queries(40):
            assert client.get(reverse(f"{name}:index")).status_code == 200, name
    for name in OWN:
        with django_assert_max_num_queries(40):
            assert client.get(reverse(name)).status_code == 200, name


# --- weights --------------------------------------------------------------------------------------
def found(key: str) -> Found:
    return Found(key, "article", f"标题{key}", "", "", "/", None, "zh-hans", None, "", "human", 1.0)


@pytest.fixture
def two_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search whose order depends on the weight of the title."""

    def find(search: Any, *, rules: Any) -> Outcome:
        keys = ["page:1", "page:2", "page:3"] if rules.weights.title < 10 else ["page:3", "page:1"]
        return Outcome(results=tuple(map(found, keys)))

    monkeypatch.setattr(comparing, "find", find)


@pytest.mark.usefixtures("two_orders")
def test_what_ought_to_be_found_is_shown_when_it_is_not(provisioned_world: World) -> None:
    site = provisioned_world.site
    page = ArticleFactory(parent=provisioned_world.column, title="落户指南")
    query = SavedQuery.objects.create(site=site, text="落户", expected=page)
    (one,) = comparing.compare([query], site=site.pk, weights=Weights(title=20))
    row = one.rows[-1]
    assert (row.title, row.before, row.after, row.is_expected) == ("落户指南", None, None, True)


@pytest.mark.usefixtures("two_orders")
def test_weights_are_compared_before_they_are_saved(provisioned_world: World) -> None:
    site = provisioned_world.site
    SavedQuery.objects.create(site=site, text="落户")
    client = signed_in("site_admin", site)
    url = reverse("portal_search_weights")
    values = {"title": 20, "alias": 6, "body": 1, "recency": 0.1, "synonym": 0.9, "note": "试"}
    for entry in weights_view.search_kinds.entries(site.pk):
        values[f"kind-{entry.key.rpartition('.')[2]}"] = 1
    response = client.post(url, values | {"compare": "1"})
    rows = response.context["compared"][0].rows
    assert [(row.key, row.before, row.after) for row in rows] == [
        ("page:3", 3, 1),
        ("page:1", 1, 2),
        ("page:2", 2, None),
    ]
    assert not SiteWeights.objects.exists()
    assert client.post(url, values | {"save": "1"}).status_code == 302
    assert rules_for(site.pk).weights == Weights(title=20)
    assert rules_for(provisioned_world.gaoxin.pk).weights == Weights()
    assert client.post(url, {"usual": "1"}).status_code == 302
    assert rules_for(site.pk).weights == Weights()
    assert RuleChange.objects.count() == 2


def test_wrong_weights_are_refused(provisioned_world: World) -> None:
    client = signed_in("site_admin", provisioned_world.site)
    values = {"title": -1, "alias": 6, "body": 1, "recency": 2, "synonym": 0.9, "save": "1"}
    response = client.post(reverse("portal_search_weights"), values)
    assert response.status_code == 422
    assert set(response.context["form"].errors) >= {"title", "recency"}
    assert not SiteWeights.objects.exists()


# --- changes --------------------------------------------------------------------------------------
def test_a_change_is_undone_from_the_screen(provisioned_world: World) -> None:
    rule = stored(words="上户口", meanings="出生登记", site=provisioned_world.site)
    change = RuleChange.objects.get()
    client = signed_in("releaser", provisioned_world.site)
    url = reverse("portal_search_changes")
    assert "上户口" in client.get(url).text
    assert client.post(url, {"undo": change.pk}).status_code == 302
    assert not SynonymRule.objects.filter(pk=rule.pk).exists()
    assert [row["may_undo"] for row in client.get(url).context["rows"]] == [True, False]


# --- as a table -----------------------------------------------------------------------------------
def upload(client: Client, text: bytes, name: str = "table.csv") -> Any:
    file = io.BytesIO(text)
    file.name = name
    return client.post(reverse("portal_search_synonyms_table"), {"file": file})


TABLE = """words,meanings,both_ways,site,active,note
上户口；落户,出生登记,no,yunhu,yes,热线
公积金,住房公积金,是,yunhu,,
坏行,,no,yunhu,,
别站,不许,no,gaoxin,,
全站,不许,no,,,
无站,不许,no,nowhere,,
乱,写,maybe,yunhu,,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_table_is_checked_then_taken_over(provisioned_world: World, encoding: str) -> None:
    client = signed_in("releaser", provisioned_world.site)
    response = upload(client, TABLE.encode(encoding))
    taken = response.context["taken"]
    assert (taken.added, taken.changed, taken.same) == (2, 0, 0)
    assert [line for line, _why in taken.refused] == [4, 5, 6, 7, 8]
    assert not SynonymRule.objects.exists()
    assert not RuleChange.objects.exists()
    again = client.post(
        reverse("portal_search_synonyms_table"), {"rows": response.context["rows"], "take": "1"}
    )
    assert [line for line, _why in again.context["refused"]] == [4, 5, 6, 7, 8]
    assert {str(rule) for rule in SynonymRule.objects.all()} == {
        "上户口、落户 → 出生登记",
        "公积金 = 住房公积金",
    }
    assert set(RuleChange.objects.values_list("site__code", flat=True)) == {"yunhu"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_downloaded_can_be_uploaded_again(provisioned_world: World, kind: str) -> None:
    stored(words="上户口\n落户", meanings="出生登记", site=provisioned_world.site, note="=1+1")
    stored(words="公积金\n住房公积金", both_ways=True, site=provisioned_world.site, is_active=False)
    client = signed_in("site_admin", provisioned_world.site)
    file = client.get(reverse("portal_search_synonyms_file", args=[kind]))
    assert b"\n=1" not in file.content
    taken = upload(client, file.content, f"table.{kind}").context["taken"]
    assert (taken.added, taken.changed, taken.same, taken.refused) == (0, 0, 2, [])


def test_a_row_changes_the_rule_that_has_its_words(provisioned_world: World) -> None:
    book = Workbook()
    book.active.append(["words", "meanings", "site"])
    book.active.append(["落户，上户口", "户口登记", "yunhu"])
    buffer = io.BytesIO()
    book.save(buffer)
    rule = stored(words="上户口\n落户", meanings="出生登记", site=provisioned_world.site)
    client = signed_in("site_admin", provisioned_world.site)
    response = upload(client, buffer.getvalue(), "table.xlsx")
    client.post(
        reverse("portal_search_synonyms_table"), {"rows": response.context["rows"], "take": "1"}
    )
    assert SynonymRule.objects.get(pk=rule.pk).meanings == "户口登记"


@pytest.mark.parametrize(
    "data",
    [b"", b"a,b\n1,2\n", b"PK\x03\x04broken", b"\xff\xfe\x00\x00\x01", b'words\n"open'],
    ids=["empty", "headings", "zip", "binary", "quote"],
)
def test_what_is_no_table_is_refused_with_a_sentence(provisioned_world: World, data: bytes) -> None:
    response = upload(signed_in("site_admin", provisioned_world.site), data)
    assert response.status_code == 422
    assert response.context.get("problem") or "Choose a file" in response.text


@pytest.mark.parametrize("rows", ["", "[", "[[1]]", '[["x", {}]]', "{}", "[" * 5000, '[[1, "a"]]'])
def test_forged_rows_are_refused(provisioned_world: World, rows: str) -> None:
    client = signed_in("site_admin", provisioned_world.site)
    url = reverse("portal_search_synonyms_table")
    response = client.post(url, {"rows": rows, "take": "1"})
    assert response.status_code in (302, 422)
    assert not SynonymRule.objects.exists()


def test_the_download_holds_the_own_rules_only(provisioned_world: World) -> None:
    stored(words="上户口", meanings="出生登记", site=provisioned_world.site)
    stored(words="别处", meanings="他站", site=provisioned_world.gaoxin)
    client = signed_in("site_admin", provisioned_world.site)
    file = client.get(reverse("portal_search_synonyms_file", args=["xlsx"]))
    rows = list(load_workbook(io.BytesIO(file.content)).active.values)
    assert [row[0] for row in rows] == ["words", "上户口"]


# --- who may not ----------------------------------------------------------------------------------
# What each role may: the lists of rules; blocked words and weights.
MAY = {"site_admin": (True, True), "releaser": (True, False), "platform_admin": (True, True)}
ROLES = (
    "site_admin", "releaser", "editor", "first_checker", "reviewer", "secrecy_reviewer",
    "information_officer", "translator", "language_reviewer", "partner", "auditor",
    "platform_admin", "security_admin", "audit_admin",
)  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_who_may_open_what(provisioned_world: World, role: str) -> None:
    platform = role.startswith(("platform", "security", "audit_"))
    client = signed_in(role, None if platform else provisioned_world.site)
    rules, settings = MAY.get(role, (False, False))
    wanted = {f"{name}:{view}": rules for name in ("synonymrule", "stopphrase", "bestbet",
              "savedquery") for view in ("index", "add")}  # fmt: skip
    wanted |= {"blockedword:index": settings, "blockedword:add": settings}
    wanted |= {"portal_search_weights": settings, "portal_search_changes": rules}
    wanted |= {"portal_search_synonyms_table": rules}
    opened = {name: client.get(reverse(name)).status_code == 200 for name in wanted}
    assert opened == wanted
    file = client.get(reverse("portal_search_synonyms_file", args=["csv"]))
    assert (file.status_code == 200) == rules
    menu = client.get(reverse("wagtailadmin_home")).text
    assert (reverse("synonymrule:index") in menu) == rules
    assert (reverse("portal_search_weights") in menu) == settings


@pytest.mark.parametrize("role", ["site_admin", "releaser"])
def test_other_sites_and_all_sites_are_out_of_reach(provisioned_world: World, role: str) -> None:
    foreign = stored(words="别处", meanings="他站", site=provisioned_world.gaoxin)
    shared = stored(words="大家", meanings="全站")
    client = signed_in(role, provisioned_world.site)
    assert "别处" not in client.get(reverse("synonymrule:index")).text
    values = {"words": "改", "meanings": "了", "is_active": "on"}
    for rule in (foreign, shared):
        for view in ("edit", "delete"):
            url = reverse(f"synonymrule:{view}", args=[rule.pk])
            assert client.get(url).status_code in (302, 403)
            assert client.post(url, values).status_code in (302, 403)
    for site in ("", provisioned_world.gaoxin.pk):
        response = client.post(reverse("synonymrule:add"), values | {"site": site})
        assert response.status_code == 200, "a forged site is refused in the form"
    url = reverse("portal_search_changes")
    for change in RuleChange.objects.all():
        assert client.post(url, {"undo": change.pk}).status_code == 404
    assert client.get(url, {"site": provisioned_world.gaoxin.pk}).status_code in (302, 403)
    for site in ("all", provisioned_world.gaoxin.pk):
        assert client.get(reverse("portal_search_weights"), {"site": site}).status_code in (
            302,
            403,
        )
    assert set(SynonymRule.objects.values_list("words", flat=True)) == {"别处", "大家"}


def test_a_releaser_undoes_no_weights(provisioned_world: World) -> None:
    save_rule(rule=SiteWeights(site=provisioned_world.site, title=9), by=None)
    client = signed_in("releaser", provisioned_world.site)
    change = RuleChange.objects.get()
    url = reverse("portal_search_changes")
    assert client.post(url, {"undo": change.pk}).status_code in (302, 403)
    assert SiteWeights.objects.exists()
    assert json.loads(json.dumps(change.after))["title"] == 9
