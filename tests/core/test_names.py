"""How accounts are called."""

import pytest

from portal.core.models import User


@pytest.mark.parametrize(
    ("family", "given", "full"),
    [
        ("顾", "行舟", "顾行舟"), ("", "行舟", "行舟"), ("顾", "", "顾"), ("", "", ""),
        ("阿卜杜拉", "·买买提", "阿卜杜拉·买买提"), ("Lee", "Ann", "Ann Lee"), ("陈", "Ann", "Ann 陈"),
    ],
)  # fmt: skip
def test_names_in_han_characters_begin_with_the_family(family: str, given: str, full: str) -> None:
    assert User(last_name=family, first_name=given).get_full_name() == full
