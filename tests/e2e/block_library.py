"""Pages with one of each block, nested ones too, for tests that must hold for the whole library.

Run as a program in the surroundings of a served portal: prints the pages' numbers as JSON.
"""

import datetime
import json
import os
import subprocess
import sys
from typing import Any

from .serving import REPOSITORY, Portal, environment

# Columns hold blocks that hold blocks: as deep as an editor would go, not for ever.
DEEPEST = 4


def make_pages(portal: Portal, paragraphs: int = 100) -> dict[str, int]:
    """``body``: an article; ``sections``: a topic; ``long``: an article of many paragraphs."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(paragraphs)],
        cwd=REPOSITORY,
        env=environment(portal.data),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    pages: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return pages


# --- in the process of the served portal ----------------------------------------------------------
class Sample:
    """Values for blocks: their own preview values, with what only a database can give."""

    def __init__(self) -> None:
        self.texts = 0
        # Streams with room for a few blocks only: how many of its kinds each has shown already.
        self.shown: dict[type, int] = {}
        from wagtail.documents import get_document_model
        from wagtail.images import get_image_model

        from portal.core.models import PortalMedia
        from portal.pages.models import ColumnPage

        self.chosen: dict[str, Any] = {
            "ImageChooserBlock": get_image_model().objects.first(),
            "DocumentChooserBlock": get_document_model().objects.first(),
            "PageChooserBlock": ColumnPage.objects.filter(slug="yunhu-yaowen").get().page_ptr,
            "VideoChooserBlock": PortalMedia.objects.filter(type="video").first(),
            "AudioChooserBlock": PortalMedia.objects.filter(type="audio").first(),
            "SheetBlock": "月份,人数\n1月,82\n2月,71",
        }

    def of(self, block: Any, given: Any = None, depth: int = 0) -> Any:
        """A value that an editor could have saved; what ``given`` holds already is kept."""
        from wagtail import blocks

        if given is None and getattr(block.meta, "preview_value", None) is not None:
            given = block.get_preview_value()
        if isinstance(block, blocks.StreamBlock):
            return self._stream(block, depth)
        if isinstance(block, blocks.ListBlock):
            items = list(given) if given else [None] * max(2, block.meta.min_num or 0)
            return block.to_python(
                [block.child_block.get_prep_value(self.of(block.child_block, item, depth + 1))
                 for item in items]
            )  # fmt: skip
        if isinstance(block, blocks.StructBlock):
            known = given or {}
            return block.normalize(
                {
                    name: self.of(child, known.get(name) or None, depth + 1)
                    for name, child in block.child_blocks.items()
                }
            )
        return given if given not in (None, "") else self._simple(block)

    def _stream(self, block: Any, depth: int) -> Any:
        """One of each kind; where fewer fit, the ones that streams of this class lack so far."""
        kinds = list(block.child_blocks.items()) if depth < DEEPEST else []
        room = block.meta.max_num or len(kinds)
        if kinds and len(kinds) > room:
            first = self.shown.get(type(block), 0)
            self.shown[type(block)] = first + room
            kinds = [kinds[(first + place) % len(kinds)] for place in range(room)]
        return block.normalize([(name, self.of(child, None, depth + 1)) for name, child in kinds])

    def _simple(self, block: Any) -> Any:
        from wagtail import blocks

        for kind in type(block).__mro__:
            if kind.__name__ in self.chosen:
                return self.chosen[kind.__name__]
        if isinstance(block, blocks.RichTextBlock):
            return block.normalize("<p>云湖文字</p>")
        default = block.get_default()
        if default not in (None, "", []):
            return default
        if isinstance(block, blocks.ChoiceBlock):
            return next((key for key, _label in block.field.choices if key), "")
        if isinstance(block, blocks.CharBlock):
            return self._words(block)
        samples: list[tuple[type, Any]] = [
            (blocks.URLBlock, "https://www.yunhu.example/"),
            (blocks.EmailBlock, "office@yunhu.example"),
            (blocks.IntegerBlock, 3),
            (blocks.FloatBlock, 30.5),
            (blocks.DecimalBlock, 30),
            (blocks.DateTimeBlock, datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)),
            (blocks.DateBlock, datetime.date(2026, 3, 2)),
            (blocks.TextBlock, "云湖文字"),
        ]
        return next((value for kind, value in samples if isinstance(block, kind)), default)

    def _words(self, block: Any) -> str:
        """A text that differs from all others, in a form that the block's rules allow."""
        self.texts += 1
        forms = [f"云湖文字{self.texts}", "30.2741, 120.1551", "浙S(2026)12号"]
        return next(text for text in forms if _allows(block, text))


def _allows(block: Any, text: str) -> bool:
    from django.core.exceptions import ValidationError

    try:
        block.clean(text)
    except ValidationError:
        return False
    return True


def _make(paragraphs: int) -> dict[str, int]:
    from portal.pages.blocks import BodyBlock, SectionsBlock
    from portal.pages.models import ArticlePage, ColumnPage, TopicPage

    column = ColumnPage.objects.get(slug="yunhu-yaowen")
    sample = Sample()
    many = BodyBlock().normalize(
        [
            ("paragraph", f"<p>第{number}段。云湖市位于云水之滨。</p>")
            for number in range(paragraphs)
        ]
    )
    pages = {
        "body": ArticlePage(title="全部正文部件", source="云湖", body=sample.of(BodyBlock())),
        "long": ArticlePage(title="很长的文章", source="云湖", body=many),
        "sections": TopicPage(title="全部版块", sections=sample.of(SectionsBlock())),
    }
    for page in pages.values():
        page.live = False
        column.add_child(instance=page)
        page.save_revision()
        column.refresh_from_db()
    return {name: page.pk for name, page in pages.items()}


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.e2e.server_settings")
    django.setup()
    sys.stdout.write(json.dumps(_make(int(sys.argv[1]))) + "\n")
