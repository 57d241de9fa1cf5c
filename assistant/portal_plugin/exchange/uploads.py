"""Files that editors bring: checked at once, stored in the background after they confirmed."""

import datetime
from functools import partial
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.log_actions import LogContext, activate, deactivate
from wagtail.models import Page

from assistant.portal_plugin.models import EntryImport
from assistant.portal_plugin.selectors.tasks import may_bring_into
from portal.plugin_api import Action, site_of_path, sites_allowing

from .comparing import Options, Status
from .places import Places
from .reading import FileRefused, RawFile, read
from .reports import report
from .rows import row_of
from .storing import Outcome, check, store

# More would keep the editor waiting; the command takes any number.
MOST_ROWS = 20_000
LARGEST = 40 * 1024 * 1024
# Texts without vectors get them while the editor waits: some ten a second.
MOST_TO_MOVE = 60
STILL_AFTER = datetime.timedelta(minutes=3)
LABELS = {
    Status.CREATED.value: gettext_lazy("newly made"),
    Status.UPDATED.value: gettext_lazy("changed"),
    Status.UNCHANGED.value: gettext_lazy("unchanged"),
    Status.WITHDRAWN.value: gettext_lazy("withdrawn"),
    Status.REFUSED.value: gettext_lazy("refused"),
}
_STATE = EntryImport.State


class NotNow(Exception):
    """A sentence for the person who asked for it."""


def bring(
    *, upload: Any, column: Page, user: Any, replace: bool, create_topics: bool
) -> EntryImport:
    """Keep a file and say what it would do; nothing else is changed.

    ``upload`` is Django's uploaded file. Whether the account may is asked by ``may_bring_into``.

    Raises:
        FileRefused: it cannot be read, or is too large for a screen.
    """
    if (upload.size or 0) > LARGEST:
        raise FileRefused(_("The file is too large. Cut it in parts."))
    name = PurePath(upload.name or "").name[-255:]
    data = upload.read()
    raw = read(data, name)
    if len(raw.rows) > MOST_ROWS:
        raise FileRefused(
            _("The file has more than %(count)d rows. Cut it in parts.") % {"count": MOST_ROWS}
        )
    site = site_of_path(column.path)
    if site is None:
        raise ValueError(f"{column} lies in no site.")
    batch = EntryImport(
        site_id=site,
        column_id=column.pk,
        name=name,
        replace=replace,
        create_topics=create_topics,
        started_by=user,
    )
    rows = [row_of(row) for row in raw.rows]
    outcome = check(rows, _options(batch, user), most_to_move=MOST_TO_MOVE)
    batch.total = len(outcome.steps)
    batch.outcome = _outcome(outcome, raw, name, dry_run=True)
    upload.seek(0)
    # Never the name that came: it would be a path on our disk.
    batch.file.save(f"questions{PurePath(name).suffix[:6].lower()}", upload, save=False)
    batch.save()
    return batch


def _options(batch: EntryImport, user: Any) -> Options:
    """The sites at which the account publishes are those that rows may name."""
    places = Places(sites_allowing(user, Action.PAGE_PUBLISH))
    site = places.site_by_pk(batch.site_id)
    if batch.column is not None:
        places.column_at(site, batch.column.url_path.removeprefix(site.root_page.url_path))
    return Options(site, places, batch.replace, batch.create_topics)


def _outcome(outcome: Outcome, raw: RawFile, name: str, *, dry_run: bool) -> dict[str, Any]:
    return report(outcome, file=name, dry_run=dry_run) | {"ignored_columns": raw.ignored}


def start(*, batch: EntryImport) -> None:
    """Store the file in the background; also again after an interruption.

    Raises:
        NotNow: it runs already, or is done.
    """
    from .tasks import store_import

    rows = EntryImport.objects.filter(pk=batch.pk)
    startable = rows.filter(state__in=(_STATE.CHECKED, _STATE.FAILED))
    if stands_still(batch):
        startable = rows.filter(state=_STATE.RUNNING)
    if not startable.update(
        state=_STATE.RUNNING, done=0, failure="", beat_at=timezone.now(), finished_at=None
    ):
        raise NotNow(_("This file is being stored, or was stored already."))
    transaction.on_commit(partial(store_import.enqueue, batch.pk, get_language() or "zh-hans"))


def work(*, batch_pk: int, language: str) -> None:
    """Store a file that was confirmed. Ends with a state in any case."""
    batch = (
        EntryImport.objects.select_related("site", "column", "started_by")
        .filter(pk=batch_pk, state=_STATE.RUNNING)
        .first()
    )
    if batch is None:
        return
    with translation.override(language):
        try:
            obstacle = _obstacle(batch)
            if obstacle:
                _end(batch, _STATE.FAILED, failure=obstacle)
                return
            _store(batch)
        except FileNotFoundError:
            _end(batch, _STATE.FAILED, failure=_("The upload is gone. Bring the file again."))
        except Exception as error:
            _end(batch, _STATE.FAILED, failure=f"{type(error).__name__}: {error}"[:300])
            raise


def _obstacle(batch: EntryImport) -> str:
    user = batch.started_by
    if batch.column is None:
        return _("The column is gone. Bring the file into another one.")
    if user is None or not user.is_active or not may_bring_into(user, batch.column.specific):
        return _("Who brought the file may not publish in this column any more.")
    return ""


def _store(batch: EntryImport) -> None:
    user = batch.started_by
    with batch.file.open("rb") as stored:
        raw = read(stored.read(), batch.name)
    activate(LogContext(user=user))
    try:
        outcome = store(
            [row_of(row) for row in raw.rows],
            _options(batch, user),
            user=user,
            progress=partial(_beat, batch.pk),
        )
    finally:
        deactivate()
    batch.outcome = _outcome(outcome, raw, batch.name, dry_run=False)
    batch.total = batch.done = len(outcome.steps)
    batch.save(update_fields=["outcome", "total", "done"])
    _end(batch, _STATE.DONE)
    storage, name = batch.file.storage, str(batch.file.name)
    EntryImport.objects.filter(pk=batch.pk).update(file="")
    transaction.on_commit(partial(storage.delete, name))


def _beat(pk: int, done: int, wanted: int) -> None:
    EntryImport.objects.filter(pk=pk).update(done=done, total=wanted, beat_at=timezone.now())


def _end(batch: EntryImport, state: str, *, failure: str = "") -> None:
    EntryImport.objects.filter(pk=batch.pk).update(
        state=state, failure=failure, finished_at=timezone.now()
    )


def forget(*, batch: EntryImport) -> None:
    """Delete the record of an import with its upload; entries stay.

    Raises:
        NotNow: it is running.
    """
    if batch.state == _STATE.RUNNING and not stands_still(batch):
        raise NotNow(_("It is being stored; wait until that is done."))
    if batch.file:
        transaction.on_commit(partial(batch.file.storage.delete, str(batch.file.name)))
    batch.delete()


def stands_still(batch: EntryImport) -> bool:
    """Whether a running import has not moved for so long that it was interrupted."""
    return (
        batch.state == _STATE.RUNNING
        and batch.beat_at is not None
        and batch.beat_at < timezone.now() - STILL_AFTER
    )


def go_on_with_interrupted(site_pk: int | None) -> int:
    """The scheduled job: imports that stand still are gone on with. What is stored is unchanged."""
    from .tasks import store_import

    still = EntryImport.objects.filter(
        site_id=site_pk, state=_STATE.RUNNING, beat_at__lt=timezone.now() - STILL_AFTER
    )
    pks = list(still.values_list("pk", flat=True))
    still.filter(pk__in=pks).update(beat_at=timezone.now())
    for pk in pks:
        store_import.enqueue(pk, "zh-hans")
    return len(pks)
