"""What follows from saving a document: its record, its version, what it does to others."""

import datetime
from dataclasses import replace

from django.db import transaction

from portal.plugin_api import follow_validity, site_of_path
from portal.policy_interpretation.clauses import ClauseData, figures_of, from_json
from portal.policy_interpretation.models import (
    PolicyAmendment,
    PolicyPage,
    PolicyRecord,
    PolicyVersion,
)
from portal.policy_interpretation.numbers import number_key
from portal.policy_interpretation.selectors.validity import dates_of
from portal.policy_interpretation.services import effects
from portal.policy_interpretation.services.obligations import mark_text


@transaction.atomic
def follow_save(*, page: PolicyPage) -> None:
    """Bring record and versions in line with what is stored; in the transaction of the save.

    Drafts are revisions and do not come here; a page that is not public gets its record, so that
    relations and obligations can point to it, and no version. A translation has no effects of its
    own: record and versions are those of the document.
    """
    if page.alias_of_id is not None or page.is_translation:
        return
    before = dates_of([page.pk]).get(page.pk)
    _record(page)
    if page.live:
        record_version(page=page)
        mark_text(page=page)
        effects.apply_relations(page=page)
        # The publication was written before the record that says how the document stands.
        follow_validity(page)
    if before is not None and before != page.dates:
        effects.tell_dependants(policy_pk=page.pk)


def _record(page: PolicyPage) -> None:
    names = page.body_names()
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
        },
    )
    page.policy_record = record
    effects.sum_up(record=record, page=page)


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
            "figures": figures_of(page.body.raw_data),
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
