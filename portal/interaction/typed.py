"""What means a row or a year in addresses and forms: anybody can write anything there."""

_LONGEST_KEY = 18  # digits; more than a database counts to are no key


def row_key(text: str) -> int:
    """The key of a row; 0, which no row has, for anything else."""
    is_key = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_KEY
    return int(text) if is_key else 0


def year_of(text: str) -> int | None:
    """A year that letters can be of; None for anything else."""
    is_year = text.isascii() and text.isdecimal() and len(text) == 4
    return int(text) if is_year and 2000 <= int(text) <= 2100 else None
