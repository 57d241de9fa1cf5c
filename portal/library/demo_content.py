"""The plugin's part of the demo city: requests, a record shown by reference, a few faults."""

from typing import Any


class DemoLibrary:
    """Entered in the registry ``demo_content``. Loading again changes nothing that is there."""

    def finish(self, demo: Any) -> None:
        """Records are there with the publications; the rest needs accounts (``after_all``)."""

    def after_all(self, demo: Any) -> None:
        return None
