"""Opinions on drafts: taken in once, decided with reasons, closed with a result only."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.participation.admin import solicitations as screen
from portal.participation.drafts import blocks_of
from portal.participation.guards import VISITOR_PER_HOUR, new_key
from portal.participation.models import (
    Activity,
    ClauseTally,
    Opinion,
    OpinionSender,
    SolicitationPage,
)
from portal.participation.services import activities, solicitations
from portal.participation.services.errors import ParticipationError
from portal.plugin_api import PublishRefused, clocks
from tests.factories import UserFactory, World, member
from tests.policy_interpretation.factories import make_policy

from .factories import DAY, clause_ids, make_solicitation, now_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(world: World) -> SolicitationPage:
    return make_solicitation(world.column)


@pytest.fixture
def visitor() -> Client:
    return Client(REMOTE_ADDR="203.0.113.7")


def url_of(page: SolicitationPage, clause: str = "") -> str:
    return f"/participation/opinions/{page.pk}/" + (f"?clause={clause}" if clause else "")


def sheet(client: Client, page: SolicitationPage, clause: str = "", **changes: str) -> dict:
    html = client.get(url_of(page, clause)).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', html)
    assert key, html
    return {"key": key[1], "text": "建议写明时间。", "name": "", "contact": ""} | changes


def said(page: SolicitationPage, clause: str, text: str, key: str) -> Opinion:
    return solicitations.give_opinion(page=page, clause=clause, text=text, key=key)


# --- taking in ------------------------------------------------------------------------------------
def test_an_opinion_on_a_clause_is_stored_with_its_sender_apart(
    visitor: Client, page: SolicitationPage
) -> None:
    clause = clause_ids(page)[1]
    assert "草案的第二条" in visitor.get(url_of(page, clause)).content.decode()
    told = sheet(visitor, page, clause, name="张三", contact="0999-10000100")
    response = visitor.post(url_of(page, clause), told, follow=True)
    assert response.redirect_chain == [(f"/participation/{page.pk}/thanks/", 302)]
    opinion = Opinion.objects.get()
    assert (opinion.clause, opinion.text) == (clause, "建议写明时间。")
    assert OpinionSender.objects.get().contact == "0999-10000100"
    assert Activity.objects.get(page=page.pk).received == 1
    assert ClauseTally.objects.get(clause=clause).received == 1
    assert "张三" not in visitor.get(page.get_url()).content.decode()


def test_pressing_twice_stores_one(visitor: Client, page: SolicitationPage) -> None:
    told = sheet(visitor, page)
    assert visitor.post(url_of(page), told).status_code == 302
    assert visitor.post(url_of(page), told).status_code == 302
    assert Opinion.objects.count() == Activity.objects.get(page=page.pk).received == 1


@pytest.mark.parametrize("key", ["", "made-up", "x" * 500])
def test_a_sheet_that_was_not_made_here_keeps_the_text_and_stores_nothing(
    visitor: Client, page: SolicitationPage, key: str
) -> None:
    response = visitor.post(url_of(page), sheet(visitor, page, key=key))
    assert response.status_code == 422
    assert "建议写明时间。" in response.content.decode()
    assert not Opinion.objects.exists()


def test_a_sheet_of_another_solicitation_is_refused(
    visitor: Client, page: SolicitationPage
) -> None:
    told = sheet(visitor, page, key=new_key("opinion", page.pk + 1))
    assert visitor.post(url_of(page), told).status_code == 422


def test_what_is_too_long_is_refused_and_kept(visitor: Client, page: SolicitationPage) -> None:
    response = visitor.post(url_of(page), sheet(visitor, page, text="长" * 3001))
    assert response.status_code == 422
    assert "长" * 3001 in response.content.decode()


def test_a_program_that_fills_the_trap_is_thanked_and_not_stored(
    visitor: Client, page: SolicitationPage
) -> None:
    assert visitor.post(url_of(page), sheet(visitor, page, website="http://x")).status_code == 302
    assert not Opinion.objects.exists()


def test_a_flood_from_one_connection_is_stopped_and_the_text_kept(
    visitor: Client, page: SolicitationPage
) -> None:
    cache.clear()
    for _ in range(VISITOR_PER_HOUR["opinion"]):
        assert visitor.post(url_of(page), sheet(visitor, page)).status_code == 302
    response = visitor.post(url_of(page), sheet(visitor, page))
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "建议写明时间。" in response.content.decode()
    other = Client(REMOTE_ADDR="203.0.113.8")
    assert other.post(url_of(page), sheet(other, page)).status_code == 302


def test_what_arrived_before_the_limit_is_told_so_when_sent_again(
    visitor: Client, page: SolicitationPage
) -> None:
    cache.clear()
    told = sheet(visitor, page)
    for _ in range(VISITOR_PER_HOUR["opinion"] + 3):
        assert visitor.post(url_of(page), told).status_code == 302
    assert Opinion.objects.count() == 1


def test_a_clause_that_went_while_somebody_wrote_loses_no_text(
    visitor: Client, page: SolicitationPage
) -> None:
    gone = clause_ids(page)[1]
    told = sheet(visitor, page, gone)
    page.draft = [block for block in page.draft.get_prep_value() if block["id"] != gone]
    page.save_revision().publish()
    response = visitor.post(url_of(page, gone), told)
    assert response.status_code == 422
    html = response.content.decode()
    assert "建议写明时间。" in html
    assert f'action="{url_of(page)}"' in html
    assert visitor.post(url_of(page), told).status_code == 302
    assert Opinion.objects.get().clause == ""


def test_nothing_is_taken_before_and_after(world: World, visitor: Client) -> None:
    coming = make_solicitation(world.column, since=1, until=9, title="以后")
    over = make_solicitation(world.column, since=-9, until=-1, title="以前")
    for page in (coming, over):
        assert 'name="text"' not in visitor.get(url_of(page)).content.decode()
        with pytest.raises(ParticipationError):
            said(page, "", "晚了", "k")
        told = {"key": new_key("opinion", page.pk), "text": "留着的话"}
        response = visitor.post(url_of(page), told)
        assert response.status_code == 422
        assert "留着的话" in response.content.decode()


def test_drafts_and_unknown_clauses_are_not_there(world: World, visitor: Client) -> None:
    draft = make_solicitation(world.column, live=False, title="草稿")
    assert visitor.get(url_of(draft)).status_code == 404
    page = make_solicitation(world.column, title="公开")
    assert visitor.get(url_of(page, "no-such-clause")).status_code == 404


# --- the page -------------------------------------------------------------------------------------
def test_major_decisions_are_open_for_thirty_days_or_say_why(world: World) -> None:
    with pytest.raises(PublishRefused):
        make_solicitation(world.column, form="decision", until=20)
    page = make_solicitation(
        world.column, form="decision", until=20, shorter_reason="防汛需要。", title="短"
    )
    assert "防汛需要。" in Client().get(page.get_url()).content.decode()
    assert make_solicitation(world.column, form="decision", until=30.5, title="长").live


def test_a_result_before_the_end_is_refused(page: SolicitationPage) -> None:
    page.result_summary = "结果"
    with pytest.raises(PublishRefused):
        page.save_revision().publish()


def test_pasted_text_becomes_clauses_and_no_line_is_lost() -> None:
    blocks = blocks_of(
        "第一条 为了规范，制定本办法。\n第二条 适用于本市。\n（一）市区；\n（二）县区。"
    )
    numbers = [block["value"]["number"] for block in blocks]
    assert numbers == ["第一条", "第二条", "（一）", "（二）"]
    plain = blocks_of("没有条款的一段话。\n另一段。")
    text = "".join(block["value"]["text"] for block in plain)
    assert "没有条款的一段话。" in text
    assert "另一段。" in text


def test_clauses_of_a_linked_document_can_be_spoken_to(world: World, visitor: Client) -> None:
    policy = make_policy(world.column)
    page = make_solicitation(world.column, draft_page=policy)
    page.draft = page.draft.stream_block.to_python([])
    page.save_revision().publish()
    key = policy.body.raw_data[0]["id"]
    assert visitor.post(url_of(page, key), sheet(visitor, page, key)).status_code == 302
    assert Opinion.objects.get().clause == key
    # ... and the document leads back.
    assert page.title in visitor.get(policy.get_url()).content.decode()


# --- deciding -------------------------------------------------------------------------------------
def test_what_is_not_adopted_needs_a_reason(page: SolicitationPage) -> None:
    opinion = said(page, "", "甲", "a")
    for verdict in ("not_adopted", "partly", "invalid"):
        with pytest.raises(ParticipationError):
            solicitations.decide(page=page, opinions=[opinion.pk], verdict=verdict, reason=" ")
    solicitations.decide(page=page, opinions=[opinion.pk], verdict="adopted")
    assert Opinion.objects.get().verdict == "adopted"


def test_merged_opinions_are_decided_together_and_each_counts(page: SolicitationPage) -> None:
    clause = clause_ids(page)[0]
    rows = [said(page, clause, text, text) for text in ("甲", "乙", "丙")]
    other = said(page, clause_ids(page)[1], "丁", "丁")
    with pytest.raises(ParticipationError):
        solicitations.merge(page=page, opinions=[rows[0].pk, other.pk])
    first = solicitations.merge(page=page, opinions=[row.pk for row in rows])
    assert first.pk == rows[0].pk
    solicitations.decide(
        page=page, opinions=[first.pk], verdict="partly", reason="部分", is_shown=True
    )
    tally = ClauseTally.objects.get(clause=clause)
    assert (tally.received, tally.partly) == (3, 3)
    assert Opinion.objects.filter(is_shown=True).count() == 1


def test_opinions_of_another_solicitation_cannot_be_decided(
    world: World, page: SolicitationPage
) -> None:
    other = said(make_solicitation(world.column, title="别的"), "", "甲", "a")
    assert solicitations.decide(page=page, opinions=[other.pk], verdict="adopted") == 0
    assert Opinion.objects.get(pk=other.pk).verdict == ""


def test_the_result_closes_it_and_shows_what_became_of_opinions(
    page: SolicitationPage, visitor: Client
) -> None:
    clause = clause_ids(page)[0]
    adopted, unread = said(page, clause, "采纳的话", "a"), said(page, clause, "没看过的话", "b")
    solicitations.decide(page=page, opinions=[adopted.pk], verdict="adopted", is_shown=True)
    assert "采纳的话" not in visitor.get(page.get_url()).content.decode()
    page = now_over(page)
    html = visitor.get(page.get_url()).content.decode()
    assert "result is owed" in html or "结果" in html
    solicitations.decide(
        page=page, opinions=[unread.pk], verdict="not_adopted", reason="超出职权。"
    )
    page.result_summary = "收到两条意见。"
    page.save_revision().publish()
    html = visitor.get(page.get_url()).content.decode()
    assert "收到两条意见。" in html
    assert "采纳的话" in html
    assert unread.text not in html
    assert Activity.objects.get(page=page.pk).result_at is not None


def test_without_a_result_it_is_owed_and_the_clock_runs_until_it_is_there(
    world: World, page: SolicitationPage
) -> None:
    page = now_over(page)
    activities.follow_site(world.site.pk)
    activities.follow_site(world.site.pk)  # twice changes nothing
    clock = clocks.open("participation.result", f"page:{page.pk}")
    assert clock is not None
    assert abs(clock.started_at - page.closes_at) < timezone.timedelta(seconds=1)
    page.result_summary = "结果。"
    page.save_revision().publish()
    assert clocks.open("participation.result", f"page:{page.pk}") is None


def test_contacts_go_after_their_days_and_opinions_stay(page: SolicitationPage) -> None:
    solicitations.give_opinion(page=page, clause="", text="甲", key="a", contact="0999-10000100")
    row = OpinionSender.objects.get()
    activities.forget_contacts(today=row.kept_until)
    assert OpinionSender.objects.exists()
    activities.forget_contacts(today=row.kept_until + DAY)
    assert not OpinionSender.objects.exists()
    assert Opinion.objects.exists()


# --- staff ----------------------------------------------------------------------------------------
def test_only_editors_of_the_site_read_what_came_in(
    provisioned_world: World, client: Client
) -> None:
    world = provisioned_world
    page = make_solicitation(world.column)
    solicitations.give_opinion(page=page, clause="", text="甲", key="a", contact="0999-10000100")
    urls = [
        f"/admin/participation/{page.pk}/",
        f"/admin/participation/{page.pk}/export.csv",
    ]
    for user, status in (
        (member("editor", world.site), 200),
        (member("editor", world.hubin), 403),
        (member("site_admin", world.hubin), 403),
        (member("letters_clerk", world.site), 403),
    ):
        client.force_login(user)
        for url in urls:
            response = client.get(url)
            assert response.status_code in ((200,) if status == 200 else (302, 403)), (user, url)
            if status != 200:
                assert b"0999-10000100" not in response.content
    client.logout()
    assert client.get(urls[0]).status_code == 302


def test_a_reason_that_is_missing_loses_nothing_that_was_chosen(
    provisioned_world: World, client: Client
) -> None:
    page = make_solicitation(provisioned_world.column)
    opinion = said(page, "", "甲", "a")
    client.force_login(UserFactory(is_superuser=True))
    url = f"/admin/participation/{page.pk}/"
    told = {"action": "decide", "row": [str(opinion.pk)], "verdict": "not_adopted", "reason": ""}
    response = client.post(url, told)
    assert response.status_code == 422
    assert 'value="not_adopted" checked' in response.content.decode()
    assert client.post(url, told | {"reason": "超出职权。"}).status_code == 302
    assert Opinion.objects.get().reason == "超出职权。"


def test_all_that_a_filter_finds_are_decided_at_once_and_no_others(
    provisioned_world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "ON_A_PAGE", 2)
    page = make_solicitation(provisioned_world.column)
    first = said(page, "", "已决定", "first")
    solicitations.decide(page=page, opinions=[first.pk], verdict="adopted")
    for number in range(4):
        said(page, "", f"意见{number}", f"k{number}")
    client.force_login(UserFactory(is_superuser=True))
    url = f"/admin/participation/{page.pk}/?state=open"
    assert 'name="all" value="4"' in client.get(url).content.decode()
    told = {"action": "decide", "all": "4", "verdict": "not_adopted", "reason": "超出职权。"}
    assert client.post(url, told | {"shown": "1"}).status_code == 422
    late = said(page, "", "刚刚到", "late")
    assert client.post(url, told).status_code == 422, "five are open, the screen said four"
    assert Opinion.objects.filter(verdict="").count() == 5
    assert client.post(url, told | {"all": "5"}).status_code == 302
    late.refresh_from_db()
    assert late.verdict == "not_adopted"
    assert Opinion.objects.get(pk=first.pk).verdict == "adopted"
    assert not Opinion.objects.filter(verdict="").exists()


def test_exports_carry_no_contact_and_no_formula(provisioned_world: World, client: Client) -> None:
    page = make_solicitation(provisioned_world.column)
    solicitations.give_opinion(
        page=page, clause="", text="=cmd()", key="a", name="张三", contact="0999-10000100"
    )
    client.force_login(UserFactory(is_superuser=True))
    response = client.get(f"/admin/participation/{page.pk}/export.csv")
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=cmd()" in text
    assert "张三" not in text
    assert "0999" not in text


# --- cost -----------------------------------------------------------------------------------------
def test_the_page_costs_the_same_with_many_opinions(
    page: SolicitationPage, client: Client, queries: Callable[[str], list[str]]
) -> None:
    few = len(queries(page.get_url()))
    now = timezone.now()
    Opinion.objects.bulk_create(
        Opinion(solicitation=page, clause=clause_ids(page)[n % 3], text="甲", key=f"k{n}",
                sent_at=now)
        for n in range(3000)
    )  # fmt: skip
    solicitations.recount(page=page, clauses=clause_ids(page))
    assert len(queries(page.get_url())) == few <= 12
    with CaptureQueriesContext(connection) as captured:
        client.get(page.get_url())
    assert not [q for q in captured if "participation_opinion" in q["sql"]]
