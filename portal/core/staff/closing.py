"""Ending accounts: those whose last day is over, those that nobody uses. A job of the night."""

import datetime
import logging
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, override

from portal.core.audit.recording import record
from portal.core.models import AuditEntry, User
from portal.core.roles import ROLES, Action, platform_group_name

from .backend import has_ended

logger = logging.getLogger(__name__)

WARNED_DAYS = 14  # before an idle account is closed


def close_accounts() -> tuple[int, int]:
    """(how many were closed, how many were warned)."""
    closed = warned = 0
    for user in User.objects.filter(is_active=True).order_by("pk"):
        idle = _idle_days(user)
        if has_ended(user):
            closed += _close(user, "rights.account_ended")
        elif settings.STAFF_IDLE_DAYS and idle >= settings.STAFF_IDLE_DAYS and _was_warned(user):
            if is_last_keeper(user):
                logger.warning("%s stays open: nobody else can open accounts", user.username)
            else:
                closed += _close(user, "rights.account_idle")
        elif (
            settings.STAFF_IDLE_DAYS
            and idle >= settings.STAFF_IDLE_DAYS - WARNED_DAYS
            and user.warned_idle_at is None
        ):
            warned += _warn(user)
    return (closed, warned)


def _idle_days(user: User) -> int:
    since: datetime.datetime = max(
        moment
        for moment in (user.last_login, user.date_joined, user.reactivated_at)
        if moment is not None
    )
    return (timezone.now() - since).days


def _was_warned(user: User) -> bool:
    """So long ago as the mail says, however late it went out."""
    due = timezone.now() - datetime.timedelta(days=WARNED_DAYS)
    return user.warned_idle_at is not None and user.warned_idle_at <= due


def _close(user: User, why: str) -> bool:
    with transaction.atomic():
        user.is_active = False
        user.save(update_fields=["is_active"])
        record(why, AuditEntry.Kind.RIGHTS, target=user)
    return True


def _warn(user: User) -> bool:
    """Told once; an account that was idle for years gets its days too."""
    user.warned_idle_at = timezone.now()
    with transaction.atomic():
        user.save(update_fields=["warned_idle_at"])
        record("rights.account_warned", AuditEntry.Kind.RIGHTS, target=user)
        if user.email:
            with override(_language_of(user)):
                send_mail(
                    gettext("Your account will be closed"),
                    gettext(
                        "The account %(name)s has not been used for a long time and will be closed "
                        "in %(days)d days. Sign in once to keep it."
                    )
                    % {"name": user.username, "days": WARNED_DAYS},
                    None,
                    [user.email],
                )
    return True


def _language_of(user: Any) -> str:
    profile = getattr(user, "wagtail_userprofile", None)
    return getattr(profile, "preferred_language", "") or settings.LANGUAGE_CODE


def is_last_keeper(user: User) -> bool:
    """Whether nobody else could make accounts, were this one closed."""
    return _keepers().filter(pk=user.pk).exists() and not _keepers().exclude(pk=user.pk).exists()


def _keepers() -> QuerySet[User]:
    groups = [platform_group_name(role) for role in ROLES.values() if Action.USERS in role.actions]
    return User.objects.filter(
        Q(is_superuser=True) | Q(groups__name__in=groups),
        Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()),
        is_active=True,
    ).distinct()
