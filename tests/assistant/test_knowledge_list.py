"""The list of entries in the admin: own sites, filters, search; many at once; topics."""

import datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assistant.portal_plugin.models import BulkEdit, QuestionPage, Topic
from assistant.portal_plugin.selectors.knowledge import answerable
from assistant.portal_plugin.services import bulk
from portal.core.models import ReviewRound, User
from tests.factories import ArticleFactory, OrganisationFactory, World, member, reviewed
from tests.factories.pages import publish

from .factories import make_question, republish, source

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def world(provisioned_world: World) -> World:
    return provisioned_world


@pytest.fixture
def releaser(world: World, client: Client) -> User:
    account = member("site_admin", world.site)
    client.force_login(account)
    return account


def shown(client: Client, **query: Any) -> set[str]:
    """The questions in the list."""
    response = client.get(reverse("assistant_questions:index"), query)
    assert response.status_code == 200
    return {page.title for page in response.context["object_list"]}


def many(client: Client, action: str, pages: list[QuestionPage], **data: Any) -> Any:
    ids = "&".join(f"id={page.pk}" for page in pages)
    return client.post(reverse("assistant_admin:many", args=[action]) + f"?{ids}", data)


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


# --- what the list shows ----------------------------------------------------------------------
def test_only_the_own_sites(world: World, client: Client) -> None:
    make_question(world.column, "市里的？")
    make_question(world.hubin_column, "湖滨的？")
    client.force_login(member("editor", world.site))
    assert shown(client) == {"市里的？"}
    assert shown(client, q="湖滨") == set()
    client.force_login(member("editor", world.hubin))
    assert shown(client) == {"湖滨的？"}
    client.force_login(member("auditor", world.site))
    assert client.get(reverse("assistant_questions:index")).status_code in (302, 403)


def test_search_finds_phrasings_and_answers(world: World, client: Client, releaser: User) -> None:
    make_question(world.column, "居住证怎么办？", phrasings=["外地人办证要啥"])
    make_question(world.column, "公积金怎么提？", answer="<p>到长桥路窗口。</p>", phrasings=[])
    assert shown(client, q="外地人办证") == {"居住证怎么办？"}
    assert shown(client, q="长桥路") == {"公积金怎么提？"}


def test_filters(world: World, client: Client, releaser: User) -> None:
    now = timezone.now()
    basis = publish(ArticleFactory(parent=world.column, draft=True))
    page = make_question(world.column, "甲？", audience="elderly")
    make_question(world.column, "乙？", valid_from=now + DAY)
    make_question(world.column, "丙？", valid_until=now - DAY)
    make_question(world.column, "丁？", live=False, sources=[], topic=Topic.objects.get(slug="tax"))
    make_question(world.column, "戊？", sources=[source(basis)])
    english = make_question(
        world.column, "A?", language="en", translation_of=page, source_state=page.text_state
    )
    republish(page, answer="<p>改了。</p>")
    basis.unpublish()
    from assistant.portal_plugin.services.knowledge import follow_targets

    follow_targets(page_pks=[basis.pk])
    assert shown(client, state="draft") == {"丁？"}
    assert shown(client, standing="now") == {"甲？", "A?"}
    assert shown(client, standing="later") == {"乙？"}
    assert shown(client, standing="ended") == {"丙？"}
    assert shown(client, standing="outdated") == {"戊？"}
    assert shown(client, audience="elderly") == {"甲？"}
    assert shown(client, language="en") == {"A?"}
    assert shown(client, without_source="true") == {"丁？"}
    assert "甲？" not in shown(client, lacks="en")
    assert {"乙？", "丙？"} <= shown(client, lacks="en")
    assert shown(client, outdated="true") == {english.title}
    assert shown(client, topic=Topic.objects.get(slug="tax").pk) == {"丁？"}
    assert shown(client, owner_unit=page.owner_unit_id) == {"甲？"}


def test_the_list_costs_the_same_whatever_it_holds(
    world: World, client: Client, releaser: User
) -> None:
    def counted() -> int:
        shown(client)  # the memory of the process is filled
        with CaptureQueriesContext(connection) as captured:
            shown(client)
        return len(captured)

    make_question(world.column)
    few = counted()
    for number in range(6):
        make_question(world.column, f"问{number}？")
    assert counted() <= few <= 40


# --- many at once -----------------------------------------------------------------------------
def test_a_change_of_many_and_back(world: World, client: Client, releaser: User) -> None:
    pages = [make_question(world.column, f"问{n}？") for n in range(3)]
    unit = OrganisationFactory()
    until = timezone.now() + 30 * DAY
    response = many(
        client, "change", pages, owner_unit=unit.pk,
        valid_until=timezone.localtime(until).strftime("%Y-%m-%d %H:%M"), publish="on",
    )  # fmt: skip
    assert response.status_code == 302, response.context["form"].errors
    assert ReviewRound.objects.open().count() == 3
    reviewed(pages[0], world.site)
    assert answerable([pages[0].pk])[pages[0].pk].owner == str(unit)
    drafts = [
        QuestionPage.objects.get(pk=page.pk).get_latest_revision_as_object() for page in pages
    ]
    assert all((draft.owner_unit, draft.valid_until is None) == (unit, False) for draft in drafts)
    edit = BulkEdit.objects.get()
    client.get(reverse("assistant_admin:undo", args=[edit.pk]))
    assert ReviewRound.objects.open().count() == 2  # asking changes nothing
    client.post(reverse("assistant_admin:undo", args=[edit.pk]))
    drafts = [
        QuestionPage.objects.get(pk=page.pk).get_latest_revision_as_object() for page in pages
    ]
    assert [draft.owner_unit for draft in drafts] == [page.owner_unit for page in pages]
    assert ReviewRound.objects.open().count() == 3
    with pytest.raises(ValidationError):
        bulk.undo(edit=edit, user=releaser)


def test_undoing_leaves_alone_what_was_edited_since(
    world: World, client: Client, releaser: User
) -> None:
    pages = [make_question(world.column, f"问{n}？") for n in range(2)]
    unit = OrganisationFactory()
    outcome = bulk.change_entries(
        pages=pages, changes={"owner_unit": unit}, publish=True, user=releaser
    )
    assert (outcome.changed, outcome.published) == (2, 2)
    republish(QuestionPage.objects.get(pk=pages[0].pk), answer="<p>新的。</p>")
    assert bulk.undo(edit=outcome.edit, user=releaser) == (1, 1)
    assert QuestionPage.objects.get(pk=pages[0].pk).owner_unit == unit


def test_without_the_right_to_publish_a_change_is_a_draft(world: World) -> None:
    page = make_question(world.column)
    unit = OrganisationFactory()
    editor = member("editor", world.site)
    outcome = bulk.change_entries(
        pages=[page], changes={"owner_unit": unit}, publish=True, user=editor
    )
    assert (outcome.changed, outcome.published) == (1, 0)
    page.refresh_from_db()
    assert page.owner_unit != unit
    assert page.get_latest_revision_as_object().owner_unit == unit


def test_a_draft_that_somebody_began_is_not_published_along(world: World, releaser: User) -> None:
    page = make_question(world.column)
    page.question = "还没想好？"
    page.save_revision()
    page = QuestionPage.objects.get(pk=page.pk)
    bulk.change_entries(pages=[page], changes={"audience": "elderly"}, publish=True, user=releaser)
    page.refresh_from_db()
    assert page.question != "还没想好？"
    assert page.audience == ""


def test_what_the_gate_refuses_stays_a_draft_and_is_named(
    world: World, client: Client, releaser: User
) -> None:
    good = make_question(world.column, "好？", live=False)
    bad = make_question(world.column, "缺？", live=False, sources=[])
    response = many(client, "submit", [good, bad])
    assert [review.page_id for review in ReviewRound.objects.open()] == [good.pk]
    assert "缺？" in said(response)
    reviewed(good, world.site)
    assert set(answerable([good.pk, bad.pk])) == {good.pk}


def test_withdrawing_many(world: World, client: Client, releaser: User) -> None:
    pages = [make_question(world.column, f"问{n}？") for n in range(2)]
    many(client, "withdraw", pages)
    assert answerable([page.pk for page in pages]) == {}


def test_all_in_the_list_means_what_its_filters_show(
    world: World, client: Client, releaser: User
) -> None:
    make_question(world.column, "甲？", audience="elderly")
    other = make_question(world.column, "乙？")
    foreign = make_question(world.hubin_column, "湖滨？", audience="elderly")
    url = reverse("assistant_admin:many", args=["withdraw"])
    client.post(f"{url}?id=all&audience=elderly")
    assert set(answerable(QuestionPage.objects.values_list("pk", flat=True))) == {
        other.pk, foreign.pk,
    }  # fmt: skip


@pytest.mark.parametrize("action", ["change", "submit", "withdraw"])
def test_entries_of_other_sites_are_not_touched(world: World, client: Client, action: str) -> None:
    page = make_question(world.column)
    client.force_login(member("site_admin", world.hubin))
    many(client, action, [page], audience=["elderly"], publish="on")
    page.refresh_from_db()
    assert page.live
    assert page.get_latest_revision_as_object().audience == ""
    with pytest.raises(PermissionDenied):
        bulk.change_entries(
            pages=[page], changes={"audience": "elderly"}, publish=False,
            user=member("site_admin", world.hubin),
        )  # fmt: skip


def test_nobody_takes_back_anothers_change(world: World, client: Client, releaser: User) -> None:
    page = make_question(world.column)
    edit = bulk.change_entries(
        pages=[page], changes={"audience": "elderly"}, publish=True, user=releaser
    ).edit
    client.force_login(member("site_admin", world.hubin))
    for method in (client.get, client.post):
        assert method(reverse("assistant_admin:undo", args=[edit.pk])).status_code in (302, 403)
    page.refresh_from_db()
    assert page.audience == "elderly"


def test_a_change_says_what_to_change(world: World, client: Client, releaser: User) -> None:
    response = many(client, "change", [make_question(world.column)])
    assert response.status_code == 200
    assert response.context["form"].non_field_errors()


# --- translations -----------------------------------------------------------------------------
def test_a_translation_is_begun_once(world: World, client: Client) -> None:
    page = make_question(world.column)
    client.force_login(member("editor", world.site))
    url = reverse("assistant_admin:translate", args=[page.pk])
    for _ in range(2):
        response = client.post(url, {"language": "en", "column": world.column.pk})
    draft = QuestionPage.objects.get(language="en")
    assert not draft.live
    assert (draft.translation_of, draft.source_state) == (page, page.text_state)
    assert (draft.topic, draft.owner_unit) == (page.topic, page.owner_unit)
    assert response.status_code == 200  # English is no choice any more
    other = make_question(world.hubin_column, "湖滨？", live=False)
    response = client.get(reverse("assistant_admin:translate", args=[other.pk]))
    assert response.status_code in (302, 403)


def test_a_translation_says_the_sources_of_its_original(world: World) -> None:
    basis = publish(ArticleFactory(parent=world.column, draft=True))
    page = make_question(world.column, sources=[source(basis)])
    english = make_question(world.column, "How?", language="en", translation_of=page, sources=[])
    assert [row.page for row in answerable([english.pk])[english.pk].sources] == [basis.pk]
    basis.unpublish()
    assert answerable([english.pk]) == {}


# --- topics -----------------------------------------------------------------------------------
def test_the_topics_of_a_city_are_there_with_their_names(db: None) -> None:
    assert Topic.objects.count() == 12
    topic = Topic.objects.get(slug="housing")
    assert topic.name_in("zh-hans") == "住房公积金与住房"
    assert topic.name_in("zh-hant") == "住房公積金與住房"
    assert topic.name_in("en") == "Housing fund and housing"
    assert topic.name_in("fr") == "住房公积金与住房"


def test_only_the_platform_changes_topics(world: World, client: Client) -> None:
    topic = Topic.objects.get(slug="tax")
    url = reverse("assistant_topics:edit", args=[topic.pk])
    data = {"name": "税与费", "names": "en: Taxes\nja：税", "sort_order": 5, "icon": ""}
    client.force_login(member("site_admin", world.site))
    assert client.post(url, data).status_code in (302, 403)
    topic.refresh_from_db()
    assert topic.name == "税费"
    client.force_login(member("platform_admin"))
    response = client.post(url, data)
    assert response.status_code == 302, response.context["form"].errors
    topic.refresh_from_db()
    assert (topic.name, topic.names, topic.slug) == ("税与费", {"en": "Taxes", "ja": "税"}, "tax")
    response = client.post(url, data | {"names": "Taxes"})
    assert "names" in response.context["form"].errors
