"""The form of an entry: what is derived, refused, said; who may not; the way through review."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from assistant.portal_plugin.models import QuestionPage, Topic
from assistant.portal_plugin.publishing import personal_data_in
from portal.core.gate import PublishRefused
from portal.core.models import ReviewStep, User
from tests.factories import (
    ArticleFactory,
    OrganisationFactory,
    World,
    member,
    reviewed,
    signed_by,
)
from tests.factories.pages import publish

from .factories import make_question, republish, source

pytestmark = pytest.mark.django_db


def form(page: QuestionPage | None = None, **changes: Any) -> dict[str, Any]:
    """What the form of an entry sends; of a new one without ``page``."""
    rows = list(page.sources.all()) if page is not None and page.pk else []
    lines = [
        {"id": row.pk, "target": row.target_id or "", "clauses": "[]", "url": row.url,
         "label": row.label}
        for row in rows
    ]  # fmt: skip
    answer = changes.pop("answer", page.answer if page is not None else "<p>带身份证去窗口。</p>")
    values = {
        "slug": page.slug if page is not None else "",
        "question": page.question if page is not None else "居住证怎么办？",
        "phrasings": "\n".join(page.phrasings) if page is not None else "咋办居住证",
        "answer": rich_text(answer),
        "topic": Topic.objects.get(slug="residence").pk,
        "owner_unit": page.owner_unit_id if page is not None else "",
        "language": page.language if page is not None else "zh-hans",
        "trust": "human",
        "valid_from": "", "valid_until": "", "superseded_by": "",
        "seo_title": "", "search_description": "", "keywords": "", "go_live_at": "",
        "expire_at": "",
        "sources": inline_formset(lines, initial=len(lines)),
        "comments": inline_formset([]),
    }  # fmt: skip
    audience = changes.pop("audience", [])
    data: dict[str, Any] = nested_form_data(values | changes)
    return data | {"audience": audience}


def add_url(column: Page) -> str:
    return reverse("wagtailadmin_pages:add", args=["assistant", "questionpage", column.pk])


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def question_of(page: QuestionPage) -> str:
    """What the newest draft asks."""
    draft: QuestionPage = QuestionPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return draft.question


@pytest.fixture
def editor(provisioned_world: World, client: Client) -> User:
    account = member("editor", provisioned_world.site)
    client.force_login(account)
    return account


# --- what is filled in ------------------------------------------------------------------------
def test_a_new_entry_takes_its_title_from_the_question(
    provisioned_world: World, client: Client, editor: User
) -> None:
    unit = OrganisationFactory()
    question = "我在云湖市租房住了半年，想给孩子办居住证，" * 8 + "怎么办？"
    response = client.post(
        add_url(provisioned_world.column),
        form(question=question, owner_unit=unit.pk, audience=["residents", "foreigners"]),
    )
    assert response.status_code == 302, response.context["form"].errors
    page = QuestionPage.objects.get()
    assert page.title == question[:119] + "…"
    assert page.slug.startswith("wo-zai-yun-hu-shi")
    assert len(page.slug) <= 80
    assert page.audience == "residents,foreigners"
    assert page.origin == "editor"


def test_phrasings_are_tidied_and_none_is_lost(
    provisioned_world: World, client: Client, editor: User
) -> None:
    page = make_question(provisioned_world.column, phrasings=[])
    sent = "  怎么 落户 \n\n怎么 落户\n小孩咋上户口\n"
    response = client.post(edit_url(page), form(page, phrasings=sent))
    assert response.status_code == 302, response.context["form"].errors
    draft = QuestionPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.phrasings == ["怎么 落户", "小孩咋上户口"]
    shown = client.get(edit_url(page)).context["form"]["phrasings"].value()
    assert "小孩咋上户口" in shown


def test_a_mistake_keeps_what_was_typed(
    provisioned_world: World, client: Client, editor: User
) -> None:
    page = make_question(provisioned_world.column)
    response = client.post(
        edit_url(page),
        form(page, valid_from="2026-05-01 00:00", valid_until="2026-01-01 00:00",
             phrasings="新的问法"),
    )  # fmt: skip
    assert response.status_code == 200
    shown = response.context["form"]
    assert "valid_until" in shown.errors
    assert shown["phrasings"].value() == "新的问法"


@pytest.mark.parametrize(
    ("rows", "field"),
    [([{}], "target"), ([{"target": "first"}, {"target": "first"}], "target")],
)
def test_a_source_names_something_once(
    provisioned_world: World, client: Client, editor: User, rows: list[Any], field: str
) -> None:
    basis = ArticleFactory(parent=provisioned_world.column)
    page = make_question(provisioned_world.column, sources=[], live=False)
    lines = [
        {"target": basis.pk if row.get("target") else "", "clauses": "[]", "url": "", "label": "x"}
        for row in rows
    ]
    response = client.post(edit_url(page), form(page, sources=inline_formset(lines)))
    assert response.status_code == 200
    errors = response.context["form"].formsets["sources"].errors
    assert any(field in found for found in errors)


def test_an_entry_does_not_replace_itself(
    provisioned_world: World, client: Client, editor: User
) -> None:
    page = make_question(provisioned_world.column)
    response = client.post(edit_url(page), form(page, superseded_by=page.pk))
    assert "superseded_by" in response.context["form"].errors


# --- what is said -----------------------------------------------------------------------------
def test_wordings_that_another_entry_has_are_named(
    provisioned_world: World, client: Client, editor: User
) -> None:
    make_question(provisioned_world.column, "居住证怎么办理？", phrasings=["咋办居住证？"])
    make_question(provisioned_world.hubin_column, "别的站点？", phrasings=["咋办居住证"])
    page = make_question(provisioned_world.column, "租房怎么登记？", phrasings=[])
    response = client.post(edit_url(page), form(page, phrasings="咋办居住证"))
    text = said(response)
    assert "居住证怎么办理？" in text
    assert "别的站点？" not in text


def test_numbers_of_persons_are_warned_about(
    provisioned_world: World, client: Client, editor: User
) -> None:
    page = make_question(provisioned_world.column)
    response = client.post(edit_url(page), form(page, answer="<p>打13812345678找小李。</p>"))
    assert response.status_code == 302
    assert "13812345678" in said(response)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("请拨打12345或0571-88001234", []),
        ("证号11010519491231002X", ["11010519491231002X"]),
        ("证号110105194912310021", []),  # a wrong check digit is no identity number
        ("手机 138 1234 5678", ["138 1234 5678"]),
        ("统一社会信用代码91330100MA27X1234A", []),
    ],
)
def test_which_numbers_are_persons(text: str, found: list[str]) -> None:
    assert personal_data_in(text) == found


# --- what may not be public -------------------------------------------------------------------
@pytest.mark.parametrize(
    "changes",
    [{"question": ""}, {"answer": ""}, {"answer": "<p> </p>"}, {"owner_unit": None},
     {"topic": None}, {"sources": []}],
)  # fmt: skip
def test_an_incomplete_entry_stays_a_draft(column: Page, changes: dict[str, Any]) -> None:
    page = make_question(column, live=False)
    for name, value in changes.items():
        setattr(page, name, value)
    with pytest.raises(PublishRefused):
        page.save_revision().publish()


def test_what_was_brought_in_needs_an_answer_only(column: Page) -> None:
    page = make_question(
        column, "", title="条文", owner_unit=None, topic=None, sources=[], origin="import"
    )
    assert page.live


def test_a_source_that_is_not_public_carries_nothing(column: Page) -> None:
    hidden = ArticleFactory(parent=column, draft=True)
    page = make_question(column, live=False, sources=[source(hidden)])
    with pytest.raises(PublishRefused, match="尚未公开"):
        page.save_revision().publish()
    publish(hidden)
    assert republish(page).live


def test_a_translation_in_the_words_of_its_source_is_none(column: Page) -> None:
    original = make_question(column)
    draft = make_question(
        column, original.question, language="en", translation_of=original, live=False, sources=[]
    )
    with pytest.raises(PublishRefused):
        draft.save_revision().publish()


# --- three reviews ----------------------------------------------------------------------------
def test_an_entry_goes_through_the_three_reviews(provisioned_world: World, client: Client) -> None:
    world = provisioned_world
    page = make_question(world.column, live=False)
    author = member("editor", world.site)
    client.force_login(author)
    response = client.post(edit_url(page), form(page) | {"action-submit": "true"})
    assert response.status_code == 302, response.context["form"].errors
    reviewed(page, world.site, until=ReviewStep.REVIEW)
    page.refresh_from_db()
    assert not page.live
    signed_by(member("releaser", world.site), page)
    page.refresh_from_db()
    assert page.live


def test_submitting_says_what_is_missing(
    provisioned_world: World, client: Client, editor: User
) -> None:
    page = make_question(provisioned_world.column, live=False)
    response = client.post(edit_url(page), form(page, topic="") | {"action-submit": "true"})
    assert response.status_code == 200
    assert "topic" in response.context["form"].errors


# --- who may not ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "place"),
    [("editor", "hubin"), ("editor", "gaoxin"), ("auditor", "site"), ("secrecy_reviewer", "site")],
)
def test_others_may_neither_edit_nor_add(
    provisioned_world: World, client: Client, role: str, place: str
) -> None:
    world = provisioned_world
    page = make_question(world.column)
    client.force_login(member(role, getattr(world, place)))
    response = client.post(edit_url(page), form(page, question="偷改？"))
    assert response.status_code in (302, 403, 404)
    assert question_of(page) != "偷改？"
    response = client.post(add_url(world.column), form())
    assert response.status_code in (302, 403)
    assert QuestionPage.objects.count() == 1


def test_information_officers_change_their_own_only(
    provisioned_world: World, client: Client
) -> None:
    world = provisioned_world
    officer = member("information_officer", world.site)
    own = make_question(world.column, "我的？", live=False, owner=officer)
    other = make_question(world.column, "别人的？", live=False)
    client.force_login(officer)
    assert client.post(edit_url(own), form(own, question="改？")).status_code == 302
    assert question_of(own) == "改？"
    client.post(edit_url(other), form(other, question="改？"))
    assert question_of(other) == "别人的？"


# --- cost -------------------------------------------------------------------------------------
def test_the_form_keeps_the_editors_bar(
    provisioned_world: World, client: Client, editor: User
) -> None:
    world = provisioned_world
    page = make_question(world.column, sources=[source(ArticleFactory(parent=world.column))])
    english = make_question(world.column, "How?", language="en", translation_of=page)
    make_question(world.column, "如何？", language="ja", translation_of=page)
    for entry in (page, english):
        client.get(edit_url(entry))  # the first visit subscribes to comments
    for entry in (page, english):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(edit_url(entry))
        assert response.status_code == 200
        # The editor's bar; a chosen page costs its chooser two more.
        assert len(captured) <= 47, "\n".join(query["sql"] for query in captured)


def test_a_preview_is_shown_before_anything_is_complete(
    provisioned_world: World, client: Client, editor: User
) -> None:
    page = make_question(provisioned_world.column)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    sent = client.post(url, form(page, question="新的问题？", topic=""))
    assert sent.json()["is_available"]
    assert "新的问题？" in client.get(url + "?mode=").content.decode()
    assert [size["device_width"] for size in page.preview_sizes] == [390, 820, 1280]


# --- roles ------------------------------------------------------------------------------------
RIGHTS = {
    "site_admin": {"add", "change", "publish", "own"},
    "editor": {"add", "change", "own"},
    "first_checker": {"change", "own"},
    "reviewer": {"change", "own"},
    "releaser": {"change", "publish", "own"},
    "information_officer": {"add", "own"},
    "partner": {"add", "own"},
    "secrecy_reviewer": set(),
    "auditor": set(),
}


def test_every_role_may_what_the_table_says(provisioned_world: World) -> None:
    """The table of docs/editors/knowledge.md; at another site nobody of this one may anything."""
    world = provisioned_world
    page = make_question(world.column)
    foreign = make_question(world.hubin_column, "湖滨？")
    for role, wanted in RIGHTS.items():
        account = member(role, world.site)
        own = make_question(world.column, f"{role}？", live=False, owner=account)
        rights = page.permissions_for_user(account)
        found = {
            name
            for name, may in {
                "add": world.column.permissions_for_user(account).can_add_subpage(),
                "change": rights.can_edit(),
                "publish": rights.can_publish(),
                "own": own.permissions_for_user(account).can_edit(),
            }.items()
            if may
        }
        assert found == wanted, role
        elsewhere = foreign.permissions_for_user(account)
        for may in (elsewhere.can_edit, elsewhere.can_publish, elsewhere.can_unpublish):
            assert not may()


# --- what it costs ----------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["editor", "superuser"])
def test_the_form_of_a_full_entry_is_within_the_editors_bar(
    provisioned_world: World, client: Client, editor: User, django_user_model: Any, role: str
) -> None:
    """An entry in three languages with three sources, one of them a page; the design's bar is 45."""
    if role == "superuser":
        client.force_login(django_user_model.objects.create_superuser("root", "r@e.cn", "x"))
    column = provisioned_world.column
    basis = publish(ArticleFactory(parent=column, draft=True))
    rows = [source(basis), source(url="https://e.cn/a"), source(url="https://e.cn/b")]
    page = make_question(column, sources=rows)
    for language in ("en", "ja"):
        make_question(column, f"{language}?", language=language, translation_of=page)
    assert client.get(edit_url(page)).status_code == 200  # what is read once is known
    with CaptureQueriesContext(connection) as queries:
        assert client.get(edit_url(page)).status_code == 200
    made = [
        query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]
    assert len(made) <= 45, "\n".join(made)
