"""The demo city's log: everything taken in, today's root signed."""

from typing import Any

from .services.following import catch_up
from .services.sealing import take_baseline
from .services.signing import sign_day


class DemoEvidence:
    """Entered in the registry ``demo_content``."""

    def finish(self, demo: Any) -> None:
        """Nothing: the log follows when all content is there."""

    def after_all(self, demo: Any) -> None:
        catch_up()
        take_baseline()
        sign_day()
