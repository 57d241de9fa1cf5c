"""The plugin's part of the demo city: sections, their columns and people, then what they say."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wagtail.models import Page

from . import demo_structure, demo_terms
from .demo_translations import TranslationLoader

DIRECTORY = Path(__file__).parent / "demo"


class DemoSections:
    """Entered in the registry ``demo_content``; it has no rows of its own in the Chinese tree."""

    directory = DIRECTORY

    def draft(self, row: Mapping[str, Any], column: Page, demo: Any) -> Page:
        raise NotImplementedError("The demo has no Chinese pages of this plugin.")

    def complete(self, row: Mapping[str, Any], page: Page, demo: Any) -> None:
        raise NotImplementedError("The demo has no Chinese pages of this plugin.")

    def finish(self, demo: Any) -> None:
        """Nothing yet: translations begin when every Chinese text is public (``after_all``)."""

    def after_all(self, demo: Any) -> None:
        demo_structure.load(demo)
        TranslationLoader(demo).run()
        demo_structure.open_sections(demo)
        demo_terms.load(demo)
