"""Writing comments: taking one, and what the desk decides about it."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal.interaction.masking import masked
from portal.interaction.models import Comment, CommentPlace, CommentState
from portal.interaction.services.moving import name_of
from portal.plugin_api import Action, SiteLike, may, site_of_path, site_pk, touch_content
from portal.text.detectors import ScanError, scan_text

from .places import takes_comments
from .selectors import may_decide

LOG_DECIDED = "interaction.comment.decided"
LOG_REPLIED = "interaction.comment.replied"
_MOST_FINDINGS = 20


def take(
    *,
    page: Page,
    site: SiteLike,
    language: str,
    text: str,
    name: str = "",
    token: str,
    visitor: str = "",
) -> Comment:
    """Keep a comment until somebody has read it. The same words from the same form are one.

    Raises:
        ValidationError: the page takes no comments.
    """
    place = site_pk(site)
    if place is None or not takes_comments(page):
        raise ValidationError(_("This page takes no comments."))
    text, name = text.strip(), name.strip()
    key = _key_hash(token, page.pk, text)
    comment = Comment(
        site_id=place,
        page_id=page.pk,
        page_title=page.title[:255],
        language=language,
        name=name,
        text=text,
        masked_text=masked(text, names=[name] if name else ()),
        findings=_findings(f"{name}\n{text}" if name else text),
        visitor=visitor,
        key_hash=key,
        at=timezone.now(),
    )
    try:
        with transaction.atomic():
            comment.save()
    except IntegrityError:
        return Comment.objects.get(key_hash=key)
    return comment


def is_kept(*, page_pk: int, text: str, token: str) -> bool:
    """Whether the same words came from the same form before."""
    return Comment.objects.filter(key_hash=_key_hash(token, page_pk, text.strip())).exists()


def _key_hash(token: str, page_pk: int, text: str) -> str:
    return hashlib.sha256(f"{token}\n{page_pk}\n{text}".encode()).hexdigest()


def _findings(text: str) -> list[dict[str, str]]:
    try:
        found = scan_text(text)
    except ScanError:  # longer than any comment may be
        return []
    return [
        {"kind": str(one.kind), "grade": str(one.grade), "text": one.text[:80]}
        for one in found[:_MOST_FINDINGS]
    ]


@transaction.atomic
def approve(*, comments: Iterable[Comment], by: Any, shown_text: str = "", seen: str = "") -> int:
    """Show comments; ``shown_text`` replaces what is shown of a single one. ``seen`` is the state
    in which they were on the screen: what somebody else has decided by then stays so."""
    return _decide(comments, CommentState.SHOWN, by=by, shown_text=shown_text, seen=seen)


@transaction.atomic
def refuse(*, comments: Iterable[Comment], by: Any, reason: str) -> int:
    """Do not show comments that waited, for a reason that is kept."""
    return _decide(comments, CommentState.REFUSED, by=by, reason=_given(reason))


@transaction.atomic
def take_down(*, comments: Iterable[Comment], by: Any, reason: str) -> int:
    """Take comments away that are shown, for a reason that is kept."""
    return _decide(comments, CommentState.HIDDEN, by=by, reason=_given(reason))


def _given(reason: str) -> str:
    if not reason.strip():
        raise ValidationError(_("Say why; the reason is kept with the comment."))
    return reason.strip()[:200]


# What may become what. A comment that was refused by mistake is shown after all.
_FROM = {
    CommentState.SHOWN: {CommentState.WAITING, CommentState.REFUSED, CommentState.HIDDEN},
    CommentState.REFUSED: {CommentState.WAITING},
    CommentState.HIDDEN: {CommentState.SHOWN},
}


def _decide(
    comments: Iterable[Comment],
    state: CommentState,
    *,
    by: Any,
    reason: str = "",
    shown_text: str = "",
    seen: str = "",
) -> int:
    pks = [comment.pk for comment in comments]
    rows = list(Comment.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    if not all(may_decide(by, row) for row in rows):
        raise PermissionDenied
    changed = [row for row in rows if row.state in _FROM[state] and seen in ("", row.state)]
    if rows and not changed:
        raise ValidationError(_("Nothing was changed: this was decided already."))
    for row in changed:
        row.state, row.reason = state, reason
        row.decided_at, row.decided_by, row.decided_by_name = timezone.now(), by, name_of(by)
        if shown_text.strip():
            row.masked_text = shown_text.strip()
        row.save(
            update_fields=[
                "state", "reason", "decided_at", "decided_by", "decided_by_name", "masked_text",
            ]
        )  # fmt: skip
        log(
            instance=row,
            action=LOG_DECIDED,
            user=by,
            data={"state": str(state), "reason": reason},
        )
    if changed:
        touch_content()
    return len(changed)


@transaction.atomic
def reply(*, comment: Comment, by: Any, text: str, unit: Any) -> None:
    """Answer a comment in the name of a unit; an empty text takes the reply away."""
    if not may_decide(by, comment):
        raise PermissionDenied
    text = text.strip()
    if text and unit is None:
        raise ValidationError(_("Say which unit replies."))
    row = Comment.objects.select_for_update().get(pk=comment.pk)
    row.reply, row.reply_unit = text, unit if text else None
    row.replied_at = timezone.now() if text else None
    row.save(update_fields=["reply", "reply_unit", "replied_at"])
    log(instance=row, action=LOG_REPLIED, user=by)
    touch_content()


# --- places ---------------------------------------------------------------------------------------
def may_open(user: Any, page: Page) -> bool:
    site = site_of_path(page.path)
    return site is not None and may(user, Action.SITE_SETTINGS, site)


@transaction.atomic
def open_place(*, page: Page, is_open: bool, by: Any) -> CommentPlace:
    if not may_open(by, page):
        raise PermissionDenied
    place, _made = CommentPlace.objects.update_or_create(page=page, defaults={"is_open": is_open})
    touch_content()
    return place


@transaction.atomic
def close_place(*, place: CommentPlace, by: Any) -> None:
    """Forget a place: what stands above it holds, and without that no comments are shown."""
    if not may_open(by, place.page):
        raise PermissionDenied
    place.delete()
    touch_content()
