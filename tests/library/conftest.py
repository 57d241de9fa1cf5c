"""What the library's tests share."""

from collections.abc import Callable

import pytest
from wagtail.models import Page

from portal.library.models import LibraryRecord


def record_of(page: Page) -> LibraryRecord:
    return LibraryRecord.objects.get(item=f"page:{page.alias_of_id or page.pk}")


@pytest.fixture(name="record_of")
def record_of_fixture() -> Callable[[Page], LibraryRecord]:
    return record_of
