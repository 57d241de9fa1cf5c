"""What is typed or stands in an address: read, or left alone, never an error."""

import datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.editorial.admin.exports import safe_text
from portal.editorial.admin.fees import month_from
from portal.editorial.models import split_parts


@given(st.text(max_size=30))
def test_any_text_for_a_month_gives_a_first_day(text: str) -> None:
    assert month_from(text).day == 1


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)))
def test_a_month_comes_back(day: datetime.date) -> None:
    assert month_from(f"{day:%Y-%m}") == day.replace(day=1)


@pytest.mark.parametrize("text", ["0001-01", "9999-12"])
def test_a_month_at_the_end_of_the_calendar_is_this_one(text: str) -> None:
    """Its neighbours, and its hours in other zones, could not be reckoned."""
    assert month_from(text) == timezone.localdate().replace(day=1)


@given(st.text(max_size=200))
def test_parts_are_lines_without_blanks_and_doubles(text: str) -> None:
    parts = split_parts(text)
    assert len(parts) == len(set(parts))
    assert all(part and part == part.strip() for part in parts)
    assert split_parts("\n".join(parts)) == parts


@given(st.text(max_size=20))
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert not safe_text(text).startswith(("=", "+", "-", "@"))
    assert safe_text(text).endswith(text)
