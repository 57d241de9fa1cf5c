"""Files behind pages: those of drafts, and the exchange of what is public."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.core.models import PortalDocument
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


def test_a_file_that_no_page_names_is_served_as_ever(document: PortalDocument) -> None:
    assert Client().get(document.url).status_code == 200


def test_a_public_file_is_not_exchanged_alone(
    provisioned_world: World, document: PortalDocument, with_file: ArticlePage
) -> None:
    client = Client()
    client.force_login(UserFactory(superuser=True))
    url = reverse("wagtaildocs:edit", args=[document.pk])
    before = document.file.read()

    def exchange() -> int:
        new = SimpleUploadedFile("neu.txt", b"another list")
        collection = provisioned_world.site.collection
        assert collection is not None
        data = {"title": "名单", "file": new, "collection": collection.pk, "tags": ""}
        status: int = client.post(url, data).status_code
        return status

    reviewed(with_file, provisioned_world.site)
    assert exchange() == 200
    assert PortalDocument.objects.get(pk=document.pk).file.read() == before
    renamed = {"title": "名单（附件）", "collection": provisioned_world.site.collection.pk}  # type: ignore[union-attr]
    assert client.post(url, renamed | {"tags": ""}).status_code == 302
    Page.objects.get(pk=with_file.pk).specific.unpublish()
    assert exchange() == 302
    assert PortalDocument.objects.get(pk=document.pk).file.read() == b"another list"
