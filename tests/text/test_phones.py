"""Chinese telephone numbers for people abroad."""

import pytest

from portal.text.phones import dialled, international


@pytest.mark.parametrize(
    ("printed", "abroad", "dial"),
    [
        ("0571-8765 4321", "+86 571 8765 4321", "+8657187654321"),
        ("0571-87654321", "+86 571 8765 4321", "+8657187654321"),
        ("（010）6555 1234", "+86 10 6555 1234", "+861065551234"),
        ("021-6555123", None, None),
        ("0572 555 1234", "+86 572 555 1234", "+865725551234"),
        ("0571-87654321转801", "+86 571 8765 4321 ext. 801", "+8657187654321;ext=801"),
        ("138 0000 1234", "+86 138 0000 1234", "+8613800001234"),
        ("12345", "12345", "12345"),
        ("0571-12345", "+86 571 12345", "+8657112345"),
        ("0571-12333", "+86 571 12333", "+8657112333"),
        # No such number is given to anybody: examples and demos use them.
        ("0999-10000161", "+86 999 1000 0161", "+8699910000161"),
        ("110", "110", "110"),
        ("400-800-1234", "400-800-1234", "4008001234"),
        ("+86 571 8765 4321", "+86 571 8765 4321", "+8657187654321"),
    ],
    ids=lambda value: str(value),
)
def test_numbers(printed: str, abroad: str | None, dial: str | None) -> None:
    if abroad is None:
        assert international(printed)[:3] == "+86"
        return
    assert international(printed) == abroad
    assert dialled(printed) == dial


def test_numbers_within_a_sentence_and_what_is_none() -> None:
    assert international("咨询 0571-8765 4321 或 12345") == "咨询 +86 571 8765 4321 或 12345"
    for text in ("云政发〔2026〕12号", "2026-03-01", "身份证 330106199001011234", "3399000001"):
        assert international(text) == text
