"""Elsewhere by reference: a record shown in a column of another site, with the provider's leave.

What is shown is an alias: Wagtail and the gate keep it the same as its original, in the transaction
that changes the original.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.create_alias import CreatePageAliasAction, CreatePageAliasPermissionError
from wagtail.models import Page

from portal.library.models import Grant, LibraryRecord, Sharing, State
from portal.library.permissions import may_decide, may_see
from portal.plugin_api import (
    PublishRefused,
    free_slug,
    just_seen,
    pages_to_add_below,
    site_of_path,
    take_turn,
)


@transaction.atomic
def place(*, record: LibraryRecord, column: Page, user: Any, reason: str = "") -> Page | Grant:
    """Show a record in a column: the alias, or the request where the provider is to be asked.

    Raises:
        ValidationError: it cannot be shown there; the message says why.
        PermissionDenied: the account may not publish in that column, or not see the record.
    """
    take_turn()
    record = LibraryRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    column = Page.objects.get(pk=column.pk).specific
    _demand_fit(record, column, user)
    elsewhere = site_of_path(column.path) != record.site_id
    granted = Grant.objects.filter(record=record, column=column, state=Grant.State.GRANTED)
    if elsewhere and record.sharing == Sharing.NONE:
        raise ValidationError(_("The provider does not share this record with other sites."))
    if elsewhere and record.sharing == Sharing.CONDITIONAL and not granted.exists():
        return _request(record, column, user, reason)
    return _alias(record, column, user)


def _demand_fit(record: LibraryRecord, column: Any, user: Any) -> None:
    page = record.page
    if not may_see(user, record):
        raise PermissionDenied
    if not column.permissions_for_user(user).can_publish_subpage():
        raise PermissionDenied
    if record.state != State.PUBLIC or page is None or not page.live:
        raise ValidationError(_("Only what is public can be shown elsewhere."))
    specific = page.specific_class
    if specific is None or specific not in type(column).allowed_subpage_models():
        raise ValidationError(
            _("“%(column)s” does not take pages of this type.") % {"column": column.title}
        )
    if column.locale_id != page.locale_id:
        raise ValidationError(_("The column is in another language."))
    if page.path.startswith(column.path) and page.depth == column.depth + 1:
        raise ValidationError(_("It stands in this column already."))
    if Page.objects.child_of(column).filter(alias_of=page.pk).exists():
        raise ValidationError(_("It is shown in this column already."))


def _request(record: LibraryRecord, column: Page, user: Any, reason: str) -> Grant:
    site: Any = site_of_path(column.path)
    if not reason.strip():
        raise ValidationError({"reason": _("The provider wants to know what it is needed for.")})
    try:
        with transaction.atomic():
            return Grant.objects.create(
                record=record, column=column, site_id=site,
                reason=reason.strip()[:500], requested_by=user,
            )  # fmt: skip
    except IntegrityError:
        raise ValidationError(_("The provider has been asked for this already.")) from None


def _alias(record: LibraryRecord, column: Page, user: Any) -> Page:
    page: Any = record.page
    slug = page.slug
    if Page.objects.child_of(column).filter(slug=slug).exists():
        slug = free_slug(page.title, column, None)
    try:
        alias: Page = CreatePageAliasAction(
            page, parent=column, update_slug=slug, user=user
        ).execute(skip_permission_checks=True)  # asked above, for the destination
    except CreatePageAliasPermissionError:
        raise PermissionDenied from None
    except PublishRefused as refused:
        raise ValidationError(refused.messages) from None
    return alias


@transaction.atomic
def decide(*, grant: Grant, granted: bool, user: Any, note: str = "") -> Grant:
    """The provider's answer. Granted, the record stands in the column at once.

    Raises:
        PermissionDenied: the account does not administer the provider's site.
        ValidationError: it was decided already, no reason is given for a refusal, or it cannot
            be shown there any more.
    """
    take_turn()
    grant = Grant.objects.select_for_update(of=("self",)).select_related("record").get(pk=grant.pk)
    if not may_decide(user, grant.record):
        raise PermissionDenied
    if grant.state != Grant.State.WAITING:
        raise ValidationError(_("This request was decided already."))
    if not granted and not note.strip():
        raise ValidationError({"note": _("A refusal gives its reason.")})
    _set(grant, Grant.State.GRANTED if granted else Grant.State.REFUSED, user, note)
    record, column = grant.record, grant.column
    shown = Page.objects.child_of(column).filter(alias_of=record.page_id)
    if granted and record.page is not None and not shown.exists():
        if record.state != State.PUBLIC:
            raise ValidationError(_("Only what is public can be shown elsewhere."))
        _alias(record, column, grant.requested_by)
    return grant


@transaction.atomic
def revoke(*, grant: Grant, user: Any, note: str) -> Grant:
    """Take leave back: the record is gone from the column with it.

    Raises:
        PermissionDenied, ValidationError: as ``decide``.
    """
    take_turn()
    grant = Grant.objects.select_for_update(of=("self",)).select_related("record").get(pk=grant.pk)
    if not may_decide(user, grant.record):
        raise PermissionDenied
    if grant.state != Grant.State.GRANTED:
        raise ValidationError(_("There is no leave to take back."))
    if not note.strip():
        raise ValidationError({"note": _("Say why it is taken back.")})
    _set(grant, Grant.State.REVOKED, user, note)
    for alias in Page.objects.child_of(grant.column).filter(alias_of=grant.record.page_id):
        alias.specific.delete()
    return grant


def _set(grant: Grant, state: str, user: Any, note: str) -> None:
    grant.state, grant.decided_by, grant.decided_at = state, user, timezone.now()
    grant.note = note.strip()[:500]
    grant.save()


def columns_for(user: Any, record: LibraryRecord | None = None) -> "QuerySet[Page]":
    """Public columns and topics where the account may add pages, in the record's language."""
    found: QuerySet[Page] = pages_to_add_below(user).filter(live=True, alias_of=None)
    if record is not None and record.page is not None:
        found = found.filter(locale=record.page.locale_id)
    # From the structure in memory: asked for by their type, all pages would be walked over.
    nodes = just_seen().nodes.values()
    return found.filter(
        pk__in=[node.pk for node in nodes if node.kind in ("column", "topic")]
    ).order_by("path")
