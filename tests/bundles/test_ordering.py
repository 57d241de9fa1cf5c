"""What others rest on comes first."""

import pytest
from wagtail.models import Page

from portal.bundles.ordering import cited_by, in_order
from tests.factories import ArticleFactory, ColumnFactory, World
from tests.policy_interpretation.factories import make_policy, make_product

pytestmark = pytest.mark.django_db


def test_parents_come_before_children(world: World) -> None:
    column = ColumnFactory(parent=world.column, draft=True)
    article = ArticleFactory(parent=column, draft=True)
    assert in_order([article, column], {}) == [article, column][::-1]


def test_what_is_cited_comes_first_and_people_decide_the_rest() -> None:
    one, two, three = (Page(pk=pk, path=f"0001000{pk}", title=str(pk)) for pk in (1, 2, 3))
    for page in (one, two, three):
        page.locale_id = 1
    assert in_order([three, one, two], {3: {2}}) == [two, three, one]
    assert in_order([three, one, two], {3: {2}, 2: {3}}) == [two, three, one]
    assert in_order([three, one, two], {}) == [three, one, two]
    assert in_order([three, one], {3: {2, 99}}) == [three, one]


def test_a_draft_interpretation_cites_its_policy(world: World) -> None:
    policy = make_policy(world.column, live=False)
    product = make_product(world.column, policy, live=False)
    assert policy.pk in cited_by(product.get_latest_revision_as_object())
    ordered = in_order([product.page_ptr, policy.page_ptr])
    assert [page.pk for page in ordered] == [policy.pk, product.pk]
