"""Whatever editors do, in whatever order: no stored page shows what is no longer so.

After each edit every page that is still stored is compared with a fresh rendering, byte by byte.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.models import Page, PageViewRestriction

from portal.core import structure
from portal.core.models import EditableMessage, SiteRecord
from portal.plugins import switches
from portal.plugins.services import set_switch
from portal.publishing.store import settling
from portal.publishing.store.keeping import Store
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    TopicFactory,
    World,
    publish,
)

from .comparing import compare, fill, path_of, stored_paths


@dataclass
class City:
    """A few columns with articles, an alias, a topic; each edit takes some of them."""

    world: World
    numbers: Iterator[int]
    columns: list[Page] = field(default_factory=list)
    articles: list[Page] = field(default_factory=list)

    @classmethod
    def built(cls, world: World, numbers: Iterator[int]) -> "City":
        city = cls(world, numbers)
        city.columns = [world.column, ColumnFactory(parent=world.home), world.hubin_column]
        city.articles = [ArticleFactory(parent=column) for column in city.columns for _ in range(2)]
        city.articles[0].create_alias(parent=city.columns[1], update_slug="alias")
        TopicFactory(parent=world.home)
        return city

    def paths(self) -> set[str]:
        found = structure.current()
        pages = Page.objects.filter(live=True, depth__gt=1)
        shown = [page for page in pages if not page.path.startswith(found.hidden_paths)]
        own = [page for page in shown if (root := found.root_for_url_path(page.url_path)) is not None
               and root.host == "testserver"]  # fmt: skip
        return {path_of(page) for page in own} | {"/sitemap/"}

    def article(self, number: int) -> Page:
        """One that is there, as the database has it."""
        there = Page.objects.filter(pk__in=[page.pk for page in self.articles]).order_by("pk")
        found: Page = there[number % len(there)].specific
        return found

    def column(self, number: int) -> Page:
        found: Page = Page.objects.get(pk=self.columns[number % len(self.columns)].pk).specific
        return found


type Edit = Callable[[City, int], object]


def _new(city: City, number: int) -> None:
    city.articles.append(ArticleFactory(parent=city.column(number)))


def _title(city: City, number: int) -> None:
    publish(city.article(number), title=f"标题{next(city.numbers)}")


def _summary(city: City, number: int) -> None:
    publish(city.article(number), summary=f"摘要{next(city.numbers)}")


def _withdraw(city: City, number: int) -> None:
    page = city.article(number)
    if page.live:
        page.unpublish()
    else:
        publish(page)


def _delete(city: City, number: int) -> None:
    if len(city.articles) > 3:
        page = city.article(number)
        city.articles = [other for other in city.articles if other.pk != page.pk]
        page.delete()


def _move(city: City, number: int) -> None:
    page, target = city.article(number), city.column(number // 7 + 1)
    if page.get_parent().pk != target.pk:
        page.move(target, pos="last-child")


def _alias(city: City, number: int) -> None:
    page = city.article(number)
    if page.live:
        slug = f"alias-{next(city.numbers)}"
        page.create_alias(parent=city.column(number // 5), update_slug=slug)


def _pin(city: City, number: int) -> None:
    page = city.article(number)
    publish(page, pinned=not page.pinned)


def _rename_column(city: City, number: int) -> None:
    publish(city.column(number), title=f"栏目{next(city.numbers)}")


def _menu(city: City, number: int) -> None:
    column = city.column(number)
    publish(column, show_in_menus=not column.show_in_menus)


def _footer(city: City, number: int) -> None:
    record = SiteRecord.objects.get(pk=city.world.site.pk)
    record.footer_note = f"页脚{next(city.numbers)}"
    record.save()


def _message(city: City, number: int) -> None:
    row, _made = EditableMessage.objects.get_or_create(
        key="empty_column", language="zh-hans", site=None, defaults={"text": "空"}
    )
    row.text = f"说明{next(city.numbers)}"
    row.save()


def _restrict(city: City, number: int) -> None:
    page = city.article(number)
    found = PageViewRestriction.objects.filter(page=page)
    if found.exists():
        found.get().delete()
    else:
        PageViewRestriction.objects.create(page=page, restriction_type="login")


def _plugin(city: City, number: int) -> None:
    slug = ("services", "interaction", "participation")[number % 3]
    site = city.world.site
    is_on = switches.is_enabled(slug, site)
    set_switch(slug=slug, site=site, enabled=not is_on)


EDITS: dict[str, Edit] = {
    "a new article": _new,
    "another title": _title,
    "another summary": _summary,
    "withdrawn or back": _withdraw,
    "deleted": _delete,
    "moved": _move,
    "an alias": _alias,
    "pinned or not": _pin,
    "a column renamed": _rename_column,
    "in the menu or not": _menu,
    "another footer": _footer,
    "another message": _message,
    "for some or for all": _restrict,
    "a plugin switched": _plugin,
}


@contextmanager
def undone(stored: Store) -> Iterator[None]:
    """What happens inside leaves nothing, neither in the database nor in memory or store."""
    try:
        with transaction.atomic():
            _begin(stored)
            yield
            transaction.set_rollback(True)
    finally:
        structure.forget()
        switches.invalidate()
        stored.remove_all()


def _begin(stored: Store) -> None:
    structure.forget()
    stored.remove_all()
    with stored.index.writing():
        stored.index.set_fact("settled_at", "0")  # as after a long absence: begin anew
    settling.settle(stored)


@settings(
    max_examples=6,
    # A few edits are short enough to read; each try costs seconds.
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                           HealthCheck.data_too_large],
)  # fmt: skip
@given(edits=st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 99)),
                      min_size=1, max_size=4))  # fmt: skip
@pytest.mark.long
def test_random_edits_never_leave_a_stale_page(
    world: World, stored: Store, edits: list[tuple[str, int]]
) -> None:
    with undone(stored):
        city = City.built(world, iter(range(1, 1000)))
        settling.settle(stored)
        for name, number in edits:
            fill(stored, city.paths())
            assert stored_paths(stored), "nothing is kept: the test would see nothing"
            compared = compare(stored, partial(EDITS[name], city, number))
            # Lists that are rendered anew beside count as followed: they are marked.
            stale = {entry.address.partition("/")[2] for entry in stored.index.stale()}
            assert {page for page in compared.missed if page.strip("/") not in stale} == set(), name


@pytest.mark.long
def test_each_edit_changes_something(world: World, stored: Store) -> None:
    """Else the test above would be content with edits that do nothing."""
    quiet = []
    for name in sorted(EDITS):
        with undone(stored):
            city = City.built(world, iter(range(1, 1000)))
            settling.settle(stored)
            fill(stored, city.paths())
            before = city.paths()
            compared = compare(stored, partial(EDITS[name], city, 1))
            assert not compared.missed, name
            if not compared.changed and city.paths() == before:
                quiet.append(name)
    # Nothing of this city shows the message, and a pin counts in its own column alone.
    assert set(quiet) <= {"another message"}
