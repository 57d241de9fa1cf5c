"""What follows from saving a document: its record, its version, what it does to others."""

import datetime
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from portal.plugin_api import follow_validity, site_of_path
from portal.policy_interpretation.clauses import ClauseData, from_json
from portal.policy_interpretation.models import (
    PolicyAmendment,
    PolicyPage,
    PolicyRecord,
    PolicyVersion,
    RelationKind,
)
from portal.policy_interpretation.numbers import number_key
from portal.policy_interpretation.services.obligations import mark_text

_ENDING = (RelationKind.REPEALS, RelationKind.REPLACES)


@transaction.atomic
def follow_save(*, page: PolicyPage) -> None:
    """Bring record and versions in line with what is stored; in the transaction of the save.

    Drafts are revisions and do not come here; a page that is not public gets its record, so that
    relations and obligations can point to it, and no version.
    """
    if page.alias_of_id is not None:
        return
    _record(page)
    if page.live:
        record_version(page=page)
        mark_text(page=page)
        apply_effects(page=page)


def _record(page: PolicyPage) -> PolicyRecord:
    names = page.body_names()
    clauses = page.clauses()
    ended = [clause.invalid_from for clause in clauses if clause.invalid_from]
    amended = [amendment.effective_on for amendment in page.amendments.all()]
    theme = page.theme
    record, _created = PolicyRecord.objects.update_or_create(
        page=page,
        defaults={
            "site_id": site_of_path(page.path),
            "title": page.title,
            "document_number": page.document_number,
            "number_key": number_key(page.document_number),
            "bodies": "、".join(names)[:300],
            "lead_body": names[0] if names else "",
            "level": page.level,
            "genre": page.genre,
            "theme": theme,
            "theme_class": theme.code[:2] if theme else "",
            "year": page.issued_on.year if page.issued_on else None,
            "issued_on": page.issued_on,
            "published_at": page.displayed_date(),
            "effective_on": page.effective_on,
            "valid_through": page.valid_through,
            "amended_on": min(amended, default=None),
            "text_since": max(amended, default=None),
            "partly_invalid_on": min(ended, default=None),
        },
    )
    page.policy_record = record
    return record


def record_version(*, page: PolicyPage) -> PolicyVersion:
    """Keep the text that is published now as the one in force since the latest amendment.

    The same day again is a correction and rewrites the version; another day closes the one before.
    Clauses whose wording did not change keep the day since which they hold.
    """
    latest: PolicyAmendment | None = max(
        page.amendments.all(), key=lambda amendment: amendment.effective_on, default=None
    )
    since = latest.effective_on if latest else None
    days = [amendment.effective_on for amendment in page.amendments.all()]
    # An amendment that was taken back, or got another day, takes its version with it.
    PolicyVersion.objects.filter(policy=page, since__isnull=False).exclude(since__in=days).delete()
    earlier = (
        PolicyVersion.objects.filter(policy=page).exclude(since=since) if since is not None else ()
    )
    before = list(earlier)[-1] if earlier else None
    clauses = _with_days(page.clauses(), from_json(before.clauses) if before else [], since)
    if before is not None and before.until != since:
        before.until = since
        before.save(update_fields=["until", "published_at"])
    version, _created = PolicyVersion.objects.update_or_create(
        policy=page,
        since=since,
        defaults={
            "until": None,
            "clauses": [clause.to_json() for clause in clauses],
            "basis": str(latest.basis or latest.basis_text) if latest else "",
        },
    )
    return version


def _with_days(
    clauses: list[ClauseData], before: list[ClauseData], since: datetime.date | None
) -> list[ClauseData]:
    old = {clause.id: clause for clause in before}
    found = []
    for clause in clauses:
        known = old.get(clause.id)
        same = known is not None and (known.number, known.text) == (clause.number, clause.text)
        found.append(replace(clause, since=known.since if known and same else since))
    return found


def apply_effects(*, page: PolicyPage) -> None:
    """What a public document does to others: repeals and replacements end them.

    Withdrawing a relation takes its effect back, as far as it came from this document.
    """
    ended = {
        relation.target_id: relation
        for relation in page.relations.all()
        if relation.kind in _ENDING and relation.target_id
    }
    touched = list(
        PolicyRecord.objects.select_related("page")
        .filter(repealed_by=page)
        .exclude(page_id__in=ended)
    )
    for record in touched:
        record.repealed_on, record.repealed_by, record.is_replaced = None, None, False
        record.repeal_basis = ""
    for record in PolicyRecord.objects.select_related("page").filter(page_id__in=ended):
        relation = ended[record.page_id]
        day = relation.since or page.effective_on or page.issued_on or timezone.localdate()
        replaced = relation.kind == RelationKind.REPLACES
        if (record.repealed_on, record.repealed_by_id, record.is_replaced) == (
            day,
            page.pk,
            replaced,
        ):
            continue
        record.repealed_on, record.repealed_by, record.is_replaced = day, page, replaced
        record.repeal_basis = page.title[:300]
        touched.append(record)
    for record in touched:
        record.save(update_fields=["repealed_on", "repealed_by", "is_replaced", "repeal_basis"])
        record.page.policy_record = record
        follow_validity(record.page)
