"""Files of what was withdrawn in an emergency: out of reach in the same step, and back with it."""

import contextlib
import errno
import uuid
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client, TestCase
from django.urls import reverse
from wagtail.models import ReferenceIndex

from portal.core import media_storage, withheld_files
from portal.core.media_storage import withheld
from portal.core.models import (
    EmergencyWithdrawal,
    PortalDocument,
    PortalImage,
    PortalRendition,
    User,
    WithheldFile,
)
from portal.core.reviews.withdrawal import withdraw_everywhere
from portal.pages.models import ArticlePage
from tests.factories import (
    ArticleFactory,
    DocumentFactory,
    ImageFactory,
    MediaFactory,
    World,
    handed_in,
    member,
    reviewed,
)
from tests.factories.reviews import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "withheld": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "withheld"},
        }
    }


@pytest.fixture
def image() -> PortalImage:
    made: PortalImage = ImageFactory()
    return made


def _public(world: World, author: User, **fields: Any) -> ArticlePage:
    page: ArticlePage = ArticleFactory(parent=world.column, draft=True, owner=author, **fields)
    page.save_revision(user=author)
    handed_in(page, author)
    with TestCase.captureOnCommitCallbacks(execute=True):
        reviewed(page, world.site)
    return fresh(page)


def _withdraw(page: ArticlePage, world: World) -> None:
    user = member("releaser", world.site)
    with TestCase.captureOnCommitCallbacks(execute=True):
        withdraw_everywhere(page=page, user=user, reason="误发未公开名单")


def _tidy() -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        withheld_files.go_on()


def _answers(name: str) -> int:
    return Client().get(f"/media/{name}").status_code


def test_a_picture_and_all_that_was_made_of_it_go_in_the_same_step(
    provisioned_world: World, author: User, image: PortalImage
) -> None:
    page = _public(provisioned_world, author, cover=image)
    made = image.get_rendition("fill-400x225|format-webp").file.name
    assert (_answers(image.file.name), _answers(made)) == (200, 200)
    _withdraw(page, provisioned_world)
    assert (_answers(image.file.name), _answers(made)) == (404, 404)
    assert not PortalRendition.objects.filter(image=image).exists()
    row = WithheldFile.objects.get()
    assert (row.name, row.away, row.settled) == (image.file.name, True, True)
    assert row.withdrawal == EmergencyWithdrawal.objects.get()
    assert withheld().exists(image.file.name)


def test_videos_go_with_captions_and_documents_stay_readable_for_the_house(
    provisioned_world: World, author: User
) -> None:
    video, document = MediaFactory(), DocumentFactory()
    page = _public(provisioned_world, author)
    names = [video.file.name, video.captions.name, document.file.name]
    kind = ReferenceIndex._get_base_content_type(ArticlePage)
    for thing in (video, document):
        ReferenceIndex.objects.create(
            content_type=kind,
            base_content_type=kind,
            object_id=str(page.pk),
            to_content_type=ReferenceIndex._get_base_content_type(type(thing)),
            to_object_id=str(thing.pk),
            model_path="body",
            content_path="body",
            content_path_hash=uuid.uuid4(),
        )
    _withdraw(page, provisioned_world)
    assert [name for name in names if Path(default_storage.path(name)).exists()] == []
    assert [withheld().exists(name) for name in names] == [True, True, True]
    with PortalDocument.objects.get().file.open() as kept:
        assert kept.read() == b"PK\x03\x04 not really"
    with pytest.raises(FileNotFoundError):
        default_storage.open(video.file.name)


def test_what_others_show_stays(provisioned_world: World, author: User, image: PortalImage) -> None:
    emblem = ImageFactory()
    page = _public(provisioned_world, author, cover=image)
    _public(provisioned_world, author, cover=image, title="另一篇用同一张图")
    site = provisioned_world.site
    site.emblem = emblem
    site.save()
    other = _public(provisioned_world, author, cover=emblem)
    client = Client()
    client.force_login(member("releaser", site))
    html = client.get(reverse("portal_emergency_withdrawal", args=[page.pk])).content.decode()
    assert "另一篇用同一张图" in html
    for gone in (page, other):
        _withdraw(gone, provisioned_world)
    assert (_answers(image.file.name), _answers(emblem.file.name)) == (200, 200)
    assert not WithheldFile.objects.exists()


def test_drafts_and_withdrawn_pages_keep_nothing_online(
    provisioned_world: World, author: User, image: PortalImage
) -> None:
    page = _public(provisioned_world, author, cover=image)
    ArticleFactory(parent=provisioned_world.column, draft=True, cover=image)
    _withdraw(page, provisioned_world)
    assert _answers(image.file.name) == 404


def test_another_public_page_that_shows_it_brings_it_back(
    provisioned_world: World, author: User, image: PortalImage
) -> None:
    page = _public(provisioned_world, author, cover=image)
    _withdraw(page, provisioned_world)
    other = _public(provisioned_world, author, cover=image, title="经审核再用这张图")
    assert _answers(image.file.name) == 200
    row = WithheldFile.objects.get()
    assert (row.away, row.settled, row.back_for) == (False, True, f"page:{other.pk}")
    assert row.back_at is not None
    assert image.get_rendition("fill-400x225|format-webp").width == 400
    _withdraw(other, provisioned_world)  # and it can go again
    assert _answers(image.file.name) == 404
    assert WithheldFile.objects.count() == 2


def test_killed_between_the_rows_and_the_files(
    provisioned_world: World, author: User, image: PortalImage
) -> None:
    """Committed and not moved: the next minute moves it."""
    page = _public(provisioned_world, author, cover=image)
    with mock.patch.object(withheld_files, "settle"):
        _withdraw(page, provisioned_world)
    assert _answers(image.file.name) == 200
    _tidy()
    assert _answers(image.file.name) == 404


def test_killed_between_the_file_and_its_mark(
    provisioned_world: World, author: User, image: PortalImage
) -> None:
    """Moved and not marked: seen where it should be, and marked."""
    page = _public(provisioned_world, author, cover=image)
    real = WithheldFile.save

    def killed(row: WithheldFile, **options: Any) -> None:
        if row.settled:
            raise KeyboardInterrupt
        real(row, **options)

    with mock.patch.object(WithheldFile, "save", killed), contextlib.suppress(KeyboardInterrupt):
        _withdraw(page, provisioned_world)
    row = WithheldFile.objects.filter(settled=False).first()
    assert row is not None, "the row was written before the file was moved"
    assert withheld().exists(row.name)
    _tidy()
    assert WithheldFile.objects.get().settled
    assert (_answers(image.file.name), withheld().exists(image.file.name)) == (404, True)


def test_a_withdrawal_that_is_undone_moves_nothing(
    provisioned_world: World, author: User, image: PortalImage
) -> None:
    page = _public(provisioned_world, author, cover=image)
    user = member("releaser", provisioned_world.site)
    with (
        TestCase.captureOnCommitCallbacks(execute=True),
        pytest.raises(ZeroDivisionError),
        transaction.atomic(),
    ):
        withdraw_everywhere(page=page, user=user, reason="误发未公开名单")
        raise ZeroDivisionError
    assert _answers(image.file.name) == 200
    assert not WithheldFile.objects.exists()


def test_a_file_that_cannot_be_moved_is_told_and_tried_again(
    provisioned_world: World, author: User, image: PortalImage
) -> None:
    page = _public(provisioned_world, author, cover=image)
    with mock.patch.object(withheld_files, "move", side_effect=OSError(errno.EACCES, "denied")):
        _withdraw(page, provisioned_world)
        with pytest.raises(RuntimeError, match="1 files"):
            _tidy()
    assert not fresh(page).live
    _tidy()
    assert _answers(image.file.name) == 404


def test_a_banner_given_the_picture_brings_it_back(
    provisioned_world: World, author: User, image: PortalImage
) -> None:
    page = _public(provisioned_world, author, cover=image)
    _withdraw(page, provisioned_world)
    provisioned_world.site.emblem = image
    provisioned_world.site.save()
    _tidy()
    assert _answers(image.file.name) == 200


def test_a_new_upload_does_not_take_the_name(
    provisioned_world: World, author: User, image: PortalImage
) -> None:
    page = _public(provisioned_world, author, cover=image)
    _withdraw(page, provisioned_world)
    assert default_storage.save(image.file.name, ContentFile(b"other")) != image.file.name


def test_deleted_it_is_deleted_where_it_was_taken(
    provisioned_world: World, author: User, image: PortalImage
) -> None:
    page = _public(provisioned_world, author, cover=image)
    _withdraw(page, provisioned_world)
    with TestCase.captureOnCommitCallbacks(execute=True):
        image.delete()
    assert not withheld().exists(image.file.name)
    _tidy()


def test_onto_another_disk_never_half_a_file(tmp_path: Path) -> None:
    media = media_storage.MediaStorage()
    media.save("a/x.bin", ContentFile(b"whole"))
    real, refused = Path.replace, []

    def replace(source: Path, target: Path) -> Path:
        if not str(source).endswith(".part") and not refused:
            refused.append(source)
            raise OSError(errno.EXDEV, "another disk")
        return real(source, target)

    with mock.patch.object(Path, "replace", replace):
        assert media_storage.move("a/x.bin", media, withheld())
    assert withheld().open("a/x.bin").read() == b"whole"
    assert not Path(media.path("a/x.bin")).exists()
    assert media_storage.move("a/x.bin", media, withheld())  # again: it is there
    assert not media_storage.move("a/none.bin", media, withheld())
