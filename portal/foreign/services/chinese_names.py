"""A changed Chinese name: drafts of the Chinese pages that have the former one, never published.

What was prepared is on record in each page's history (``LOG_PREPARED``), with a digest of the
draft: only a draft that nobody has touched since is taken back.
"""

import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision

from portal.foreign.models import TermChange
from portal.foreign.selectors.chinese_names import (
    chinese_pages,
    replace_in_page,
    replacing_in_chinese,
)
from portal.foreign.selectors.term_changes import is_chinese_change
from portal.plugin_api import take_turn

LOG_PREPARED = "foreign.name_prepared"
LOG_TAKEN_BACK = "foreign.name_taken_back"


@transaction.atomic
def prepare_chinese(
    *, change: TermChange, user: Any, pages: Collection[int]
) -> tuple[list[Page], list[tuple[Page, str]]]:
    """Save a draft with the new name of each of some pages; nothing public changes.

    Args:
        change: of a Chinese name.
        user: may edit each page; what this account may not is left out with a reason.
        pages: primary keys; those that the change is not about are ignored.

    Returns:
        The pages with a new draft; those left out, with the reason.

    Raises:
        ValidationError: the change was taken back, or is none of a Chinese name.
    """
    take_turn()
    if change.undone_at or not is_chinese_change(change):
        raise ValidationError(_("This change was taken back."))
    replace = replacing_in_chinese(change)
    made: list[Page] = []
    left: list[tuple[Page, str]] = []
    for named in chinese_pages(change, user).pages:
        if named.page.pk not in pages:
            continue
        if named.reason:
            left.append((named.page, named.reason))
            continue
        page = named.page
        replace_in_page(page, named.fields, replace)
        try:
            with transaction.atomic():
                revision = page.save_revision(user=user, log_action=True)
        except ValidationError as error:
            left.append((page, " ".join(error.messages)))
            continue
        _record(LOG_PREPARED, page, change, revision, user)
        made.append(page)
    if made:
        change.prepared_at = timezone.now()
        change.save(update_fields=["prepared_at"])
    return (made, left)


@transaction.atomic
def undo_chinese(*, change: TermChange, user: Any) -> list[Page]:
    """Put the public text into the drafts again; the pages whose draft was changed or published
    since stay as they are and are returned.

    Those that the account may not edit stay, too.
    """
    take_turn()
    left = []
    for page, entry in prepared_pages(change).items():
        revision = page.get_latest_revision()
        if revision is None or not page.has_unpublished_changes or _is_other(revision, entry):
            left.append(page)
            continue
        if page.workflow_in_progress or not page.permissions_for_user(user).can_edit():
            left.append(page)
            continue
        back = page.save_revision(user=user, changed=False, clean=False, log_action=True)
        # Wagtail's own save says nothing of a draft that is the public text again.
        Page.objects.filter(pk=page.pk).update(
            has_unpublished_changes=False, draft_title=page.title
        )
        _record(LOG_TAKEN_BACK, page, change, back, user)
    if not left:
        change.undone_at = timezone.now()
        change.save(update_fields=["undone_at"])
    return left


def prepared_pages(change: TermChange) -> dict[Any, PageLogEntry]:
    """The pages (specific) with a draft prepared for a change that was not taken back, each with
    the line of its history."""
    last: dict[int, PageLogEntry] = {}
    entries = PageLogEntry.objects.filter(
        action__in=[LOG_PREPARED, LOG_TAKEN_BACK], data__change=change.pk
    ).order_by("timestamp", "pk")
    for entry in entries:
        last[entry.page_id] = entry
    pages = Page.objects.filter(pk__in=last).specific()
    return {page: last[page.pk] for page in pages if last[page.pk].action == LOG_PREPARED}


def _is_other(revision: Revision, entry: PageLogEntry) -> bool:
    return entry.revision_id != revision.pk or entry.data["digest"] != _digest(revision)


def _digest(revision: Revision) -> str:
    content = json.dumps(revision.content, sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def _record(action: str, page: Page, change: TermChange, revision: Revision, user: Any) -> None:
    revision.refresh_from_db()
    log(
        instance=page,
        action=action,
        user=user,
        revision=revision,
        data={
            "change": change.pk,
            "old": change.old_name,
            "new": change.new_name,
            "digest": _digest(revision),
        },
    )
