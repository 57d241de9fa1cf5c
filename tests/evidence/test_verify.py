"""Nothing is found where nobody has been; what somebody did is found, and where."""

import pytest

from portal.evidence.models import Entry
from tests.factories import World

from .conftest import check

pytestmark = pytest.mark.django_db


def test_a_city_that_nobody_touched_is_clean(city: World) -> None:
    report = check()
    assert report.is_finished
    assert [found.to_json() for found in report.findings] == []
    kinds = {name: number for name, number in report.checked.items() if number}
    assert {"log", "items-page", "items-revision", "items-image", "items-document"} <= set(kinds)
    assert {"items-media", "items-clauses", "items-record"} <= set(kinds)
    assert kinds["log"] == Entry.objects.count()
