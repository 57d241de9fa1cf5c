"""Addresses that somebody made up: an answer, never a fault of the server."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from .people import Desk

HUGE = "9" * 30


@pytest.mark.parametrize(
    ("screen", "query"),
    [
        ("interaction_questions", "month=0001-01"),
        ("interaction_questions", "month=9999-12"),
        ("interaction_questions", "month=x"),
        ("interaction_desk_figures", "year=0000"),
        ("interaction_desk_figures", "year=9999"),
        ("interaction_all", f"unit={HUGE}"),
        ("interaction_all", f"site={HUGE}"),
        ("interaction_all", "unit=٣"),
        ("interaction_all", "q=%00"),
        ("interaction_all", "state=%00&kind=x&channel=%00"),
        ("interaction_all", f"p={HUGE}"),
        ("interaction_comments", f"site={HUGE}"),
        ("interaction_comments", "q=%00"),
    ],
    ids=[
        "first-month", "last-month", "no-month", "year-nought", "last-year", "huge-unit",
        "huge-site", "foreign-digit", "nul", "nul-choices", "huge-page", "comments-site",
        "comments-nul",
    ],
)  # fmt: skip
def test_a_staff_screen_answers(client: Client, desk: Desk, screen: str, query: str) -> None:
    desk.letter()
    client.force_login(desk.clerk)
    assert client.get(f"{reverse(screen)}?{query}").status_code in (200, 404)


@pytest.mark.parametrize(
    ("screen", "sent"),
    [
        ("interaction_assign", {"letter": HUGE, "unit": HUGE, "confirm": "1"}),
        ("interaction_duty", {"site": HUGE}),
        ("interaction_comments", {"comment": HUGE, "action": "approve"}),
    ],
    ids=["assign", "duty", "comments"],
)
def test_a_staff_button_answers(
    client: Client, desk: Desk, screen: str, sent: dict[str, Any]
) -> None:
    client.force_login(desk.clerk)
    assert client.post(reverse(screen), sent).status_code < 500


@pytest.mark.parametrize(
    "address",
    [
        "/letters/public/?unit=999999999", f"/letters/public/?unit={HUGE}",
        "/letters/public/?year=0000", "/letters/public/?year=9999", "/letters/public/?q=%00",
        "/letters/public/?kind=%00&theme=%00", "/letters/figures/?year=0000",
        "/letters/figures/events.csv?year=9999", f"/api/v1/letters/ledger?unit={HUGE}",
        "/api/v1/letters/ledger?year=0", "/api/v1/letters/figures?year=0",
        "/api/v1/letters/figures?year=99999", "/letters/public/%00/", "/letters/write/?kind=%00",
    ],
    ids=[
        "unit", "huge-unit", "year-nought", "last-year", "nul", "nul-choices", "figures-nought",
        "events-last", "api-unit", "api-year", "api-figures", "api-figures-far", "number-nul",
        "kind-nul",
    ],
)  # fmt: skip
def test_a_public_address_answers(client: Client, desk: Desk, address: str) -> None:
    desk.published()
    assert client.get(address).status_code in (200, 400, 404, 422)
