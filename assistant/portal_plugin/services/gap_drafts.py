"""An entry that is begun for a gap: its question, how people ask it, and the nearest clauses."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Page

from assistant.portal_plugin.clause_lookup import clause_called
from assistant.portal_plugin.models import Gap, Origin, QuestionPage, QuestionSource, SourceKind
from assistant.portal_plugin.services.drafts import quoted
from assistant.portal_plugin.texts import wording_key
from portal.plugin_api import Passage, QASource, site_of_path

from . import gaps
from .gap_examining import clauses_near, page_of

MOST_PHRASINGS = 20
# Longer ones are letters, no phrasings.
LONGEST_PHRASING = 60


@transaction.atomic
def draft_for(*, gap: Gap, column: Page, user: Any) -> QuestionPage:
    """A draft below a column; the one that waits already, if there is one.

    The answer quotes the nearest official text, for an editor to put into plain words; where there
    is none, it is empty. Published, it closes the gap.

    Raises:
        PermissionDenied: the account may not write there, or changes no pages of the gap's site.
        NotDone: the gap is not open, or the column lies in another site.
    """
    if gap.draft is not None and not gap.draft.live:
        return gap.draft
    parent = column.specific
    if not parent.permissions_for_user(user).can_add_subpage():
        raise PermissionDenied
    gaps.must_be_of_site(gap, site_of_path(column.path))
    near = clauses_near(gap)
    page = QuestionPage(
        question=gap.title,
        title=gap.title[:120],
        phrasings=_phrasings(gap),
        answer="".join(quoted(_source_of(passage), passage.title) for passage in near),
        language=gap.language if gap.language != "zh-hant" else "zh-hans",
        topic=gap.topic,
        owner_unit=gap.owner_unit,
        origin=Origin.EDITOR,
        live=False,
        owner=user,
    )
    page.sources = _sources(near)
    parent.add_child(instance=page)
    page.save_revision(user=user, log_action="wagtail.create")
    gaps.note_draft(gap=gap, draft=page, user=user)
    return page


def _phrasings(gap: Gap) -> list[str]:
    """Other words for the same, in the language of the gap, each once, the newest first."""
    known = {wording_key(gap.title)}
    found = []
    rows = gap.questions.filter(language=gap.language).order_by("-at", "-pk")
    for text in rows.values_list("text", flat=True):
        key = wording_key(text)
        if key and key not in known and len(text) <= LONGEST_PHRASING:
            known.add(key)
            found.append(text)
    return found[:MOST_PHRASINGS]


def _source_of(passage: Passage) -> QASource:
    # ``quoted`` names the document where a clause is given.
    return QASource(passage.label, passage.label, passage.text, passage.url)


def _sources(near: Any) -> list[QuestionSource]:
    """What the passages stand in, each page once with all its clauses."""
    rows: dict[int, QuestionSource] = {}
    for passage in near:
        pk = page_of(passage)
        page = Page.objects.filter(pk=pk, live=True).first() if pk else None
        if page is None:
            continue
        clause = clause_called(page, passage.label)
        row = rows.setdefault(
            page.pk,
            QuestionSource(
                kind=SourceKind.POLICY if clause else SourceKind.PAGE,
                target=page,
                clauses=[],
                sort_order=len(rows),
            ),
        )
        if clause and clause not in row.clauses:
            row.clauses.append(clause)
    return list(rows.values())
