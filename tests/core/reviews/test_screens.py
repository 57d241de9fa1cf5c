"""The screens of the reviews: what they show, to whom, and what their buttons do."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from portal.core.models import (
    DutyShift,
    EmergencyWithdrawal,
    Publication,
    ReviewDelegation,
    ReviewRound,
    ReviewStep,
    ReviewTask,
    User,
)
from portal.core.reviews.services import ReviewRefused
from portal.core.reviews.withdrawal import put_back
from portal.pages.models import ArticlePage
from tests.factories import (
    ALL_CLEAR,
    ArticleFactory,
    UserFactory,
    World,
    handed_in,
    member,
    open_round_of,
    reviewed,
    signed_by,
)
from tests.factories.reviews import fresh

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def review_url(page: Page) -> str:
    return reverse("portal_review", args=[open_round_of(page).pk])


# --- lists ---------------------------------------------------------------------------------------
def test_waiting_for_me_is_one_list_over_all_sites(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    world = provisioned_world
    elsewhere = ArticleFactory(parent=world.hubin_column, draft=True, title="湖滨的稿子")
    handed_in(elsewhere, member("editor", world.hubin))
    person = member("first_checker", world.site)
    person.groups.add(world.hubin.role_groups.get(role="first_checker").group)
    client = signed_in(person)
    for address in (reverse("portal_reviews"), reverse("wagtailadmin_home")):
        html = client.get(address).content.decode()
        assert "云湖图书馆开放日" in html
        assert "湖滨的稿子" in html
    signed_by(person, in_review)
    html = client.get(reverse("portal_reviews")).content.decode()
    assert "云湖图书馆开放日" not in html
    assert "湖滨的稿子" in html


def test_what_is_urgent_comes_first(provisioned_world: World, in_review: ArticlePage) -> None:
    late = ArticleFactory(parent=provisioned_world.column, draft=True, title="暴雨预警")
    author = member("editor", provisioned_world.site)
    review = handed_in(late, author)
    url = reverse("portal_review", args=[review.pk])
    signed_in(author).post(url, {"urgent": "1", "reason": "今晚有暴雨"})
    client = signed_in(member("first_checker", provisioned_world.site))
    lines = client.get(reverse("portal_reviews")).context["page"].object_list
    assert [line.review.title for line in lines] == ["暴雨预警", "云湖图书馆开放日"]


def test_an_empty_list_says_so(provisioned_world: World) -> None:
    client = signed_in(member("first_checker", provisioned_world.site))
    for tab in ("waiting", "mine", "nonsense"):
        response = client.get(reverse("portal_reviews"), {"show": tab})
        assert 'class="portal-review-empty"' in response.content.decode()


def test_the_list_costs_the_same_for_many(provisioned_world: World) -> None:
    author = member("editor", provisioned_world.site)
    client = signed_in(member("auditor", provisioned_world.site))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("portal_reviews"), {"show": "sites"})
        return len(queries)

    handed_in(ArticleFactory(parent=provisioned_world.column, draft=True), author)
    cost()
    one = cost()
    for _ in range(5):
        handed_in(ArticleFactory(parent=provisioned_world.column, draft=True), author)
    assert cost() == one


# --- one item ------------------------------------------------------------------------------------
def test_everything_that_a_reviewer_has_to_see(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    client = signed_in(member("secrecy_reviewer", provisioned_world.site))
    reviewed(in_review, provisioned_world.site, until=ReviewStep.FIRST_CHECK)
    response = client.get(review_url(in_review))
    html = response.content.decode()
    assert response.context["may_sign"]
    for question in ALL_CLEAR:
        assert f'name="{question}"' in html
    preview = client.get(response.context["preview_url"])
    assert "云湖图书馆开放日" in preview.content.decode()
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in preview.headers["Cache-Control"]


def test_what_is_public_already_stands_beside_it(provisioned_world: World, author: User) -> None:
    def public(title: str) -> None:
        page = ArticleFactory(parent=provisioned_world.column, draft=True, title=title)
        handed_in(page, author)
        reviewed(page, provisioned_world.site)

    public("图书馆安防系统招标公告")
    public("游泳馆夏季开放")
    page = ArticleFactory(
        parent=provisioned_world.column, draft=True, title="图书馆值班安排", owner=author
    )
    handed_in(page, author)
    client = signed_in(member("first_checker", provisioned_world.site))
    related = client.get(review_url(page)).context["related"]
    assert [item.title for item in related] == ["图书馆安防系统招标公告"]
    assert related[0].url


def test_what_differs_from_the_public_version(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    reviewed(in_review, provisioned_world.site)
    page = fresh(in_review)
    page.title = "云湖图书馆周末开放"
    page.save_revision(user=author)
    handed_in(page, author)
    html = (
        signed_in(member("first_checker", provisioned_world.site))
        .get(review_url(page))
        .content.decode()
    )
    assert "deletion" in html
    assert "周末开放" in html


def test_opened_and_signed_at_the_screen(provisioned_world: World, in_review: ArticlePage) -> None:
    checker = member("first_checker", provisioned_world.site)
    client, url = signed_in(checker), review_url(in_review)
    refused = client.post(url, {"step": "first_check", "sign": "1", "opinion": "同意"})
    assert refused.status_code == 200  # not opened before: told, and then it counts as opened
    assert not open_round_of(in_review).signatures.exists()
    done = client.post(url, {"step": "first_check", "sign": "1", "opinion": "同意"})
    assert done.headers["Location"] == reverse("portal_reviews")
    signature = open_round_of(in_review).signatures.get()
    assert (signature.account, signature.opinion, signature.address) == (
        checker, "同意", "127.0.0.1",
    )  # fmt: skip


def test_returned_at_the_screen_and_told_to_the_author(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    client = signed_in(member("first_checker", provisioned_world.site))
    url = review_url(in_review)
    client.get(url)
    refused = client.post(url, {"step": "first_check", "return": "1", "opinion": ""})
    assert refused.context["form"].non_field_errors()
    client.post(url, {"step": "first_check", "return": "1", "opinion": "缺少联系电话"})
    home = signed_in(author).get(reverse("wagtailadmin_home")).content.decode()
    assert "缺少联系电话" in home


def test_a_stale_screen_says_who_was_first(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    client = signed_in(member("first_checker", provisioned_world.site))
    url = review_url(in_review)
    client.get(url)
    other = member("first_checker", provisioned_world.site, username="zaoyibu")
    signed_by(other, in_review)
    response = client.post(url, {"step": "first_check", "sign": "1"})
    assert "zaoyibu" in str(response.context["form"].non_field_errors())


def test_a_stale_screen_shows_the_questions_of_the_step_that_waits(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    both = member("first_checker", provisioned_world.site)
    both.groups.add(provisioned_world.site.role_groups.get(role="secrecy_reviewer").group)
    client, url = signed_in(both), review_url(in_review)
    client.get(url)
    signed_by(member("first_checker", provisioned_world.site, username="zaoyibu"), in_review)
    html = client.post(url, {"step": "first_check", "sign": "1"}).content.decode()
    assert "zaoyibu" in html
    assert all(f'name="{question}"' in html for question in ALL_CLEAR)


@pytest.mark.parametrize(
    ("role", "at", "sees"),
    [
        ("first_checker", "site", True), ("releaser", "site", True), ("auditor", "site", True),
        ("site_admin", "site", True), ("editor", "site", False), ("translator", "site", False),
        ("first_checker", "hubin", False), ("site_admin", "hubin", False),
    ],
)  # fmt: skip
def test_who_sees_an_item_in_review(
    provisioned_world: World, in_review: ArticlePage, role: str, at: str, sees: bool
) -> None:
    client = signed_in(member(role, getattr(provisioned_world, at)))
    review = open_round_of(in_review)
    for name in ("portal_review", "portal_review_preview"):
        response = client.get(reverse(name, args=[review.pk]))
        assert (response.status_code == 200) is sees
        assert ("云湖图书馆开放日" in response.content.decode()) is sees


@pytest.mark.parametrize("button", ["urgent", "correction", "take-back", "date"])
def test_reviewers_do_not_arrange_the_authors_affairs(
    provisioned_world: World, in_review: ArticlePage, button: str
) -> None:
    client = signed_in(member("first_checker", provisioned_world.site))
    url = review_url(in_review)
    client.get(url)
    data = {button: "1", "reason": "x", "text": "x", "step": "first_check"}
    assert client.post(url, data).status_code in (302, 403)
    review = open_round_of(in_review)
    assert (review.urgent, review.correction, review.date_reason) == (False, "", "")


def test_the_author_takes_it_back(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    review = open_round_of(in_review)
    signed_in(author).post(reverse("portal_review", args=[review.pk]), {"take-back": "1"})
    review.refresh_from_db()
    assert review.state == ReviewRound.State.CANCELLED
    assert not fresh(in_review).workflow_in_progress


def test_the_screen_stays_within_its_queries(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    client = signed_in(member("first_checker", provisioned_world.site))
    url = review_url(in_review)
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    asked = [query for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 45


# --- who reviews ---------------------------------------------------------------------------------
def route(role: str, **names: str) -> dict[str, Any]:
    roles = {f"{step}_roles": [role] for step in ReviewStep}
    return roles | {f"{step}_names": name for step, name in names.items()}


def test_a_column_with_reviewers_of_its_own(provisioned_world: World, author: User) -> None:
    world = provisioned_world
    expert = UserFactory(username="zhuanjia")
    client = signed_in(member("site_admin", world.site))
    url = reverse("portal_review_route", args=[world.site.pk, world.column.pk])
    start = client.get(url)
    assert start.context["form"].initial["review_roles"] == ["reviewer"]
    data = start.context["form"].initial | {"review_roles": [], "review_names": "zhuanjia"}
    assert client.post(url, data).status_code == 302
    page = ArticleFactory(parent=world.column, draft=True, owner=author)
    handed_in(page, author)
    reviewed(page, world.site, until=ReviewStep.SECRECY)
    with pytest.raises(ReviewRefused):
        signed_by(member("reviewer", world.site), page)
    signed_by(expert, page)
    signed_by(member("releaser", world.site), page)
    assert fresh(page).live
    client.post(url, {"drop": "1"})
    tasks = ReviewTask.objects.filter(workflow_tasks__workflow=fresh(page).get_workflow())
    assert tasks.first().workflows.get() == world.site.workflow


@pytest.mark.parametrize(
    "change", [{"release_roles": []}, {"review_names": "meiyouzheren"}], ids=["nobody", "unknown"]
)
def test_every_step_has_somebody(provisioned_world: World, change: dict[str, Any]) -> None:
    record = provisioned_world.site
    client = signed_in(member("site_admin", record))
    url = reverse("portal_review_route", args=[record.pk, record.root_page_id])
    response = client.post(url, route("reviewer") | change)
    assert response.status_code == 200
    assert response.context["form"].errors
    steps = ReviewTask.objects.filter(workflow_tasks__workflow=record.workflow)
    assert {task.groups.get().site_role.role for task in steps} == {
        "first_checker", "secrecy_reviewer", "reviewer", "releaser",
    }  # fmt: skip


def test_a_route_names_columns_of_its_own_site_only(provisioned_world: World) -> None:
    world = provisioned_world
    client = signed_in(member("site_admin", world.site))
    url = reverse("portal_review_route", args=[world.site.pk, world.hubin_column.pk])
    assert client.post(url, route("reviewer")).status_code in (302, 404)
    assert fresh_workflow(world.hubin_column) == world.hubin.workflow


def fresh_workflow(page: Page) -> Any:
    return Page.objects.get(pk=page.pk).get_workflow()


def test_stand_ins_and_shifts_are_named_and_ended(provisioned_world: World) -> None:
    record = provisioned_world.site
    absent, other = member("reviewer", record), member("editor", record)
    client = signed_in(member("site_admin", record))
    url = reverse("portal_review_routes", args=[record.pk])
    now = timezone.localtime()
    times = [(now + datetime.timedelta(days=day)).strftime("%Y-%m-%d %H:%M") for day in (0, 3)]
    form = {
        "add-stand-in": "1", "stand-in-absent": absent.username, "stand-in-reason": "休假",
        "stand-in-stand_in": other.username, "stand-in-since": times[0],
        "stand-in-until": times[1],
    }  # fmt: skip
    wrong = client.post(url, form | {"stand-in-until": times[0], "stand-in-since": times[1]})
    assert wrong.context["delegation_form"].errors
    same = client.post(url, form | {"stand-in-stand_in": absent.username})
    assert same.context["delegation_form"].errors
    assert client.post(url, form).status_code == 302
    row = ReviewDelegation.objects.get()
    assert other.username in client.get(url).content.decode()
    client.post(url, {"end-stand-in": str(row.pk)})
    assert not ReviewDelegation.objects.exists()
    duty = {"add-duty": "1", "duty-account": other.username, "duty-since": times[0],
            "duty-until": times[1]}  # fmt: skip
    client.post(url, duty)
    shift = DutyShift.objects.get()
    elsewhere = reverse("portal_review_routes", args=[provisioned_world.hubin.pk])
    signed_in(member("site_admin", provisioned_world.hubin)).post(
        elsewhere, {"end-duty": str(shift.pk)}
    )
    assert DutyShift.objects.exists()
    client.post(url, {"end-duty": str(shift.pk)})
    assert not DutyShift.objects.exists()


# --- the record ----------------------------------------------------------------------------------
def test_the_owner_of_a_site_takes_the_record_along(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    reviewed(in_review, provisioned_world.site)
    elsewhere = ArticleFactory(parent=provisioned_world.hubin_column, draft=True, title="湖滨的")
    handed_in(elsewhere, author)
    reviewed(elsewhere, provisioned_world.hubin)
    client = signed_in(member("auditor", provisioned_world.site))
    url = reverse("portal_review_record")
    assert "云湖图书馆开放日" in client.get(url).content.decode()
    exported = client.get(url, {"export": "csv"})
    lines = b"".join(exported.streaming_content).decode().splitlines()
    assert len(lines) == 5
    assert all("云湖图书馆开放日" in line for line in lines[1:])
    assert "湖滨的" not in "".join(lines)
    assert signed_in(member("editor", provisioned_world.site)).get(url).status_code in (302, 403)


# --- emergency -----------------------------------------------------------------------------------
def test_withdrawn_everywhere_in_one_step(provisioned_world: World, in_review: ArticlePage) -> None:
    from wagtail.actions.create_alias import CreatePageAliasAction

    world = provisioned_world
    reviewed(in_review, world.site)
    alias = CreatePageAliasAction(fresh(in_review), parent=world.hubin_column, user=None).execute(
        skip_permission_checks=True
    )
    client = signed_in(member("releaser", world.site))
    url = reverse("portal_emergency_withdrawal", args=[in_review.pk])
    assert alias.url_path in client.get(url).content.decode()
    assert 'role="alert"' in client.post(url, {"reason": " "}).content.decode()
    assert fresh(in_review).live
    client.post(url, {"reason": "误发未公开名单"})
    assert not Page.objects.filter(pk__in=[in_review.pk, alias.pk], live=True).exists()
    assert not Publication.objects.filter(page__in=[in_review.pk, alias.pk], closed=False).exists()
    done = EmergencyWithdrawal.objects.get()
    assert (done.reason, len(done.items)) == ("误发未公开名单", 2)


def test_an_earlier_reviewed_version_comes_back_in_one_step(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    first = reviewed(in_review, provisioned_world.site)
    page = fresh(in_review)
    page.title = "写错的标题"
    page.save_revision(user=author)
    handed_in(page, author)
    reviewed(page, provisioned_world.site)
    client = signed_in(member("releaser", provisioned_world.site))
    url = reverse("portal_emergency_withdrawal", args=[page.pk])
    client.post(url, {"reason": "标题有误", "version": str(first.pk)})
    assert (fresh(page).title, fresh(page).live) == ("云湖图书馆开放日", True)
    assert Publication.objects.get(page=page, closed=False).basis_key == str(first.pk)


@pytest.mark.parametrize("role", ["editor", "first_checker", "reviewer", "auditor"])
def test_who_may_not_withdraw_everywhere(
    provisioned_world: World, in_review: ArticlePage, role: str
) -> None:
    reviewed(in_review, provisioned_world.site)
    client = signed_in(member(role, provisioned_world.site))
    url = reverse("portal_emergency_withdrawal", args=[in_review.pk])
    assert client.post(url, {"reason": "x"}).status_code in (302, 403)
    assert fresh(in_review).live


def test_a_version_that_was_never_public_does_not_come_back(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    reviewed(in_review, provisioned_world.site)
    other = ArticleFactory(parent=provisioned_world.column, draft=True, owner=author)
    handed_in(other, author)
    client = signed_in(member("releaser", provisioned_world.site))
    url = reverse("portal_emergency_withdrawal", args=[in_review.pk])
    client.post(url, {"reason": "x", "version": str(open_round_of(other).pk)})
    assert fresh(in_review).title == "云湖图书馆开放日"
    assert not fresh(other).live


def test_what_was_withdrawn_is_not_put_back_by_one_person(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    """Neither while nothing of it is public nor when a newer version is, after its own reviews."""
    withdrawn = reviewed(in_review, provisioned_world.site)
    client = signed_in(member("releaser", provisioned_world.site))
    url = reverse("portal_emergency_withdrawal", args=[in_review.pk])
    client.post(url, {"reason": "误发未公开名单"})
    data = {"reason": "恢复", "version": str(withdrawn.pk)}
    assert 'role="alert"' in client.post(url, data).content.decode() or not fresh(in_review).live
    assert not fresh(in_review).live
    page = fresh(in_review)
    page.title = "没有名单的一稿"
    page.save_revision(user=author)
    handed_in(page, author)
    reviewed(page, provisioned_world.site)
    client.post(url, data)
    assert fresh(in_review).title == "没有名单的一稿"


def test_put_back_it_keeps_the_time_of_its_release(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    first = reviewed(in_review, provisioned_world.site)
    page = fresh(in_review)
    page.title = "写错的标题"
    page.save_revision(user=author)
    handed_in(page, author)
    reviewed(page, provisioned_world.site)
    releaser = member("releaser", provisioned_world.site)
    put_back(page=fresh(page), review=first, user=releaser, reason="标题有误")
    assert ReviewRound.objects.get(pk=first.pk).released_at == first.released_at


@pytest.mark.parametrize("version", ["x", "", "9" * 40, "²"])
def test_a_strange_version_is_no_error_of_the_portal(
    provisioned_world: World, in_review: ArticlePage, version: str
) -> None:
    reviewed(in_review, provisioned_world.site)
    client = signed_in(member("releaser", provisioned_world.site))
    url = reverse("portal_emergency_withdrawal", args=[in_review.pk])
    assert client.post(url, {"reason": "x", "version": version}).status_code == 404


def test_what_lies_below_is_named_before_and_kept_on_record(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    from wagtail.actions.create_alias import CreatePageAliasAction

    world = provisioned_world
    reviewed(in_review, world.site)
    alias = CreatePageAliasAction(fresh(in_review), parent=world.hubin_column, user=None).execute(
        skip_permission_checks=True
    )
    client = signed_in(UserFactory(superuser=True))
    url = reverse("portal_emergency_withdrawal", args=[world.column.pk])
    html = client.get(url).content.decode()
    assert fresh(in_review).url_path in html
    assert alias.url_path in html
    client.post(url, {"reason": "整栏撤下"})
    items = EmergencyWithdrawal.objects.get().items
    gone = {f"page:{page.pk}" for page in (world.column, in_review, alias)}
    assert gone <= set(items)
    assert not Page.objects.filter(pk__in=[world.column.pk, in_review.pk, alias.pk], live=True)


def test_a_record_of_no_site_is_shown(provisioned_world: World, in_review: ArticlePage) -> None:
    """A site that is gone, or a page outside of all sites, hinders nobody from reading the rest."""
    review = reviewed(in_review, provisioned_world.site)
    ReviewRound.objects.filter(pk=review.pk).update(site=None)
    client = signed_in(UserFactory(superuser=True))
    for name in ("portal_review_record", "portal_publication_record"):
        assert client.get(reverse(name)).status_code == 200
        assert client.get(reverse(name), {"export": "csv"}).status_code == 200
    for address in (
        reverse("portal_reviews") + "?show=sites",
        reverse("portal_review", args=[review.pk]),
    ):
        assert client.get(address).status_code == 200


def test_an_opinion_is_no_formula(provisioned_world: World, in_review: ArticlePage) -> None:
    signed_by(member("first_checker", provisioned_world.site), in_review, opinion='=HYPERLINK("x")')
    client = signed_in(member("site_admin", provisioned_world.site))
    response = client.get(reverse("portal_review_record"), {"export": "csv"})
    assert "'=HYPERLINK" in b"".join(response).decode("utf-8-sig")


def test_my_list_costs_the_same_for_many(provisioned_world: World) -> None:
    author = member("editor", provisioned_world.site)
    checker = member("first_checker", provisioned_world.site)

    def cost(**shown: str) -> int:
        client = signed_in(author if shown else checker)
        client.get(reverse("portal_reviews"), shown)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("portal_reviews"), shown)
        return len(queries)

    handed_in(ArticleFactory(parent=provisioned_world.column, draft=True), author)
    one = (cost(), cost(show="mine"))
    for _ in range(5):
        handed_in(ArticleFactory(parent=provisioned_world.column, draft=True), author)
    assert (cost(), cost(show="mine")) == one
