"""Files that editors bring in: they wait in a batch and are read in the background.

Nothing is held in a process. A file is claimed by changing its row, so that two workers never read
the same one; a batch that stands still, because its worker died, is simply gone on with.
"""

import datetime
import hashlib
import time
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import site_of_path
from portal.policy_interpretation.models import ImportBatch, ImportItem, PolicyPage
from portal.policy_interpretation.selectors.imports import may_bring_into
from portal.text.official.files import take_bytes
from portal.text.official.model import Finding
from portal.text.official.reading import DocumentFileError, Limits

from .sentences import refused, told
from .services import Importer, finish
from .tasks import read_after_commit

LARGEST_FILE = Limits().file_size
MOST_FILES = 500
# A file that was begun so often and never ended takes its worker with it: it is refused.
MOST_ATTEMPTS = 2
# Longer than any file takes (``Limits`` gives reading and converting some two minutes each).
STILL_AFTER = datetime.timedelta(minutes=6)
_STATUS = ImportItem.Status
_STATE = ImportBatch.State


class NotTaken(Exception):
    """A sentence for the person who brings files."""


# --- putting in -----------------------------------------------------------------------------------
def open_batch(*, column: Page, user: Any, target: PolicyPage | None = None) -> ImportBatch:
    """An empty batch. Whether the account may is asked by ``may_bring_into``."""
    return ImportBatch.objects.create(
        site_id=site_of_path(column.path),
        column_id=column.pk,
        started_by=user,
        target=target,
        beat_at=timezone.now(),
    )


def add_file(*, batch: ImportBatch, upload: UploadedFile) -> ImportItem:
    """Store one file for reading.

    Raises:
        NotTaken: the batch is full or closed.
    """
    if batch.state == _STATE.CANCELLED:
        raise NotTaken(_("This import was stopped. Begin another."))
    if batch.items.count() >= MOST_FILES:
        raise NotTaken(_("At most %(count)d files in one import.") % {"count": MOST_FILES})
    name = PurePath(upload.name or "").name[-255:] or _("without a name")
    if (upload.size or 0) > LARGEST_FILE:
        sentence = refused(DocumentFileError("too_large", limit=LARGEST_FILE))
        return Importer(batch, batch.column).refuse(name, sentence, "too_large", digest="")
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    item = ImportItem(batch=batch, name=name, digest=digest.hexdigest())
    # Never the name that came: it would be a path on our disk.
    item.file.save(f"{item.digest[:20]}{PurePath(name).suffix[:10].lower()}", upload, save=False)
    item.save()
    ImportBatch.objects.filter(pk=batch.pk).update(
        beat_at=timezone.now(), state=_STATE.RUNNING, finished_at=None
    )
    return item


def limits_told() -> str:
    return _("Up to %(count)d files, each up to %(size)s.") % {
        "count": MOST_FILES,
        "size": filesizeformat(LARGEST_FILE),
    }


# --- reading --------------------------------------------------------------------------------------
def work(*, batch_pk: int, seconds: float) -> bool:
    """Read what waits, for about so long; whether there is more."""
    batch = (
        ImportBatch.objects.select_related("site", "column", "started_by", "target")
        .filter(pk=batch_pk, state=_STATE.RUNNING)
        .first()
    )
    if batch is None:
        return False
    release_interrupted(batch=batch)
    until = time.monotonic() + seconds
    reader: _Reader | None = None
    while time.monotonic() < until:
        if not _goes_on(batch):
            return False
        item = _claim(batch)
        if item is None:
            _finish_if_done(batch)
            return False
        reader = reader or _Reader(batch)
        reader.read(item)
    return True


def _goes_on(batch: ImportBatch) -> bool:
    """Note that the work moves; whether nobody stopped it."""
    running = ImportBatch.objects.filter(pk=batch.pk, state=_STATE.RUNNING)
    return bool(running.update(beat_at=timezone.now()))


def _claim(batch: ImportBatch) -> ImportItem | None:
    while True:
        pk = batch.items.filter(status=_STATUS.QUEUED).values_list("pk", flat=True).first()
        if pk is None:
            return None
        mine = ImportItem.objects.filter(pk=pk, status=_STATUS.QUEUED).update(
            status=_STATUS.READING, attempts=F("attempts") + 1, updated_at=timezone.now()
        )
        if mine:
            return ImportItem.objects.get(pk=pk)


class _Reader:
    """Reads files of one batch. What holds for all of them is asked once."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.importer = Importer(batch, batch.column, user=batch.started_by)
        self.obstacle = self._obstacle()

    def _obstacle(self) -> str:
        """Rights may have changed, and columns gone, since the files were brought."""
        column, user = self.batch.column, self.batch.started_by
        if column is None:
            return _("The column is gone. Bring the file into another one.")
        if user is None or not user.is_active or not may_bring_into(user, column.specific):
            return _("Who brought the file may not write in this column any more.")
        return ""

    def read(self, item: ImportItem) -> None:
        if self.obstacle:
            self._refuse(item, self.obstacle, "not_allowed")
            return
        earlier = [] if self.batch.target_id else self.importer.earlier(item.digest)
        if earlier:
            _is_there(item, earlier[0])
            return
        try:
            with item.file.open("rb") as stored:
                data = stored.read()
        except FileNotFoundError:
            self._refuse(item, _("The upload is gone. Bring the file again."), "broken")
            return
        taken = take_bytes(Path(item.name), data)
        with transaction.atomic():
            items = self.importer.store(taken, name=item.name, item=item, data=data)
            if items[0].page is not None and items[0].page.files.exists():
                _forget_upload(items[0])  # the document keeps the file now

    def _refuse(self, item: ImportItem, sentence: str, code: str) -> None:
        self.importer.refuse(item.name, sentence, code, digest=item.digest, item=item)


def _is_there(item: ImportItem, earlier: ImportItem) -> None:
    """The same bytes were brought in before: nothing is made twice."""
    finding = Finding("brought_in_before")
    item.status, item.page = _STATUS.IMPORTED, earlier.page
    item.source, item.removed, item.taken_over = earlier.source, earlier.removed, {}
    item.findings = [{"code": finding.code, "sentence": told(finding)}]
    item.report = earlier.report
    with transaction.atomic():
        _forget_upload(item)
        item.save()


def _forget_upload(item: ImportItem) -> None:
    if item.file:
        storage, name = item.file.storage, item.file.name
        item.file = ""
        item.save(update_fields=["file"])
        transaction.on_commit(partial(storage.delete, name))


def _finish_if_done(batch: ImportBatch) -> None:
    """Another worker may still be at a file; then that one finishes."""
    open_items = batch.items.filter(status__in=(_STATUS.QUEUED, _STATUS.READING))
    if not open_items.exists():
        finish(batch=batch)


def release_interrupted(*, batch: ImportBatch) -> int:
    """Files whose reading began long ago wait again; one that never ends is refused."""
    still = batch.items.filter(status=_STATUS.READING, updated_at__lt=timezone.now() - STILL_AFTER)
    importer = Importer(batch, batch.column)
    for item in still.filter(attempts__gte=MOST_ATTEMPTS):
        sentence = _("Reading it was begun %(count)d times and never ended.") % {
            "count": item.attempts
        }
        importer.refuse(item.name, sentence, "too_complex", digest=item.digest, item=item)
    return still.update(status=_STATUS.QUEUED)


# --- what people do about it ----------------------------------------------------------------------
def start(*, batch: ImportBatch) -> None:
    """Have the files read that wait; also after an interruption or a stop."""
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=_STATE.RUNNING, finished_at=None, beat_at=timezone.now()
    )
    read_after_commit(batch.pk)


def stop(*, batch: ImportBatch) -> None:
    """The file that is being read is finished; those that wait stay as they are."""
    running = ImportBatch.objects.filter(pk=batch.pk, state=_STATE.RUNNING)
    running.update(state=_STATE.CANCELLED, finished_at=timezone.now())


def go_on_with_interrupted(site_pk: int | None) -> int:
    """The scheduled job: batches that have stood still for long are gone on with."""
    still = ImportBatch.objects.filter(
        site_id=site_pk, state=_STATE.RUNNING, beat_at__lt=timezone.now() - STILL_AFTER
    )
    pks = list(still.values_list("pk", flat=True))
    for pk in pks:
        read_after_commit(pk)
    return len(pks)


@transaction.atomic
def read_again(*, item: ImportItem) -> None:
    """Put a refused file back into the queue.

    Raises:
        NotTaken: it was not refused, or the upload is gone.
    """
    if not item.file:
        raise NotTaken(_("The upload is gone. Bring the file again."))
    mine = ImportItem.objects.filter(pk=item.pk, status=_STATUS.REFUSED).update(
        status=_STATUS.QUEUED, attempts=0, findings=[], updated_at=timezone.now()
    )
    if not mine:
        raise NotTaken(_("Only refused files can be read again."))
    start(batch=item.batch)


def confirm_unflagged(*, batch: ImportBatch, user: Any) -> int:
    """Take what gave no reason for a look as checked; only what the account may change."""
    items = batch.items.filter(status=_STATUS.IMPORTED, page__isnull=False).select_related("page")
    mine = [item.pk for item in items if item.page.permissions_for_user(user).can_edit()]
    return ImportItem.objects.filter(pk__in=mine, status=_STATUS.IMPORTED).update(
        status=_STATUS.CONFIRMED, updated_at=timezone.now()
    )


@transaction.atomic
def forget(*, batch: ImportBatch) -> None:
    """Delete the record of an import with its uploads. The drafts stay.

    Raises:
        NotTaken: it is still running.
    """
    if batch.state == _STATE.RUNNING:
        raise NotTaken(_("Stop the import first."))
    for item in batch.items.exclude(file=""):
        transaction.on_commit(partial(item.file.storage.delete, item.file.name))
    batch.delete()


def stands_still(batch: ImportBatch) -> bool:
    """Whether a running import has not moved for so long that it was interrupted."""
    return (
        batch.state == _STATE.RUNNING
        and batch.beat_at is not None
        and batch.beat_at < timezone.now() - STILL_AFTER
    )
