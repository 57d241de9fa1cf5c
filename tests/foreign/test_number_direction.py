"""Telephone numbers read from the left on pages that are written from the right."""

import pytest
from django.test import Client

from portal.foreign.marking.numbers import isolate_numbers
from tests.factories import ArticleFactory, World, text

from .factories import make_section

NUMBER = "+86 999 1000 0266"
KEPT = f'<bdi dir="ltr">{NUMBER}</bdi>'


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (f"<p>اتصل {NUMBER}، شكرا</p>", f"<p>اتصل {KEPT}، شكرا</p>"),
        (f'<a href="tel:+869991000" title="{NUMBER}">x</a>', None),
        (f"<script>'{NUMBER}'</script><title>{NUMBER}</title>", None),
        ("<p>1 + 1 = 2, C++ 11, +5 درجات</p>", None),
    ],
    ids=["text", "attributes", "no text", "no number"],
)
def test_only_numbers_in_texts_are_isolated(html: str, shown: str | None) -> None:
    assert isolate_numbers(html) == (shown or html)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "is_isolated"), [("ar", True), ("en", False)])
def test_pages(world: World, client: Client, language: str, is_isolated: bool) -> None:
    section = make_section(world, language)
    ArticleFactory(
        parent=section.living.page.specific, title="T: help", slug="help", body=text(NUMBER)
    )
    html = client.get(f"/{language}/living/help/").content.decode()
    assert NUMBER in html
    assert (KEPT in html) is is_isolated
