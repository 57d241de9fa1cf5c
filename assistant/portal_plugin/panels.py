"""Panels of an entry's form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from assistant.portal_plugin.forms import language_name
from assistant.portal_plugin.models import QuestionPage
from portal.plugin_api import Publication, mark_text


@dataclass(frozen=True, slots=True)
class Language:
    """An entry of the same group in another language."""

    name: str
    title: str
    url: str
    is_public: bool
    is_stale: bool


class EntryStatePanel(Panel):
    """How an entry stands: in force or not and why, other languages, a source that changed.

    Nothing for an entry that is new.
    """

    def get_form_options(self) -> dict[str, Any]:
        return {"fields": ["confirm_source"]}

    class BoundPanel(Panel.BoundPanel):
        template_name = "assistant/admin/entry_state.html"
        instance: QuestionPage

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            original = page.translation_of
            row = (
                Publication.objects.filter(page=page.pk, closed=False).first()
                if page.live
                else None
            )
            context.update(
                entry=page,
                phrasings=len(page.phrasings or ()),
                mark=mark_text(row.standing_now()) if row is not None else "",
                publication=row,
                languages=languages_of(page),
                original=original,
                original_url=edit_url(original) if original is not None else "",
                is_stale=is_stale(page),
                confirm=self.form["confirm_source"],
            )
            return context


class GoldenMovesPanel(Panel):
    """Which golden questions would be answered otherwise: asked for, or when it is published."""

    def get_form_options(self) -> dict[str, Any]:
        return {"fields": ["moves_seen"]}

    class BoundPanel(Panel.BoundPanel):
        template_name = "assistant/admin/golden_panel.html"
        instance: QuestionPage

        def is_shown(self) -> bool:
            preview = self.form.moves_preview
            return bool(self.instance.pk or (preview is not None and preview.moves))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            preview = self.form.moves_preview
            field = self.form["moves_seen"]
            context.update(
                entry=self.instance,
                preview=preview,
                moves=preview.moves if preview is not None else (),
                field=field,
                is_seen=bool(preview) and self.form.data.get("moves_seen") == preview.fingerprint,
            )
            return context


def is_stale(page: QuestionPage) -> bool:
    """A translation that was made from other words than its source has now."""
    source = page.translation_of
    return source is not None and page.source_state not in ("", source.text_state)


def languages_of(page: QuestionPage) -> Sequence[Language]:
    """The other languages of an entry, drafts too. One query."""
    root = page.translation_of_id or page.pk
    others = QuestionPage.objects.filter(translation_of=root).exclude(pk=page.pk)
    state = (page.translation_of or page).text_state
    return [
        Language(
            language_name(other.language),
            other.title,
            edit_url(other),
            other.live,
            bool(other.source_state) and other.source_state != state,
        )
        for other in others.order_by("language")
    ]


def edit_url(page: QuestionPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
