"""Files that editors bring: checked at once, stored in the background once they confirmed."""

from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import Batches, BatchObstacle, site_of_path
from portal.services.models import GuideImport
from portal.services.permissions import may_bring_into

from .reading import LARGEST, FileRefused, read
from .storing import Importer, report

# More would keep the editor waiting; the command takes any number.
MOST_ROWS = 2_000


def bring(*, upload: Any, column: Page, user: Any) -> GuideImport:
    """Keep a file and say what it would do; nothing else is changed.

    ``upload`` is Django's uploaded file. Whether the account may is asked by ``may_bring_into``.

    Raises:
        FileRefused: it cannot be read, or is too large for a screen.
    """
    if (upload.size or 0) > LARGEST:
        raise FileRefused(_("The file is too large. Cut it in parts."))
    name = PurePath(upload.name or "").name[-255:]
    data = upload.read()
    rows = read(data, name)
    if not rows:
        raise FileRefused(_("The file has no guides."))
    if len(rows) > MOST_ROWS:
        raise FileRefused(
            _("The file has more than %(count)d rows. Cut it in parts.") % {"count": MOST_ROWS}
        )
    site = site_of_path(column.path)
    if site is None:
        raise ValueError(f"{column} lies in no site.")
    outcome = Importer(column, user=user).run(rows, dry_run=True)
    return GuideImport.objects.create(
        site_id=site,
        column_id=column.pk,
        name=name,
        data=data,
        total=len(rows),
        outcome=report(outcome, file=name, dry_run=True),
        started_by=user,
    )


def _enqueue(pk: int, language: str) -> None:
    from .tasks import store_guides

    store_guides.enqueue(pk, language)


def _store(batch: GuideImport, beat: Any) -> None:
    user = batch.started_by
    if batch.column is None:
        raise BatchObstacle(_("The column is gone. Bring the file into another one."))
    column = batch.column.specific
    if user is None or not may_bring_into(user, column):
        raise BatchObstacle(_("Who brought the file may not write in this column any more."))
    rows = read(bytes(batch.data), batch.name)
    outcome = Importer(column, user=user).run(rows, dry_run=False, progress=beat)
    batch.outcome = report(outcome, file=batch.name, dry_run=False)
    batch.done, batch.data = len(rows), b""
    batch.save(update_fields=["outcome", "done", "data"])


GUIDE_FILES = Batches(GuideImport, _enqueue, _store)
