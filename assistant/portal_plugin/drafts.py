"""Drafts of questions that other plugins have made from their clauses."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from wagtail.models import Page

from portal.plugin_api import QADraftsMade, QASource, site_of_path

from .forms import columns_for
from .models import QuestionPage
from .services.drafts import draft_from_clauses


class QuestionDrafts:
    """Entered as the capability ``qa_drafts``."""

    def draft(
        self, sources: Sequence[QASource], *, page: Page, site: int | None, user: Any
    ) -> QADraftsMade:
        column = column_for(user, site, page)
        if column is not None:
            draft_from_clauses(sources=sources, page=page, column=column, user=user)
        waiting = QuestionPage.objects.filter(Q(sources__target=page.pk), live=False).distinct()
        url = reverse("assistant_questions:index") + "?state=draft"
        return QADraftsMade(waiting.count(), url)


def column_for(user: Any, site: int | None, page: Page) -> Page | None:
    """Where an account's drafts go: beside other entries of the site, else beside the document.

    None where the account may write nowhere at the site.
    """
    own = [column for column in columns_for(user) if site_of_path(column.path) == site]
    used = set(
        QuestionPage.objects.filter(depth__gt=1).values_list("path", flat=True).order_by()[:2000]
    )
    with_entries = {path[:-4] for path in used}
    for column in own:
        if column.path in with_entries:
            return column
    beside = page.path[:-4]
    return next((column for column in own if column.path == beside), own[0] if own else None)
