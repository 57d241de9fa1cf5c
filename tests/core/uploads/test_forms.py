"""What editors meet when a file is not what it should be: a sentence, and all they typed."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from PIL import Image
from wagtail.images.forms import get_image_form
from wagtail.models import Collection
from wagtailmedia.forms import get_media_form

from portal.core.models import PortalImage, PortalMedia
from tests.factories import UserFactory
from tests.languages import speaks_english

from .test_images import SECRET, photo

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(speaks_english(UserFactory(superuser=True)))
    return client


def upload(name: str, data: bytes, *, large: bool = False) -> Any:
    if not large:
        return SimpleUploadedFile(name, data)
    file = TemporaryUploadedFile(name, "image/jpeg", len(data), None)
    file.write(data)
    file.seek(0)
    return file


# --- pictures -------------------------------------------------------------------------------------
def image_form(file: Any, **values: Any) -> Any:
    data = {
        "title": "湖", "description": "晨雾中的湖", "credit": "", "tags": "",
        "collection": Collection.get_first_root_node().pk,
    }  # fmt: skip
    return get_image_form(PortalImage)(data | values, {"file": file}, user=None)


@pytest.mark.parametrize("large", [False, True])
def test_a_photo_is_stored_without_its_place(large: bool) -> None:
    form = image_form(upload("a.jpg", photo("JPEG", 6), large=large))
    assert form.is_valid(), form.errors
    image = form.save()
    stored = image.file.open().read()
    assert SECRET not in stored
    assert image.file_size == len(stored)
    with Image.open(BytesIO(stored)) as kept:
        assert kept.getexif().get(0x0112) == 6
    assert (image.get_rendition("max-100x100").width) == 20, "shown upright"


def test_a_photo_stored_by_a_program_too() -> None:
    image = PortalImage(title="湖", description="湖")
    image.file = upload("a.jpg", photo("JPEG"))
    image.save()
    assert SECRET not in image.file.open().read()


def test_a_description_is_demanded_unless_decorative() -> None:
    form = image_form(upload("a.jpg", photo("JPEG")), description=" ")
    assert "description" in form.errors
    assert image_form(upload("a.jpg", photo("JPEG")), description="", is_decorative="on").is_valid()


def png(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def big_jpeg() -> bytes:
    out = BytesIO()
    Image.effect_noise((300, 300), 80).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.jpg", b"\xff\xd8\xff\xe0 torn", "not a picture"),
        ("a.jpg", big_jpeg()[:4000], "not a picture"),
        ("a.png", png(900, 900)[:60], "not a picture"),
        ("a.jpg", photo("PNG"), "extension does not match"),
        ("a.png", b"<html></html>", "does not match"),
        ("a.bmp", png(9, 9), "Not a supported image format"),
        ("a.png", png(10_000, 10_000), "60 million pixels"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
                  b"<script>1</script></svg>", "more than a drawing"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_said(name: str, data: bytes, words: str) -> None:
    form = image_form(upload(name, data))
    assert not form.is_valid()
    assert re.search(words, str(form.errors["file"])), form.errors
    assert form["title"].value() == "湖"


def test_a_picture_of_20_megabytes_is_refused() -> None:
    file = upload("a.jpg", photo("JPEG"))
    file.size = 20 * 1024 * 1024
    assert "too big" in str(image_form(file).errors["file"])


def test_the_chooser_keeps_what_was_typed(admin: Client) -> None:
    prefix = "image-chooser-upload"
    data = {
        f"{prefix}-title": "清晨的湖", f"{prefix}-description": "写了很久的描述",
        f"{prefix}-collection": Collection.get_first_root_node().pk, f"{prefix}-tags": "",
        f"{prefix}-file": upload("a.jpg", b"no picture"),
    }  # fmt: skip
    answer = admin.post(reverse("wagtailimages_chooser:create"), data).json()
    assert answer["step"] == "reshow_creation_form"
    assert "写了很久的描述" in answer["htmlFragment"]
    assert not PortalImage.objects.exists()


def test_many_at_once_wait_for_their_descriptions(admin: Client) -> None:
    """Wagtail keeps the file aside until the form is complete; without the place, too."""
    answer = admin.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "a", "files[]": upload("a.jpg", photo("JPEG"))},
        headers={"x-requested-with": "XMLHttpRequest"},
    ).json()
    assert answer["success"]
    assert not PortalImage.objects.exists()
    pk = answer["uploaded_file_id"]
    done = admin.post(
        reverse("wagtailimages:create_multiple_from_uploaded_image", args=[pk]),
        {
            f"uploaded-image-{pk}-title": "湖", f"uploaded-image-{pk}-description": "晨雾中的湖",
            f"uploaded-image-{pk}-credit": "", f"uploaded-image-{pk}-tags": "",
            f"uploaded-image-{pk}-collection": Collection.get_first_root_node().pk,
        },
        headers={"x-requested-with": "XMLHttpRequest"},
    ).json()  # fmt: skip
    assert done["success"], done
    image = PortalImage.objects.get()
    assert SECRET not in image.file.open().read()


def test_many_at_once_say_which_is_no_picture(admin: Client) -> None:
    answer = admin.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "a", "files[]": upload("a.jpg", b"no picture")},
        headers={"x-requested-with": "XMLHttpRequest"},
    ).json()
    assert not answer["success"]
    assert answer["error_message"]


# --- videos and recordings ------------------------------------------------------------------------
def media_form(kind: str, **values: Any) -> Any:
    files = {key: values.pop(key) for key in ("file", "captions", "thumbnail") if key in values}
    data = {
        "title": "轮渡", "language": "zh-hans", "speechless_reason": "", "transcript": "",
        "tags": "", "collection": Collection.get_first_root_node().pk,
    }  # fmt: skip
    instance = PortalMedia(type=kind)
    return get_media_form(PortalMedia)(data | values, files, instance=instance, user=None)


def sample(name: str, called: str = "") -> Any:
    return upload(called or name, (SAMPLES / name).read_bytes())


def test_a_video_with_captions() -> None:
    poster = BytesIO()
    Image.new("RGB", (3000, 1500)).save(poster, "JPEG")
    form = media_form(
        "video",
        file=sample("good.mp4"),
        captions=upload("字幕.srt", "1\n00:00:00,100 --> 00:00:00,900\n大家好\n".encode("gb18030")),
        thumbnail=upload("封面.jpg", poster.getvalue()),
    )
    assert form.is_valid(), form.errors
    video = form.save()
    assert (video.width, video.height) == (64, 36)
    assert video.duration == pytest.approx(1)
    assert video.captions.name.endswith(".vtt")
    assert video.captions.open().read().decode().startswith("WEBVTT\n\n00:00:00.100")
    with Image.open(video.thumbnail.open()) as image:
        assert (image.format, image.size) == ("WEBP", (1280, 640))


def test_a_video_without_captions_needs_a_reason() -> None:
    assert "captions" in media_form("video", file=sample("good.mp4")).errors
    form = media_form("video", file=sample("good.mp4"), speechless_reason="只有湖水声")
    assert form.is_valid(), form.errors


def test_a_recording_needs_a_transcript() -> None:
    assert "transcript" in media_form("audio", file=sample("good.mp3")).errors
    form = media_form("audio", file=sample("good.mp3"), transcript="大家好。")
    assert form.is_valid(), form.errors
    assert form.save().duration == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize(
    ("called", "source", "words"),
    [
        ("film.mp4", "old.avi", "AVI"),
        ("film.mp4", "good.mp3", "holds MP3"),
        ("film.avi", "good.mp4", "named .avi but holds MP4"),
        ("film.mp4", "hevc.mp4", "H.265"),
    ],
)
def test_a_wrong_video_is_named_and_the_words_are_kept(
    called: str, source: str, words: str
) -> None:
    form = media_form("video", file=sample(source, called), transcript="写了很久的文字稿")
    assert words in str(form.errors["file"])
    assert form["transcript"].value() == "写了很久的文字稿"


@override_settings(PORTAL_MAX_MEDIA_SIZE=1000)
def test_a_video_that_is_too_large() -> None:
    assert "too large" in str(media_form("video", file=sample("good.mp4")).errors["file"])


def test_captions_that_cannot_be_read_name_the_line() -> None:
    form = media_form(
        "video",
        file=sample("good.mp4"),
        captions=upload("a.vtt", b"WEBVTT\n\n00:01 --> 00:02\nx\n"),
    )
    assert "Line 3" in str(form.errors["captions"])


def test_a_poster_that_is_no_picture() -> None:
    form = media_form(
        "video", file=sample("good.mp4"), speechless_reason="无",
        thumbnail=upload("a.jpg", b"no picture"),
    )  # fmt: skip
    assert "not a picture" in str(form.errors["thumbnail"])


def test_the_video_chooser_keeps_what_was_typed(admin: Client) -> None:
    prefix = "media-chooser-upload"
    data = {
        f"{prefix}-title": "轮渡", f"{prefix}-transcript": "写了很久的文字稿",
        f"{prefix}-collection": Collection.get_first_root_node().pk, f"{prefix}-tags": "",
        f"{prefix}-language": "zh-hans", f"{prefix}-speechless_reason": "",
        f"{prefix}-file": sample("old.avi", "film.mp4"),
    }  # fmt: skip
    answer = admin.post(reverse("portal_video_chooser:create"), data).json()
    assert answer["step"] == "reshow_creation_form"
    assert "写了很久的文字稿" in answer["htmlFragment"]
    assert "AVI" in answer["htmlFragment"]


def test_a_video_is_uploaded_and_chosen_in_one_go(admin: Client) -> None:
    prefix = "media-chooser-upload"
    data = {
        f"{prefix}-title": "轮渡", f"{prefix}-transcript": "", f"{prefix}-tags": "",
        f"{prefix}-collection": Collection.get_first_root_node().pk,
        f"{prefix}-language": "zh-hans", f"{prefix}-speechless_reason": "只有音乐",
        f"{prefix}-file": sample("good.webm"),
    }  # fmt: skip
    answer = admin.post(reverse("portal_video_chooser:create"), data).json()
    assert answer["step"] == "chosen"
    assert answer["result"]["id"] == str(PortalMedia.objects.get().pk)
    page = admin.get(reverse("portal_video_chooser:choose")).json()["html"]
    assert "轮渡" in page
    assert "轮渡" not in admin.get(reverse("portal_audio_chooser:choose")).json()["html"]


# --- spreadsheets ---------------------------------------------------------------------------------
def xlsx(rows: list[list[Any]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "月份,人数\n1月,82.5\n".encode("gb18030")),
        ("a.csv", "\ufeff月份,人数\n1月,82.5\n\n".encode()),
        ("a.xlsx", xlsx([["月份", "人数", None], ["1月", 82.5, None], [None, None, None]])),
    ],
)
def test_a_spreadsheet_is_read(admin: Client, name: str, data: bytes) -> None:
    answer = admin.post(reverse("portal_read_sheet"), {"file": upload(name, data)})
    assert answer.status_code == 200
    assert answer.json()["text"] == "月份\t人数\n1月\t82.5"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 99, "old Excel"),
        ("a.xlsx", b"PK\x03\x04 torn", "cannot be opened"),
        ("a.csv", b"\x00\x01\x02\xff", "not a text file"),
        ("a.csv", '甲,乙\n"x'.encode(), "Row 2"),
        ("a.csv", b"", "no|nothing"),
    ],
)
def test_a_spreadsheet_that_cannot_be_read(
    admin: Client, name: str, data: bytes, words: str
) -> None:
    answer = admin.post(reverse("portal_read_sheet"), {"file": upload(name, data or b"\n")})
    assert answer.status_code == 422
    assert re.search(words, answer.json()["problem"])


def test_only_editors_may_have_one_read(client: Client) -> None:
    answer = client.post(reverse("portal_read_sheet"), {"file": upload("a.csv", b"a,b\n1,2")})
    assert answer.status_code == 302
