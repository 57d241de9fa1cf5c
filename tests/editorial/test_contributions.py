"""What a contributor hands in is followed through Wagtail's reviews."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from portal.editorial.models import Contribution, Contributor, ContributorKind
from portal.editorial.services.contributions import correct
from portal.pages.models import ArticlePage
from portal.testing import disable_plugin
from tests.factories import ArticleFactory, ColumnFactory, member, open_language, publish, text

from .conftest import Office, signed_in
from .reviews import again, approve_all, approve_one, read_outbox, reject, submit

State = Contribution.State
type Draft = Callable[..., ArticlePage]


def only() -> Contribution:
    return Contribution.objects.get()


def states() -> list[str]:
    return list(only().steps.values_list("state", flat=True))


# --- the way --------------------------------------------------------------------------------------
def test_what_an_officer_submits_is_on_record_with_person_unit_column_and_words(
    office: Office, draft: Draft
) -> None:
    page = draft("云湖市 GDP 增长5%。", title="上半年经济运行")
    submit(page, office.officer)
    row = only()
    assert (row.title, row.person, row.unit_name) == ("上半年经济运行", "周一", "云湖市统计局")
    assert (row.column_title, row.site) == (office.world.column.title, office.world.site)
    assert (row.capacity, row.state) == (ContributorKind.OFFICER, State.SUBMITTED)
    assert row.words == 7  # 云湖市, GDP, 增长, 5


def test_reviews_publication_and_words_as_published(
    office: Office, draft: Draft, django_capture_on_commit_callbacks: Any
) -> None:
    page = draft("一二三四")
    submit(page, office.officer)
    approve_one(page)
    assert only().state == State.IN_REVIEW
    changed = again(page)
    changed.body = changed.body.stream_block.normalize(text("一二三四五六"))
    changed.save_revision()
    approve_all(page)
    assert only().state == State.APPROVED
    read_outbox()
    row = only()
    assert row.state == State.ACCEPTED
    assert row.words == 4  # what was signed, not what somebody wrote meanwhile
    assert row.accepted_at == again(page).last_published_at
    assert states() == [State.SUBMITTED, State.IN_REVIEW, State.APPROVED, State.ACCEPTED]


def test_a_return_keeps_the_whole_reason_and_the_way_back(office: Office, draft: Draft) -> None:
    page, reason = draft(), "数据没有出处。\n请补充来源。" * 30
    submit(page, office.officer)
    reject(page, reason)
    row = only()
    assert (row.state, row.reason) == (State.RETURNED, reason)
    assert row.steps.last().by is not None
    again(page).current_workflow_state.resume(user=office.officer)
    assert (only().state, only().reason) == (State.SUBMITTED, "")
    assert states() == [State.SUBMITTED, State.RETURNED, State.SUBMITTED]


def test_a_cancelled_review_is_withdrawn_and_may_come_again(office: Office, draft: Draft) -> None:
    page = draft()
    submit(page, office.officer)
    again(page).current_workflow_state.cancel(user=office.officer)
    assert only().state == State.WITHDRAWN
    submit(page, office.officer)
    assert only().state == State.SUBMITTED


def test_approved_for_later_is_accepted_when_it_is_public(office: Office, draft: Draft) -> None:
    page = draft()
    page.go_live_at = timezone.now() + datetime.timedelta(days=3)
    page.save_revision()
    submit(page, office.officer)
    approve_all(page)
    read_outbox()
    assert (only().state, only().accepted_at) == (State.APPROVED, None)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=4)):
        call_command("publish_scheduled")
        read_outbox()
        assert only().state == State.ACCEPTED


def test_published_past_the_review_is_accepted_too(office: Office, draft: Draft) -> None:
    page = draft()
    submit(page, office.officer)
    publish(again(page), office.admin)
    read_outbox()
    assert only().state == State.ACCEPTED


def test_a_later_change_of_what_is_public_is_no_second_item(office: Office, draft: Draft) -> None:
    page = draft("一二三四")
    submit(page, office.officer)
    approve_all(page)
    read_outbox()
    changed = again(page)
    changed.body = changed.body.stream_block.normalize(text("一二三四五六七八"))
    changed.save_revision()
    submit(page, office.officer)
    approve_all(page)
    read_outbox()
    assert (only().state, only().words) == (State.ACCEPTED, 4)


def test_reading_the_outbox_twice_changes_nothing(office: Office, draft: Draft) -> None:
    from portal.editorial.services.contributions import follow_public

    page = draft()
    submit(page, office.officer)
    approve_all(page)
    assert follow_public(page_pks=[page.pk]) == 1
    assert follow_public(page_pks=[page.pk]) == 0
    assert states().count(State.ACCEPTED) == 1


def test_the_record_outlives_page_and_account(office: Office, draft: Draft) -> None:
    page = draft(title="会删除的稿件")
    submit(page, office.officer)
    again(page).delete()
    office.officer.delete()
    row = only()
    assert (row.title, row.person, row.state) == ("会删除的稿件", "周一", State.WITHDRAWN)


# --- whose ----------------------------------------------------------------------------------------
def test_what_an_editor_writes_is_no_contribution(office: Office, draft: Draft) -> None:
    submit(draft(owner=office.editor), office.editor)
    assert not Contribution.objects.exists()


def test_handed_in_by_an_editor_it_stays_the_authors(office: Office, draft: Draft) -> None:
    submit(draft(), office.editor)
    assert only().user == office.officer


def test_work_in_foreign_languages_is_on_the_sheets_of_the_language(office: Office) -> None:
    home = open_language(office.world.site)
    column = ColumnFactory(parent=home, title="News", slug="news")
    page = ArticleFactory(parent=column, draft=True, owner=office.officer)
    workflow = office.world.home.get_workflow()
    assert workflow is not None
    workflow.start(again(page), office.officer)
    assert not Contribution.objects.exists()


def test_an_officer_of_another_site_is_none_here(office: Office, draft: Draft) -> None:
    stranger = member("information_officer", office.world.hubin)
    submit(draft(owner=stranger), office.editor)
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [(-9, None, True), (-9, 0, True), (-9, -1, False), (1, None, False)],
)
def test_the_register_holds_from_its_first_to_its_last_day(
    office: Office, draft: Draft, since: int, until: int | None, counts: bool
) -> None:
    today = timezone.localdate()
    Contributor.objects.create(
        site=office.world.site,
        user=office.editor,
        kind=ContributorKind.COMMENTATOR,
        unit=office.helper,
        since=today + datetime.timedelta(days=since),
        until=None if until is None else today + datetime.timedelta(days=until),
    )
    submit(draft(owner=office.editor), office.editor)
    assert Contribution.objects.exists() is counts
    if counts:
        assert (only().capacity, only().kind) == (ContributorKind.COMMENTATOR, "commentary")
        assert only().unit == office.helper


def test_entries_of_the_register_do_not_overlap(office: Office) -> None:
    day = datetime.date(2026, 1, 1)
    values = {"site": office.world.site, "user": office.editor, "kind": ContributorKind.LIAISON}
    Contributor.objects.create(**values, since=day)
    with pytest.raises(ValidationError):
        Contributor(**values, since=day.replace(year=2027)).full_clean()


def test_where_the_plugin_is_off_nothing_is_noted(office: Office, draft: Draft) -> None:
    with disable_plugin("editorial"):
        submit(draft(), office.officer)
    assert not Contribution.objects.exists()


def test_a_failure_here_does_not_stop_the_review(
    office: Office, draft: Draft, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.PORTAL_PLUGIN_ERRORS_RAISE = False

    def broken(**_kwargs: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("portal.editorial.services.contributions.submit", broken)
    page = draft()
    submit(page, office.officer)
    assert again(page).current_workflow_state is not None


# --- corrections ----------------------------------------------------------------------------------
def test_a_correction_is_on_record_with_its_reason(office: Office, draft: Draft) -> None:
    submit(draft("一二三四"), office.officer)
    correct(
        contribution=only(),
        kind="commentary",
        words=900,
        minutes=0,
        reason="附件中有文字",
        by=office.admin,
    )
    assert (only().kind, only().words) == ("commentary", 900)
    assert "附件中有文字" in only().steps.last().reason


def test_nobody_but_the_sites_administrator_corrects(office: Office, draft: Draft) -> None:
    submit(draft(), office.officer)
    strangers = [
        office.officer,
        office.editor,
        member("releaser", office.world.site),
        member("site_admin", office.world.hubin),
        member("auditor", office.world.site),
    ]
    for user in strangers:
        with pytest.raises(PermissionDenied):
            correct(contribution=only(), kind="news", words=9999, minutes=0, reason="x", by=user)


def test_an_administrator_does_not_correct_what_he_wrote(office: Office, draft: Draft) -> None:
    office.admin.groups.add(office.world.site.role_groups.get(role="information_officer").group)
    submit(draft(owner=office.admin), office.admin)
    with pytest.raises(PermissionDenied):
        correct(
            contribution=only(), kind="news", words=9999, minutes=0, reason="x", by=office.admin
        )


# --- screens --------------------------------------------------------------------------------------
def test_my_contributions_show_states_reasons_and_the_way_back(
    office: Office, draft: Draft
) -> None:
    page = draft(title="秋收统计")
    submit(page, office.officer)
    reject(page, "请写明调查时间")
    response = signed_in(office.officer).get(reverse("editorial_mine"))
    content = response.content.decode()
    assert "秋收统计" in content
    assert "请写明调查时间" in content
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in content
    panel = signed_in(office.officer).get(reverse("wagtailadmin_home")).content.decode()
    assert "请写明调查时间" in panel


def test_nobody_sees_the_contributions_of_others(office: Office, draft: Draft) -> None:
    submit(draft(title="周一的稿件"), office.officer)
    detail = reverse("editorial_contribution", args=[only().pk])
    for user in (office.helper_account, office.editor, member("site_admin", office.world.hubin)):
        assert signed_in(user).get(detail).status_code == 302, user
    assert signed_in(office.officer).get(detail).status_code == 200
    assert signed_in(office.admin).get(detail).status_code == 200
    other = signed_in(office.helper_account).get(reverse("editorial_mine"))
    assert "周一的稿件" not in other.content.decode()


@pytest.mark.parametrize(
    "role", ["editor", "reviewer", "information_officer", "auditor", "partner"]
)
@pytest.mark.parametrize("name", ["editorial_contributions", "editorial_ranking", "editorial_fees"])
def test_the_administrators_screens_are_theirs(office: Office, role: str, name: str) -> None:
    user = member(role, office.world.site)
    assert signed_in(user).get(reverse(name)).status_code == 302
    assert signed_in(office.admin).get(reverse(name)).status_code == 200


def test_an_administrator_sees_the_own_site_only(office: Office, draft: Draft) -> None:
    submit(draft(title="市里的稿件"), office.officer)
    other = member("site_admin", office.world.hubin)
    for name in ("editorial_contributions", "editorial_ranking"):
        assert "市里的稿件" not in signed_in(other).get(reverse(name)).content.decode()
    refused = signed_in(other).get(reverse("editorial_fees"), {"site": office.world.site.pk})
    assert refused.status_code == 302


def test_the_list_filters_and_exports(office: Office, draft: Draft) -> None:
    submit(draft(title="=HYPERLINK()"), office.officer)
    submit(draft(title="另一篇", owner=office.helper_account), office.helper_account)
    client = signed_in(office.admin)
    url = reverse("editorial_contributions")
    found = client.get(url, {"user": office.helper_account.pk}).content.decode()
    assert "另一篇" in found
    assert "HYPERLINK" not in found
    exported = client.get(url, {"export": "csv"}).content.decode("utf-8-sig")
    assert "'=HYPERLINK()" in exported
    assert "另一篇" in exported
    assert client.get(url, {"export": "xlsx"}).status_code == 200


def test_the_ranking_counts_units_and_people(office: Office, draft: Draft) -> None:
    first, second = draft("一二三四"), draft("一二")
    for page in (first, second):
        submit(page, office.officer)
    approve_all(first)
    read_outbox()
    content = signed_in(office.admin).get(reverse("editorial_ranking")).content.decode()
    assert "云湖市统计局" in content
    ranks = Contribution.objects.all()
    from portal.editorial.selectors.ranking import ranking

    today = timezone.localdate()
    units, persons = ranking(ranks, since=today, until=today)
    assert [(rank.name, rank.submitted, rank.accepted, rank.share) for rank in units] == [
        ("云湖市统计局", 2, 1, 50)
    ]
    assert [(rank.name, rank.words) for rank in persons] == [("周一", 4)]


def test_lists_stay_within_their_queries(
    office: Office, draft: Draft, django_assert_max_num_queries: Any
) -> None:
    for _number in range(12):
        submit(draft(), office.officer)
    for user, name in (
        (office.officer, "editorial_mine"),
        (office.admin, "editorial_contributions"),
    ):
        client: Any = signed_in(user)
        client.get(reverse(name))
        with django_assert_max_num_queries(45):
            client.get(reverse(name))
