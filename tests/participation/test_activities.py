"""What holds for every activity: only what is public counts, and what began ends with a result."""

import datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page

from portal.participation.exports import as_file
from portal.participation.measured import ParticipationMeasured
from portal.participation.models import Activity, ServiceTeam, SolicitationPage, Stage
from portal.participation.panels import OwedResults
from portal.participation.selectors.counts import yearly_counts
from portal.participation.selectors.hub import BEGINS, ENDS, stage_condition
from portal.participation.selectors.public import stage_of
from portal.participation.services import activities, interviews, solicitations, surveys
from portal.participation.services.errors import ParticipationError
from portal.plugin_api import PublishRefused, clocks
from tests.factories import OrganisationFactory, UserFactory, World, member

from .factories import DAY, make_interview, make_solicitation, make_survey, now_over
from .interviews import HOUR, on_air

pytestmark = pytest.mark.django_db
RESULT = "participation.result"
MAKERS = [
    pytest.param(make_solicitation, id="solicitation"),
    pytest.param(make_survey, id="survey"),
    pytest.param(make_interview, id="interview"),
]


def made(make: Any, column: Page, **fields: Any) -> Any:
    """Also an interview that nobody knew of three days before."""
    return make(column, **({"shorter_reason": "急"} if make is make_interview else {}), **fields)


def row_of(page: Page) -> Activity:
    return Activity.objects.get(page=page.pk)


def clock_of(page: Page) -> Any:
    return clocks.open(RESULT, f"page:{page.pk}")


def with_opinion(page: SolicitationPage) -> SolicitationPage:
    solicitations.give_opinion(page=page, clause="", text="甲", key=f"key-{page.pk}")
    return page


# --- drafts ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("make", MAKERS)
def test_a_later_draft_changes_nothing_until_it_is_published(world: World, make: Any) -> None:
    page = made(make, world.column, since=-5, until=5)
    before = row_of(page)
    draft = type(page).objects.get(pk=page.pk)
    draft.opens_at, draft.closes_at = timezone.now() - 9 * DAY, timezone.now() - DAY
    draft.organiser, draft.result_summary = "别的单位", "结果。"
    revision = draft.save_revision()
    after = row_of(page)
    for name in ("opens_at", "closes_at", "organiser", "result_at", "salt"):
        assert getattr(after, name) == getattr(before, name), name
    assert stage_of(after) == Stage.OPEN
    assert clock_of(page) is None
    revision.publish()
    assert row_of(page).organiser == "别的单位"
    assert stage_of(row_of(page)) == Stage.CLOSED


def test_an_opinion_is_taken_while_a_draft_says_that_it_is_over(world: World) -> None:
    page = make_solicitation(world.column)
    page.closes_at = timezone.now() - HOUR
    page.save_revision()
    assert with_opinion(page).pk == page.pk


# --- moving ---------------------------------------------------------------------------------------
def test_a_page_that_is_moved_belongs_to_its_new_site(world: World) -> None:
    page = now_over(make_solicitation(world.column))
    assert clock_of(page).site_id == world.site.pk
    page.move(Page.objects.get(pk=world.hubin_column.pk), pos="last-child")
    row = row_of(page)
    assert (row.site_id, row.column_id) == (world.hubin.pk, world.hubin_column.pk)
    clock = clock_of(page)
    assert clock.site_id == world.hubin.pk
    assert abs(clock.started_at - page.closes_at) < timezone.timedelta(seconds=1)


def test_a_column_that_is_moved_takes_its_activities_and_its_team_along(world: World) -> None:
    page = make_survey(world.column)
    ServiceTeam.objects.create(
        site=world.site, column=world.column, unit=OrganisationFactory(), persons="甲", intake="乙"
    )
    Page.objects.get(pk=world.column.pk).move(
        Page.objects.get(pk=world.hubin_home.pk), pos="last-child"
    )
    row = row_of(page)
    assert (row.site_id, row.column_id) == (world.hubin.pk, world.column.pk)
    assert ServiceTeam.objects.get().site_id == world.hubin.pk


def test_who_may_read_it_moves_with_it(provisioned_world: World, client: Client) -> None:
    world = provisioned_world
    page = make_survey(world.column)
    url = reverse("participation_activity", args=[page.pk])
    page.move(Page.objects.get(pk=world.hubin_column.pk), pos="last-child")
    for site, statuses in ((world.site, {302, 403}), (world.hubin, {200})):
        client.force_login(member("editor", site))
        assert client.get(url).status_code in statuses


# --- deleting -------------------------------------------------------------------------------------
def _delete_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:delete", args=[page.pk])


def _bulk_url(*pages: Page) -> str:
    ids = "&".join(f"id={page.pk}" for page in pages)
    return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'delete'])}?{ids}"


@pytest.mark.parametrize("url_of", [_delete_url, _bulk_url])
@pytest.mark.parametrize("is_above", [False, True], ids=["page", "column"])
def test_what_people_sent_is_not_deleted(
    world: World, client: Client, url_of: Any, is_above: bool
) -> None:
    page = with_opinion(make_solicitation(world.column))
    client.force_login(UserFactory(is_superuser=True))
    response = client.post(url_of(world.column if is_above else page), {"next": "/admin/"})
    assert response.status_code == 302
    assert any(
        "taken part" in str(m) or "参与" in str(m) for m in get_messages(response.wsgi_request)
    )
    assert SolicitationPage.objects.filter(pk=page.pk).exists()
    assert row_of(page).received == 1


@pytest.mark.parametrize("url_of", [_delete_url, _bulk_url])
@pytest.mark.parametrize("make", MAKERS)
def test_what_nobody_answered_can_be_deleted(
    world: World, client: Client, url_of: Any, make: Any
) -> None:
    page = now_over(made(make, world.column))
    subject = f"page:{page.pk}"
    assert clocks.open(RESULT, subject) is not None
    client.force_login(UserFactory(is_superuser=True))
    assert client.post(url_of(page), {"next": "/admin/"}).status_code == 302
    assert not Page.objects.filter(pk=page.pk).exists()
    assert not Activity.objects.filter(page=page.pk).exists()
    assert clocks.open(RESULT, subject) is None


def test_a_deletion_that_is_not_confirmed_takes_nothing_away(
    world: World, client: Client, settings: Any
) -> None:
    settings.WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 1
    page = make_solicitation(world.column)
    client.force_login(UserFactory(is_superuser=True))
    client.post(_delete_url(page), {"confirm_site_name": "wrong"})
    assert Page.objects.filter(pk=page.pk).exists()
    assert row_of(page).site_id == world.site.pk


def test_what_was_said_live_is_not_deleted(world: World, client: Client) -> None:
    page = on_air(world.column)
    interviews.post(page=page, speaker="主持人", text="大家好")
    client.force_login(UserFactory(is_superuser=True))
    assert client.post(_delete_url(page)).status_code == 302
    assert Page.objects.filter(pk=page.pk).exists()


# --- closing --------------------------------------------------------------------------------------
def test_withdrawing_a_page_does_not_settle_the_result_that_is_owed(world: World, rf: Any) -> None:
    page = now_over(with_opinion(make_solicitation(world.column)))
    page.unpublish()
    activities.follow_site(world.site.pk)
    assert clock_of(page) is not None
    request = rf.get("/admin/")
    request.user = UserFactory(is_superuser=True)
    panel = OwedResults().panel(request)
    assert panel is not None
    assert [row.page_id for row in panel.rows] == [page.pk]


def test_withdrawing_what_nobody_answered_settles_it(world: World) -> None:
    page = now_over(make_solicitation(world.column))
    page.unpublish()
    assert clock_of(page) is None


def test_a_result_needs_a_decision_on_every_opinion(world: World) -> None:
    page = now_over(with_opinion(make_solicitation(world.column)))
    page.result_summary = "结果。"
    with pytest.raises(PublishRefused):
        page.save_revision().publish()
    assert row_of(page).result_at is None
    opinion = page.opinions.get()
    solicitations.decide(page=page, opinions=[opinion.pk], verdict="adopted")
    page.save_revision().publish()
    assert stage_of(row_of(page)) == Stage.CLOSED


def test_nothing_comes_in_from_the_minute_of_the_end(world: World) -> None:
    page = make_solicitation(world.column)
    last = page.closes_at - datetime.timedelta(microseconds=1)
    assert solicitations.give_opinion(page=page, clause="", text="甲", key="a", at=last).pk
    survey = make_survey(world.column, title="问卷")
    with pytest.raises(ParticipationError):
        solicitations.give_opinion(page=page, clause="", text="乙", key="b", at=page.closes_at)
    with pytest.raises(ParticipationError):
        surveys.take_sheet(
            page=survey, questions=[], answers={"a": "b"}, key="c", at=survey.closes_at
        )


def test_a_survey_whose_marks_are_deleted_is_not_opened_again(world: World) -> None:
    page = make_survey(world.column)
    answers = {"a": "b"}
    surveys.take_sheet(page=page, questions=[], answers=answers, key="k", mark="m")
    page = now_over(page)
    page.closes_at = timezone.now() + DAY
    assert page.publish_problems(page.get_parent()) == []
    activities.follow_site(world.site.pk)
    with pytest.raises(PublishRefused):
        page.save_revision().publish()
    assert row_of(page).salt == ""


# --- the set days ---------------------------------------------------------------------------------
def test_days_before_it_was_public_do_not_count(world: World) -> None:
    with pytest.raises(PublishRefused):
        make_solicitation(world.column, form="decision", since=-25, until=6)
    page = make_solicitation(world.column, form="decision", since=-25, until=31)
    # Afterwards it is not made shorter either.
    page.closes_at = timezone.now() + 5 * DAY
    with pytest.raises(PublishRefused):
        page.save_revision().publish()


def test_days_until_a_planned_publication_do_not_count(world: World) -> None:
    page = make_solicitation(world.column, form="decision", until=31, live=False)
    page.go_live_at = timezone.now() + 20 * DAY
    fields = {field for field, _message in page.publish_problems(page.get_parent())}
    assert "shorter_reason" in fields
    talk = make_interview(world.column, live=False)
    talk.go_live_at = timezone.now() + 4 * DAY
    fields = {field for field, _message in talk.publish_problems(talk.get_parent())}
    assert "shorter_reason" in fields


def test_thirty_days_from_the_morning_of_the_day_on_which_it_is_published(world: World) -> None:
    begin = timezone.localtime().replace(hour=0, minute=0, second=1, microsecond=0)
    now = timezone.now()
    page = make_solicitation(
        world.column,
        form="decision",
        since=(begin - now) / DAY,
        until=(begin - now) / DAY + 30.001,
    )
    assert page.live


# --- interviews that overrun ----------------------------------------------------------------------
def test_an_interview_that_overruns_is_not_owed_yet(world: World) -> None:
    page = on_air(world.column)
    Activity.objects.filter(page=page.pk).update(closes_at=timezone.now() - HOUR)
    page.closes_at = timezone.now() - HOUR
    row = row_of(page)
    assert stage_of(row) == Stage.OPEN
    activities.follow_site(world.site.pk)
    assert clock_of(page) is None
    rows = Activity.objects.annotate(ends=ENDS, begins=BEGINS)
    assert rows.filter(stage_condition(Stage.OPEN, timezone.now())).get() == row
    # Nobody ended it: it ends by itself, and then the result is owed.
    Activity.objects.filter(page=page.pk).update(closes_at=timezone.now() - 4 * HOUR)
    assert stage_of(row_of(page)) == Stage.OWED
    assert rows.filter(stage_condition(Stage.OWED, timezone.now())).get() == row


def test_an_interview_that_was_never_held_does_not_count(world: World) -> None:
    page = make_interview(world.column, since=-3, until=-2, shorter_reason="急")
    (count,) = [
        row
        for row in yearly_counts({world.site.pk}, timezone.localdate(page.opens_at).year)
        if row.counted == "interview"
    ]
    assert (count.forecast.done, count.forecast.planned) == (0, 0)


# --- figures and files ----------------------------------------------------------------------------
def test_voices_are_measured_over_activities(world: World) -> None:
    page = now_over(make_solicitation(world.column))
    Activity.objects.filter(page=page.pk).update(received=12)
    today = timezone.localdate()
    found = ParticipationMeasured().measures(site=world.site.pk, first=today - 9 * DAY, last=today)
    voices = next(measure for measure in found if measure.key == "voices")
    assert (voices.value, voices.of) == (12, 1)


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", "@cmd", "＋1", "-a", "－a", "\t=1"])
def test_no_cell_acts_as_a_formula(text: str) -> None:
    response = as_file(iter([[text]]), "x", "csv")
    assert b"".join(response).decode() in (f"\ufeff'{text}\r\n", f'\ufeff"\'{text}"\r\n')


def test_a_file_speaks_the_language_of_who_asked_for_it() -> None:
    def rows() -> Any:
        yield [translation.get_language(), str(timezone.get_current_timezone())]

    with translation.override("en"), timezone.override("Asia/Urumqi"):
        response = as_file(rows(), "x", "csv")
    assert "en,Asia/Urumqi" in b"".join(response).decode()
    assert translation.get_language() != "en"


# --- odd input ------------------------------------------------------------------------------------
def test_numbers_that_nobody_types_break_nothing(world: World, client: Client) -> None:
    page = make_survey(world.column)
    response = client.post(f"/participation/surveys/{page.pk}/", {"step": "9" * 5000})
    assert response.status_code in (200, 422)
    opinions = with_opinion(make_solicitation(world.column))
    client.force_login(UserFactory(is_superuser=True))
    told = {"action": "decide", "row": ["9" * 30, "9" * 5000], "verdict": "adopted"}
    url = reverse("participation_activity", args=[opinions.pk])
    assert client.post(url, told).status_code == 302
