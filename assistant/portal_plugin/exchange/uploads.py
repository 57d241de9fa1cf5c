"""Files that editors bring: checked at once, stored in the background after they confirmed."""

from functools import partial
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from assistant.portal_plugin.models import EntryImport
from assistant.portal_plugin.selectors.tasks import may_bring_into
from portal.plugin_api import Action, Batches, BatchObstacle, site_of_path, sites_allowing

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
LABELS = {
    Status.CREATED.value: gettext_lazy("newly made"),
    Status.UPDATED.value: gettext_lazy("changed"),
    Status.UNCHANGED.value: gettext_lazy("unchanged"),
    Status.WITHDRAWN.value: gettext_lazy("withdrawn"),
    Status.REFUSED.value: gettext_lazy("refused"),
}


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


def _enqueue(pk: int, language: str) -> None:
    from .tasks import store_import

    store_import.enqueue(pk, language)


def _store(batch: EntryImport, beat: Any) -> None:
    user = batch.started_by
    if batch.column is None:
        raise BatchObstacle(_("The column is gone. Bring the file into another one."))
    if user is None or not user.is_active or not may_bring_into(user, batch.column.specific):
        raise BatchObstacle(_("Who brought the file may not publish in this column any more."))
    try:
        with batch.file.open("rb") as stored:
            raw = read(stored.read(), batch.name)
    except FileNotFoundError as error:
        raise BatchObstacle(_("The upload is gone. Bring the file again.")) from error
    rows = [row_of(row) for row in raw.rows]
    outcome = store(rows, _options(batch, user), user=user, progress=beat)
    batch.outcome = _outcome(outcome, raw, batch.name, dry_run=False)
    batch.total = batch.done = len(outcome.steps)
    storage, name = batch.file.storage, str(batch.file.name)
    batch.file = ""
    batch.save(update_fields=["outcome", "total", "done", "file"])
    transaction.on_commit(partial(storage.delete, name))


ENTRY_FILES = Batches(EntryImport, _enqueue, _store)


def forget(*, batch: EntryImport) -> None:
    """Delete the record of an import with its upload; entries stay.

    Raises:
        NotNow: it is running.
    """
    storage, name = batch.file.storage, str(batch.file.name or "")
    ENTRY_FILES.forget(batch)
    if name:
        transaction.on_commit(partial(storage.delete, name))
