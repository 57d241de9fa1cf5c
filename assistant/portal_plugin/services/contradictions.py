"""One truth, many mouths: entries that answer nearly the same question, and what differs.

Only entries whose text changed since they were compared last are looked at, against all others.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

import numpy as np
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assistant.portal_plugin.likeness import Asked, alike, difference, is_worth_a_look
from assistant.portal_plugin.models import QuestionPage, TextVector
from assistant.portal_plugin.models.tasks import ComparedEntry, Contradiction
from assistant.portal_plugin.selectors.knowledge import current_entries
from assistant.portal_plugin.texts import plain_text
from assistant.retrieval.texts import QUESTION, clean, text_key
from portal.plugin_api import site_home, site_of_path, take_turn

from .public_changes import change_public

_STATE = Contradiction.State
_DECISION = Contradiction.Decision
# Whose vectors lie close together where questions mean the same (``likeness.SAME_MEANING``).
_MODEL = "multilingual-e5-small"


class NotSettled(Exception):
    """What was decided cannot be so; the message says why, to whoever decided."""


@dataclass(frozen=True, slots=True)
class _Text:
    """An entry as it is compared. ``site`` is the primary key of its site."""

    pk: int
    language: str
    question: str
    phrasings: Sequence[str]
    answer: str
    site: int
    group: int
    owner: int | None

    @property
    def digest(self) -> str:
        content = [self.language, self.question, sorted(self.phrasings), self.answer]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def compare_changed() -> int:
    """Compare what changed since the last time; the number of contradictions that opened.

    Cheap where nothing changed: two queries.
    """
    _close_vanished()
    if not _waiting().exists():
        return 0
    return _compare(all_anew=False)


def compare_all() -> int:
    """Compare every entry with every other one, as if nothing had been compared."""
    _close_vanished()
    return _compare(all_anew=True)


def _waiting() -> Any:
    """Entries that were published after they were compared."""
    compared = Q(compared__compared_at__gte=F("last_published_at"))
    return QuestionPage.objects.filter(live=True, alias_of__isnull=True).exclude(compared)


def _compare(*, all_anew: bool) -> int:
    texts = _texts()
    stored = dict(ComparedEntry.objects.values_list("page_id", "digest"))
    digests = {text.pk: text.digest for text in texts.values()}
    changed = [pk for pk in texts if all_anew or stored.get(pk) != digests[pk]]
    pairs = alike(_asked(list(texts.values()), changed), changed)
    opened = 0
    with transaction.atomic():
        take_turn()
        seen = set()
        for first, second, score in pairs:
            seen.add((first, second))
            opened += _note(texts[first], texts[second], score)
        _close_unlike(changed, seen)
        looked_at = changed if all_anew else [*changed, *_waiting().values_list("pk", flat=True)]
        _remember({pk: digests.get(pk, "") for pk in looked_at})
    return opened


def _texts() -> dict[int, _Text]:
    """Everything that is public and in force, with a question."""
    rows = current_entries().filter(alias_of__isnull=True).values_list(
        "pk", "language", "question", "phrasings", "answer", "path", "translation_of", "owner_unit"
    )  # fmt: skip
    return {
        pk: _Text(
            pk,
            language,
            question,
            tuple(phrasings or ()),
            plain_text(answer),
            site_of_path(path) or 0,
            source or pk,
            owner,
        )
        for pk, language, question, phrasings, answer, path, source, owner in rows.iterator(2000)
        if question.strip()
    }


def _asked(texts: Sequence[_Text], changed: Iterable[int]) -> list[Asked]:
    """Entries of one site are compared with each other, and with those of the main portal."""
    home = site_home(None, "zh-hans")
    main = home.site_pk if home is not None else None
    sites = {text.site for text in texts}
    areas = {site: frozenset(sites) if site == main else frozenset({site}) for site in sites}
    vectors = _vectors(texts)
    return [
        Asked(
            text.pk,
            text.language,
            (text.question, *text.phrasings),
            areas[text.site],
            text.owner,
            text.group,
            vectors.get(text.pk),
        )
        for text in texts
    ]


def _vectors(texts: Sequence[_Text]) -> dict[int, Any]:
    """The vectors of the main questions, as far as the index has made them already."""
    keys: dict[uuid.UUID, list[int]] = {}
    for text in texts:
        key = uuid.UUID(bytes=text_key(QUESTION, clean(text.question)))
        keys.setdefault(key, []).append(text.pk)
    found: dict[int, Any] = {}
    newest = (
        TextVector.objects.filter(model=_MODEL)
        .order_by("-pk")
        .values_list("version", flat=True)
        .first()
    )
    if newest is None:
        return found
    for batch in batched(keys, 500):
        rows = TextVector.objects.filter(model=_MODEL, version=newest, text__in=batch)
        for key, data in rows.values_list("text", "vector"):
            vector = np.frombuffer(bytes(data), dtype="<f2").astype(np.float32)
            found |= dict.fromkeys(keys[key], vector)
    return found


# --- writing --------------------------------------------------------------------------------------
def _note(first: _Text, second: _Text, score: float) -> bool:
    """Write what a pair is; whether there is something new to do about it."""
    kind = difference(first.answer, second.answer, first.language)
    if not is_worth_a_look(score, kind):
        kind = ""
    row = Contradiction.objects.filter(first=first.pk, second=second.pk).first()
    if not kind:
        if row is not None and row.state == _STATE.OPEN:
            row.state = _STATE.GONE
            row.save(update_fields=["state"])
        return False
    digests = (first.digest, second.digest)
    if row is None:
        Contradiction.objects.create(
            first_id=first.pk,
            second_id=second.pk,
            kind=kind,
            similarity=score,
            first_digest=digests[0],
            second_digest=digests[1],
        )
        return True
    if (row.first_digest, row.second_digest) == digests and row.state != _STATE.GONE:
        return False
    reopens = row.state != _STATE.OPEN
    row.kind, row.similarity, row.state = kind, score, _STATE.OPEN
    row.first_digest, row.second_digest = digests
    if reopens:
        row.reopened_at = timezone.now()
    row.save()
    return reopens


def _close_unlike(changed: Iterable[int], seen: set[tuple[int, int]]) -> None:
    """Pairs of changed entries that are not alike any more."""
    for batch in batched(changed, 500):
        rows = Contradiction.objects.filter(
            Q(first__in=batch) | Q(second__in=batch), state=_STATE.OPEN
        )
        gone = [
            pk
            for pk, first, second in rows.values_list("pk", "first_id", "second_id")
            if (first, second) not in seen
        ]
        Contradiction.objects.filter(pk__in=gone).update(state=_STATE.GONE)


def _close_vanished() -> int:
    """Open pairs of which one is public and in force no longer."""
    open_rows = Contradiction.objects.filter(state=_STATE.OPEN)
    pairs = list(open_rows.values_list("pk", "first_id", "second_id"))
    if not pairs:
        return 0
    pks = {pk for _pk, *both in pairs for pk in both}
    there: set[int] = set()
    for batch in batched(pks, 500):
        there |= set(current_entries().filter(pk__in=batch).values_list("pk", flat=True))
    gone = [pk for pk, *both in pairs if not there.issuperset(both)]
    return Contradiction.objects.filter(pk__in=gone).update(state=_STATE.GONE)


def _remember(digests: Mapping[int, str]) -> None:
    now = timezone.now()
    for batch in batched(digests.items(), 1000):
        ComparedEntry.objects.bulk_create(
            [ComparedEntry(page_id=pk, digest=digest, compared_at=now) for pk, digest in batch],
            update_conflicts=True,
            unique_fields=["page"],
            update_fields=["digest", "compared_at"],
        )


# --- deciding -------------------------------------------------------------------------------------
@transaction.atomic
def settle(
    *,
    pk: int,
    decision: str,
    user: Any,
    reason: str = "",
    winner: int | None = None,
) -> Contradiction:
    """Close a contradiction.

    Args:
        decision: ``agreed`` (both say the same now: it is looked at again), ``both`` (with a
            reason), ``replaced``: ``winner`` is the entry that stays, the other one ends with it.

    Raises:
        PermissionDenied: the account may change neither entry, or may not publish what would end.
        NotSettled: a reason is missing, they still differ, or it is settled already.
    """
    take_turn()
    row = Contradiction.objects.select_related("first", "second").get(pk=pk)
    both = (row.first, row.second)
    if not any(page.permissions_for_user(user).can_edit() for page in both):
        raise PermissionDenied
    if row.state != _STATE.OPEN:
        raise NotSettled(_("Somebody has settled this meanwhile."))
    match decision:
        case _DECISION.AGREED:
            one, other = (plain_text(page.answer) for page in both)
            if difference(one, other, row.first.language) not in ("", "same"):
                raise NotSettled(
                    _("The public answers still differ. Change one of them and publish it first.")
                )
        case _DECISION.BOTH:
            if len(reason.strip()) < 4:
                raise NotSettled(_("Say why both are right: the next editor will ask."))
        case _DECISION.REPLACED:
            _replace(both, winner, user)
        case _:
            raise NotSettled(_("Choose what is to be done."))
    row.state, row.decision, row.reason = _STATE.SETTLED, decision, reason.strip()[:300]
    row.decided_by, row.decided_at = user, timezone.now()
    row.save()
    return row


def _replace(both: tuple[QuestionPage, QuestionPage], winner: int | None, user: Any) -> None:
    kept = next((page for page in both if page.pk == winner), None)
    ends = next((page for page in both if page.pk != winner), None)
    if kept is None or ends is None:
        raise NotSettled(_("Choose the entry that stays."))
    if not ends.permissions_for_user(user).can_publish():
        raise PermissionDenied
    change_public(page=ends, change=lambda page: setattr(page, "superseded_by", kept), user=user)
