"""`portal rebuild_index pages`: lists of older or damaged databases become right again."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q

from portal.core.models import ListingCount, ListingKeyword, ListingRow
from portal.core.renditions import fill_listing_images
from portal.testing import enable_plugin
from tests.core.conftest import snapshot
from tests.factories import ArticleFactory, ColumnFactory, ImageFactory, World

pytestmark = pytest.mark.django_db


def rebuild(*targets: str) -> str:
    out = io.StringIO()
    call_command("rebuild_index", *targets, stdout=out)
    return out.getvalue()


def pictures() -> list[tuple[str, str]]:
    return list(ListingRow.objects.order_by("pk").values_list("image_url", "image_srcset"))


def test_what_is_right_stays_as_it_is(world: World) -> None:
    ArticleFactory.create_batch(3, parent=world.column, keywords="轮渡，湖")
    ArticleFactory(parent=world.column, live=False)
    before = snapshot()
    assert "4 pages in lists, 0 counts corrected" in rebuild("pages")
    assert {key: value for key, value in snapshot().items() if key != "events"} == {
        key: value for key, value in before.items() if key != "events"
    }


def test_lost_rows_keywords_and_counts_come_back(world: World) -> None:
    inner = ColumnFactory(parent=world.column)
    ArticleFactory.create_batch(2, parent=inner, keywords="轮渡，湖")
    counts = list(ListingCount.objects.order_by("container").values_list("container", "count"))
    rows = ListingRow.objects.order_by("page", "container").values_list("page", "container")
    known, words = list(rows), ListingKeyword.objects.count()
    ListingKeyword.objects.all().delete()
    ListingRow.objects.filter(Q(container=world.home.pk) | Q(container=inner.pk)).delete()
    ListingCount.objects.filter(container=inner.pk).delete()
    ListingCount.objects.filter(container=world.column.pk).update(count=99)
    rebuild("pages")
    assert list(rows) == known
    assert ListingKeyword.objects.count() == words > 0
    assert counts == list(
        ListingCount.objects.order_by("container").values_list("container", "count")
    )


def test_a_row_of_a_page_that_is_not_public_goes(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    type(page).objects.filter(pk=page.pk).update(live=False)  # behind the portal's back
    rebuild("pages")
    assert not ListingRow.objects.filter(page=page.pk).exists()
    assert ListingCount.objects.get(container=world.column.pk).count == 0


def test_older_pictures_get_their_widths(world: World) -> None:
    page = ArticleFactory(parent=world.column, cover=ImageFactory())
    fill_listing_images([page.pk])
    complete = pictures()
    assert all(srcset for _url, srcset in complete)
    ListingRow.objects.update(image_srcset="")
    fill_listing_images([page.pk])
    assert pictures() != complete
    rebuild("pages")
    assert pictures() == complete


def test_targets_of_plugins_and_wrong_names(world: World) -> None:
    assert "notes" not in rebuild()
    with enable_plugin("dummy"):
        assert "notes" in rebuild()
        assert "pages" not in rebuild("notes")
    with pytest.raises(CommandError, match=r"No index is called serach\. There are: pages"):
        rebuild("serach")
