"""Publishing from the command line is an operator's action: named people, a reason, a record."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from wagtail.log_actions import LogContext, activate, deactivate, get_active_log_context

from .models import Basis, OperatorAction, User
from .reviews.grounds import Ground, releasing_as

logger = logging.getLogger("portal.operator")


class OperatorContext(LogContext):
    """What is logged is a command's work, for which named people stand; nobody sits at a form."""


def acting_person() -> Any:
    """Who publishes in person, at a form; None for commands, schedules and programs."""
    context = get_active_log_context()
    if isinstance(context, OperatorContext):
        return None
    user = context.user
    return user if user is not None and user.is_authenticated else None


def add_operator_arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--reviewed-by",
        metavar="A,B,C",
        default="",
        help="Three accounts that stand for the three reviews; demanded in production.",
    )
    parser.add_argument("--reason", default="", help="Why; demanded in production.")


@contextmanager
def operator_action(
    command: str, options: Mapping[str, Any], *, strict: bool | None = None
) -> Iterator[Ground]:
    """Check who stands for the action and write what is logged in it to the first of them.

    Args:
        strict: False before there are any accounts; else as the settings say.

    Raises:
        CommandError: in production without three different active accounts and a reason, and
            anywhere for accounts that do not exist.
    """
    names = [name.strip() for name in options.get("reviewed_by", "").split(",") if name.strip()]
    reason = options.get("reason", "").strip()
    users = list(User.objects.filter(username__in=names, is_active=True))
    missing = sorted(set(names) - {user.username for user in users})
    if missing:
        raise CommandError(f"No active account: {', '.join(missing)}", returncode=2)
    if strict is None:
        strict = getattr(settings, "PORTAL_OPERATOR_STRICT", False)
    if strict and (len(users) < 3 or not reason):
        raise CommandError(
            "In production this needs --reviewed-by with three different accounts and --reason.",
            returncode=2,
        )
    logger.info(
        "%s at %s by %s: %s",
        command,
        timezone.now().isoformat(timespec="seconds"),
        ", ".join(names) or "the operator",
        reason or "no reason given",
    )
    done = OperatorAction.objects.create(command=command, accounts=names, reason=reason)
    with releasing_as(Basis.OPERATOR, str(done.pk)) as ground:
        if not users:
            yield ground
            return
        first = next(user for user in users if user.username == names[0])
        activate(OperatorContext(user=first))
        try:
            yield ground
        finally:
            deactivate()
