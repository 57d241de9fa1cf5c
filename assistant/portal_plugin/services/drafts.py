"""Drafts that are begun for an editor: translations, and questions from clauses."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.models import Page

from assistant.portal_plugin.models import (
    Origin,
    QuestionPage,
    QuestionSource,
    SourceKind,
    Trust,
)
from assistant.portal_plugin.question_rules import question_from
from assistant.portal_plugin.texts import wording_key
from portal.plugin_api import (
    CapabilityUnavailable,
    QASource,
    capability,
    site_of_path,
    translator,
    unit_for,
)


@transaction.atomic
def begin_translation(
    *, source: QuestionPage, language: str, column: Page, user: Any
) -> QuestionPage:
    """A draft in another language that is tied to its source; the one that there is already.

    Where a plugin translates, the draft is a machine's and says so; else the source's words stand
    in it until somebody replaces them: the gate refuses them as a translation.

    Raises:
        PermissionDenied: the account may not write there.
        ValidationError: the language is the source's own.
    """
    original = source.translation_of or source
    if language == original.language:
        raise ValidationError(_("This is the language of the source."))
    known: QuestionPage | None = QuestionPage.objects.filter(
        translation_of=original, language=language
    ).first()
    if known is not None:
        return known
    parent = column.specific
    if not parent.permissions_for_user(user).can_add_subpage():
        raise PermissionDenied
    texts = [original.question, original.answer]
    translated = _by_machine(texts, original.language, language, parent)
    question, answer = translated or texts
    page = QuestionPage(
        language=language,
        question=question,
        answer=answer,
        title=question or original.title,
        topic=original.topic,
        audience=original.audience,
        owner_unit=original.owner_unit,
        valid_from=original.valid_from,
        valid_until=original.valid_until,
        translation_of=original,
        source_state=original.text_state,
        trust=Trust.MACHINE if translated else Trust.HUMAN,
        origin=Origin.EDITOR,
        live=False,
        owner=user,
    )
    parent.add_child(instance=page)
    page.save_revision(user=user, log_action="wagtail.create")
    return page


@transaction.atomic
def draft_from_clauses(
    *, sources: Sequence[QASource], page: Page, column: Page, user: Any
) -> list[QuestionPage]:
    """A draft for each clause that has no entry yet, with a question made by rules.

    The answer is the clause's text, to be put into plain words. Each stays tied to its clause; what
    names no clause (a service, an answered letter) is tied to the page, or to the clauses that the
    answer rests on, one for each question.
    """
    known = _drafted_from(page)
    parent = column.specific
    made = []
    for found in sources:
        question = found.question or question_from(found.text, title=page.title, label=found.label)
        mark = found.clause or wording_key(question)
        if mark in known:
            continue
        known.add(mark)
        draft = QuestionPage(
            question=question,
            title=question,
            answer=quoted(found, page.title),
            language=page.locale.language_code,
            owner_unit=getattr(page, "owner_unit", None) or unit_for(user, column.path),
            origin=Origin.PLUGIN,
            live=False,
            owner=user,
        )
        clauses = [found.clause] if found.clause else list(found.clauses)
        draft.sources = [
            QuestionSource(
                kind=SourceKind.POLICY if clauses else SourceKind.PAGE,
                target_id=page.pk,
                clauses=clauses,
                label="" if clauses else found.label,
                sort_order=0,
            )
        ]
        parent.add_child(instance=draft)
        draft.save_revision(user=user, log_action="wagtail.create")
        made.append(draft)
    return made


def _drafted_from(page: Page) -> set[str]:
    """The clauses of a page that have an entry, and the questions that rest on all of it."""
    rows = QuestionSource.objects.filter(target=page.pk)
    return {
        mark
        for clauses, question in rows.values_list("clauses", "page__question")
        for mark in (*clauses, wording_key(question))
    }


def quoted(source: QASource, title: str) -> str:
    """The clause's words as rich text, said to be a quotation."""
    lead = f"《{title}》{source.label}规定：" if source.clause else ""
    lines = [line for line in source.text.splitlines() if line.strip()]
    return "".join(f"<p>{escape(line.strip())}</p>" for line in [lead, *lines] if line)


def _by_machine(texts: list[str], source: str, target: str, parent: Page) -> list[str] | None:
    """The texts translated; None where nobody translates, or cannot now."""
    provider = capability(translator, site_of_path(parent.path))
    if provider is None:
        return None
    try:
        found = provider.translate(texts, source=source, target=target)
    except CapabilityUnavailable:
        return None  # the plugin's failure is logged; the draft begins without it
    return list(found) if len(found) == len(texts) else None
