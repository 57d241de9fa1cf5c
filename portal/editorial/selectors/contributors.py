"""In what capacity an account contributes to a site."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from portal.editorial.models import Contributor, ContributorKind

# Roles of a site whose holders contribute without an entry in the register.
_ROLES = {
    "information_officer": ContributorKind.OFFICER,
    "partner": ContributorKind.PARTNER,
}


@dataclass(frozen=True, slots=True)
class Capacity:
    """As what somebody contributes, and for which unit (an Organisation, or None)."""

    kind: ContributorKind
    unit: Any


def capacity_of(user: Any, site_pk: int, day: datetime.date) -> Capacity | None:
    """None for who is no contributor. At most two queries."""
    if user is None or user.pk is None:
        return None
    entry = (
        Contributor.objects.filter(site=site_pk, user=user, since__lte=day)
        .filter(Q(until=None) | Q(until__gte=day))
        .select_related("unit")
        .first()
    )
    if entry is not None:
        return Capacity(ContributorKind(entry.kind), entry.unit or user.organisation)
    held = user.groups.filter(site_role__site=site_pk, site_role__role__in=_ROLES)
    role = held.order_by("site_role__role").values_list("site_role__role", flat=True).first()
    return None if role is None else Capacity(_ROLES[role], user.organisation)


def may_contribute_somewhere(user: Any) -> bool:
    """Whether the screen of the own contributions is offered. At most two queries."""
    if not user.is_active:
        return False
    return bool(
        user.groups.filter(site_role__role__in=_ROLES).exists()
        or Contributor.objects.filter(user=user).exists()
    )


def name_of(user: Any) -> str:
    """As an account is called in lists and on sheets; kept where the account is gone."""
    if user is None or not user.pk:
        return ""
    # Chinese order, without a space between.
    name = f"{user.last_name}{user.first_name}".strip() or user.get_username()
    return str(name)[:150]
