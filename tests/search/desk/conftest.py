from collections.abc import Iterator

import pytest
from django.utils.translation import override

from portal.search.services import rules


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """What a process keeps in memory would tell one test of another's rules."""
    rules.forget()
    with override("en"):
        yield
    rules.forget()
