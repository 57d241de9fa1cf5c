"""Changing many entries at once, and taking that back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from assistant.portal_plugin.models import BulkEdit, QuestionPage
from portal.plugin_api import release_ground, take_back

from .going_public import Went, go_public

FIELDS = ("topic", "owner_unit", "audience", "valid_from", "valid_until")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did. ``published``: public or, of people, in review. ``refused`` are (title,
    why) of those that stay drafts."""

    edit: BulkEdit
    changed: int
    published: int
    refused: tuple[tuple[str, str], ...] = ()


@transaction.atomic
def change_entries(
    *, pages: Iterable[QuestionPage], changes: Mapping[str, Any], publish: bool, user: Any
) -> Outcome:
    """Set fields in a new version of each entry; with ``publish``, on into review (``go_public``).

    An entry with a draft that somebody began keeps it, with the change, as a draft.

    Raises:
        PermissionDenied: the account may not edit one of them; nothing is changed then.
    """
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise ValueError(f"these fields are not changed in bulk: {sorted(unknown)}")
    rows, refused = [], []
    published = 0
    for page in pages:
        rights = page.permissions_for_user(user)
        if not rights.can_edit() or rights.page_locked():
            raise PermissionDenied
        draft: QuestionPage = page.get_latest_revision_as_object()
        before = {name: _stored(draft, name) for name in changes}
        had_draft = page.live and page.has_unpublished_changes
        for name, value in changes.items():
            setattr(draft, name, value)
        if {name: _stored(draft, name) for name in changes} == before:
            continue
        revision = draft.save_revision(user=user, log_action=True, changed=True)
        is_public = False
        if publish and not had_draft and (rights.can_publish() or release_ground() is None):
            went, why = go_public(page=draft, user=user)
            is_public = went is not Went.NOWHERE
            if why:
                refused.append((draft.title, why))
        published += is_public
        rows.append(
            {"page": page.pk, "before": before, "revision": revision.pk, "published": is_public}
        )
    edit = BulkEdit.objects.create(user=user, rows=rows, summary=_summary(changes))
    return Outcome(edit, len(rows), published, tuple(refused))


@transaction.atomic
def undo(*, edit: BulkEdit, user: Any) -> tuple[int, int]:
    """Put back what a change replaced; (put back, left alone because somebody went on editing).

    Raises:
        ValidationError: it was taken back already.
        PermissionDenied: it is another account's change, or the account may no longer edit.
    """
    edit = BulkEdit.objects.select_for_update().get(pk=edit.pk)
    if edit.undone_at is not None:
        raise ValidationError(_("This was taken back already."))
    if edit.user_id != user.pk and not user.is_superuser:
        raise PermissionDenied
    done = left = 0
    pages = QuestionPage.objects.in_bulk([row["page"] for row in edit.rows])
    for row in edit.rows:
        page = pages.get(row["page"])
        if page is None or page.latest_revision_id != row["revision"]:
            left += 1
            continue
        rights = page.permissions_for_user(user)
        if not rights.can_edit():
            raise PermissionDenied
        draft = page.get_latest_revision_as_object()
        take_back(page=page, user=user)
        for name, value in row["before"].items():
            _restore(draft, name, value)
        draft.save_revision(user=user, log_action=True, changed=True)
        if row["published"]:
            go_public(page=draft, user=user)
        done += 1
    edit.undone_at = timezone.now()
    edit.save(update_fields=["undone_at"])
    return done, left


def _stored(page: QuestionPage, name: str) -> Any:
    """A field's value as JSON keeps it."""
    value = getattr(page, page._meta.get_field(name).attname)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _restore(page: QuestionPage, name: str, value: Any) -> None:
    field = page._meta.get_field(name)
    if isinstance(field, models.DateTimeField) and value:
        value = parse_datetime(value)
    setattr(page, field.attname, value)


def _summary(changes: Mapping[str, Any]) -> str:
    names = [str(QuestionPage._meta.get_field(name).verbose_name) for name in changes]
    return ", ".join(names)[:255]
