"""The demo city's visits: the same each time, marked as invented, consistent with each other."""

import pytest
from django.db.models import Sum

from portal.visits.demo_content import DAYS, DemoVisits, _shares
from portal.visits.models import Address, AddressDay, DayFigure, ReadRank, Subject
from tests.factories import ArticleFactory, World

pytestmark = pytest.mark.django_db


def totals() -> dict[str, tuple[int, int]]:
    rows = DayFigure.objects.values("subject").annotate(a=Sum("views"), b=Sum("entries"))
    return {row["subject"]: (row["a"], row["b"]) for row in rows.order_by()}


def test_the_demo_is_read_for_sixty_days_and_all_parts_add_up(world: World) -> None:
    for _ in range(3):
        ArticleFactory(parent=world.column)
    DemoVisits().after_all(None)
    assert AddressDay.objects.values("day").distinct().count() == DAYS
    assert not DayFigure.objects.filter(is_invented=False).exists()
    sums = AddressDay.objects.aggregate(a=Sum("views"), b=Sum("entries"))
    found = totals()
    assert set(found) == {
        Subject.HOUR,
        Subject.DEVICE,
        Subject.SOURCE,
        Subject.LANGUAGE,
        Subject.COLUMN,
    }
    assert set(found.values()) == {(sums["a"], sums["b"])}
    assert ReadRank.objects.exists()


def test_a_second_loading_adds_nothing_and_a_fresh_one_gives_the_same(world: World) -> None:
    ArticleFactory(parent=world.column)
    DemoVisits().after_all(None)
    first = totals()
    DemoVisits().after_all(None)
    assert totals() == first
    for model in (AddressDay, DayFigure, Address, ReadRank):
        model.objects.all().delete()
    DemoVisits().after_all(None)
    assert totals() == first


def test_shares_add_up() -> None:
    parts = (("a", 0.3), ("b", 0.5), ("c", 0.2))
    for total in (0, 1, 7, 100):
        assert sum(_shares(total, parts).values()) == total
