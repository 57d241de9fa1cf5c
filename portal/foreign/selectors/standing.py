"""How a translation stands for its readers, whatever is being worked on behind it."""

from enum import StrEnum

from portal.foreign.models import PageTranslation


class Standing(StrEnum):
    """What a reader meets: all of it current, some of it behind, or nothing."""

    UP_TO_DATE = "up_to_date"
    STALE = "stale"
    MISSING = "missing"


def standing_of(translation: PageTranslation) -> Standing:
    """A page that was never released is missing, however far its draft has come."""
    if translation.status == PageTranslation.Status.CURRENT:
        return Standing.UP_TO_DATE
    return Standing.MISSING if translation.released_at is None else Standing.STALE
