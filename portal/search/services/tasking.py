"""Queries that many people were not served by become tasks, and end when they are served."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.plugin_api import take_turn
from portal.search.engine.contract import EngineUnavailable
from portal.search.models import SearchTask
from portal.search.selectors.figures import (
    Period,
    QueryNumbers,
    hardly_opened,
    threshold,
    without_results,
)

from .contract import Search
from .searching import find

DAYS = 30
# So many tasks of a kind at a site at once: a list that nobody can finish is read by nobody.
MOST = 200
# What answers a query as it is meant. Some of its words somewhere, or something like it, do not.
SERVES = frozenset({"exact", "all_words", "synonyms", "corrected"})
_KIND, _STATE, _DONE = SearchTask.Kind, SearchTask.State, SearchTask.Done


def find_tasks(site: int, *, today: datetime.date | None = None) -> int:
    """Open tasks for the last 30 days of one site, bring their numbers up to date, close those
    that are done with; how many are new.

    What was closed comes back when as many people as make a task asked again since then, but for
    what is not ours.
    """
    today = today or timezone.localdate()
    period = Period(today - datetime.timedelta(days=DAYS - 1), today, [site])
    made = 0
    for kind, rows in (
        (_KIND.EMPTY, without_results(period, MOST, askers=threshold())),
        (_KIND.UNOPENED, hardly_opened(period, MOST, askers=threshold())),
    ):
        for row in rows:
            made += _follow(site, kind, row, today)
    close_found(site)
    return made


@transaction.atomic
def _follow(site: int, kind: str, row: QueryNumbers, today: datetime.date) -> bool:
    take_turn()
    searches = row.empty if kind == _KIND.EMPTY else row.searches
    task, is_new = SearchTask.objects.get_or_create(
        site_id=site,
        language=row.language,
        query=row.query,
        kind=kind,
        defaults={"text": row.text, "searches": searches, "askers": row.askers},
    )
    if is_new:
        return True
    if task.state == _STATE.CLOSED and not _is_back(task, today):
        return False
    if task.state == _STATE.CLOSED:
        task.state, task.done, task.closed_at, task.closed_by = _STATE.OPEN, "", None, None
        task.opened_at = timezone.now()
    task.searches, task.askers = searches, row.askers
    task.save()
    return False


def _is_back(task: SearchTask, today: datetime.date) -> bool:
    """Whether many asked in vain after a task was closed; the day of closing counts for before."""
    if task.done == _DONE.NOT_OURS or task.closed_at is None:
        return False
    first = timezone.localtime(task.closed_at).date() + datetime.timedelta(days=1)
    period = Period(first, today, [task.site_id])
    which = without_results if task.kind == _KIND.EMPTY else hardly_opened
    return any(
        (row.language, row.query) == (task.language, task.query)
        for row in which(period, MOST, askers=threshold())
    )


def close_found(site: int) -> int:
    """Close what was looked for in vain and is found now; how many. While the index cannot be
    asked, nothing is closed."""
    closed = 0
    tasks = SearchTask.objects.filter(site=site, kind=_KIND.EMPTY).exclude(state=_STATE.CLOSED)
    for task in tasks:
        search = Search(text=task.text, language=task.language, site=site)
        try:
            outcome = find(search)
        except EngineUnavailable:
            break
        if outcome.how == "titles_only":
            break
        if outcome.total and outcome.how in SERVES:
            task.state, task.closed_at = _STATE.CLOSED, timezone.now()
            task.done = task.done or _DONE.FOUND
            task.save(update_fields=["state", "closed_at", "done"])
            closed += 1
    return closed


def find_all_tasks(_site: int | None = None) -> int:
    """``find_tasks`` at every site; the nightly job."""
    sites = SearchTask._meta.get_field("site").related_model._default_manager
    return sum(find_tasks(pk) for pk in sites.values_list("pk", flat=True))


# --- what people do -------------------------------------------------------------------------------
@transaction.atomic
def open_task(*, site: int, kind: str, row: QueryNumbers) -> SearchTask:
    """A task by hand, below the number of people that makes one by itself."""
    task, _made = SearchTask.objects.get_or_create(
        site_id=site,
        language=row.language,
        query=row.query,
        kind=kind,
        defaults={
            "text": row.text,
            "searches": row.empty if kind == _KIND.EMPTY else row.searches,
            "askers": row.askers,
        },
    )
    return task


def take(*, task: SearchTask, by: Any) -> None:
    """Somebody works on it."""
    if task.state == _STATE.CLOSED:
        raise ValidationError(_("This task is closed."))
    task.owner, task.state = by, _STATE.TAKEN
    task.save(update_fields=["owner", "state"])


def hand_over(*, task: SearchTask, owner: Any) -> None:
    """Give it to somebody; None: to nobody."""
    task.owner = owner
    if task.state != _STATE.CLOSED:
        task.state = _STATE.TAKEN if owner is not None else _STATE.OPEN
    task.save(update_fields=["owner", "state"])


def close(*, task: SearchTask, done: str, note: str, by: Any) -> None:
    """End it and say what was done.

    Raises:
        ValidationError: nothing was said.
    """
    if done not in _DONE.values:
        raise ValidationError({"done": _("Say what was done about it.")})
    if done == _DONE.NOT_OURS and not note.strip():
        raise ValidationError({"note": _("Say whose matter it is, or why it is none.")})
    task.state, task.done, task.note = _STATE.CLOSED, done, note.strip()[:300]
    task.closed_at, task.closed_by = timezone.now(), by
    if task.owner_id is None:
        task.owner = by
    task.save()


def reopen(*, task: SearchTask) -> None:
    """Take the end back."""
    task.state = _STATE.TAKEN if task.owner_id else _STATE.OPEN
    task.closed_at, task.closed_by, task.done = None, None, ""
    task.save()
