"""Figures, tasks with owners, the sample of titles, the repeal cascade, the dashboard."""

import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.extension_points import DependantAction
from portal.core.models import Publication, Standing
from portal.search.dependants import BestBets
from portal.search.engine.contract import EngineUnavailable
from portal.search.gap_signals import EmptySearches, PopularSearches
from portal.search.models import (
    BestBet,
    Document,
    LoggedSearch,
    QueryDay,
    Replica,
    RuleChange,
    SampleMiss,
    SampleRun,
    SearchTask,
)
from portal.search.selectors.figures import (
    Period,
    by_day,
    hardly_opened,
    popular,
    totals,
    without_results,
)
from portal.search.services import sampling, tasking
from portal.search.services.changing import save_rule
from portal.search.services.contract import Found, Outcome
from portal.search.services.rules import rules_for
from portal.testing import disable_plugin
from tests.factories import ArticleFactory, UserFactory, World, member

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
TODAY = datetime.date(2026, 5, 20)
NO_ANSWERS = ("titles_only", "fewer_words", "bigrams", "meaning")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


def counted(site: int, text: str, searches: int, **values: Any) -> QueryDay:
    return QueryDay.objects.create(
        **{"day": timezone.localdate(), "site": site, "language": "zh-hans", "query": text,
           "text": text, "searches": searches, "askers": searches, **values}
    )  # fmt: skip


@pytest.fixture
def finds(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What searches find: text → number of results; ``down``: the index cannot be asked."""
    table: dict[str, Any] = {}

    def find(search: Any, **_more: Any) -> Outcome:
        if table.get("down"):
            raise EngineUnavailable
        found = table.get(search.text, 0)
        if isinstance(found, Outcome):
            return found
        return Outcome(total=found, how=table.get("how", "all_words"))

    monkeypatch.setattr(tasking, "find", find)
    monkeypatch.setattr(sampling, "find", find)
    monkeypatch.setattr("portal.search.admin.tasks.find", find)
    return table


# --- figures --------------------------------------------------------------------------------------
def test_figures_say_what_is_popular_missed_and_unopened(world: World) -> None:
    site = world.site.pk
    counted(site, "居住证", 40, opened=30, places=45)
    counted(site, "搜不到", 9, empty=9)
    counted(site, "没人点", 20, opened=1, places=7)
    counted(site, "一半", 10, empty=4, opened=5, places=5)
    counted(site, "一个人", 30, askers=1, empty=30)
    counted(site, "", 11, empty=1, opened=4, places=4)
    counted(world.gaoxin.pk, "别站", 50, empty=50)
    counted(site, "旧的", 70, day=timezone.localdate() - datetime.timedelta(days=40))
    today = timezone.localdate()
    period = Period(today - datetime.timedelta(days=29), today, [site])
    numbers = totals(period)
    assert (numbers.searches, numbers.empty, numbers.opened) == (120, 44, 40)
    assert numbers.empty_share == pytest.approx(44 / 120)
    assert numbers.opened_share == pytest.approx(40 / 76)
    assert numbers.place == pytest.approx(61 / 40)
    assert by_day(period) == {today: (120, 44)}
    assert [row.text for row in popular(period)] == ["居住证", "没人点", "一半", "搜不到"]
    assert [row.text for row in without_results(period)] == ["搜不到"]
    assert [row.text for row in hardly_opened(period)] == ["没人点"]


def test_the_screen_of_figures(
    provisioned_world: World, django_assert_max_num_queries: Any
) -> None:
    site = provisioned_world.site
    for number in range(60):
        counted(site.pk, f"搜不到{number}", 9, empty=9)
        counted(site.pk, f"没人点{number}", 9)
    client = signed_in(member("editor", site))
    with django_assert_max_num_queries(40):
        html = client.get(reverse("portal_search_figures")).text
    assert "搜不到7" in html
    assert "<rect" in html
    sent = {"table": "empty", "site": site.pk, "language": "zh-hans", "query": "搜不到7"}
    assert client.post(reverse("portal_search_figures"), sent).status_code == 302
    assert SearchTask.objects.get().text == "搜不到7"
    file = client.get(reverse("portal_search_figures_file", args=["empty", "csv"]))
    rows = file.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 61
    assert "no-store" in file.headers["Cache-Control"]
    for forged in ({"table": "popular"}, {"query": "没有"}, {"site": provisioned_world.gaoxin.pk}):
        response = client.post(reverse("portal_search_figures"), sent | forged)
        assert response.status_code == 404


def test_a_year_is_drawn_in_weeks(provisioned_world: World) -> None:
    counted(provisioned_world.site.pk, "居住证", 5)
    client = signed_in(member("editor", provisioned_world.site))
    response = client.get(reverse("portal_search_figures"), {"days": "365"})
    assert response.context["is_weekly"]
    for odd in ("0", "x", "-7", "31"):
        assert client.get(reverse("portal_search_figures"), {"days": odd}).status_code == 200


# --- tasks ----------------------------------------------------------------------------------------
def test_what_many_look_for_in_vain_becomes_a_task(
    world: World, finds: dict[str, Any], settings: Any
) -> None:
    settings.SEARCH_PRIVACY_THRESHOLD = 5
    site = world.site.pk
    counted(site, "网约车证", 9, empty=9)
    counted(site, "四个人", 4, empty=4)
    counted(site, "没人点", 20)
    assert tasking.find_tasks(site) == 2
    assert tasking.find_tasks(site) == 0
    kinds = dict(SearchTask.objects.values_list("text", "kind"))
    assert kinds == {"网约车证": "empty", "没人点": "unopened"}


def test_a_task_ends_when_the_query_finds_something(world: World, finds: dict[str, Any]) -> None:
    counted(world.site.pk, "网约车证", 9, empty=9)
    tasking.find_tasks(world.site.pk)
    for away in ({"down": True}, *({"how": how, "网约车证": 3} for how in NO_ANSWERS)):
        finds.clear()
        finds.update(away)
        assert tasking.close_found(world.site.pk) == 0
    finds.clear()
    finds["网约车证"] = 3
    assert tasking.close_found(world.site.pk) == 1
    task = SearchTask.objects.get()
    assert (task.state, task.done) == ("closed", "found")


def test_a_closed_task_comes_back_when_many_ask_again(
    world: World, finds: dict[str, Any], settings: Any
) -> None:
    settings.SEARCH_PRIVACY_THRESHOLD = 5
    site, today = world.site.pk, timezone.localdate()
    counted(site, "网约车证", 9, empty=9)
    counted(site, "湖心岛", 9, empty=9)
    tasking.find_tasks(site)
    for task in SearchTask.objects.all():
        done = "not_ours" if task.text == "湖心岛" else "synonym"
        tasking.close(task=task, done=done, note="已说明", by=UserFactory())
    tasking.find_tasks(site)
    assert set(SearchTask.objects.values_list("state", flat=True)) == {"closed"}
    later = today + datetime.timedelta(days=2)
    for text in ("网约车证", "湖心岛"):
        counted(site, text, 9, empty=9, day=later)
    tasking.find_tasks(site, today=later)
    states = dict(SearchTask.objects.values_list("text", "state"))
    assert states == {"网约车证": "open", "湖心岛": "closed"}


def test_a_task_has_an_owner_and_says_what_was_done(
    provisioned_world: World, finds: dict[str, Any]
) -> None:
    site = provisioned_world.site
    counted(site.pk, "网约车证", 9, empty=9)
    tasking.find_tasks(site.pk)
    task = SearchTask.objects.get()
    url = reverse("portal_search_task", args=[task.pk])
    person = member("editor", site)
    client = signed_in(person)
    assert client.post(url, {"take": "1"}).status_code == 302
    task.refresh_from_db()
    assert (task.owner, task.state) == (person, "taken")
    stranger = member("editor", provisioned_world.gaoxin)
    client.post(url, {"give": "1", "owner": stranger.pk})
    task.refresh_from_db()
    assert task.owner == person
    assert client.post(url, {"close": "1", "done": "not_ours", "note": ""}).status_code == 422
    assert client.post(url, {"close": "1", "done": "found"}).status_code == 422
    assert client.post(url, {"close": "1", "done": "synonym", "note": "加好了"}).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.done, task.closed_by) == ("closed", "synonym", person)
    assert "加好了" in client.get(url).text
    client.post(url, {"reopen": "1"})
    task.refresh_from_db()
    assert (task.state, task.done) == ("taken", "")


def test_a_task_leads_to_a_rule_with_its_words(
    provisioned_world: World, finds: dict[str, Any]
) -> None:
    site = provisioned_world.site
    counted(site.pk, "网约车证", 9, empty=9)
    tasking.find_tasks(site.pk)
    url = reverse("portal_search_task", args=[SearchTask.objects.get().pk])
    assert "synonym_url" in signed_in(member("editor", site)).get(url).context
    assert not signed_in(member("editor", site)).get(url).context["may_rule"]
    client = signed_in(member("releaser", site))
    page = client.get(url)
    assert page.context["may_rule"]
    form = client.get(page.context["synonym_url"]).context["form"]
    assert (form["words"].value(), str(form["site"].value())) == ("网约车证", str(site.pk))


@pytest.mark.parametrize(
    "role", ["translator", "language_reviewer", "partner", "auditor", "secrecy_reviewer",
             "information_officer", "security_admin", "audit_admin"]
)  # fmt: skip
def test_who_does_not_edit_sees_no_figures_and_no_tasks(
    provisioned_world: World, role: str, finds: dict[str, Any]
) -> None:
    counted(provisioned_world.site.pk, "网约车证", 9, empty=9)
    tasking.find_tasks(provisioned_world.site.pk)
    site = None if role.endswith("_admin") else provisioned_world.site
    client = signed_in(member(role, site) if site else member(role))
    task = SearchTask.objects.get()
    for url in (
        reverse("portal_search_figures"),
        reverse("portal_search_tasks"),
        reverse("portal_search_samples"),
        reverse("portal_search_task", args=[task.pk]),
        reverse("portal_search_figures_file", args=["empty", "csv"]),
    ):
        assert client.get(url).status_code in (302, 403), url


def test_other_sites_are_out_of_reach(provisioned_world: World, finds: dict[str, Any]) -> None:
    here, there = provisioned_world.site, provisioned_world.gaoxin
    counted(there.pk, "别站的词", 9, empty=9)
    tasking.find_tasks(there.pk)
    task = SearchTask.objects.get()
    SampleRun.objects.create(site=there, looked_for=3, found=2)
    client = signed_in(member("site_admin", here))
    url = reverse("portal_search_task", args=[task.pk])
    assert client.get(url).status_code in (302, 403)
    assert client.post(url, {"take": "1"}).status_code in (302, 403)
    task.refresh_from_db()
    assert task.owner is None
    for name in ("figures", "tasks", "samples"):
        address = reverse(f"portal_search_{name}")
        assert "别站的词" not in client.get(address).text
        assert client.get(address, {"site": there.pk}).status_code in (302, 403)
        assert client.post(f"{address}?site={there.pk}").status_code in (302, 403, 405)
    file = reverse("portal_search_figures_file", args=["empty", "csv"])
    assert "别站的词" not in client.get(file).content.decode("utf-8-sig")
    with pytest.raises(PermissionDenied):
        from django.test import RequestFactory

        from portal.search.admin.figures import export

        request = RequestFactory().get("/", {"site": there.pk})
        request.user = member("site_admin", here)
        export(request, "empty", "csv")


def test_lists_of_tasks_cost_the_same_with_many_rows(
    provisioned_world: World, django_assert_max_num_queries: Any, finds: dict[str, Any]
) -> None:
    site = provisioned_world.site
    person = member("editor", site)
    for number in range(40):
        SearchTask.objects.create(
            site=site, language="zh-hans", query=f"词{number}", text=f"词{number}", kind="empty",
            owner=person if number % 2 else None, askers=number,
        )  # fmt: skip
        run = SampleRun.objects.create(site=site, looked_for=3, found=2)
        SampleMiss.objects.create(run=run, page=1, title="题", language="zh-hans",
                                  reason="waiting")  # fmt: skip
    client = signed_in(person)
    for address in (
        reverse("portal_search_tasks"),
        reverse("portal_search_tasks") + "?mine=1&state=all&kind=empty",
        reverse("portal_search_task", args=[SearchTask.objects.first().pk]),  # type: ignore[union-attr]
        reverse("portal_search_samples"),
    ):
        with django_assert_max_num_queries(40):
            assert client.get(address).status_code == 200


# --- for others -----------------------------------------------------------------------------------
def test_searches_in_vain_are_told_to_those_who_make_gaps(world: World) -> None:
    for number, (text, total) in enumerate([("搜不到", 0), ("搜得到", 5), ("搜不到", 0)]):
        LoggedSearch.objects.create(
            token=f"token-{number}", day=TODAY, at=timezone.now(), site=world.site.pk,
            language="zh-hans", query=text, text=text, how="all_words", total=total,
            visitor="v" if number else "",
        )  # fmt: skip
    now = timezone.now()
    since = now - datetime.timedelta(hours=1)
    signals = list(EmptySearches().gap_signals(site=world.site.pk, since=since, until=now))
    assert [(one.key, one.text, one.kind, one.asker) for one in signals] == [
        ("search:token-0", "搜不到", "search", "20260520"),
        ("search:token-2", "搜不到", "search", "v"),
    ]
    assert not list(EmptySearches().gap_signals(site=world.gaoxin.pk, since=since, until=now))


def test_hot_topics_are_above_the_threshold(world: World, settings: Any) -> None:
    settings.SEARCH_PRIVACY_THRESHOLD = 5
    counted(world.site.pk, "居住证", 9)
    counted(world.site.pk, "四个人", 4)
    topics = list(PopularSearches().hot_topics(site=world.site.pk))
    assert [(one.text, one.kind, one.count) for one in topics] == [("居住证", "search", 9)]


def test_the_dashboard_shows_what_waits(provisioned_world: World, finds: dict[str, Any]) -> None:
    site = provisioned_world.site
    counted(site.pk, "搜不到的词", 9, empty=9)
    counted(site.pk, "没人点的词", 20)
    tasking.find_tasks(site.pk)
    client = signed_in(member("editor", site))
    home = reverse("wagtailadmin_home")
    # What is looked for in vain has its owners on the assistant's board of gaps.
    shown = client.get(home).text
    assert "没人点的词" in shown
    assert "搜不到的词" not in shown
    with disable_plugin("assistant"):
        assert "搜不到的词" in client.get(home).text
    task = SearchTask.objects.get(text="搜不到的词")
    tasking.take(task=task, by=member("reviewer", site))
    with disable_plugin("assistant"):
        assert "搜不到的词" not in client.get(home).text
    for other in (member("editor", provisioned_world.gaoxin), member("auditor", site)):
        assert "没人点的词" not in signed_in(other).get(home).text


# --- the sample -----------------------------------------------------------------------------------
def result(page: int, title: str = "题") -> Found:
    return Found(f"page:{page}", "article", title, "", "", "/", None, "zh-hans", None, "",
                 "human", 1.0, page=page)  # fmt: skip


def indexed(page: int, seq: int, **values: Any) -> None:
    Document.objects.create(
        key=f"page:{page}", seq=seq, kind="article", language="zh-hans", page=page, url="/",
        title="题", **values,
    )  # fmt: skip


def test_each_miss_says_why(world: World, finds: dict[str, Any]) -> None:
    titles = ["在第一页", "没有条目", "不公开", "还没进索引", "排在后面", "没有返回", "同名"]
    pages = {title: ArticleFactory(parent=world.column, title=title).pk for title in titles}
    now = timezone.now()
    Replica.objects.create(name="here", position=10)
    for seq, title in enumerate(titles):
        if title != "没有条目":
            past = now if title == "不公开" else None
            indexed(pages[title], 99 if title == "还没进索引" else seq, public_until=past)
    finds["在第一页"] = Outcome(results=(result(pages["在第一页"]),), total=1)
    finds["同名"] = Outcome(results=tuple(result(n, "同名") for n in range(20)), total=30)
    other = Outcome(results=tuple(result(n + 90_000) for n in range(20)), total=25)
    finds["没有返回"] = finds["还没进索引"] = finds["不公开"] = finds["没有条目"] = other

    plain = sampling.find

    def find(search: Any, **more: Any) -> Outcome:
        if search.text == "排在后面":
            hit = (result(pages["排在后面"]),) if search.page == 2 else other.results
            return Outcome(results=hit, total=21)
        return plain(search, **more)

    sampling.find = find  # put back by the fixture
    found = {
        title: sampling.look_for(sampling.Title(pk, title, "zh-hans"), world.site.pk)
        for title, pk in pages.items()
    }
    assert found == {
        "在第一页": (None, None),
        "同名": (None, None),
        "没有条目": ("not_indexed", None),
        "不公开": ("not_public", None),
        "还没进索引": ("waiting", None),
        "排在后面": ("ranked_below", 21),
        "没有返回": ("not_returned", None),
    }
    finds["down"] = True
    title = sampling.Title(pages["在第一页"], "在第一页", "zh-hans")
    assert sampling.look_for(title, world.site.pk) == ("unavailable", None)


def test_titles_are_those_that_everybody_may_read(world: World) -> None:
    article = ArticleFactory(parent=world.column, title="公开的")
    ArticleFactory(parent=world.column, title="草稿", live=False)
    ArticleFactory(parent=world.gaoxin_column, title="别站的")
    withdrawn = ArticleFactory(parent=world.column, title="撤下的")
    withdrawn.unpublish()
    indexed(article.pk, 1)
    run = sampling.titles(world.site.pk, 50, sampling.random.Random(1))
    assert [title.title for title in run] == ["公开的"], "pages of a kind that search has none of"
    world.column.unpublish()
    assert sampling.titles(world.site.pk, 50, sampling.random.Random(1)) == []


def test_the_command_lists_what_is_missed(world: World, finds: dict[str, Any]) -> None:
    page = ArticleFactory(parent=world.column, title="公开的")
    indexed(page.pk, 1)
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("sample_search", "--site", "yunhu", "--count", "5", stdout=out)
    assert refused.value.returncode == 1
    assert "公开的: in the index, and not among the results" in out.getvalue()
    finds["公开的"] = Outcome(results=(result(page.pk),), total=1)
    call_command("sample_search", "--site", "yunhu", stdout=out)
    assert "1 of 1 found" in out.getvalue()
    for wrong in (["--count", "0"], ["--site", "nowhere"]):
        with pytest.raises(CommandError) as refused:
            call_command("sample_search", *wrong, stdout=out)
        assert refused.value.returncode == 2


def test_a_sample_at_once_and_its_panel(provisioned_world: World, finds: dict[str, Any]) -> None:
    page = ArticleFactory(parent=provisioned_world.column, title="找不到的题")
    indexed(page.pk, 1)
    admin = signed_in(member("site_admin", provisioned_world.site))
    url = reverse("portal_search_samples")
    assert admin.post(url).status_code == 302
    assert "找不到的题" in admin.get(url).text
    assert url in admin.get(reverse("wagtailadmin_home")).text
    editor = signed_in(member("editor", provisioned_world.site))
    assert editor.post(url).status_code in (302, 403)
    assert SampleRun.objects.count() == 1


# --- the repeal cascade ---------------------------------------------------------------------------
def test_best_bets_are_dependants_of_what_is_repealed(provisioned_world: World) -> None:
    world = provisioned_world
    old = ArticleFactory(parent=world.column, title="旧规定")
    new = ArticleFactory(parent=world.column, title="新规定")
    bet = BestBet(queries="规定", page=old, site=world.site)
    save_rule(rule=bet, by=None)
    source = BestBets()
    found = list(source.dependants(item=f"page:{old.pk}"))
    assert [(one.label, one.site) for one in found] == [("规定", world.site.pk)]
    assert not list(source.dependants(item=f"page:{new.pk}"))
    assert not list(source.dependants(item="question:1"))
    act = {"key": found[0].key, "item": f"page:{old.pk}", "replacement": f"page:{new.pk}"}
    for stranger in (member("releaser", world.gaoxin), member("editor", world.site)):
        with pytest.raises(PermissionDenied):
            source.act(action=DependantAction.REPOINT, user=stranger, **act)
    person = member("releaser", world.site)
    with pytest.raises(ValidationError):
        source.act(action=DependantAction.MARK, user=person, **act)
    source.act(action=DependantAction.REPOINT, user=person, **act)
    assert [one.key for one in rules_for(world.site.pk).best_bets] == [f"page:{new.pk}"]
    with pytest.raises(ValidationError):
        source.act(action=DependantAction.WITHDRAW, user=person, **act)
    act["item"] = f"page:{new.pk}"
    Publication.objects.filter(page=new).update(
        standing=Standing.REPEALED, valid_until=timezone.now()
    )
    source.act(action=DependantAction.WITHDRAW, user=person, **act)
    assert rules_for(world.site.pk).best_bets == ()
    assert list(RuleChange.objects.values_list("act", flat=True)) == ["changed", "changed", "added"]


def test_the_portal_does_not_name_a_best_bet_twice(provisioned_world: World) -> None:
    from portal.core.extension_points import dependants

    page = ArticleFactory(parent=provisioned_world.column)
    client = signed_in(member("site_admin", provisioned_world.site))
    values = {"queries": "规定", "page": page.pk, "site": provisioned_world.site.pk,
              "is_active": "on"}  # fmt: skip
    assert client.post(reverse("bestbet:add"), values).status_code == 302
    keys = [
        one.key
        for entry in dependants.entries(provisioned_world.site.pk)
        for one in entry.item.dependants(item=f"page:{page.pk}")
        if "best" in one.key
    ]
    assert keys == [f"best_bet:{BestBet.objects.get().pk}"]
