"""Reviewed corrections of converted paragraphs, and the table of terms as a file."""

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.foreign.models import ScriptCorrection, ScriptTerm, Standard
from portal.foreign.script.reading import paragraphs_of_page
from portal.plugin_api import Action, may
from portal.text.script_markup import normal

COLUMNS = ("standard", "simplified", "traditional", "protect", "note")
_LONGEST_FILE = 1_000_000


def may_propose(user: Any, page: Page) -> bool:
    """Whoever may edit the Chinese page may propose how its paragraphs read."""
    return bool(page.permissions_for_user(user).can_edit())


def may_confirm(user: Any, correction: ScriptCorrection) -> bool:
    """Whoever may publish at the site, but not the person who proposed it."""
    return correction.proposed_by_id != user.pk and may(
        user, Action.PAGE_PUBLISH, correction.site_id
    )


@transaction.atomic
def propose_correction(
    *, page: Page, site: int | None, standard: str, source: str, text: str, reason: str, user: Any
) -> ScriptCorrection:
    """Say how a paragraph of a page reads in traditional characters. In force once confirmed.

    A newer proposal for the same paragraph takes the place of the older one.

    Raises:
        PermissionDenied: the account may not edit the page.
        ValidationError: the page has no such paragraph, or nothing was written.
    """
    if not may_propose(user, page):
        raise PermissionDenied
    source, text = normal(source), normal(text)
    found = {one.source for one in paragraphs_of_page(page, standard)}
    if source not in found:
        raise ValidationError(
            _("The page does not have this paragraph any more. Load the page again.")
        )
    if not text:
        raise ValidationError(_("Write how the paragraph reads."))
    row, _created = ScriptCorrection.objects.update_or_create(
        standard=standard,
        source_hash=ScriptCorrection.hash_of(source),
        defaults={
            "source_text": source,
            "text": text,
            "reason": reason.strip()[:200],
            "page_id": page.pk,
            "site_id": site,
            "proposed_by": user,
            "proposed_at": timezone.now(),
            "reviewed_by": None,
            "reviewed_at": None,
            "orphaned_at": None,
        },
    )
    return row


@transaction.atomic
def confirm_correction(*, correction: ScriptCorrection, user: Any) -> None:
    """The second person says that it is right: it holds from now on.

    Raises:
        PermissionDenied: it is the account's own proposal, or another site's.
    """
    row = ScriptCorrection.objects.select_for_update().get(pk=correction.pk)
    if not may_confirm(user, row):
        raise PermissionDenied
    row.reviewed_by, row.reviewed_at = user, timezone.now()
    row.save(update_fields=["reviewed_by", "reviewed_at"])


@transaction.atomic
def remove_correction(*, correction: ScriptCorrection, user: Any) -> None:
    """Take a proposal back, or a correction out of force.

    Raises:
        PermissionDenied: neither its author nor somebody who may publish at the site.
    """
    own = correction.proposed_by_id == user.pk
    if not own and not may(user, Action.PAGE_PUBLISH, correction.site_id):
        raise PermissionDenied
    correction.delete()


@transaction.atomic
def follow_page(*, page: Page) -> int:
    """Note which corrections of a page have lost their paragraph, or found it again.

    Returns:
        how many of the page's corrections are orphaned now.
    """
    rows = list(ScriptCorrection.objects.filter(page_id=page.pk))
    there: dict[str, set[str]] = {}
    for row in rows:
        if row.standard not in there:
            there[row.standard] = {one.source for one in paragraphs_of_page(page, row.standard)}
        is_there = row.source_text in there[row.standard]
        if is_there and row.orphaned_at is not None:
            row.orphaned_at = None
            row.save(update_fields=["orphaned_at"])
        elif not is_there and row.orphaned_at is None:
            row.orphaned_at = timezone.now()
            row.save(update_fields=["orphaned_at"])
    return sum(1 for row in rows if row.orphaned_at is not None)


# --- the table as a file --------------------------------------------------------------------------
@dataclass(slots=True)
class TermsRead:
    """What a file of terms brought; ``errors`` as (line, reason)."""

    added: int = 0
    changed: int = 0
    same: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)


def write_terms() -> str:
    """The table of terms as CSV."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for row in ScriptTerm.objects.all():
        writer.writerow(
            [row.standard, row.simplified, row.traditional, "1" if row.protect else "", row.note]
        )
    return stream.getvalue()


@transaction.atomic
def read_terms(*, data: bytes) -> TermsRead:
    """Take terms from a CSV file; rows with errors are told and left out.

    Raises:
        ValidationError: it is no such file.
    """
    if len(data) > _LONGEST_FILE:
        raise ValidationError(_("The file is larger than 1 MB."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(_("The file is not in UTF-8.")) from error
    rows = csv.DictReader(io.StringIO(text))
    if not {"simplified", "traditional"} <= set(rows.fieldnames or ()):
        raise ValidationError(
            _("The first line must name the columns: %(columns)s.")
            % {"columns": ", ".join(COLUMNS)}
        )
    read = TermsRead()
    for line, given in enumerate(rows, start=2):
        try:
            _take(given, read)
        except ValidationError as error:
            read.errors.append((line, " ".join(error.messages)))
    return read


def _take(given: dict[str, Any], read: TermsRead) -> None:
    values = {name: str(given.get(name) or "").strip() for name in COLUMNS}
    if values["standard"] not in ("", *Standard.values):
        raise ValidationError(
            _("“%(standard)s” is not one of s2tw, s2hk or empty.")
            % {"standard": values["standard"]}
        )
    row = ScriptTerm.objects.filter(
        standard=values["standard"], simplified=values["simplified"]
    ).first()
    before = (row.traditional, row.protect, row.note) if row is not None else None
    row = row or ScriptTerm(standard=values["standard"], simplified=values["simplified"])
    row.traditional, row.note = values["traditional"], values["note"]
    row.protect = values["protect"].lower() in ("1", "x", "yes", "true", "是")
    row.full_clean()
    if before == (row.traditional, row.protect, row.note):
        read.same += 1
        return
    row.save()
    if before is None:
        read.added += 1
    else:
        read.changed += 1
