"""Sharing the preview of a draft: making, finding and revoking the links."""

import datetime
import hashlib
import secrets
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from . import structure
from .models import SharedPreview

DAYS = (1, 3, 7, 30)
# Long enough to tell that a link is over and not mistyped.
KEPT_AFTER_EXPIRY = datetime.timedelta(days=90)
ACTION_SHARED, ACTION_REVOKED = "portal.preview.share", "portal.preview.revoke"
LOG_ACTIONS = {
    ACTION_SHARED: (_("Share a preview"), _("Preview shared")),
    ACTION_REVOKED: (_("Revoke a shared preview"), _("Shared preview revoked")),
}


def may_share(user: Any, page: Page) -> bool:
    """Whoever may edit a page may show its draft to others."""
    return bool(page.specific_deferred.permissions_for_user(user).can_edit())


@transaction.atomic
def share(
    *, page: Page, user: Any, days: int, revision: Revision | None = None, note: str = ""
) -> tuple[SharedPreview, str]:
    """A new link: its record, and the token that is told this once and kept nowhere.

    Raises:
        PermissionDenied: for who may not edit the page.
        ValueError: for another number of days than offered, or a version of another page.
    """
    if not may_share(user, page):
        raise PermissionDenied
    is_foreign = revision is not None and str(revision.object_id) != str(page.pk)
    if days not in DAYS or is_foreign:
        raise ValueError
    now = timezone.now()
    SharedPreview.objects.filter(expires_at__lt=now - KEPT_AFTER_EXPIRY).delete()
    token = secrets.token_urlsafe(32)
    preview = SharedPreview.objects.create(
        page=page,
        revision=revision,
        token_hash=_hash(token),
        note=note,
        created_by=user,
        expires_at=now + datetime.timedelta(days=days),
    )
    log(instance=page, action=ACTION_SHARED, user=user, data={"days": days}, revision=revision)
    return preview, token


@transaction.atomic
def revoke(*, preview: SharedPreview, user: Any) -> None:
    """End a link at once. Doing so twice changes nothing.

    Raises:
        PermissionDenied: for who may not edit the page.
    """
    if not may_share(user, preview.page):
        raise PermissionDenied
    ended = SharedPreview.objects.active().filter(pk=preview.pk).update(revoked_at=timezone.now())
    if ended:
        log(instance=preview.page, action=ACTION_REVOKED, user=user)


def find(token: str) -> SharedPreview | None:
    """The link with a token, also one that is over; None where there never was one."""
    links = SharedPreview.objects.select_related("page", "revision")
    return links.filter(token_hash=_hash(token)).first()


def shown_page(preview: SharedPreview) -> Page:
    """The page as the link shows it: the chosen version, else the newest draft."""
    if preview.revision is not None:
        chosen: Page = preview.revision.as_object()
        return chosen
    newest: Page = preview.page.get_latest_revision_as_object()
    return newest


def address_of(page: Page, path: str) -> str:
    """A path at the host of the page's site, as it is sent to people outside."""
    root = structure.current().root_for_url_path(page.url_path)
    return (root.origin if root is not None else "") + path


def _hash(token: str) -> str:
    # Tokens are random and long: nothing to guess, so no slow hash is needed.
    return hashlib.sha256(token.encode()).hexdigest()
