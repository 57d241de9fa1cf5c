"""A portal with something of each kind that the log knows, all of it entered."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtailmedia.models import get_media_model

from portal.evidence.services.following import catch_up
from portal.evidence.services.sealing import take_baseline
from portal.evidence.services.verification import Report, verify
from tests.factories import ArticleFactory, World
from tests.policy_interpretation.factories import clause, make_policy


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """Log file, keys and media of this test only."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path


def new_article(world: World, **fields: Any) -> Any:
    """A public article with a version, as editors make them."""
    page: Any = ArticleFactory(**{"parent": world.column, "draft": True} | fields)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


@pytest.fixture
def city(world: World) -> World:
    """Articles, documents with clauses and files, public and in the log."""
    for number in range(4):
        new_article(world, title=f"公园第{number}次夜间开放")
    for number in range(2):
        make_policy(
            world.column,
            title=f"云湖市公共自行车管理办法之{number}",
            document_number=f"云政发〔2026〕{number + 12}号",
            body=[clause("第一条", "为了方便出行。"), clause("第二条", "每日六时起租。")],
        )
    get_image_model().objects.create(title="湖面", file=get_test_image_file(), description="湖")
    document = get_document_model()(title="表格")
    document.file.save("form.txt", ContentFile(b"name and address\n" * 9000), save=False)
    document.save()
    media: Any = get_media_model()(title="录音", type="audio", duration=3, transcript="词")
    media.file.save("sound.mp3", ContentFile(b"ID3 sound" * 50), save=False)
    media.save()
    follow()
    take_baseline()
    return world


def follow() -> None:
    """What the outbox process does: the log follows, other consumers too."""
    from portal.core.extension_points import outbox_consumers
    from portal.core.outbox import run_consumers

    for _round in range(2):  # what one consumer writes is told to the others
        run_consumers([entry.item for entry in outbox_consumers.entries()])
    catch_up()


def check(**options: Any) -> Report:
    return verify(**options)
