"""The plugin's part of the demo city."""

from pathlib import Path
from typing import Any

DIRECTORY = Path(__file__).parent / "demo"


class DemoOffice:
    """Entered in the registry ``demo_content``."""

    def finish(self, demo: Any) -> None:
        """Nothing: accounts are made after the pages (``after_all``)."""

    def after_all(self, demo: Any) -> None:
        """Filled below."""
