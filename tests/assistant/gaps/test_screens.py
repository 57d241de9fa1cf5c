"""Gaps in the admin: the list, the file, one gap, and the first page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assistant.portal_plugin.gap_panels import GapTasks
from assistant.portal_plugin.models import Gap, GapQuestion, QuestionPage
from assistant.portal_plugin.services.gap_finding import find_gaps
from tests.assistant.factories import make_question
from tests.assistant.gaps.seeding import ask
from tests.assistant.gaps.test_acts import CHARGING
from tests.factories import OrganisationFactory, UserFactory, World, member

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def gap(world: World) -> Gap:
    return made(world)


def made(world: World) -> Gap:
    make_question(world.column, "充电桩坏了怎么办？")
    for text in CHARGING:
        ask(text, site=world.site.pk)
    find_gaps(world.site.pk)
    return Gap.objects.get()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


@pytest.fixture
def client() -> Client:
    return signed_in(UserFactory(superuser=True))


def do(client: Client, gap: Gap, act: str, **data: Any) -> str:
    """Press a button; where it leads."""
    response = client.post(reverse("assistant_gap", args=[gap.pk]), {"do": act} | data)
    assert response.status_code == 302, act
    gap.refresh_from_db()
    return str(response.headers["Location"])


def test_the_list_is_narrowed(client: Client, gap: Gap, world: World) -> None:
    url = reverse("assistant_gaps")
    assert gap.title in client.get(url).content.decode()
    for query, is_there in (
        ({"state": "open"}, True), ({"state": "closed"}, False), ({"language": "ja"}, False),
        ({"site": world.site.pk}, True), ({"words": "充电"}, True), ({"words": "没有这个"}, False),
        ({"mine": "on"}, True), ({"owner_unit": gap.owner_unit_id}, True),
        ({"ordering": "-askers"}, True), ({"ordering": "nonsense"}, True),
    ):  # fmt: skip
        text = client.get(url, query).content.decode()
        assert (reverse("assistant_gap", args=[gap.pk]) in text) is is_there, query


def test_the_list_is_taken_out_without_formulas(client: Client, gap: Gap) -> None:
    Gap.objects.filter(pk=gap.pk).update(title="=HYPERLINK(1)")
    response = client.get(reverse("assistant_gaps"), {"export": "csv"})
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=HYPERLINK" in text
    assert len(text.splitlines()) == 2


def test_one_gap_and_its_buttons(client: Client, gap: Gap, world: World) -> None:
    text = client.get(reverse("assistant_gap", args=[gap.pk])).content.decode()
    assert all(question in text for question in CHARGING)
    assert "充电桩坏了怎么办？" in text
    do(client, gap, "take_up")
    assert gap.state == Gap.State.IN_WORK
    unit = OrganisationFactory()
    do(client, gap, "assign", **{"assign-unit": unit.pk})
    assert gap.owner_unit == unit
    some = list(gap.questions.values_list("pk", flat=True)[:2])
    do(client, gap, "take_out", question=some[:1])
    assert gap.size == 5
    do(client, gap, "undo", event=gap.events.order_by("-pk")[0].pk)
    assert gap.size == 6
    do(client, gap, "split", question=some)
    other = Gap.objects.exclude(pk=gap.pk).get()
    do(client, gap, "merge", other=other.pk)
    assert gap.size == 6
    assert client.get(reverse("assistant_gap", args=[other.pk])).status_code == 302
    do(client, gap, "dismiss", reason="")
    assert gap.is_active
    do(client, gap, "dismiss", reason="不归我们管")
    do(client, gap, "reopen")
    entry = QuestionPage.objects.get(question="充电桩坏了怎么办？")
    do(client, gap, "close", entry=entry.pk)
    assert gap.closed_by == entry
    assert client.get(reverse("assistant_gap", args=[gap.pk])).status_code == 200
    assert (
        client.post(reverse("assistant_gap", args=[gap.pk]), {"do": "nonsense"}).status_code == 400
    )


def test_the_draft_button_leads_to_the_editor(client: Client, gap: Gap, world: World) -> None:
    url = do(client, gap, "draft", **{"draft-column": world.column.pk})
    assert gap.draft is not None
    assert url == reverse("wagtailadmin_pages:edit", args=[gap.draft.pk])
    assert client.get(url).status_code == 200
    again = do(client, gap, "draft", **{"draft-column": "x"})
    assert again == reverse("assistant_gap", args=[gap.pk])


@pytest.mark.own_world
def test_nobody_elses(provisioned_world: World) -> None:
    world, gap = provisioned_world, made(provisioned_world)
    stranger = signed_in(member("releaser", world.gaoxin))
    assert gap.title not in stranger.get(reverse("assistant_gaps")).content.decode()
    url = reverse("assistant_gap", args=[gap.pk])
    assert stranger.get(url).status_code == 404
    assert stranger.post(url, {"do": "take_up"}).status_code == 404
    assert (
        signed_in(member("auditor", world.site)).get(reverse("assistant_gaps")).status_code != 200
    )
    gap.refresh_from_db()
    assert gap.state == Gap.State.OPEN


@pytest.mark.own_world
def test_the_first_page_shows_what_waits(provisioned_world: World, rf: Any) -> None:
    world, gap = provisioned_world, made(provisioned_world)
    request = rf.get("/admin/")
    request.user = member("editor", world.site)
    panel = GapTasks().panel(request)
    assert panel is not None
    assert gap.title[:20] in panel.render_html()
    other = OrganisationFactory()
    request.user.organisation = other
    Gap.objects.update(owner_unit=OrganisationFactory())
    assert GapTasks().panel(request) is None
    GapQuestion.objects.all().delete()
