"""In what capacity an account contributes to a site."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest

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


_KEPT = "_editorial_contributes"
_KEPT_FOR = 60  # seconds


def sees_own(request: HttpRequest) -> bool:
    """Whether the screen of the own contributions is for the account: it contributes somewhere, or
    did. Menus ask on every page, so the answer is kept for a minute."""
    found: bool | None = getattr(request, _KEPT, None)
    if found is None:
        key = f"{_KEPT}:{request.user.pk}"
        found = bool(cache.get_or_set(key, lambda: _contributes(request.user), _KEPT_FOR))
        setattr(request, _KEPT, found)
    return found


def _contributes(user: Any) -> bool:
    if not user.is_active:
        return False
    accounts = get_user_model()._default_manager.filter(pk=user.pk)
    return bool(
        accounts.filter(
            Q(groups__site_role__role__in=_ROLES)
            | Q(contributor_entries__isnull=False)
            | Q(contributions__isnull=False)
        ).exists()
    )


def name_of(user: Any) -> str:
    """As an account is called in lists and on sheets; kept where the account is gone."""
    if user is None or not user.pk:
        return ""
    # Chinese order, without a space between.
    name = f"{user.last_name}{user.first_name}".strip() or user.get_username()
    return str(name)[:150]
