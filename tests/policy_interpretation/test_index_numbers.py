"""Index numbers: the forms of the reference, check digits, patterns."""

import pytest

from portal.policy_interpretation.index_numbers import (
    NATIONAL,
    is_code,
    is_national,
    make_number,
    number_problem,
)

# A code of the reference, whose check digit is real.
CODE = "11441700007280420Y"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("000014349/2017-00110", True),
        (f"{CODE}/2021-00050", True),
        (f"{CODE}/2021-0050", False),
        (f"{CODE.lower()}/2021-00050", False),
        ("GZ-01-2021-00050", False),
        (f" {CODE}/2021-00050", False),
    ],
)
def test_forms(number: str, expected: bool) -> None:
    assert is_national(number) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (CODE, True),
        ("000014349", True),
        ("11441700007280421Y", False),  # one digit wrong
        (CODE[:-1] + "X", False),
        ("1144170000728042OY", False),  # the letter O
        ("", False),
    ],
)
def test_codes(code: str, expected: bool) -> None:
    assert is_code(code) is expected


def test_numbers_follow_the_pattern() -> None:
    assert make_number(NATIONAL, code=CODE, year=2026, serial=7) == f"{CODE}/2026-00007"
    assert make_number("YH-{year}-{serial}", code="", year=2026, serial=12) == "YH-2026-00012"


@pytest.mark.parametrize(
    ("pattern", "code", "regional", "field"),
    [
        (NATIONAL, CODE, False, None),
        (NATIONAL, "000014349", False, None),
        (NATIONAL, "", False, "code"),
        (NATIONAL, "12", False, "code"),
        ("YH-{year}-{serial}", "", False, "pattern"),
        ("YH-{year}-{serial}", "", True, None),
        ("{year}", "", True, "pattern"),
        ("{year}-{serial}-{serial}", "", True, "pattern"),
        ("{year}-{serial}-{0}", "", True, "pattern"),
        ("{year}-{serial.__class__}", "", True, "pattern"),
        ("{year!r}-{serial}", "", True, "pattern"),
        ("{year-{serial}", "", True, "pattern"),
        ("{year}-{serial}" + "x" * 60, "", True, "pattern"),
    ],
)
def test_patterns(pattern: str, code: str, regional: bool, field: str | None) -> None:
    found = number_problem(pattern, code, is_regional=regional)
    assert (found[0] if found else None) == field
