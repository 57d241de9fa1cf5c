"""Pages that a web server in front can send as any other file, and those that it cannot."""

import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from portal.core import page_reads
from portal.publishing.store import apart, layout, settling
from portal.publishing.store.keeping import Store
from tests.factories import ArticleFactory, World

from .comparing import HOST, path_of, read

pytestmark = pytest.mark.django_db


def marked(store: Store, path: str) -> bool:
    folder = layout.relative_folder(HOST, path)
    assert folder is not None
    assert (store.files.live / folder / layout.PAGE_FILE).exists()
    return (store.files.live / folder / layout.APART_FILE).exists()


def test_a_usual_page_needs_nothing_else(world: World, stored: Store) -> None:
    article = ArticleFactory(parent=world.column)
    settling.settle(stored)
    for page in (article, world.column):
        read(path_of(page))
        assert not marked(stored, path_of(page))


def test_a_page_with_a_time_limit_does(
    world: World, stored: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = ArticleFactory(parent=world.column)
    settling.settle(stored)
    later = timezone.now() + datetime.timedelta(hours=1)
    served = type(article).get_context

    def with_limit(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        page_reads.page_holds_until(later)
        return served(self, *args, **kwargs)

    monkeypatch.setattr(type(article), "get_context", with_limit)
    read(path_of(article))
    assert marked(stored, path_of(article))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Security-Policy", "default-src 'none'; frame-src https://map.example"),
        ("Content-Language", "fr"),
        ("Cache-Control", "max-age=60"),
        ("X-Robots-Tag", "noindex"),
        ("Link", "</x>; rel=alternate"),
    ],
)
def test_headers_that_the_file_does_not_say(name: str, value: str) -> None:
    response = Client(headers={"host": HOST}).get("/robots.txt")
    usual = [
        (header, response.headers[header])
        for header in ("Content-Security-Policy", "X-Frame-Options", "Referrer-Policy")
    ] + [("Content-Type", "text/html; charset=utf-8"), ("Content-Language", settings.LANGUAGE_CODE)]
    assert not apart.is_apart("/a/", usual, None)
    changed = [(header, old) for header, old in usual if header != name] + [(name, value)]
    assert apart.is_apart("/a/", changed, None)
