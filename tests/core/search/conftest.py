from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from portal.core.models import Organisation
from portal.core.search import bulk_index

from .sample import make_units


@pytest.fixture(scope="module")
def units(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[list[Organisation]]:
    """A thousand organisations in the index, the same for all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        objects = Organisation.objects.bulk_create(make_units(1000))
        assert bulk_index(objects) == len(objects)
        yield objects
        transaction.set_rollback(True)
