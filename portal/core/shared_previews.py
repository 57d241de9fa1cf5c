"""Sharing the preview of a draft: making, finding and revoking the links."""

import datetime
import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from . import structure
from .joint_release import PreviewSet, preview_sets
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
    preview, token = _make(user, days, note, page=page, revision=revision)
    log(instance=page, action=ACTION_SHARED, user=user, data={"days": days}, revision=revision)
    return preview, token


@dataclass(frozen=True, slots=True)
class ShownSet:
    """A set of a plugin: its key in ``preview_sets``, its number, and who knows it."""

    key: str
    number: int
    source: PreviewSet

    @classmethod
    def find(cls, key: str, number: int | None) -> "ShownSet | None":
        """None where the plugin is off or gone, or has no such set."""
        entry = preview_sets.get(key)
        if entry is None or number is None or entry.item.subject(number=number) is None:
            return None
        return cls(key, number, entry.item)

    @property
    def subject(self) -> Any:
        return self.source.subject(number=self.number)

    def may_share(self, user: Any) -> bool:
        return self.source.may_share(number=self.number, user=user)


@transaction.atomic
def share_set(*, of: ShownSet, user: Any, days: int, note: str = "") -> tuple[SharedPreview, str]:
    """A new link to all pages of a set, as ``share`` for one.

    Raises:
        PermissionDenied: for who may not show the set.
        ValueError: for another number of days than offered.
    """
    if not of.may_share(user):
        raise PermissionDenied
    if days not in DAYS:
        raise ValueError
    preview, token = _make(user, days, note, shown_set=of.key, set_number=of.number)
    log(instance=of.subject, action=ACTION_SHARED, user=user, data={"days": days})
    return preview, token


def _make(user: Any, days: int, note: str, **shown: Any) -> tuple[SharedPreview, str]:
    now = timezone.now()
    SharedPreview.objects.filter(expires_at__lt=now - KEPT_AFTER_EXPIRY).delete()
    token = secrets.token_urlsafe(32)
    preview = SharedPreview.objects.create(
        token_hash=_hash(token),
        note=note,
        created_by=user,
        expires_at=now + datetime.timedelta(days=days),
        **shown,
    )
    return preview, token


@transaction.atomic
def revoke(*, preview: SharedPreview, user: Any) -> None:
    """End a link at once. Doing so twice changes nothing.

    Raises:
        PermissionDenied: for who may not edit the page.
    """
    if preview.page is not None:
        subject: Any = preview.page
        allowed = may_share(user, preview.page)
    else:
        of = set_of(preview)
        subject, allowed = of and of.subject, of is not None and of.may_share(user)
    if not allowed:
        raise PermissionDenied
    ended = SharedPreview.objects.active().filter(pk=preview.pk).update(revoked_at=timezone.now())
    if ended:
        log(instance=subject, action=ACTION_REVOKED, user=user)


def set_of(preview: SharedPreview) -> ShownSet | None:
    """The set that a link shows; None for links to one page, and for sets that are gone."""
    return ShownSet.find(preview.shown_set, preview.set_number) if preview.shown_set else None


def find(token: str) -> SharedPreview | None:
    """The link with a token, also one that is over; None where there never was one."""
    links = SharedPreview.objects.select_related("page", "revision")
    return links.filter(token_hash=_hash(token)).first()


def shown_page(preview: SharedPreview) -> Page:
    """The page as a link to one page shows it: the chosen version, else the newest draft."""
    assert preview.page is not None
    if preview.revision is not None:
        chosen: Page = preview.revision.as_object()
        return chosen
    newest: Page = preview.page.get_latest_revision_as_object()
    return newest


def address_of(page: Page, path: str) -> str:
    """A path at the host of the page's site, as it is sent to people outside."""
    root = structure.current().root_for_url_path(page.url_path)
    return (root.origin if root is not None else "") + path


# --- links between the pages of a set -------------------------------------------------------------
_leading: ContextVar[Mapping[int, str]] = ContextVar("shared_preview_leads", default={})  # noqa: B039 - never changed
_HREF = re.compile(r'(<a\b[^>]*?\shref=")([^"]*)(")')


@contextmanager
def leading(addresses: Mapping[int, str]) -> Iterator[None]:
    """While a page of a set is rendered: links in texts to these pages lead to their previews."""
    token = _leading.set(addresses)
    try:
        yield
    finally:
        _leading.reset(token)


def previews_led_to() -> Mapping[int, str]:
    """Primary key → address of the preview, for what is rendered now."""
    return _leading.get()


def lead_to_previews(html: str, addresses: Mapping[str, str]) -> str:
    """The page with its links to public addresses (with or without host) turned to previews.

    Args:
        addresses: public address → address of the preview. What follows ``#`` is kept.
    """

    def turned(found: re.Match[str]) -> str:
        address, hash_sign, place = unescape(found[2]).partition("#")
        preview = addresses.get(address)
        if preview is None:
            return found[0]
        return f"{found[1]}{escape(preview + hash_sign + place)}{found[3]}"

    return _HREF.sub(turned, html)


def _hash(token: str) -> str:
    # Tokens are random and long: nothing to guess, so no slow hash is needed.
    return hashlib.sha256(token.encode()).hexdigest()
