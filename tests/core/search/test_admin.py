"""As the admin asks: explorer, choosers, filters."""

import pytest
from django.test import Client
from django.urls import reverse
from modelsearch.backends import get_search_backend
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page

from portal.core.models import PortalImage

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(db: None) -> tuple[Page, Page]:
    """Two sections, each with a guide of the same words."""
    root = Page.get_first_root_node()
    sections = []
    for slug in ("nanan", "qingshan"):
        section = root.add_child(instance=Page(title=f"{slug} 分站", slug=slug))
        section.add_child(instance=Page(title="不动产登记指南", slug="guide"))
        section.add_child(instance=Page(title="不动产登记草稿", slug="draft", live=False))
        sections.append(section)
    return sections[0], sections[1]


def test_the_explorer_searches_inside_what_it_may_show(tree: tuple[Page, Page]) -> None:
    own, other = tree
    pages = Page.objects.descendant_of(own)
    assert {p.slug for p in pages.autocomplete("不动")} == {"guide", "draft"}
    assert {p.slug for p in pages.live().autocomplete("不动")} == {"guide"}
    assert pages.autocomplete("不动").count() == pages.search("不动产").count() == 2
    assert all(p.is_descendant_of(own) for p in pages.search("登记"))
    assert Page.objects.descendant_of(other).autocomplete("登记指南").count() == 1
    by_title = Page.objects.autocomplete("登记", order_by="-title")
    assert next(p.title for p in by_title) == "不动产登记草稿"
    assert list(Page.objects.none().search("登记")) == []


def test_a_page_is_found_by_its_base_and_its_own_model(tree: tuple[Page, Page]) -> None:
    assert Page.objects.type(Page).specific().search("指南").count() == 2


def test_images_are_found_in_the_collections_one_may_choose_from(db: None) -> None:
    root = Collection.get_first_root_node()
    own, other = (root.add_child(instance=Collection(name=name)) for name in ("own", "other"))
    for collection in (own, other):
        image = PortalImage(
            title="云湖大桥夜景",
            description="从东岸看大桥",
            collection=collection,
            file=get_test_image_file(),
        )
        image.save()
        image.tags.add("风光")
        image.save()
    images = PortalImage.objects.filter(collection=own)
    backend = get_search_backend()
    for query in ("大桥", "东岸", "风光"):
        assert [i.collection for i in backend.autocomplete(query, images)] == [own]
        assert [i.collection for i in backend.search(query, images)] == [own]


def test_the_admin_views_find_chinese(tree: tuple[Page, Page], admin_client: Client) -> None:
    own, _other = tree
    for url in (
        reverse("wagtailadmin_pages:search"),
        reverse("wagtailadmin_explore", args=[own.pk]),
        reverse("wagtailadmin_choose_page_search"),
    ):
        response = admin_client.get(url, {"q": "登记指"})
        assert "不动产登记指南" in response.content.decode(), url
        assert "不动产登记草稿" not in response.content.decode(), url
