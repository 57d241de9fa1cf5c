"""The form of a document: advice on its number, mistakes that keep everything, who may not."""

import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from portal.policy_interpretation.hints import number_hints
from portal.policy_interpretation.models import PolicyPage
from tests.factories import World, member

from .factories import clause, make_policy

pytestmark = pytest.mark.django_db
DAY = datetime.date


def form(page: PolicyPage, **changes: Any) -> dict[str, Any]:
    """What the form of a document sends."""
    values = {
        "title": page.title, "slug": page.slug, "document_number": page.document_number,
        "index_number": "", "level": page.level, "genre": page.genre, "theme": "",
        "disclosure": page.disclosure, "issued_on": "2026-05-06", "date": "", "addressee": "",
        "summary": "", "source": "", "source_url": "", "owner_unit": "",
        "effective_on": "2026-06-01", "valid_through": "", "validity_note": "",
        "seo_title": "", "search_description": "", "keywords": "", "go_live_at": "",
        "expire_at": "",
        "issuing_bodies": inline_formset([{"name": "云湖市人民政府", "organisation": ""}]),
        "amendments": inline_formset([]),
        "files": inline_formset([]),
        "relations": inline_formset([]),
        "plan_items": inline_formset([]),
        "plan_exemption": "",
        "comments": inline_formset([]),
        "body": streamfield([
            ("clause", {"level": "article", "number": "第一条", "text": "改过的文字。",
                        "invalid_from": ""}),
        ]),
    }  # fmt: skip
    data: dict[str, Any] = nested_form_data(values | changes)
    return data


def edit_url(page: PolicyPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_a_mistake_keeps_what_was_typed(provisioned_world: World, client: Client) -> None:
    world = provisioned_world
    page = make_policy(world.column)
    client.force_login(member("editor", world.site))
    response = client.post(edit_url(page), form(page, effective_on="2026-01-01"))
    assert response.status_code == 200
    shown = response.context["form"]
    assert "effective_on" in shown.errors
    assert shown["body"].value()[0].value["text"] == "改过的文字。"
    page.refresh_from_db()
    assert page.effective_on == DAY(2026, 6, 1)


def test_saving_keeps_the_ids_of_clauses(provisioned_world: World, client: Client) -> None:
    world = provisioned_world
    page = make_policy(world.column)
    identifier = page.body.raw_data[0]["id"]
    client.force_login(member("editor", world.site))
    data = form(page) | {"body-0-id": identifier}
    response = client.post(edit_url(page), data)
    assert response.status_code == 302, response.context["form"].errors
    draft = PolicyPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    [raw] = draft.body.raw_data
    assert (raw["id"], raw["value"]["text"]) == (identifier, "改过的文字。")


def test_editors_of_other_sites_and_auditors_cannot_edit(
    provisioned_world: World, client: Client
) -> None:
    world = provisioned_world
    page = make_policy(world.column)
    for account in (member("editor", world.gaoxin), member("auditor", world.site)):
        client.force_login(account)
        response = client.post(edit_url(page), form(page, title="偷改"))
        assert response.status_code in (302, 403, 404)
        latest = PolicyPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        assert latest.title != "偷改"


# --- advice on the number ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "advice"),
    [
        ("", ""),
        ("云政发〔2026〕12号", ""),
        ("云政发[2026]12号", "云政发〔2026〕12号"),
        ("2026年第十二期", "〔"),
    ],
)
def test_advice_on_the_form_of_a_number(world: World, number: str, advice: str) -> None:
    page = make_policy(world.column, document_number=number)
    hints = number_hints(page)
    assert (advice in hints) if advice else hints == ""


def test_documents_with_the_same_number_are_named(world: World) -> None:
    make_policy(world.column, title="先前的", document_number="云政发[2026]12号")
    page = make_policy(world.column, title="后来的")
    hints = number_hints(page)
    assert "先前的" in hints
    assert "后来的" not in hints


def test_drafts_of_other_sites_are_not_named(world: World) -> None:
    make_policy(world.gaoxin_column, title="高新草案", live=False)
    make_policy(world.column, title="本站草案", live=False)
    make_policy(world.gaoxin_column, title="高新公开")
    hints = number_hints(make_policy(world.column, title="新的"))
    assert "高新草案" not in hints
    assert "本站草案" in hints
    assert "高新公开" in hints


def test_the_form_shows_the_advice_and_keeps_its_budget(
    provisioned_world: World, client: Client
) -> None:
    world = provisioned_world
    page = make_policy(
        world.column,
        document_number="云政发[2026]12号",
        body=[clause(f"第{n}条", "内容。") for n in range(1, 121)],
    )
    client.force_login(member("editor", world.site))
    client.get(edit_url(page))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(edit_url(page))
    assert len(captured) <= 45, "\n".join(query["sql"] for query in captured)
    soup = BeautifulSoup(response.content, "html.parser")
    assert any("云政发〔2026〕12号" in note.get_text() for note in soup.select(".portal-note"))
