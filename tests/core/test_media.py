"""Pictures in every width, with as many queries for a hundred as for one; parts of files."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.images.models import Filter

from portal.core.media import BODY_FILTER, CARD_FILTER, images_in, picture, prepare_media
from portal.core.models import ListingRow, PortalImage
from portal.core.renditions import fill_body_images, fill_listing_images
from tests.factories import ArticleFactory, ImageFactory, StandardPageFactory, World

pytestmark = pytest.mark.django_db

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800" viewBox="0 0 1200 800">'
    b'<path d="M0 0h9"/></svg>'
)


def test_a_picture_comes_in_several_widths() -> None:
    found = picture(ImageFactory(), BODY_FILTER)
    assert found is not None
    assert (found.width, found.height) == (960, 540)
    assert [part.split()[1] for part in found.srcset.split(", ")] == ["480w", "800w", "960w"]
    assert found.sizes
    assert found.url.endswith(".webp")


def test_a_small_original_comes_once() -> None:
    from wagtail.images.tests.utils import get_test_image_file

    small = ImageFactory(file=get_test_image_file(size=(300, 200)))
    found = picture(small, BODY_FILTER)
    assert found is not None
    assert (found.width, found.srcset) == (300, "")


def test_a_drawing_stays_a_drawing() -> None:
    image = PortalImage(title="图", description="图")
    image.file.save("a.svg", ContentFile(SVG), save=False)
    image.width, image.height = 1200, 800
    image.save()
    found = picture(image, BODY_FILTER)
    assert found is not None
    assert found.url.endswith(".svg")
    assert found.srcset == ""


def test_decorative_pictures_are_silent() -> None:
    found = picture(ImageFactory(is_decorative=True), CARD_FILTER)
    assert found is not None
    assert found.alt == ""


def test_the_focal_point_is_kept_in_sight() -> None:
    """A picture of another shape is cut around what matters."""
    from wagtail.images.tests.utils import get_test_image_file

    far_right = {"focal_point_x": 900, "focal_point_y": 50, "focal_point_width": 50,
                 "focal_point_height": 50}  # fmt: skip
    file = get_test_image_file(size=(1000, 100))
    key = Filter(spec=CARD_FILTER).get_cache_key(ImageFactory(file=file, **far_right))
    assert key != Filter(spec=CARD_FILTER).get_cache_key(ImageFactory(file=file))


def body(*images: Any) -> list[Any]:
    return [("image", {"image": image, "caption": ""}) for image in images]


def queries_of(client: Client, path: str) -> int:
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_many_pictures_cost_no_query_more(world: World, client: Client) -> None:
    one = StandardPageFactory(parent=world.home, body=body(ImageFactory()))
    many = StandardPageFactory(parent=world.home, body=body(*(ImageFactory() for _ in range(6))))
    assert queries_of(client, f"/{many.slug}/") == queries_of(client, f"/{one.slug}/")


def test_pictures_are_prepared_however_deep(world: World) -> None:
    images = [ImageFactory() for _ in range(3)]
    for image in images:
        picture(image, BODY_FILTER)
    page = StandardPageFactory(
        parent=world.home,
        body=[
            *body(*images[:2]),
            ("map", {"title": "图", "image": images[2], "approval_number": "浙S(2026)1号",
                     "source": "局", "document": None, "places": []}),
        ],
    )  # fmt: skip
    page = type(page).objects.get(pk=page.pk)
    prepare_media(page.body)
    found = list(images_in(page.body))
    assert {image.pk for image in found} == {image.pk for image in images}
    with CaptureQueriesContext(connection) as captured:
        for image in found:
            assert picture(image, BODY_FILTER) is not None
    assert len(captured) == 0


def test_the_outbox_makes_them_before_a_visitor_waits(world: World) -> None:
    image = ImageFactory()
    page = ArticleFactory(parent=world.column, body=body(image))
    assert fill_body_images([page.pk]) == 1
    assert image.renditions.count() == 3


def test_list_pictures_have_their_widths(world: World, client: Client) -> None:
    page = ArticleFactory(parent=world.column, cover=ImageFactory())
    fill_listing_images([page.pk])
    row = ListingRow.objects.filter(page=page).first()
    assert row is not None
    assert [part.split()[1] for part in row.image_srcset.split(", ")] == ["400w", "800w"]


# --- parts of files -------------------------------------------------------------------------------
@pytest.fixture
def film() -> str:
    return str(
        default_storage.url(default_storage.save("media/film.mp4", ContentFile(b"0123456789")))
    )


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=0-999", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=5-2", 416, b"", "bytes */10"),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("bytes=" + "9" * 5000 + "-", 200, b"0123456789", None),
    ],
)
def test_players_get_the_part_they_ask_for(
    client: Client, film: str, asked: str, status: int, content: bytes, told: str | None
) -> None:
    response = client.get(film, headers={"range": asked})
    body = b"".join(response) if response.streaming else response.content
    assert (response.status_code, body) == (status, content)
    assert response.get("Content-Range") == told
    assert int(response["Content-Length"] or 0) == len(content)


def test_players_are_told_that_they_may_ask(client: Client, film: str) -> None:
    assert client.get(film)["Accept-Ranges"] == "bytes"
