"""The words of the service lists."""

from collections.abc import Collection

from django.db.models import Q

from portal.services.models import ServiceTerm


def grouped(kept: Collection[int] = ()) -> dict[str, list[ServiceTerm]]:
    """The words on offer by list, and those of ``kept`` (primary keys) too. One query."""
    found: dict[str, list[ServiceTerm]] = {}
    for term in ServiceTerm.objects.filter(Q(is_offered=True) | Q(pk__in=kept)):
        found.setdefault(term.dimension, []).append(term)
    return found
