"""What ends or changes documents: applied, undone, and summed up in their records.

Rules, each with a test:

- The earliest effect that ends the whole document decides; on one day a successor comes first.
- What a document repealed stays repealed when that document is itself repealed later. Only a
  repealing document that never took effect, since it ended on or before that day, repeals nothing.
- An effect that an editor entered stays whatever other documents become.
- Translations and aliases stand as the document does.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.plugin_api import follow_validity
from portal.policy_interpretation import clauses
from portal.policy_interpretation.models import (
    EffectKind,
    InterpretationPage,
    PolicyEffect,
    PolicyPage,
    PolicyRecord,
    PolicyRelation,
    RelationKind,
)

_DAY = datetime.timedelta(days=1)
_OF_RELATIONS = {
    RelationKind.REPEALS: EffectKind.REPEALED,
    RelationKind.REPLACES: EffectKind.REPLACED,
    RelationKind.AMENDS: EffectKind.AMENDED,
}
LOG_ENDED = "policy.ended"
LOG_UNDONE = "policy.undone"


# --- entered by editors ---------------------------------------------------------------------------
@transaction.atomic
def end_document(
    *,
    policy: PolicyPage,
    kind: EffectKind,
    since: datetime.date,
    by: PolicyPage | None = None,
    basis: str = "",
    chosen: Iterable[str] = (),
    along: Sequence[PolicyPage] = (),
    user: Any,
) -> PolicyEffect:
    """Record that a document, or some clauses of it, is no longer in force from a day on.

    Args:
        since: the first day in the new state; it may lie in the future.
        by: the document that says so; else ``basis`` tells what it rests on.
        chosen: ids of the clauses that end, with all below them; for ``PARTLY`` only.
        along: documents that fall with this one (what it forwarded, its attachments).

    Raises:
        ValidationError: when basis or clauses are missing. Nothing is stored then.
    """
    ids = clauses.with_all_below(policy.clauses(), chosen) if kind == EffectKind.PARTLY else []
    effect = _enter(policy, kind, since, by, basis, ids, user)
    for other in along:
        _enter(other, kind, since, by, basis, [], user, carrier=policy)
    settle(policy_pks=[policy.pk, *(other.pk for other in along)])
    return effect


def _enter(
    policy: PolicyPage,
    kind: EffectKind,
    since: datetime.date,
    by: PolicyPage | None,
    basis: str,
    ids: list[str],
    user: Any,
    carrier: PolicyPage | None = None,
) -> PolicyEffect:
    effect = PolicyEffect(
        policy=policy,
        kind=kind,
        since=since,
        by=by,
        basis=(basis.strip() or (by.title if by else ""))[:300],
        clauses=ids,
        carrier=carrier,
        entered_by=user,
    )
    effect.clean()
    effect.save()
    data = {"kind": str(kind), "since": since.isoformat(), "basis": effect.basis}
    log(instance=policy, action=LOG_ENDED, user=user, data=data)
    return effect


@transaction.atomic
def undo_effect(*, effect: PolicyEffect, reason: str, user: Any) -> None:
    """Take an effect back, with those on documents that fell along; it stays in the record.

    One that follows from a relation stays undone when the other document is published again.

    Raises:
        ValidationError: without a reason, or when it was undone already.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is taken back.")})
    found = PolicyEffect.objects.select_for_update().filter(pk=effect.pk, undone_at=None)
    if not found.exists():
        raise ValidationError(_("This was taken back already."))
    along = PolicyEffect.objects.filter(
        carrier=effect.policy_id, kind=effect.kind, since=effect.since, undone_at=None
    )
    taken = [*found.select_related("policy"), *along.select_related("policy")]
    for row in taken:
        row.undone_at, row.undone_by, row.undone_reason = timezone.now(), user, reason[:300]
        row.save(update_fields=["undone_at", "undone_by", "undone_reason"])
        data = {"kind": row.kind, "since": row.since.isoformat(), "reason": reason[:300]}
        log(instance=row.policy, action=LOG_UNDONE, user=user, data=data)
    settle(policy_pks=[row.policy_id for row in taken])


# --- following from relations ---------------------------------------------------------------------
@transaction.atomic
def apply_relations(*, page: PolicyPage) -> None:
    """What a public document does to others by its relations.

    Withdrawing a relation takes its effect back, as far as it came from this document. A
    translation adds nothing to what its original does.
    """
    older = PolicyPage.objects.filter(
        translation_key=page.translation_key, pk__lt=page.pk, alias_of=None, live=True
    )
    wanted = {} if older.exists() else _wanted(page)
    touched: set[int] = set()
    for row in PolicyEffect.objects.filter(by=page, is_relation=True):
        values = wanted.pop((row.policy_id, row.kind), None)
        if values is None:
            row.delete()
            touched.add(row.policy_id)
        elif (row.since, row.basis, row.clauses) != values:
            row.since, row.basis, row.clauses = values
            row.save(update_fields=["since", "basis", "clauses"])
            touched.add(row.policy_id)
    for (target, kind), (since, basis, ids) in wanted.items():
        PolicyEffect.objects.create(
            policy_id=target, kind=kind, by=page, since=since, basis=basis, clauses=ids,
            is_relation=True,
        )  # fmt: skip
        touched.add(target)
    # Dates of its own may decide whether what it did to others ever held.
    touched.update(page.effects_on_others.values_list("policy_id", flat=True))
    settle(policy_pks=touched)


def _wanted(page: PolicyPage) -> dict[tuple[int, str], tuple[datetime.date, str, list[str]]]:
    found = {}
    for relation in page.relations.all():
        kind = _OF_RELATIONS.get(relation.kind)
        target = relation.target
        if kind is None or target is None:
            continue
        ids = list(relation.target_clauses) if kind != EffectKind.AMENDED else []
        if ids:
            kind = EffectKind.PARTLY
        values = (_since(relation, page, kind), page.title[:300], ids)
        found[target.alias_of_id or target.pk, str(kind)] = values
    return found


def _since(relation: PolicyRelation, page: PolicyPage, kind: str) -> datetime.date:
    day = relation.since or page.effective_on or page.issued_on
    if day is not None:
        return day
    known = page.effects_on_others.filter(policy=relation.target_id, kind=kind, is_relation=True)
    return known.values_list("since", flat=True).first() or timezone.localdate()


# --- summing up -----------------------------------------------------------------------------------
@transaction.atomic
def settle(*, policy_pks: Iterable[int]) -> set[int]:
    """Bring records in line with their effects, and all that follows from a record's change.

    Returns the documents whose validity changed: of those given, of their translations, and of
    those that they had ended.
    """
    waiting = list(dict.fromkeys(policy_pks))
    changed: set[int] = set()
    while waiting:
        pk = waiting.pop(0)
        for record in _of_all_languages(pk):
            fields = sum_up(record=record, page=record.page)
            if not fields:
                continue
            _tell(record, text_too="ended_clauses" in fields)
            if record.pk not in changed:
                changed.add(record.pk)
                waiting += PolicyEffect.objects.filter(
                    by_id=record.pk, is_relation=True
                ).values_list("policy_id", flat=True)
    return changed


def _of_all_languages(policy_pk: int) -> QuerySet[PolicyRecord]:
    keys = PolicyPage.objects.filter(pk=policy_pk).values("translation_key")
    return PolicyRecord.objects.select_related("page").filter(page__translation_key__in=keys)


def sum_up(*, record: PolicyRecord, page: PolicyPage) -> set[str]:
    """Write into a record what page and effects say together; the names of what changed."""
    group = PolicyPage.objects.filter(translation_key=page.translation_key, alias_of=None)
    rows = PolicyEffect.objects.filter(policy__in=group, undone_at=None)
    standing = [row for row in rows.select_related("by__policy_record") if not _is_void(row)]
    values = _values(page, standing)
    changed = {name for name, value in values.items() if getattr(record, name) != value}
    for name in changed:
        setattr(record, name, values[name])
    if changed:
        record.save(update_fields=changed)
    return changed


def _is_void(effect: PolicyEffect) -> bool:
    """Whether the document that says so never took effect."""
    record = getattr(effect.by, "policy_record", None) if effect.is_relation else None
    return (
        record is not None and record.repealed_on is not None and record.repealed_on <= effect.since
    )


def _values(page: PolicyPage, standing: Sequence[PolicyEffect]) -> dict[str, Any]:
    def of(*kinds: str) -> list[PolicyEffect]:
        return [effect for effect in standing if effect.kind in kinds]

    repeals = of(EffectKind.REPEALED, EffectKind.REPLACED)
    repeal = min(
        repeals,
        key=lambda row: (row.since, row.kind != EffectKind.REPLACED, row.pk),
        default=None,
    )
    expiry = min(of(EffectKind.EXPIRED), key=lambda row: (row.since, row.pk), default=None)
    early = expiry.since - _DAY if expiry else None
    ended: dict[str, str] = {}
    for row in sorted(of(EffectKind.PARTLY), key=lambda row: row.since, reverse=True):
        ended |= dict.fromkeys(row.clauses, row.since.isoformat())
    amendments = [amendment.effective_on for amendment in page.amendments.all()]
    amended = [*amendments, *(row.since for row in of(EffectKind.AMENDED))]
    body = clauses.with_ends(clauses.from_body(page.body.raw_data), ended)
    parts = [clause.invalid_from for clause in body if clause.invalid_from]
    return {
        "early_end": early,
        "valid_through": _earliest(page.valid_through, early),
        "repealed_on": repeal.since if repeal else None,
        "repealed_by_id": repeal.by_id if repeal else None,
        "repeal_basis": said.basis if (said := repeal or expiry) else "",
        "is_replaced": repeal is not None and repeal.kind == EffectKind.REPLACED,
        "amended_on": min(amended, default=None),
        "text_since": max(amendments, default=None),
        "partly_invalid_on": min(parts, default=None),
        "ended_clauses": ended,
    }


def _earliest(*days: datetime.date | None) -> datetime.date | None:
    return min((day for day in days if day is not None), default=None)


def _tell(record: PolicyRecord, *, text_too: bool) -> None:
    """Publication, lists and outbox; the text as it is kept; what explains the document."""
    from portal.policy_interpretation.services import documents

    page = record.page
    page.policy_record = record
    if page.live and text_too:
        documents.record_version(page=page)
    follow_validity(page)
    for translation in page.get_translations().filter(alias_of=None, live=True):
        follow_validity(translation)  # has no record of its own
    tell_dependants(policy_pk=page.pk)


def tell_dependants(*, policy_pk: int) -> None:
    """After a document's days changed: what explains it stands otherwise, and a case may open."""
    from portal.policy_interpretation.services import cascade

    aliases = PolicyPage.objects.filter(alias_of=policy_pk).values_list("pk", flat=True)
    products = InterpretationPage.objects.filter(
        interprets__policy__in=[policy_pk, *aliases], live=True
    )
    for product in products.distinct():
        follow_validity(product)
    cascade.follow(policy_pk=policy_pk)
