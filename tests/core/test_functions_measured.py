"""What the portal's own functions measure: nothing while nothing happened, then what did."""

import datetime

import pytest
from django.utils import timezone
from django.utils.translation import override

from portal.interaction.measured import LettersMeasured
from portal.interaction.models import Letter, LetterKind, LetterRating, LetterState
from portal.participation.measured import ParticipationMeasured
from portal.plugin_api import Measure
from portal.search.measured import SearchMeasured
from portal.search.models import QueryDay
from portal.services.measured import ServicesMeasured
from tests.factories import World, make_world

pytestmark = pytest.mark.django_db
LAST = datetime.date(2026, 11, 28)
FIRST = datetime.date(2026, 10, 30)


@pytest.fixture
def city() -> World:
    return make_world(provisioned=True)


def by_key(measures: object) -> dict[str, Measure]:
    return {measure.key: measure for measure in measures}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "function", [SearchMeasured(), LettersMeasured(), ServicesMeasured(), ParticipationMeasured()]
)
def test_a_function_that_nobody_used_shows_nothing(city: World, function: SearchMeasured) -> None:
    with override("en"):
        assert not function.measures(site=city.site.pk, first=FIRST, last=LAST)


def letter(city: World, number: str, day: int, **values: object) -> Letter:
    at = datetime.datetime(2026, 11, day, 10, tzinfo=datetime.UTC)
    fields = {
        "site": city.site, "kind": LetterKind.CONSULTATION, "subject": "s", "text": "t",
        "digest": number, "code_hash": "x", "number": number, "received_at": at,
        "state": LetterState.ANSWERED, "answered_at": at, "in_time": True,
    }  # fmt: skip
    return Letter.objects.create(**fields | values)


def test_letters_count_by_the_day_of_their_answer_and_by_site(city: World) -> None:
    first = letter(city, "A1", 2, published_at=timezone.now())
    letter(city, "A2", 3, in_time=False, reopened=1)
    letter(city, "A3", 4, state=LetterState.INVALID, answered_at=None)
    letter(city, "A4", 5, site=city.hubin)
    old = datetime.datetime(2026, 9, 1, 10, tzinfo=datetime.UTC)
    letter(city, "A5", 1, received_at=old, answered_at=old)
    LetterRating.objects.create(letter=first, score=2, at=first.answered_at)
    with override("en"):
        told = by_key(LettersMeasured().measures(site=city.site.pk, first=FIRST, last=LAST))
    assert told["received"].value == 2
    assert (told["in_time"].value, told["in_time"].of) == (0.5, 2)
    assert told["public"].value == 0.5
    assert told["reopened"].value == 0.5
    assert (told["score"].value, told["score"].of) == (2, 1)
    with override("en"):
        everywhere = by_key(LettersMeasured().measures(site=None, first=FIRST, last=LAST))
    assert everywhere["received"].value == 3


def test_searches_in_vain_are_a_share_of_all(city: World) -> None:
    QueryDay.objects.create(
        day=LAST, site=city.site.pk, language="zh-hans", query="居住证", text="居住证",
        searches=20, empty=5, opened=6, places=12, askers=9,
    )  # fmt: skip
    with override("en"):
        told = by_key(SearchMeasured().measures(site=city.site.pk, first=FIRST, last=LAST))
    assert (told["empty"].value, told["empty"].of) == (0.25, 20)
    assert (told["opened"].value, told["opened"].of) == (0.4, 15)
    assert told["place"].value == 2.0
