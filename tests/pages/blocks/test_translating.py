"""Bodies with every block can be handed to the translators: all their words, and nothing else."""

import pytest
from wagtail_localize.segments.extract import extract_segments

from portal.pages.blocks import BodyBlock
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, ImageFactory, World

pytestmark = pytest.mark.django_db


def test_every_block_gives_its_words(world: World) -> None:
    stream = BodyBlock()
    body = []
    for name, block in stream.child_blocks.items():
        value = block.get_preview_value() if name != "component" else {"component": ""}
        if name in {"image", "map"}:
            value["image"] = ImageFactory()
        body.append((name, value))
    page = ArticleFactory(parent=world.column, body=stream.normalize(body))
    segments = list(extract_segments(ArticlePage.objects.get(pk=page.pk)))
    words = "\n".join(str(getattr(segment, "string", "")) for segment in segments)
    for expected in (
        "社保卡丢了怎么办？",
        "系统维护",
        "网上预约",
        "市民中心",
        "前三季度主要指标",
        "开工",
    ):
        assert expected in words
