"""Moments as the whole numbers that engines compare."""

import datetime
import hashlib

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
ALWAYS = -(2**62)
NEVER = 2**62
"""Where a bound is open: before and after every moment."""

NO_DATE = -(2**62)
_ORDER_BITS = 20


def microseconds(moment: datetime.datetime) -> int:
    return (moment - EPOCH) // datetime.timedelta(microseconds=1)


def public_from(moment: datetime.datetime | None) -> int:
    return ALWAYS if moment is None else microseconds(moment)


def public_until(moment: datetime.datetime | None) -> int:
    return NEVER if moment is None else microseconds(moment)


def date_order(date: datetime.datetime | None, key: str) -> int:
    """A date in seconds, with some bits of the key behind: what is of one second keeps one order,
    in every index and after every rebuild."""
    if date is None:
        return NO_DATE
    behind = hashlib.blake2s(key.encode(), digest_size=4).digest()
    return date_bound(date) + (int.from_bytes(behind) & ((1 << _ORDER_BITS) - 1))


def date_bound(date: datetime.datetime) -> int:
    """The lowest ``date_order`` of a date."""
    return ((date - EPOCH) // datetime.timedelta(seconds=1)) << _ORDER_BITS


def seconds_of(order: int) -> int | None:
    """The date in seconds that a ``date_order`` holds; None: no date."""
    return None if order == NO_DATE else order >> _ORDER_BITS
