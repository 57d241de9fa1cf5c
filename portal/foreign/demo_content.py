"""The plugin's part of the demo city: sections, their columns and people, then what they say."""

from pathlib import Path
from typing import Any

from . import demo_structure, demo_terms
from .demo_translations import TranslationLoader

DIRECTORY = Path(__file__).parent / "demo"


class DemoSections:
    """Entered in the registry ``demo_content``: what other languages say of the city."""

    def finish(self, demo: Any) -> None:
        """Nothing yet: translations begin when every Chinese text is public (``after_all``)."""

    def after_all(self, demo: Any) -> None:
        demo_structure.load(demo)
        TranslationLoader(demo).run()
        demo_structure.open_sections(demo)
        demo_terms.load(demo)
