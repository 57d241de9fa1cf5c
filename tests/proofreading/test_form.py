"""Submitting and publishing at the form: refused at its field, let through with a reason."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import rich_text, streamfield

from portal.core.models import ReviewStep
from portal.pages.models import ArticlePage
from portal.proofreading.models import Reason
from tests.factories import (
    ArticleFactory,
    UserFactory,
    World,
    handed_in,
    member,
    publish,
    reviewed,
)
from tests.pages.test_editing import add_url, form

pytestmark = pytest.mark.django_db
PERSON = "330106199003077718"
MOBILE = "13812345678"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(UserFactory(superuser=True))
    return client


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_what_may_not_be_public_stands_at_its_field(
    provisioned_world: World, editor: Client, action: str
) -> None:
    page = publish(ArticleFactory(parent=provisioned_world.column, title="旧"))
    body = streamfield([("paragraph", rich_text(f"<p>张三{PERSON}</p>"))])
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = editor.post(url, form(slug=page.slug, body=body) | {action: "1"})
    assert response.status_code == 200
    assert "330…18" in response.context["form"].errors["body"][0]
    assert ArticlePage.objects.get(pk=page.pk).title == "旧"


def test_a_draft_may_hold_whatever_is_being_written(world: World, editor: Client) -> None:
    editor.post(add_url(world), form(summary=f"张三{PERSON}"))
    assert ArticlePage.objects.get().live is False


def test_a_warning_a_reason_and_it_is_public(provisioned_world: World, editor: Client) -> None:
    page = publish(ArticleFactory(parent=provisioned_world.column))
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = form(slug=page.slug, summary=f"值班{MOBILE}") | {"action-submit": "1"}
    response = editor.post(url, data)
    assert "138…78" in response.context["form"].errors["summary"][0]
    editor.post(url, form(slug=page.slug, summary=f"值班{MOBILE}"))
    screen = reverse("proofreading_page", args=[page.pk])
    name = next(part for part in editor.get(screen).text.split('"') if part.startswith("reason-"))
    editor.post(screen, {name: "值班手机，本人同意"})
    assert Reason.objects.get().page_id == page.pk
    editor.post(url, data)
    reviewed(page, provisioned_world.site)
    assert ArticlePage.objects.get(pk=page.pk).summary == f"值班{MOBILE}"


def test_a_reason_holds_for_the_next_reviewer_too(provisioned_world: World) -> None:
    """The editor gave it; who releases the page is not asked again, and sees who said it."""
    writer = member("editor", provisioned_world.site, first_name="王敏")
    page = ArticleFactory(
        parent=provisioned_world.column, draft=True, owner=writer, summary=f"值班{MOBILE}"
    )
    page.save_revision(user=writer)
    client = Client()
    client.force_login(writer, backend="portal.core.staff.backend.StaffBackend")
    screen = reverse("proofreading_page", args=[page.pk])
    name = next(part for part in client.get(screen).text.split('"') if part.startswith("reason-"))
    client.post(screen, {name: "值班手机，本人同意"})
    handed_in(page, writer)
    review = reviewed(page, provisioned_world.site, until=ReviewStep.REVIEW)
    releaser = Client()
    releaser.force_login(
        member("releaser", provisioned_world.site),
        backend="portal.core.staff.backend.StaffBackend",
    )
    assert "王敏" in releaser.get(screen).text
    url = reverse("portal_review", args=[review.pk])
    releaser.get(url)
    releaser.post(url, {"step": "release", "sign": "1"})
    assert ArticlePage.objects.get(pk=page.pk).live
