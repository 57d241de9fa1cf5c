"""Opening repeal cases, keeping them true, and carrying out what is decided."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import get_active_log_context, log
from wagtail.models import Page, ReferenceIndex

from portal.plugin_api import (
    ActingDependantSource,
    Dependant,
    DependantAction,
    dependants,
    repoint,
    take_turn,
    touch_content,
)
from portal.policy_interpretation.models import (
    CascadeCase,
    CascadeItem,
    PolicyEffect,
    PolicyPage,
    PolicyRecord,
)
from portal.policy_interpretation.selectors.cascade import is_concerned, may_decide, may_end
from portal.policy_interpretation.validity import Validity, having

LOG_DECIDED = "policy.cascade"
_State = CascadeItem.State
_STATES = {
    DependantAction.UPDATE: _State.UPDATED,
    DependantAction.REPOINT: _State.UPDATED,
    DependantAction.MARK: _State.MARKED,
    DependantAction.WITHDRAW: _State.WITHDRAWN,
    DependantAction.KEEP: _State.KEPT,
}
# What may be done for many at once: nothing that changes or withdraws what others wrote.
SAFE_FOR_MANY = (DependantAction.MARK, DependantAction.KEEP)


# --- cases ----------------------------------------------------------------------------------------
@transaction.atomic
def follow(*, policy_pk: int) -> CascadeCase | None:
    """Open, refresh or close the case of a document, as its record demands. Safe to repeat.

    Translations have no case of their own: they are items of their document's.
    """
    record = PolicyRecord.objects.select_related("page").filter(page_id=policy_pk).first()
    if record is None or _is_translation(record.page):
        return None
    case = CascadeCase.objects.filter(policy_id=policy_pk).first()
    if not is_concerned(record):
        if case is not None and not case.closed:
            case.closed = True
            case.save(update_fields=["closed"])
            touch_content()
        return case
    if case is None:
        user = get_active_log_context().user
        case = CascadeCase.objects.create(
            policy_id=policy_pk,
            site_id=record.site_id,
            opened_by=user if user is not None and user.is_authenticated else None,
        )
    elif case.closed or case.site_id != record.site_id:
        case.closed, case.site_id = False, record.site_id
        case.save(update_fields=["closed", "site"])
        touch_content()
    refresh(case=case)
    return case


def _is_translation(page: PolicyPage) -> bool:
    older = PolicyPage.objects.filter(
        translation_key=page.translation_key, alias_of=None, pk__lt=page.pk
    )
    return page.alias_of_id is not None or older.exists()


@transaction.atomic
def refresh(*, case: CascadeCase) -> None:
    """Look again at what rests on the document.

    What is new, and what came back after it had been withdrawn, is open; what is gone counts as
    done. A source that fails leaves its items as they are.
    """
    found, silent = _gather(case)
    known = {item.key: item for item in case.items.select_related("page")}
    for key, (source, dependant) in found.items():
        item = known.pop(key, None)
        if item is None:
            item = CascadeItem(case=case, key=key)
        elif _came_back(item):
            item.state, item.reason, item.decided_by, item.decided_at = _State.OPEN, "", None, None
        if item.source not in silent:
            item.source = source
            _describe(item, dependant)
        item.save()
    for item in known.values():
        if item.state == _State.OPEN and item.source not in silent:
            gone = item.page is None or not item.page.live
            item.state = _State.WITHDRAWN if gone and item.page_id else _State.UPDATED
            item.reason, item.decided_at = _("It no longer rests on the document."), timezone.now()
            item.save()
    _note_progress(case)


def _came_back(item: CascadeItem) -> bool:
    """Withdrawn and public again, or gone by itself and there again."""
    by_itself = item.state == _State.UPDATED and item.decided_by_id is None
    return item.state == _State.WITHDRAWN or by_itself


def _describe(item: CascadeItem, dependant: Dependant) -> None:
    item.label, item.kind = dependant.label[:255], str(dependant.kind)[:80]
    item.place = " · ".join(part for part in (dependant.unit, dependant.place) if part)[:300]
    item.site_id, item.page_id = dependant.site, dependant.page
    item.url, item.edit_url = dependant.url[:500], dependant.edit_url[:500]
    item.actions = [str(action) for action in dependant.actions]


def _gather(case: CascadeCase) -> tuple[dict[str, tuple[str, Dependant]], set[str]]:
    """({key: (source, dependant)}, sources that failed).

    A thing that several sources know is an item of the plugin's, which knows more of it than the
    portal's own sources. What ends or amends the document does not rest on it.
    """
    chosen: dict[str, tuple[str, Dependant]] = {}
    silent: set[str] = set()
    for entry in dependants.entries(case.site_id):
        rows = entry.run(
            lambda source: list(source.dependants(item=f"page:{case.policy_id}")), None
        )
        if rows is None:
            silent.add(entry.key)
            continue
        for dependant in rows:
            before = chosen.get(dependant.key)
            if before is None or before[0].startswith("portal."):
                chosen[dependant.key] = (entry.key, dependant)
    ending = PolicyEffect.objects.filter(policy=case.policy_id, undone_at=None, by__isnull=False)
    for pk in ending.values_list("by_id", flat=True):
        chosen.pop(f"page:{pk}", None)
    return chosen, silent


def _note_progress(case: CascadeCase) -> None:
    is_open = case.items.filter(state=_State.OPEN).exists()
    if is_open != (case.done_at is None):
        case.done_at = None if is_open else timezone.now()
        case.save(update_fields=["done_at"])


def follow_site(site: int | None) -> None:
    """Each night: cases of what ended without one, and new dependants of all the others."""
    records = PolicyRecord.objects.filter(site_id=site, page__live=True)
    lost = records.filter(having(Validity.EXPIRED, timezone.localdate()))
    lost = lost.filter(page__cascade_case__isnull=True)
    cases = CascadeCase.objects.filter(closed=False, site_id=site)
    for pk in [
        *lost.values_list("page_id", flat=True),
        *cases.values_list("policy_id", flat=True),
    ]:
        follow(policy_pk=pk)


def follow_changes(*, ended: Iterable[str], changed: Iterable[str]) -> None:
    """After events of the outbox, each a key such as ``page:17``; safe to repeat.

    Args:
        ended: pages whose validity changed.
        changed: pages that were published, withdrawn or deleted: they may be, or have been,
            something that rests on a document with a case.
    """
    pks = {int(key.partition(":")[2]) for key in ended}
    documents = PolicyPage.objects.filter(pk__in=pks, alias_of=None)
    waiting = set(documents.values_list("pk", flat=True))
    keys = set(changed)
    cases = CascadeCase.objects.filter(closed=False)
    waiting.update(cases.filter(items__key__in=keys).values_list("policy_id", flat=True))
    waiting.update(_policies_referred_to(keys, cases))
    for pk in sorted(waiting):
        follow(policy_pk=pk)


def _policies_referred_to(keys: set[str], cases: QuerySet[CascadeCase]) -> set[int]:
    """The documents with a case that some pages now refer to.

    Wagtail brings its index up to date in a background task, which may come after this event.
    """
    if not keys or not cases.exists():
        return set()
    pages = Page.objects.filter(pk__in=[key.partition(":")[2] for key in keys], live=True)
    for page in pages.specific():
        ReferenceIndex.create_or_update_for_object(page)
    page_type = ContentType.objects.get_for_model(Page)
    referred = ReferenceIndex.objects.filter(
        base_content_type=page_type,
        object_id__in=[str(page.pk) for page in pages],
        to_content_type=page_type,
    ).values_list("to_object_id", flat=True)
    pks = {int(pk) for pk in referred}
    return set(cases.filter(policy__in=pks).values_list("policy_id", flat=True))


# --- decisions ------------------------------------------------------------------------------------
@transaction.atomic
def decide(*, item: CascadeItem, action: DependantAction, reason: str = "", user: Any) -> None:
    """Carry out what was decided about one item, and record it.

    Raises:
        PermissionDenied: not with the rights of ``user``.
        ValidationError: says what is missing or in the way. Nothing has changed then.
    """
    take_turn()
    item = CascadeItem.objects.select_related("case__policy", "page").get(pk=item.pk)
    case = item.case
    if not (may_decide(user, item) or (action == DependantAction.KEEP and _owns(user, case))):
        raise PermissionDenied
    if action == DependantAction.KEEP and not reason.strip():
        raise ValidationError({"reason": _("Say why it may stay as it is.")})
    if action != DependantAction.KEEP and str(action) not in item.actions:
        raise ValidationError(_("This cannot be done with it."))
    _carry_out(item, case, action, user)
    item.state, item.reason = _STATES[action], reason.strip()[:300]
    item.decided_by, item.decided_at = user, timezone.now()
    item.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    if item.page is not None:
        data = {"action": str(action), "policy": case.policy.title, "reason": item.reason}
        log(instance=item.page, action=LOG_DECIDED, user=user, data=data)
    touch_content()  # notices on pages, and kept sections around them
    _note_progress(case)


def _owns(user: Any, case: CascadeCase) -> bool:
    return may_end(user, case.policy)


def _carry_out(item: CascadeItem, case: CascadeCase, action: DependantAction, user: Any) -> None:
    if action in (DependantAction.KEEP, DependantAction.UPDATE):
        return
    new = successor(case)
    if action == DependantAction.REPOINT and new is None:
        raise ValidationError(_("No public document has replaced this one."))
    if item.page is None:
        _let_source_act(item, case, action, new, user)
        return
    page = item.page.specific
    if action == DependantAction.WITHDRAW:
        if not page.live:
            raise ValidationError(_("It is not public any more."))
        UnpublishPageAction(page, user=user).execute()
    elif action == DependantAction.REPOINT and new is not None:
        repoint(page, old=case.policy_id, new=new.pk, user=user)


def _let_source_act(
    item: CascadeItem,
    case: CascadeCase,
    action: DependantAction,
    new: PolicyPage | None,
    user: Any,
) -> None:
    entry = dependants.get(item.source, case.site_id)
    if entry is None or not isinstance(entry.item, ActingDependantSource):
        raise ValidationError(_("This cannot be done from here. Open it and change it there."))
    entry.item.act(
        key=item.key,
        action=action,
        item=f"page:{case.policy_id}",
        replacement=f"page:{new.pk}" if new else "",
        user=user,
    )


def successor(case: CascadeCase) -> PolicyPage | None:
    """The public document in force that stands in the end of a chain of replacements, if any."""
    seen = {case.policy_id}
    record = PolicyRecord.objects.filter(page_id=case.policy_id).first()
    found: PolicyPage | None = None
    while record is not None and record.is_replaced and record.repealed_by_id not in seen:
        found = record.repealed_by
        if found is None:
            return None
        seen.add(found.pk)
        record = PolicyRecord.objects.filter(page_id=found.pk).first()
    return found if found is not None and found.live else None


def decide_many(
    *, items: Iterable[CascadeItem], action: DependantAction, reason: str = "", user: Any
) -> tuple[int, list[str]]:
    """The same for several items; (how many, why others were left out). One refusal stops none.

    Raises:
        ValidationError: for an action that is not safe for many.
    """
    if action not in SAFE_FOR_MANY:
        raise ValidationError(_("Do this one by one."))
    done, refused = 0, []
    for item in items:
        try:
            decide(item=item, action=action, reason=reason, user=user)
            done += 1
        except PermissionDenied:
            refused.append(f"{item.label}: {_('Others answer for it.')}")
        except ValidationError as error:
            refused.append(f"{item.label}: {'; '.join(error.messages)}")
    return done, refused
