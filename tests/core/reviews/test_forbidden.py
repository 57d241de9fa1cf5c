"""No one publishes alone: every way to the public, tried by accounts that may everything else."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import DraftStateMixin, Page, Revision

from portal.core.gate import PublishRefused
from portal.core.models import (
    Basis,
    OperatorAction,
    Publication,
    RefusedPublication,
    ReviewRound,
    User,
)
from portal.core.operator import operator_action
from portal.core.reviews.grounds import releasing_as
from portal.pages.bulk_pages import Unfit, publish_new_pages
from portal.pages.models import ArticlePage
from tests.core.permissions.places import article_form
from tests.factories import UserFactory, World, handed_in, member, reviewed
from tests.factories.reviews import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["superuser", "site_admin", "releaser", "platform_admin"])
def mighty(request: pytest.FixtureRequest, provisioned_world: World) -> User:
    if request.param == "superuser":
        root: User = UserFactory(superuser=True)
        return root
    at = None if request.param == "platform_admin" else provisioned_world.site
    return member(request.param, at)


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- by hand -------------------------------------------------------------------------------------
def _editor(client: Client, page: Page) -> None:
    form = article_form("单独发布", **{"action-publish": "yes"})
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)


def _later(client: Client, page: Page) -> None:
    at = (timezone.localtime() + datetime.timedelta(days=3)).strftime("%Y-%m-%d %H:%M")
    form = article_form("单独定时", go_live_at=at, **{"action-publish": "yes"})
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)


def _admin_api(client: Client, page: Page) -> None:
    client.post(f"/admin/api/main/pages/{page.pk}/action/publish/")


def _bulk(client: Client, page: Page) -> None:
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{url}?id={page.pk}", {"include_descendants": "on"})


def _revert(client: Client, page: Page) -> None:
    form = article_form("旧版", **{"action-publish": "yes"}) | {"revision": page.latest_revision_id}
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)


def _workflow_action(client: Client, page: Page) -> None:
    state = page.current_workflow_task_state
    if state is not None:
        args = [page.pk, "approve", state.pk]
        client.post(reverse("wagtailadmin_pages:workflow_action", args=args), {"comment": ""})


BY_HAND = [_editor, _later, _admin_api, _bulk, _revert, _workflow_action]


@pytest.mark.parametrize("way", BY_HAND, ids=lambda way: way.__name__.strip("_"))
@pytest.mark.parametrize("stage", ["draft", "in_review"])
def test_nobody_publishes_alone(
    stage: str,
    way: Callable[[Client, Page], None],
    mighty: User,
    draft: ArticlePage,
    author: User,
) -> None:
    if stage == "in_review":
        handed_in(draft, author)
    way(_signed_in(mighty), fresh(draft))
    page = fresh(draft)
    assert not page.live
    assert not page.approved_schedule
    assert not Publication.objects.filter(page=page).exists()


def test_a_change_of_what_is_public_needs_its_reviews(
    provisioned_world: World, in_review: ArticlePage, mighty: User
) -> None:
    reviewed(in_review, provisioned_world.site)
    _editor(_signed_in(mighty), fresh(in_review))
    assert fresh(in_review).title == "云湖图书馆开放日"
    assert Publication.objects.filter(page=in_review).count() == 1


def test_a_copy_is_a_draft(provisioned_world: World, in_review: ArticlePage, mighty: User) -> None:
    reviewed(in_review, provisioned_world.site)
    form = {
        "new_title": "副本", "new_slug": "fuben", "publish_copies": "on",
        "new_parent_page": provisioned_world.column.pk, "alias": "",
    }  # fmt: skip
    _signed_in(mighty).post(reverse("wagtailadmin_pages:copy", args=[in_review.pk]), form)
    assert not Page.objects.filter(slug="fuben", live=True).exists()


# --- by program ----------------------------------------------------------------------------------
def _save(page: ArticlePage) -> None:
    page.live = True
    page.save()


def _publish(page: ArticlePage) -> None:
    page.get_latest_revision().publish()


def _new_child(page: ArticlePage) -> None:
    parent = page.get_parent().specific
    parent.add_child(instance=ArticlePage(title="新", slug="xin", source="x", body=page.body))


@pytest.mark.parametrize("way", [_save, _publish, _new_child], ids=["save", "publish", "add"])
def test_no_program_publishes_without_a_ground(
    draft: ArticlePage, way: Callable[[ArticlePage], None]
) -> None:
    with pytest.raises(PublishRefused) as refused:
        way(fresh(draft))
    assert [problem.code for problem in refused.value.problems] == ["review"]
    assert not Page.objects.filter(pk=draft.pk, live=True).exists()
    assert not Page.objects.filter(slug="xin").exists()


def test_new_pages_in_bulk_need_a_ground(provisioned_world: World) -> None:
    from assistant.portal_plugin.models import QuestionPage

    page = QuestionPage(title="怎么办居住证？", slug="juzhuzheng")
    with pytest.raises(Unfit):
        publish_new_pages(provisioned_world.column, [page])


def test_what_somebody_planned_behind_our_back_is_refused_in_time(draft: ArticlePage) -> None:
    past = timezone.now() - datetime.timedelta(minutes=1)
    Revision.objects.filter(pk=draft.latest_revision_id).update(approved_go_live_at=past)
    call_command("publish_scheduled")
    assert not fresh(draft).live
    assert RefusedPublication.objects.filter(page=draft, resolved=False).exists()


def test_planning_is_refused_at_once(draft: ArticlePage, author: User) -> None:
    draft.go_live_at = timezone.now() + datetime.timedelta(days=1)
    revision = draft.save_revision(user=author)
    with pytest.raises(PublishRefused):
        revision.publish()
    assert not fresh(draft).approved_schedule


def test_a_plan_that_was_cancelled_is_not_carried_out_by_one_person(
    provisioned_world: World, draft: ArticlePage, author: User
) -> None:
    """Somebody saw in time that something is wrong; nobody publishes it all the same."""
    draft.go_live_at = timezone.now() + datetime.timedelta(days=1)
    draft.save_revision(user=author)
    handed_in(draft, author)
    review = reviewed(draft, provisioned_world.site)
    assert fresh(draft).approved_schedule
    client = _signed_in(member("releaser", provisioned_world.site))
    address = reverse(
        "wagtailadmin_pages:revisions_unschedule", args=[draft.pk, review.revision_id]
    )
    assert client.post(address).status_code == 302
    assert not fresh(draft).approved_schedule
    review.refresh_from_db()
    assert review.state == ReviewRound.State.CANCELLED
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2)):
        _bulk(_signed_in(member("releaser", provisioned_world.site)), draft)
        assert not fresh(draft).live


# --- use elsewhere -------------------------------------------------------------------------------
def test_what_is_public_is_used_elsewhere_and_follows(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    reviewed(in_review, provisioned_world.site)
    alias = CreatePageAliasAction(
        fresh(in_review), parent=provisioned_world.hubin_column, user=None
    ).execute(skip_permission_checks=True)
    used = Publication.objects.get(page=alias, closed=False)
    assert (used.basis, used.basis_key) == (Basis.REFERENCE, f"page:{in_review.pk}")
    page = fresh(in_review)
    page.title = "云湖图书馆开放日（改）"
    page.save_revision(user=author)
    handed_in(page, author)
    reviewed(page, provisioned_world.site)
    assert fresh(alias).title == "云湖图书馆开放日（改）"


def test_an_alias_says_nothing_of_its_own(provisioned_world: World, in_review: ArticlePage) -> None:
    reviewed(in_review, provisioned_world.site)
    alias = CreatePageAliasAction(
        fresh(in_review), parent=provisioned_world.hubin_column, user=None
    ).execute(skip_permission_checks=True)
    changed = fresh(alias)
    changed.title = "另说一套"
    with pytest.raises(PublishRefused):
        changed.save()


def test_an_alias_of_a_draft_is_not_public(provisioned_world: World, draft: ArticlePage) -> None:
    alias = CreatePageAliasAction(
        fresh(draft), parent=provisioned_world.hubin_column, user=None
    ).execute(skip_permission_checks=True)
    changed = fresh(alias)
    changed.live = True
    with pytest.raises(PublishRefused):
        changed.save()


# --- the operator --------------------------------------------------------------------------------
def test_an_operator_publishes_on_record(draft: ArticlePage) -> None:
    names = [UserFactory(username=f"op-{number}").username for number in range(3)]
    options = {"reviewed_by": ",".join(names), "reason": "补录旧站内容"}
    with operator_action("import_policies", options, strict=True):
        fresh(draft).get_latest_revision().publish()
    done = OperatorAction.objects.get()
    assert (done.command, done.accounts, done.reason) == (
        "import_policies", names, "补录旧站内容",
    )  # fmt: skip
    publication = Publication.objects.get(page=draft)
    assert (publication.basis, publication.basis_key) == (Basis.OPERATOR, str(done.pk))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"reviewed_by": "op-0,op-1,op-2"},
        {"reviewed_by": "op-0,op-1", "reason": "补录"},
        {"reviewed_by": "op-0,op-1,op-1", "reason": "补录"},
        {"reviewed_by": "op-0,op-1,nobody", "reason": "补录"},
    ],
    ids=["nothing", "no-reason", "two", "two-of-three", "unknown"],
)
@pytest.mark.parametrize(
    "command", ["load_demo", "generate_content", "import_policies", "import_qa"]
)
def test_in_production_a_command_names_three_accounts_and_a_reason(
    command: str, options: dict[str, Any], settings: Any, tmp_path: Any, draft: ArticlePage
) -> None:
    settings.PORTAL_OPERATOR_STRICT = True
    for number in range(3):
        UserFactory(username=f"op-{number}")
    before = Publication.objects.count()
    file = tmp_path / ("x.jsonl" if command == "import_qa" else "x.txt")
    file.write_text('{"question": "问", "answer": "答"}\n', encoding="utf-8")
    wanted: dict[str, tuple[Any, ...]] = {
        "load_demo": (),
        "generate_content": ("--articles", "1"),
        "import_policies": (str(file), "--publish"),
        "import_qa": (str(file),),
    }
    arguments = [f"--{key.replace('_', '-')}={value}" for key, value in options.items()]
    with pytest.raises(CommandError):
        call_command(command, *wanted[command], *arguments)
    assert Publication.objects.count() == before
    assert not OperatorAction.objects.exists()


def test_a_request_inherits_nothing(provisioned_world: World, draft: ArticlePage) -> None:
    client = _signed_in(UserFactory(superuser=True))
    with releasing_as(Basis.OPERATOR, "outside"):
        _admin_api(client, draft)
        assert not fresh(draft).live
        fresh(draft).get_latest_revision().publish()
    assert fresh(draft).live


def test_a_page_of_another_kind_needs_them_too(provisioned_world: World) -> None:
    changed = Page.objects.get(pk=provisioned_world.column.pk).specific
    changed.title = "改名的栏目"
    with pytest.raises(ValidationError):
        changed.save()


def test_nothing_but_pages_is_published() -> None:
    """Snippets with a draft state would be a way of their own: there are none."""
    others = [
        model._meta.label
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    assert others == []


def test_no_address_outside_the_admin_writes_pages() -> None:
    document = Client().get("/api/v1/openapi.json").json()
    writing = {
        f"{method} {path}"
        for path, methods in document["paths"].items()
        for method in methods
        if method in {"post", "put", "patch", "delete"}
    }
    assert not {line for line in writing if "/pages" in line or "/columns" in line}
