"""Files behind pages: those of drafts, and the exchange of what is public."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from portal.core.models import PortalDocument, ReviewRound, ReviewStep
from portal.pages.models import ArticlePage
from tests.factories import (
    ArticleFactory,
    DocumentFactory,
    UserFactory,
    World,
    handed_in,
    member,
    reviewed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(provisioned_world: World) -> PortalDocument:
    found: PortalDocument = DocumentFactory(
        title="名单", collection=provisioned_world.site.collection
    )
    return found


@pytest.fixture
def with_file(provisioned_world: World, document: PortalDocument) -> ArticlePage:
    author = member("editor", provisioned_world.site)
    link = f'<p>见<a linktype="document" id="{document.pk}">名单</a>。</p>'
    page: ArticlePage = ArticleFactory(
        parent=provisioned_world.column, draft=True, owner=author, body=[("paragraph", link)]
    )
    handed_in(page, author)
    return page


def test_the_file_of_a_draft_is_public_with_its_page(
    provisioned_world: World, document: PortalDocument, with_file: ArticlePage
) -> None:
    visitor = Client()
    assert visitor.get(document.url).status_code == 404
    editor = Client()
    editor.force_login(member("editor", provisioned_world.site))
    assert editor.get(document.url).status_code == 200
    reviewed(with_file, provisioned_world.site)
    assert visitor.get(document.url).status_code == 200
    Page.objects.get(pk=with_file.pk).specific.unpublish()
    assert visitor.get(document.url).status_code == 404


def test_an_upload_alone_is_not_public(document: PortalDocument) -> None:
    assert Client().get(document.url).status_code == 404


def test_the_new_file_of_a_public_page_waits_for_the_review(provisioned_world: World) -> None:
    author = member("editor", provisioned_world.site)
    page: ArticlePage = ArticleFactory(parent=provisioned_world.column, draft=True, owner=author)
    handed_in(page, author)
    reviewed(page, provisioned_world.site)
    new = DocumentFactory(title="新名单", collection=provisioned_world.site.collection)
    page = ArticlePage.objects.get(pk=page.pk)
    page.body = [("paragraph", f'<p><a linktype="document" id="{new.pk}">名单</a></p>')]
    page.save_revision(user=author)
    handed_in(page, author)
    assert Client().get(new.url).status_code == 404
    reviewed(page, provisioned_world.site)
    assert Client().get(new.url).status_code == 200


def test_what_offers_files_on_its_own_says_so(provisioned_world: World) -> None:
    from portal.policy_interpretation.models import DisclosurePlatform

    form = DocumentFactory(title="申请表")
    platform = DisclosurePlatform.objects.create(site=provisioned_world.site, request_form=form)
    assert Client().get(form.url).status_code == 200
    platform.delete()
    assert Client().get(form.url).status_code == 404


def exchange(document: PortalDocument, provisioned_world: World) -> int:
    """Upload another file in place of it, by somebody who may do anything."""
    client = Client()
    client.force_login(UserFactory(superuser=True))
    collection = provisioned_world.site.collection
    assert collection is not None
    new = SimpleUploadedFile("neu.txt", b"another list")
    data = {"title": "名单", "file": new, "collection": collection.pk, "tags": ""}
    status: int = client.post(reverse("wagtaildocs:edit", args=[document.pk]), data).status_code
    return status


@pytest.mark.parametrize("until", [None, "first_check", "review"])
def test_a_file_in_review_is_not_exchanged_behind_the_signatures(
    provisioned_world: World, document: PortalDocument, with_file: ArticlePage, until: str | None
) -> None:
    before = document.file.read()
    if until is not None:
        reviewed(with_file, provisioned_world.site, until=ReviewStep(until))
    assert exchange(document, provisioned_world) == 200
    assert PortalDocument.objects.get(pk=document.pk).file.read() == before
    ArticlePage.objects.get(pk=with_file.pk).current_workflow_state.cancel()
    assert exchange(document, provisioned_world) == 302


def test_nor_while_the_signed_page_waits_for_its_time(
    provisioned_world: World, document: PortalDocument
) -> None:
    """The file stands in the version only: the page is public in an older one."""
    author = member("editor", provisioned_world.site)
    page: ArticlePage = ArticleFactory(parent=provisioned_world.column, draft=True, owner=author)
    handed_in(page, author)
    reviewed(page, provisioned_world.site)
    page = ArticlePage.objects.get(pk=page.pk)
    page.go_live_at = timezone.now() + datetime.timedelta(days=1)
    page.body = [("attachments", {"title": "", "documents": [document]})]
    page.save_revision(user=author)
    handed_in(page, author)
    assert reviewed(page, provisioned_world.site).state == ReviewRound.State.SIGNED
    assert exchange(document, provisioned_world) == 200
    other = DocumentFactory(title="别的", collection=provisioned_world.site.collection)
    assert exchange(other, provisioned_world) == 302


def test_a_public_file_is_not_exchanged_alone(
    provisioned_world: World, document: PortalDocument, with_file: ArticlePage
) -> None:
    client = Client()
    client.force_login(UserFactory(superuser=True))
    url = reverse("wagtaildocs:edit", args=[document.pk])
    before = document.file.read()
    reviewed(with_file, provisioned_world.site)
    assert exchange(document, provisioned_world) == 200
    assert PortalDocument.objects.get(pk=document.pk).file.read() == before
    renamed = {"title": "名单（附件）", "collection": provisioned_world.site.collection.pk}  # type: ignore[union-attr]
    assert client.post(url, renamed | {"tags": ""}).status_code == 302
    Page.objects.get(pk=with_file.pk).specific.unpublish()
    assert exchange(document, provisioned_world) == 302
    assert PortalDocument.objects.get(pk=document.pk).file.read() == b"another list"
