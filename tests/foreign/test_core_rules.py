"""Which pages are core content, who decides it, and what a changed rule does."""

from collections.abc import Callable

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.foreign.models import CoreRule, Ending, PageTranslation
from portal.foreign.selectors.core_content import core_pages, core_rule, core_rules_of
from portal.foreign.services.catching_up import catch_up, follow_rules
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, ColumnFactory, World
from tests.factories.core import member

from .staleness import core, open_section, released

pytestmark = pytest.mark.one_database


def test_the_nearest_rule_counts(world: World) -> None:
    inner = ColumnFactory(parent=world.column, title="内栏", slug="neilan")
    one, two = ArticleFactory(parent=inner), ArticleFactory(parent=inner)
    other = ArticleFactory(parent=world.hubin_column)
    outer_rule = core(world, world.column, lag_days=9)
    assert core_rule(one) == outer_rule
    core(world, inner, is_core=False)
    assert core_rule(one) is None
    own = core(world, two, lag_days=1)
    assert core_rule(two) == own
    assert core_rule(inner) is None
    kind = ContentType.objects.get_for_model(ArticlePage)
    by_type = CoreRule.objects.create(site=world.hubin, page_type=kind)
    assert core_rule(other) == by_type
    assert core_rule(one) is None
    rules = core_rules_of(world.site)
    assert [rules.rule_for(page) for page in (one, two)] == [None, own]
    assert [page.pk for page in core_pages(world.site)] == [two.pk]
    assert [page.pk for page in core_pages(world.hubin)] == [other.pk]


def test_a_new_rule_is_caught_up_with(world: World) -> None:
    open_section(world)
    page = ArticleFactory(parent=world.column)
    core(world, world.column)
    assert catch_up(world.site.pk) == 1
    assert PageTranslation.objects.get().source_id == page.pk
    assert catch_up(world.site.pk) == 0


def test_what_a_rule_takes_out_goes_and_comes_back(world: World) -> None:
    rule = core(world, world.column)
    (row,) = released(ArticleFactory(parent=world.column), open_section(world))
    CoreRule.objects.filter(pk=rule.pk).update(is_core=False)
    follow_rules(world.site.pk)
    row = PageTranslation.objects.get()
    assert row.ended_because == Ending.NOT_CORE
    assert row.target is not None
    assert not row.target.live
    CoreRule.objects.filter(pk=rule.pk).update(is_core=True)
    follow_rules(world.site.pk)
    row = PageTranslation.objects.select_related("target").get()
    assert row.target is not None
    assert row.target.live


def add_url() -> str:
    return reverse("core_content:add")


def test_an_administrator_makes_rules_of_the_own_site(
    provisioned_world: World, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    world = provisioned_world
    open_section(world)
    client = Client()
    client.force_login(member("site_admin", world.site))
    assert client.get(add_url()).status_code == 200
    form = {
        "site": world.site.pk, "page": world.column.pk, "page_type": "", "is_core": "on",
        "lag_days": "3", "harm": "4", "hide_after_days": "10",
    }  # fmt: skip
    response = client.post(add_url(), form)
    assert response.status_code == 302, response.context["form"].errors
    assert CoreRule.objects.get().lag_days == 3
    again = client.post(add_url(), form)
    assert "page" in again.context["form"].errors
    foreign = form | {"page": Page.objects.get(slug="news").pk}
    assert "page" in client.post(add_url(), foreign).context["form"].errors
    elsewhere = form | {"page": world.hubin_column.pk}
    assert "page" in client.post(add_url(), elsewhere).context["form"].errors
    assert client.get(reverse("core_content:index")).status_code == 200


@pytest.mark.parametrize("role", ["editor", "translator", "language_reviewer", "reviewer"])
def test_nobody_else_does(provisioned_world: World, role: str) -> None:
    rule = core(provisioned_world, provisioned_world.column)
    client = Client()
    client.force_login(member(role, provisioned_world.site))
    for url in (add_url(), reverse("core_content:edit", args=[rule.pk])):
        assert client.post(url, {}).status_code in (302, 403)
        assert client.get(url).status_code in (302, 403)
    assert CoreRule.objects.count() == 1


def test_not_of_another_site(provisioned_world: World) -> None:
    rule = core(provisioned_world, provisioned_world.column)
    client = Client()
    client.force_login(member("site_admin", provisioned_world.hubin))
    response = client.get(reverse("core_content:edit", args=[rule.pk]))
    assert response.status_code in (302, 403)
