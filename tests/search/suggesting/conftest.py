from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from portal.search.models import Document, Sequence
from portal.search.suggestions import following, store

from .sets import documents


@pytest.fixture(scope="module")
def names(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The names of the invented city, the same for all tests of a module."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(settings, "DATA_DIR", tmp_path_factory.mktemp("names"))
        rows = Document.objects.bulk_create(documents())
        Sequence.objects.update_or_create(pk=1, defaults={"last": len(rows)})
        while following.follow():
            pass
        yield
        store.close_reader()
        transaction.set_rollback(True)


@pytest.fixture
def file(settings: object, tmp_path: Path) -> Iterator[None]:
    """A machine that has no names yet."""
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    yield
    store.close_reader()
