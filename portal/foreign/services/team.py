"""The team of a section: who works in it, with which proof, in which columns."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.foreign.models import ForeignColumn, ForeignSection, TeamMember, TeamRole
from portal.foreign.permissions import may_manage

LOG_TEAM = "foreign.team"
# The role at the site whose rights a place in the team opens, in the section's columns.
SITE_ROLES: dict[str, str] = {
    TeamRole.TRANSLATOR: "translator",
    TeamRole.LEAD: "translator",
    TeamRole.LANGUAGE_REVIEWER: "language_reviewer",
    TeamRole.CONTENT_REVIEWER: "secrecy_reviewer",
}


@transaction.atomic
def save_member(
    *,
    section: ForeignSection,
    account: Any,
    role: str,
    qualification: str = "",
    columns: Iterable[ForeignColumn] = (),
    active: bool = True,
    member: TeamMember | None = None,
    user: Any = None,
) -> TeamMember:
    """Enter somebody in the team, or change an entry. No columns: the whole section.

    An account gets the role at the site that goes with the place in the team, also beside others
    that it holds there; what it may do with it is up to the team. Site administrators and outside
    partners keep to their own role, and content reviewers to any: they work at the desk only.

    Raises:
        PermissionDenied: ``user`` does not run the site.
        ValidationError: the account has this role already, or a column is another section's; an
            outside partner without columns.
    """
    if user is not None and not may_manage(user, section):
        raise PermissionDenied
    chosen = list(columns)
    if any(column.section_id != section.pk for column in chosen):
        raise ValidationError({"columns": _("A column belongs to another section.")})
    if not chosen and _is_partner(account, section):
        raise ValidationError(
            {"columns": _("An outside partner works in certain columns: choose them.")}
        )
    same = TeamMember.objects.filter(section=section, user=account, role=role)
    if member is not None:
        same = same.exclude(pk=member.pk)
    if same.exists():
        raise ValidationError({"role": _("This account is in the team with this role already.")})
    row = member or TeamMember(section=section)
    row.user, row.role, row.qualification = account, role, qualification.strip()
    row.active = active
    row.save()
    row.columns.set(chosen)
    _let_in(account, section, role)
    _log(section, account, role, "changed" if member else "added", user)
    return row


@transaction.atomic
def remove_member(*, member: TeamMember, user: Any = None) -> None:
    """Take an entry out of the team. What the person translated stays, with the name."""
    section = member.section
    if user is not None and not may_manage(user, section):
        raise PermissionDenied
    account, role = member.user, member.role
    member.delete()
    _log(section, account, role, "removed", user)


def _is_partner(account: Any, section: ForeignSection) -> bool:
    found: bool = account.groups.filter(
        site_role__role="partner", site_role__site=section.site_id
    ).exists()
    return found


def _let_in(account: Any, section: ForeignSection, role: str) -> None:
    held = set(
        account.groups.filter(site_role__site=section.site_id).values_list(
            "site_role__role", flat=True
        )
    )
    if held & {SITE_ROLES[role], "site_admin", "partner"}:
        return
    if held and role == TeamRole.CONTENT_REVIEWER:
        return
    given = section.site.role_groups.filter(role=SITE_ROLES[role]).first()
    if given is not None:
        account.groups.add(given.group)


def _log(section: ForeignSection, account: Any, role: str, what: str, user: Any) -> None:
    log(
        instance=section.site,
        action=LOG_TEAM,
        user=user,
        data={
            "account": account.get_username(),
            "role": role,
            "language": section.locale.language_code,
            "change": what,
        },
    )
