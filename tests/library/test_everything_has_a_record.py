"""Whatever happens in whatever order: all that is public has a complete record, and what is shown
elsewhere says the same as its original."""

import contextlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.models import Page

from portal.core import structure
from portal.core.models import ListingRow, Publication
from portal.library.completeness import lacks
from portal.library.models import LibraryRecord, Sharing, State
from portal.library.services import records, sharing
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, UserFactory, World, publish

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "create",
                "reference",
                "edit",
                "edit_by_program",
                "write",
                "share",
                "withdraw",
                "withdraw_by_program",
                "restore",
                "move",
                "delete",
                "take_out",
            ]
        ),
        st.integers(0, 5),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=14,
)


class City:
    def __init__(self, world: World) -> None:
        self.columns = [world.column, world.hubin_column, world.gaoxin_column]
        self.user = UserFactory(superuser=True)
        self.number = 0

    def step(self, name: str, which: int, where: int) -> None:
        originals = list(ArticlePage.objects.filter(alias_of=None).order_by("pk"))
        column = Page.objects.get(pk=self.columns[where].pk)
        self.number += 1
        if name == "create" or not originals:
            ArticleFactory(parent=column, title=f"题{self.number}")
            return
        page = originals[which % len(originals)]
        if name in ("reference", "write", "share") and not _known(page):
            return  # what was shown by reference and lost its original: a draft like any other
        getattr(self, f"_{name}")(page, column)

    def _reference(self, page: ArticlePage, column: Page) -> None:
        record = LibraryRecord.objects.get(page=page)
        sharing.place(record=record, column=column, user=self.user, reason="要用")

    def _edit(self, page: ArticlePage, column: Page) -> None:
        if page.live:
            publish(page, title=f"改{self.number}")

    def _edit_by_program(self, page: ArticlePage, column: Page) -> None:
        page.title = f"程{self.number}"
        page.save()

    def _write(self, page: ArticlePage, column: Page) -> None:
        record = LibraryRecord.objects.get(page=page)
        values = {"theme": "0204", "summary": f"写{self.number}"}
        records.write(record=record, values=values, user=self.user)

    def _share(self, page: ArticlePage, column: Page) -> None:
        kind = list(Sharing)[self.number % 3]
        record = LibraryRecord.objects.get(page=page)
        records.write(record=record, values={"sharing": kind.value}, user=self.user)

    def _withdraw(self, page: ArticlePage, column: Page) -> None:
        page.unpublish()

    def _withdraw_by_program(self, page: ArticlePage, column: Page) -> None:
        page.live = False
        page.save()

    def _restore(self, page: ArticlePage, column: Page) -> None:
        publish(page)

    def _move(self, page: ArticlePage, column: Page) -> None:
        page.move(column, pos="last-child")

    def _delete(self, page: ArticlePage, column: Page) -> None:
        page.delete()

    def _take_out(self, page: ArticlePage, column: Page) -> None:
        alias = ArticlePage.objects.filter(alias_of=page).first()
        if alias is not None:
            alias.delete()


def _known(page: Page) -> bool:
    return LibraryRecord.objects.filter(page=page).exists()


def problems() -> list[str]:
    found: list[str] = []
    structure.forget()
    inside = [page.path for page in Page.objects.filter(site_record__isnull=False)]
    for page in Page.objects.filter(live=True, depth__gt=1).specific():
        if not page.path.startswith(tuple(inside)):
            continue  # Wagtail's page of welcome lies in no site
        found += _of(page)
    for record in LibraryRecord.objects.filter(state=State.PUBLIC, item__startswith="page:"):
        if record.page is None or not record.page.live:
            found.append(f"{record} is said to be public")
    numbers = list(LibraryRecord.objects.values_list("index_no", flat=True))
    if len(set(numbers)) != len(numbers) or "" in numbers:
        found.append("numbers are missing or come twice")
    return found


def _of(page: Any) -> list[str]:
    found: list[str] = []
    record = LibraryRecord.objects.filter(item=f"page:{page.alias_of_id or page.pk}").first()
    if record is None:
        return [f"{page} has no record"]
    values = {field.attname: getattr(record, field.attname) for field in record._meta.fields}
    found += [f"{page}: {lack.message}" for lack in lacks(values) if lack.blocking]
    if record.state != State.PUBLIC or record.title != page.title:
        found.append(f"{page}: its record says {record.title}, {record.state}")
    if not Publication.objects.public().filter(page=page).exists():
        found.append(f"{page} has no publication")
    if page.alias_of_id:
        original = page.alias_of.specific
        if not original.live or original.title != page.title:
            found.append(f"{page} shows {page.title}, its original {original.title}")
    elif record.site_id != structure.current().site_pk_for(page.path):
        found.append(f"{page}: its record is of another site")
    rows = ListingRow.objects.filter(page=page).values_list("title", flat=True)
    if page.is_listed and set(rows) != {page.title}:
        found.append(f"{page} is listed as {set(rows)}")
    return found


@settings(
    max_examples=20,
    phases=[Phase.explicit, Phase.generate],  # each run is long: what failed is told as it is
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_any_order_of_steps(world: World, steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        structure.forget()
        city = City(world)
        for step in steps:
            with contextlib.suppress(ValidationError), transaction.atomic():
                city.step(*step)
        found = problems()
        transaction.set_rollback(True)
    structure.forget()
    assert found == []
