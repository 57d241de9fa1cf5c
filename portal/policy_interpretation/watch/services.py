"""Comparing and keeping what was found; accepting a difference."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.plugin_api import WatchedText, take_turn, watched_texts

from .cited import Library
from .comparing import Comparison, Difference, compare, digest_of
from .models import CheckedText, Finding
from .selectors import may_accept

_State = Finding.State


class NotAccepted(Exception):
    """A difference could not be accepted; the message says why."""


def check_text(
    *, source: str, site: int | None, text: WatchedText, library: Library | None = None
) -> CheckedText:
    """Compare a text and keep what differs. Unchanged texts are not compared again."""
    library = library or Library()
    known = CheckedText.objects.filter(site_id=site, source=source, key=text.key).first()
    digest = digest_of(text, library)
    if known is not None and known.digest == digest:
        _refresh(known, text)
        return known
    comparison = compare(text, library)
    return _keep(source=source, site=site, text=text, comparison=comparison)


def check_key(*, source: str, site: int | None, key: str) -> None:
    """Compare one text of a source, in all versions that the source gives of it."""
    entry = watched_texts.get(source, site)
    if entry is None:
        return
    texts = entry.run(lambda item: list(item.texts(site=site, keys=[key])), None)
    if texts is None:
        return
    library = Library()
    for text in texts:
        check_text(source=source, site=site, text=text, library=library)
    versions = Q(key=key) | Q(key__startswith=f"{key}:")
    gone = CheckedText.objects.filter(versions, site_id=site, source=source)
    gone.exclude(key__in=[text.key for text in texts]).delete()


def check_citing(*, document: int, site: int | None) -> None:
    """Compare every text of a site that cites a document: its words have changed."""
    library = Library()
    for entry in watched_texts.entries(site):
        texts: list[WatchedText] = entry.run(
            lambda item: list(item.texts(site=site, document=document)), []
        )
        for text in texts:
            check_text(source=entry.key, site=site, text=text, library=library)


def check_site(*, site: int | None) -> int:
    """Compare every text of a site, and forget those that are gone; how many there are."""
    library, count = Library(), 0
    for entry in watched_texts.entries(site):
        seen: list[str] = []

        def check_all(item: Any, key: str = entry.key, seen: list[str] = seen) -> bool:
            for text in item.texts(site=site):
                check_text(source=key, site=site, text=text, library=library)
                seen.append(text.key)
            return True

        # Where a source fails half-way nothing is known of what it did not give.
        if entry.run(check_all, False):
            gone = CheckedText.objects.filter(site_id=site, source=entry.key)
            gone.exclude(key__in=seen).delete()
        count += len(seen)
    return count


def nightly(site: int | None) -> None:
    """The scheduled job."""
    check_site(site=site)


@transaction.atomic
def accept(*, finding: Finding, user: Any, reason: str) -> Finding:
    """Let a difference stand, for the words as they are.

    Raises:
        NotAccepted: without the right to publish the text, without a reason, or when the
            difference is no longer open.
    """
    finding = Finding.objects.select_for_update().select_related("text").get(pk=finding.pk)
    if not may_accept(user, finding.text):
        raise NotAccepted(_("Only who may publish this text may accept a difference."))
    if not reason.strip():
        raise NotAccepted(_("Say why the figure may stand."))
    if finding.state != _State.OPEN:
        raise NotAccepted(_("This difference is no longer open."))
    finding.state, finding.reason = _State.ACCEPTED, reason.strip()[:300]
    finding.decided_by, finding.decided_at = user, timezone.now()
    finding.changed_at = finding.decided_at
    finding.save()
    return finding


def _refresh(known: CheckedText, text: WatchedText) -> None:
    known.title, known.edit_url = text.title[:255], text.edit_url
    known.checked_at = timezone.now()
    known.save(update_fields=["title", "edit_url", "checked_at"])


@transaction.atomic
def _keep(
    *, source: str, site: int | None, text: WatchedText, comparison: Comparison
) -> CheckedText:
    take_turn()
    now = timezone.now()
    parts = [[part.name, part.text] for part in text.parts] if comparison.differences else []
    checked, _created = CheckedText.objects.update_or_create(
        site_id=site,
        source=source,
        key=text.key,
        defaults={
            "title": text.title[:255],
            "edit_url": text.edit_url,
            "language": text.language,
            "page_id": text.page,
            "parts": parts,
            "digest": comparison.digest,
            "checked_at": now,
        },
    )
    before = list(checked.findings.all())
    for difference in comparison.differences:
        finding = _matching(before, difference)
        if finding is None:
            finding = Finding(text=checked, found_at=now, changed_at=now)
        else:
            before.remove(finding)
            changed = finding.digest != difference.digest
            if finding.state == _State.CORRECTED or (finding.state == _State.ACCEPTED and changed):
                finding.state, finding.changed_at = _State.OPEN, now
        _fill(finding, difference)
        finding.save()
    for gone in before:
        if gone.state != _State.CORRECTED:
            gone.state, gone.changed_at = _State.CORRECTED, now
            gone.save(update_fields=["state", "changed_at"])
    return checked


def _matching(findings: Iterable[Finding], difference: Difference) -> Finding | None:
    """The finding of before that this one is: the same figure in the same sentence, or part."""
    alike = [
        one
        for one in findings
        if (one.part, one.printed, one.statement)
        == (difference.part, difference.printed, difference.statement)
    ]
    same = [one for one in alike if one.sentence == difference.sentence]
    return next(iter(same or alike), None)


def _fill(finding: Finding, difference: Difference) -> None:
    clause = difference.clause
    finding.part, finding.printed = difference.part, difference.printed
    finding.start, finding.end = difference.start, difference.end
    finding.statement, finding.sentence = difference.statement, difference.sentence
    finding.digest, finding.is_missing = difference.digest, clause is None
    finding.policy_id = clause.document if clause else None
    finding.clause = clause.clause if clause else ""
    finding.clause_text = clause.text if clause else ""
    finding.clause_start, finding.clause_end = difference.clause_start, difference.clause_end
