"""Matters that have a channel of their own: petitions, reports on discipline (R-INT-35)."""

from collections.abc import Sequence

from django.db.models import Q

from portal.interaction.models import OtherChannel


def channels_named(text: str, site: int) -> Sequence[OtherChannel]:
    """The channels whose words stand in a text; one query."""
    rows = OtherChannel.objects.filter(Q(site=site) | Q(site__isnull=True), is_active=True)
    folded = text.casefold()
    return [
        row
        for row in rows
        if any(word.strip().casefold() in folded for word in row.words.splitlines() if word.strip())
    ]
