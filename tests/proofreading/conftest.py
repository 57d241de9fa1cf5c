from collections.abc import Iterator

import pytest
from django.utils.translation import override

from portal.proofreading.selectors import detecting
from portal.proofreading.services import records


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """What a process keeps in memory would tell one test of another's lists."""
    detecting.forget()
    records.forget()
    with override("en"):
        yield
