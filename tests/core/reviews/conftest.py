"""What the tests of reviews share: nothing is lent to what they publish."""

import pytest

from portal.core.models import User
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, World, handed_in, member


@pytest.fixture(autouse=True)
def _no_operator(reviews_demanded: None) -> None:
    """Every test here."""


@pytest.fixture
def author(provisioned_world: World) -> User:
    return member("editor", provisioned_world.site, username="zuozhe")


@pytest.fixture
def draft(provisioned_world: World, author: User) -> ArticlePage:
    page: ArticlePage = ArticleFactory(
        parent=provisioned_world.column, draft=True, title="云湖图书馆开放日", owner=author
    )
    page.save_revision(user=author)
    return page


@pytest.fixture
def in_review(draft: ArticlePage, author: User) -> ArticlePage:
    handed_in(draft, author)
    return draft
