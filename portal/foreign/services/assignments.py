"""Giving translations into somebody's hands. Every call is checked for each translation."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.foreign.models import (
    ForeignSection,
    PageTranslation,
    TeamRole,
    TranslationAssignment,
)
from portal.foreign.permissions import Reach, may_manage, may_translate, reach_of


@dataclass(frozen=True, slots=True)
class Before:
    """What stood before a change, to take it back: who, and by when."""

    translation: int
    user: int | None
    wanted_by: datetime.date | None
    existed: bool


def may_assign(user: Any, section: ForeignSection, *, reach: Reach | None = None) -> bool:
    """Who distributes a section's work: the head of its team, and who runs the section."""
    reach = reach or reach_of(user)
    leads = any(
        held.section == section.pk and held.role == TeamRole.LEAD and held.paths is None
        for held in reach.memberships
    )
    return leads or may_manage(user, section)


@transaction.atomic
def assign(
    *,
    section: ForeignSection,
    translations: Collection[int],
    to: Any,
    wanted_by: datetime.date | None = None,
    by: Any,
) -> list[Before]:
    """Give translations of a section to somebody (None: to nobody); what stood before.

    Without a date the one that is set stays. All of it happens, or nothing.

    Raises:
        PermissionDenied: ``by`` does not distribute this section's work.
        ValidationError: the date is past, a translation is not of this section or no longer owed,
            or the person may not translate it.
    """
    if not may_assign(by, section):
        raise PermissionDenied
    if wanted_by is not None and wanted_by < timezone.localdate():
        raise ValidationError(_("This day is past. Choose today or a later one."))
    rows = _locked(section, translations)
    if to is not None:
        _demand_translator(to, rows)
    kept = {row.translation_id: row for row in TranslationAssignment.objects.filter(
        translation__in=rows
    )}  # fmt: skip
    before = []
    for row in rows:
        found = kept.get(row.pk)
        before.append(
            Before(
                row.pk,
                found.user_id if found else None,
                found.wanted_by if found else None,
                found is not None,
            )
        )
        found = found or TranslationAssignment(translation=row)
        found.user, found.assigned_by = to, by
        found.wanted_by = wanted_by or found.wanted_by
        found.save()
    return before


@transaction.atomic
def take_back(*, section: ForeignSection, before: Collection[Before], by: Any) -> int:
    """Put assignments back as they stood; how many. What was finished meanwhile is left out.

    Raises:
        PermissionDenied: ``by`` does not distribute this section's work.
    """
    if not may_assign(by, section):
        raise PermissionDenied
    owned = PageTranslation.objects.filter(
        section=section, pk__in=[row.translation for row in before]
    )
    pks = set(owned.values_list("pk", flat=True))
    for row in before:
        if row.translation not in pks:
            continue
        if not row.existed:
            TranslationAssignment.objects.filter(translation=row.translation).delete()
            continue
        TranslationAssignment.objects.update_or_create(
            translation_id=row.translation,
            defaults={"user_id": row.user, "wanted_by": row.wanted_by, "assigned_by": by},
        )
    return len(pks)


@transaction.atomic
def take(*, translation: PageTranslation, by: Any) -> TranslationAssignment:
    """A translator takes a translation that nobody has.

    Raises:
        PermissionDenied: this account may not translate it.
        ValidationError: somebody has it already.
    """
    if not may_translate(by, translation):
        raise PermissionDenied
    PageTranslation.objects.select_for_update().get(pk=translation.pk)
    found = TranslationAssignment.objects.filter(translation=translation).first()
    if found is not None and found.user is not None and found.user != by:
        raise ValidationError(
            _("%(name)s works on this already.")
            % {"name": found.user.get_full_name() or found.user}
        )
    found = found or TranslationAssignment(translation=translation)
    found.user, found.assigned_by = by, by
    found.save()
    return found


def _locked(section: ForeignSection, pks: Collection[int]) -> list[PageTranslation]:
    rows = list(
        PageTranslation.objects.select_for_update(of=("self",))
        .select_related("source", "target", "section")
        .filter(pk__in=pks, section=section)
        .order_by("pk")
    )
    if not rows or len(rows) != len(set(pks)):
        raise ValidationError(_("Choose translations of this section."))
    done = [row.source.title for row in rows if row.status == PageTranslation.Status.CURRENT]
    if done:
        raise ValidationError(
            _("Up to date, so nothing is left to assign: %(pages)s.") % {"pages": "，".join(done)}
        )
    return rows


def _demand_translator(user: Any, rows: list[PageTranslation]) -> None:
    reach = reach_of(user)
    closed = [row.source.title for row in rows if not may_translate(user, row, reach=reach)]
    if closed:
        raise ValidationError(
            _("%(name)s may not translate: %(pages)s. The team's columns say who may.")
            % {"name": user.get_full_name() or user.get_username(), "pages": "，".join(closed)}
        )
