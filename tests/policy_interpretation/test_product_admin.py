"""The admin around products: choosing clauses, coverage, drafts of questions, who may not."""

import datetime
import json
from collections.abc import Sequence
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from wagtail.models import Page

from portal.core.models import User
from portal.plugin_api import (
    ClauseIdsFormField,
    QADraftsMade,
    QASource,
    checked_clause_ids,
    qa_drafts,
)
from portal.plugins.registry import PORTAL
from portal.policy_interpretation.clause_choice import ClauseChoiceBlock
from portal.policy_interpretation.models import InterpretationPage, PolicyPage
from portal.testing import disable_plugin
from tests.factories import UserFactory, World, make_world

from .factories import clause, explanation, ids_of, make_policy, make_product, republish

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    """With groups: these tests are about rights."""
    return make_world(provisioned=True)


@pytest.fixture
def policy(world: World) -> PolicyPage:
    return make_policy(
        world.column,
        body=[
            clause("第一章", "总则", level="chapter"),
            clause("第一条", "甲。"),
            clause("第二条", "下列情形："),
            clause("（一）", "乙；", level="item"),
            clause("（二）", "丙。", level="item"),
        ],
    )


def member(world: World, role: str, site: Any = None) -> User:
    site = site or world.site
    user: User = UserFactory()
    user.groups.add(site.role_groups.get(role=role).group)
    return user


@pytest.fixture
def editor(world: World) -> User:
    return member(world, "editor")


def ask(client: Client, policy: PolicyPage, chosen: Any = ()) -> Any:
    return client.post(
        f"/admin/policy-products/{policy.pk}/clauses/", {"chosen": json.dumps(chosen)}
    )


# --- choosing clauses -----------------------------------------------------------------------
def test_the_list_shows_the_draft_to_its_editors(
    client: Client, editor: User, policy: PolicyPage
) -> None:
    first = ids_of(policy)[1]
    policy.body = policy.body.stream_block.to_python(
        [*policy.body.raw_data, clause("第三条", "还没有公布。")]
    )
    policy.save_revision()
    client.force_login(editor)
    text = ask(client, policy, [first]).content.decode()
    assert "还没有公布。" in text
    assert f'value="{first}" checked' in text
    assert text.count("checked") == 1
    assert "clause-choice__line--2" in text  # items lie below their article


def test_others_choose_from_what_is_public(
    client: Client, world: World, policy: PolicyPage
) -> None:
    policy.body = policy.body.stream_block.to_python(
        [*policy.body.raw_data, clause("第三条", "还没有公布。")]
    )
    policy.save_revision()
    client.force_login(member(world, "editor", world.hubin))
    text = ask(client, PolicyPage.objects.get(pk=policy.pk)).content.decode()
    assert "甲。" in text
    assert "还没有公布。" not in text


def test_drafts_of_other_sites_are_not_shown(client: Client, world: World) -> None:
    draft = make_policy(world.column, live=False)
    client.force_login(member(world, "editor", world.hubin))
    response = ask(client, draft)
    assert response.status_code in (302, 403)
    assert "为了方便出行" not in response.content.decode()
    client.logout()
    assert ask(client, draft).status_code == 302


def test_a_clause_that_is_gone_stays_in_the_list(
    client: Client, editor: User, policy: PolicyPage
) -> None:
    blocks = list(policy.body.raw_data)
    gone = blocks[1]["id"]
    policy.body = [block for block in blocks if block["id"] != gone]
    from portal.policy_interpretation.models import PolicyAmendment

    policy.amendments = [
        PolicyAmendment(effective_on=datetime.date(2026, 9, 1), basis_text="修改决定")
    ]
    republish(policy)
    client.force_login(editor)
    text = ask(client, policy, [gone, "nie-gewesen"]).content.decode()
    assert "甲。" in text
    assert text.count("clause-choice__line--gone") == 2
    assert 'value="nie-gewesen" checked' in text


@pytest.mark.parametrize("sent", ["{", "[1]", '{"a": 1}', json.dumps(["x" * 50]), "null"])
def test_a_broken_value_shows_the_list_without_ticks(
    client: Client, editor: User, policy: PolicyPage, sent: str
) -> None:
    client.force_login(editor)
    response = client.post(f"/admin/policy-products/{policy.pk}/clauses/", {"chosen": sent})
    assert response.status_code == 200
    assert "checked" not in response.content.decode()


@pytest.mark.parametrize("value", ["nonsense", {"a": 1}, [1], [""], ["x" * 41], ["x"] * 501])
def test_what_is_no_list_of_clauses_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        checked_clause_ids(value)


def test_field_and_block_read_what_the_form_sends() -> None:
    field = ClauseIdsFormField()
    assert field.clean('["a", "b", "a"]') == ["a", "b"]
    assert field.clean("") == field.clean("[]") == []
    assert not field.has_changed([], "[]")
    assert field.has_changed(["a"], "[]")
    block = ClauseChoiceBlock()
    assert block.value_from_datadict({"x": '["a"]'}, {}, "x") == ["a"]
    assert block.get_form_state(["a"]) == '["a"]'
    with pytest.raises(ValidationError):
        block.clean(block.value_from_datadict({"x": "{"}, {}, "x"))
    with pytest.raises(ValidationError):
        block.clean([])
    assert ClauseChoiceBlock(required=False).clean([]) == []


def test_the_editor_opens_within_its_budget_and_saves(
    client: Client, editor: User, policy: PolicyPage, world: World
) -> None:
    first = ids_of(policy)[1]
    page = make_product(
        world.column, policy, clauses=[first], plain_words=[explanation([first], "话")]
    )
    client.force_login(editor)
    address = f"/admin/pages/{page.pk}/edit/"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    assert len(queries) <= 45
    text = response.content.decode()
    assert f"[&quot;{first}&quot;]" in text
    assert "policy_interpretation/admin/clauses" in text


def test_the_same_document_twice_is_told(
    client: Client, editor: User, policy: PolicyPage, world: World
) -> None:
    from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

    link = {"policy": str(policy.pk), "clauses": "[]", "ORDER": "1"}
    data = nested_form_data(
        {
            "title": "双份", "slug": "shuang-fen", "form": "text", "author_kind": "drafter",
            "author": "", "source": "", "source_url": "", "summary": "", "meaning": "",
            "date": "", "cover": "", "keywords": "", "seo_title": "", "search_description": "",
            "body": streamfield([]), "picture": streamfield([]), "plain_words": streamfield([]),
            "interprets": inline_formset([link, {**link, "ORDER": "2"}]),
            "comments": inline_formset([]),
        }
    )  # fmt: skip
    client.force_login(editor)
    address = f"/admin/pages/add/policy_interpretation/interpretationpage/{world.column.pk}/"
    with override("en"):
        response = client.post(address, data)
    assert response.status_code == 200
    form = response.context["form"]
    assert form.formsets["interprets"].forms[1].errors["policy"]
    data["interprets-1-DELETE"] = "1"
    assert client.post(address, data).status_code == 302


# --- a new interpretation -------------------------------------------------------------------
def test_an_interpretation_is_begun_with_its_document(
    client: Client, editor: User, policy: PolicyPage, world: World
) -> None:
    client.force_login(editor)
    address = f"/admin/policy-products/{policy.pk}/new/"
    response = client.get(address, {"form": "picture"})
    form = response.context["form"]
    assert (form["form"].value(), form["column"].value()) == ("picture", world.column.pk)
    offered = set(form.fields["column"].queryset.values_list("pk", flat=True))
    assert world.column.pk in offered
    assert world.hubin_column.pk not in offered
    response = client.post(address, {"form": "picture", "column": world.column.pk})
    [page] = InterpretationPage.objects.all()
    assert response.headers["Location"] == f"/admin/pages/{page.pk}/edit/"
    assert (page.form, page.live, page.owner) == ("picture", False, editor)
    assert [link.policy_id for link in page.interprets.all()] == [policy.pk]
    assert client.get(response.headers["Location"]).status_code == 200


def test_who_may_not_begin_one(client: Client, world: World, policy: PolicyPage) -> None:
    address = f"/admin/policy-products/{policy.pk}/new/"
    client.force_login(member(world, "editor", world.hubin))
    # A public document may be explained by others, in their own columns.
    assert client.post(address, {"form": "text", "column": world.column.pk}).status_code == 200
    assert client.post(address, {"form": "nonsense", "column": "x"}).status_code == 200
    client.force_login(member(world, "auditor"))
    client.post(address, {"form": "text", "column": world.column.pk})
    draft = make_policy(world.column, live=False, title="草稿")
    client.force_login(member(world, "editor", world.hubin))
    response = client.post(
        f"/admin/policy-products/{draft.pk}/new/",
        {"form": "text", "column": world.hubin_column.pk},
    )
    assert response.status_code in (302, 403)
    assert not InterpretationPage.objects.exists()


# --- coverage -------------------------------------------------------------------------------
def test_coverage_names_what_is_not_explained(
    client: Client, editor: User, policy: PolicyPage, world: World
) -> None:
    make_product(world.column, policy, plain_words=[explanation(ids_of(policy)[1:2], "话")])
    client.force_login(editor)
    response = client.get(f"/admin/policy-products/{policy.pk}/coverage/")
    assert (response.context["coverage"].covered, response.context["coverage"].total) == (1, 2)
    assert [label for label, _clause in response.context["uncovered"]] == ["第二条"]
    assert f"/admin/policy-products/{policy.pk}/coverage/" in client.get(
        f"/admin/pages/{policy.pk}/edit/"
    ).content.decode()  # fmt: skip
    client.force_login(member(world, "editor", world.hubin))
    assert client.get(f"/admin/policy-products/{policy.pk}/coverage/").status_code in (302, 403)


# --- drafts of questions --------------------------------------------------------------------
class Notes:
    def __init__(self) -> None:
        self.seen: list[QASource] = []
        self.error: Exception | None = None

    def draft(
        self, sources: Sequence[QASource], *, page: Page, site: int | None, user: Any
    ) -> QADraftsMade:
        if self.error:
            raise self.error
        self.seen += sources
        return QADraftsMade(len(sources), "/admin/")


@pytest.fixture
def notes() -> Any:
    provider = Notes()
    with qa_drafts.temporarily(provider, plugin=PORTAL):
        yield provider


def test_without_a_provider_there_is_no_button(
    client: Client, editor: User, policy: PolicyPage
) -> None:
    client.force_login(editor)
    address = f"/admin/policy-products/{policy.pk}/questions/"
    with disable_plugin("assistant"):
        assert address not in client.get(f"/admin/pages/{policy.pk}/edit/").content.decode()
        assert client.get(address).status_code == 302


def test_drafts_are_made_from_clauses_with_what_is_below(
    client: Client, editor: User, policy: PolicyPage, notes: Notes
) -> None:
    client.force_login(editor)
    address = f"/admin/policy-products/{policy.pk}/questions/"
    assert address in client.get(f"/admin/pages/{policy.pk}/edit/").content.decode()
    assert "甲。" in client.get(address).content.decode()
    _chapter, first, second, item, _other = ids_of(policy)
    response = client.post(address, {"clause": [first, second, item]})
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
    assert [(source.clause, source.label, source.text) for source in notes.seen] == [
        (first, "第一条", "第一条 甲。"),
        (second, "第二条", "第二条 下列情形：\n（一） 乙；\n（二） 丙。"),
    ]
    assert notes.seen[0].valid_from == datetime.date(2026, 6, 1)
    assert notes.seen[0].url == f"/policies/c/{policy.pk}-{first.replace('-', '')[:10]}/"
    assert client.get(notes.seen[0].url).status_code == 302


def test_nothing_chosen_and_a_failing_provider_are_told(
    client: Client, editor: User, policy: PolicyPage, notes: Notes
) -> None:
    client.force_login(editor)
    address = f"/admin/policy-products/{policy.pk}/questions/"
    assert client.post(address, {}).status_code == 200
    assert notes.seen == []


def test_who_may_not_make_drafts(
    client: Client, world: World, policy: PolicyPage, notes: Notes
) -> None:
    address = f"/admin/policy-products/{policy.pk}/questions/"
    for user in (member(world, "editor", world.hubin), member(world, "auditor")):
        client.force_login(user)
        assert client.post(address, {"clause": ids_of(policy)}).status_code in (302, 403)
    client.logout()
    assert client.post(address, {"clause": ids_of(policy)}).status_code == 302
    assert notes.seen == []


# --- documents that are explained ---------------------------------------------------------------
def test_deleting_an_explained_document_is_refused_in_words(
    client: Client, world: World, policy: PolicyPage
) -> None:
    product = make_product(world.gaoxin_column, policy, title="还在解释它")
    client.force_login(UserFactory(is_superuser=True))
    for page in (policy, world.column):
        response = client.post(f"/admin/pages/{page.pk}/delete/")
        assert PolicyPage.objects.filter(pk=policy.pk).exists()
        *_earlier, told = map(str, get_messages(response.wsgi_request))
        assert f"/admin/pages/{product.pk}/edit/" in told


def test_withdrawing_tells_of_the_products(
    client: Client, world: World, policy: PolicyPage
) -> None:
    make_product(world.column, policy, title="还在解释它")
    client.force_login(member(world, "site_admin"))
    with override("en"):
        response = client.post(f"/admin/pages/{policy.pk}/unpublish/")
    assert not PolicyPage.objects.get(pk=policy.pk).live
    told = [str(message) for message in get_messages(response.wsgi_request)]
    assert len(told) == 2  # that it is withdrawn, and what that means
