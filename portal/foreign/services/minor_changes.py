"""An editor says of a change that the meaning is the same: no translation falls behind by it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail_localize.models import StringTranslation

from portal.foreign.models import MinorChange
from portal.foreign.selectors.source_texts import hash_of

from .syncing import CARRIED, sync_source

LOG_MINOR = "foreign.minor"
LOG_MINOR_UNDONE = "foreign.minor_undone"


@transaction.atomic
def say_minor(*, source: Page, old_text: str, new_text: str, user: Any) -> MinorChange:
    """Record it, also before the change is public; the marks of that paragraph go.

    Raises:
        PermissionDenied: the account may not edit the page.
        ValueError: the two texts are the same.
    """
    _demand(source, user)
    old_hash, new_hash = hash_of(old_text), hash_of(new_text)
    if old_hash == new_hash:
        raise ValueError("A text that did not change has no minor change.")
    minor, created = MinorChange.objects.get_or_create(
        source_id=source.pk,
        old_hash=old_hash,
        new_hash=new_hash,
        defaults={"old_text": old_text, "new_text": new_text, "user": user},
    )
    if created:
        log(
            instance=source,
            action=LOG_MINOR,
            user=user,
            data={"old": old_text[:300], "new": new_text[:300]},
        )
        sync_source(source)
    return minor


@transaction.atomic
def undo_minor(*, minor: MinorChange, user: Any) -> None:
    """Take it back: the paragraph is behind again, and its translation owed.

    Raises:
        PermissionDenied: the account may not edit the page.
    """
    source = minor.source.specific
    _demand(source, user)
    minor.delete()
    # What was carried over from the old text says nothing of the new one any more.
    StringTranslation.objects.filter(
        context__object_id=source.translation_key,
        translation_of__data_hash=minor.new_hash,
        tool_name=CARRIED,
    ).delete()
    log(
        instance=source,
        action=LOG_MINOR_UNDONE,
        user=user,
        data={"old": minor.old_text[:300], "new": minor.new_text[:300]},
    )
    sync_source(source)


def _demand(source: Page, user: Any) -> None:
    if not source.permissions_for_user(user).can_edit():
        raise PermissionDenied
