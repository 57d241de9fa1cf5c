"""Platforms that a site is connected with: asking them, and how they are."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from portal.plugin_api import (
    CaseProgress,
    CertificateStanding,
    Entry,
    OutsideError,
    PlatformConnection,
    PrivateAddress,
    ServiceAdaptor,
    is_enabled,
    service_adaptors,
)

from .models import ServicePlatform

SLUG = "services"
# What an adaptor of another plugin, or an answer of another house, can do wrong.
_FAULTS = (OutsideError, PrivateAddress, OSError, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Connected:
    """A platform with the adaptor that speaks with it."""

    row: ServicePlatform
    adaptor: ServiceAdaptor

    @property
    def connection(self) -> PlatformConnection:
        return PlatformConnection(
            name=self.row.name,
            address=self.row.address,
            secret=os.environ.get(self.row.secret_name, "") if self.row.secret_name else "",
            options=self.row.options if isinstance(self.row.options, dict) else {},
            allow_private=getattr(settings, "PORTAL_SERVICES_ALLOW_PRIVATE", False),
        )


def adaptor_choices() -> list[tuple[str, str]]:
    return [(entry.key, str(entry.item.label)) for entry in service_adaptors.entries()]


def _adaptors() -> dict[str, Entry[ServiceAdaptor]]:
    return {entry.key: entry for entry in service_adaptors.entries()}


def connected(site_pk: int | None, *, knowing: str = "") -> list[Connected]:
    """The active platforms of a site whose adaptor is installed, switched on and can do something.

    One query.
    """
    if site_pk is None:
        return []
    known = _adaptors()
    found = []
    for row in ServicePlatform.objects.filter(site=site_pk, is_active=True):
        entry = known.get(row.adaptor)
        if entry is None or not is_enabled(entry.plugin, site_pk):
            continue
        if not knowing or knowing in entry.item.knows:
            found.append(Connected(row, entry.item))
    return found


# --- health ---------------------------------------------------------------------------------------
def check(row: ServicePlatform) -> ServicePlatform:
    """Ask a platform how it is, and keep the answer."""
    entry = _adaptors().get(row.adaptor)
    if entry is None:
        is_well, note = False, "The adaptor is not installed."
    else:
        try:
            health = entry.item.health(Connected(row, entry.item).connection)
            is_well, note = health.is_well, health.note
        except PrivateAddress:
            is_well, note = False, "The address leads into a private network."
        except _FAULTS as fault:
            is_well, note = False, str(fault) or type(fault).__name__
    row.checked_at, row.is_well, row.health_note = timezone.now(), is_well, note[:300]
    row.save(update_fields=["checked_at", "is_well", "health_note"])
    return row


def check_site(site_pk: int | None) -> int:
    """The scheduled job: all active platforms of a site; how many are not well."""
    if site_pk is None:
        return 0
    rows = ServicePlatform.objects.filter(site=site_pk, is_active=True)
    return sum(not check(row).is_well for row in rows)


# --- asking ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ProgressFound:
    """``unasked``: names of platforms that did not answer, so that nothing is known of theirs."""

    platform: str
    case: CaseProgress | None
    unasked: Sequence[str] = ()


def progress(*, site_pk: int, number: str, code: str) -> ProgressFound:
    """How a case stands, at whichever platform it is. Number and code are handed on as given."""
    unasked = []
    for one in connected(site_pk, knowing="progress"):
        try:
            case = one.adaptor.progress(one.connection, number=number, code=code)
        except _FAULTS:
            unasked.append(one.row.name)
            continue
        if case is not None:
            return ProgressFound(one.row.name, case)
    return ProgressFound("", None, unasked)


def certificate(*, site_pk: int, kind: str, number: str) -> CertificateStanding | None:
    """What the platforms' libraries say of a certificate; for plugins and handling, not the public.

    Raises:
        OutsideError: none knows it, and some could not be asked.
    """
    unasked = []
    for one in connected(site_pk, knowing="certificates"):
        try:
            found = one.adaptor.certificate(one.connection, kind=kind, number=number)
        except _FAULTS:
            unasked.append(one.row.name)
            continue
        if found is not None:
            return found
    if unasked:
        raise OutsideError(f"Could not be asked: {', '.join(unasked)}")
    return None


def name_of_adaptor(key: str) -> Any:
    entry = _adaptors().get(key)
    return entry.item.label if entry else key
