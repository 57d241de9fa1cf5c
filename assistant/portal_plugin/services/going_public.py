"""The last step of what changes entries: into their reviews, or public where an operator works."""

from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assistant.portal_plugin.models import QuestionPage
from portal.plugin_api import hand_in, release_ground


class Went(StrEnum):
    PUBLIC = "public"
    IN_REVIEW = "in_review"
    NOWHERE = "nowhere"


def go_public(*, page: QuestionPage, user: Any) -> tuple[Went, str]:
    """Publish the newest version of an entry, or hand it in for review.

    People hand in; what an operator's command does is public at once, on record.

    Returns:
        What became of it, and for NOWHERE why: it stays a draft then.
    """
    direct = release_ground() is not None
    try:
        with transaction.atomic():
            if direct:
                revision = page.get_latest_revision() or page.save_revision(user=user)
                revision.publish(user=user, skip_permission_checks=True)
            else:
                if page.latest_revision_id is None:
                    page.save_revision(user=user)
                hand_in(page=QuestionPage.objects.get(pk=page.pk), user=user)
    except ValidationError as refusal:
        return Went.NOWHERE, " ".join(refusal.messages) or _("It was refused.")
    return (Went.PUBLIC if direct else Went.IN_REVIEW), ""
