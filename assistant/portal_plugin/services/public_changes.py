"""A small change of what is public of an entry, which leaves a draft that waits beside it."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from assistant.portal_plugin.models import QuestionPage
from portal.plugin_api import Basis, releasing_as, take_turn


@transaction.atomic
def change_public(
    *, page: QuestionPage, change: Callable[[QuestionPage], object], user: Any
) -> None:
    """Apply ``change`` to an entry and publish it; a draft gets the same and stays a draft.

    An entry that is not public gets it in its draft alone. Rights are the caller's question.
    """
    take_turn()
    stored = QuestionPage.objects.select_for_update().get(pk=page.pk)
    waits = stored.has_unpublished_changes or not stored.live
    draft = stored.get_latest_revision_as_object() if waits else None
    if stored.live:
        change(stored)
        revision = stored.save_revision(user=user, log_action=True)
        # Words that find the answer, or a moved source; the answer itself is as it was reviewed.
        with releasing_as(Basis.CONSEQUENCE, f"page:{page.pk}"):
            revision.publish(user=user, skip_permission_checks=True)
    if draft is not None:
        change(draft)
        draft.save_revision(user=user, log_action=True)
