"""The figures that are shown equal those counted again from the file that everybody may fetch."""

import datetime
import json
import random
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from portal.interaction.models import Letter, LetterKind
from portal.interaction.services import flow

from .people import ANSWER, Desk
from .recounting import Row, recount, rows_of_csv, rows_of_json
from .test_random_moves import random_moves

KINDS = [kind for kind in LetterKind.values if kind != LetterKind.ERROR]


def _body(client: Client, url: str) -> str:
    response: Any = client.get(url)
    assert response.status_code == 200, url
    return b"".join(response.streaming_content).decode()


def _shown(client: Client, **query: int) -> dict[str, Any]:
    """The figures as the API gives them; the page shows the same sums."""
    told: dict[str, Any] = client.get("/api/v1/letters/figures", query).json()
    return told


def _answered_long_ago(desk: Desk, kind: str, days: int, took: int) -> Letter:
    at = timezone.now() - datetime.timedelta(days=days)
    letter = desk.letter(kind=kind, received_at=at)
    moments = (at + datetime.timedelta(days=took * part / 8) for part in range(1, 8))
    theme = ("市容", "供水", "")[days % 3]
    flow.accept(letter=letter, theme=theme, by=desk.clerk, at=next(moments))
    flow.assign(letter=letter, unit=desk.bureau, by=desk.clerk, at=next(moments))
    flow.take(letter=letter, by=desk.handler, at=next(moments))
    flow.save_draft(letter=letter, text=ANSWER, by=desk.handler, at=next(moments))
    flow.hand_in(letter=letter, by=desk.handler, guard_reason="核对无误", at=next(moments))
    flow.approve(letter=letter, by=desk.head, at=next(moments))
    flow.release(letter=letter, by=desk.releaser, at=next(moments))
    return flow.publish(letter=letter, by=desk.clerk)


@pytest.fixture
def lived_through(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    """Letters of this year and the last, after hundreds of random moves by random people."""
    chance = random.Random(request.param)
    letters = []
    for number, kind in enumerate(KINDS * 2):
        days = chance.choice((60, 300, 400, 420))
        letters.append(_answered_long_ago(desk, kind, days, chance.choice((3, 20, 55))).pk)
        received = timezone.now() - datetime.timedelta(days=chance.choice((0, 3, 40, 400)))
        fresh = desk.letter(kind=kind, text=f"第{number}封：路灯不亮。", received_at=received)
        letters.append(fresh.pk)
    random_moves(desk, letters, request.param, 300)
    cache.clear()
    return desk


@pytest.mark.parametrize("lived_through", [1, 20261001], indirect=True, ids=["first", "second"])
def test_whoever_counts_again_comes_to_the_same(lived_through: Desk, client: Client) -> None:
    rows = rows_of_csv(_body(client, "/letters/figures/events.csv"))
    assert rows == rows_of_json(json.loads(_body(client, "/letters/figures/events.json")))
    whole = _shown(client)
    assert whole["all"] == recount(rows)
    assert whole["all"]["answered"] >= len(KINDS) * 2
    assert 0 < whole["all"]["in_time"] < whole["all"]["answered"]
    assert whole["all"]["valid"] < whole["all"]["received"] == Letter.objects.count()

    this_year = timezone.localdate().year
    for year in range(this_year - 2, this_year + 1):
        of_year = [row for row in rows if row["at"].startswith(str(year))]
        assert _shown(client, year=year)["all"] == recount(rows, of_year.__contains__)
        # The file of a year holds the events of that year and no other.
        assert rows_of_csv(_body(client, f"/letters/figures/events.csv?year={year}")) == of_year
    for part in ("kind", "unit", "theme", "month"):
        _check_table(part, whole[f"by_{part}"], rows)


def _label(part: str, row: Row) -> str:
    if part == "month":
        return row["at"][:7]
    if part != "kind":
        return row[part]
    with override(settings.LANGUAGE_CODE):
        return str(LetterKind(row["kind"]).label)


def _check_table(part: str, table: list[dict[str, Any]], rows: list[Row]) -> None:
    assert table or part == "theme"
    for figures in table:
        label = figures.pop("label")
        wanted = {id(row) for row in rows if _label(part, row) == label}
        again = recount(rows, lambda row, ids=wanted: id(row) in ids, part=part)
        if part == "unit":  # what is no valid letter is not counted by unit
            again.pop("valid")
            figures.pop("valid")
        assert figures == again, label
