"""Wagtail's command of this name, made safe for a portal: one refusal never stops the rest."""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from portal.core.models import RefusedPublication

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Publishes what is due and withdraws what has expired. Run each minute."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dryrun", action="store_true", help="Only say what would be done.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        expired = Page.objects.filter(live=True, expire_at__lt=now).order_by("expire_at")
        due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
        if options["dryrun"]:
            for page in expired:
                self.stdout.write(f"withdraw {page.pk} {page.title}")
            for revision in due:
                self.stdout.write(f"publish {revision.object_id} {revision.object_str}")
            return
        for page in expired:
            self._guard(page.pk, None, lambda p=page: _withdraw(p))
        for revision in due:
            self._guard(
                int(revision.object_id),
                revision,
                lambda r=revision: r.publish(log_action="wagtail.publish.scheduled"),
            )

    def _guard(self, page_pk: int, revision: Revision | None, work: Any) -> None:
        try:
            with transaction.atomic():
                work()
        except ValidationError as refusal:  # the gate's refusal is one, too
            reason = "; ".join(refusal.messages)
            with transaction.atomic():
                # Off the schedule, or it would be refused again each minute; the dashboard tells.
                if revision is not None:
                    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
                RefusedPublication.objects.create(
                    page_id=page_pk,
                    revision_id=revision.pk if revision else None,
                    reason=reason,
                )
            self.stderr.write(f"page {page_pk}: refused: {reason}")
        except Exception:
            logger.exception("The schedule could not handle page %s", page_pk)
            self.stderr.write(f"page {page_pk}: failed, see the log")


def _withdraw(page: Page) -> None:
    page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
