"""Below ``/assistant/``. Reversed as ``assistant:<name>``."""

from typing import Any

urlpatterns: list[Any] = []
