"""Translations in the admin: the report within the own sites, and buttons that ask once a list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button, ButtonWithDropdownFromHook
from wagtail.models import Locale, Page
from wagtail_localize import wagtail_hooks as localize_hooks
from wagtail_localize.models import Translation
from wagtail_localize.views.report import TranslationsReportView

from portal.core import structure
from portal.core.permissions import own_tree

MORE_BUTTONS = "register_page_listing_more_buttons"


class OwnTranslationsView(TranslationsReportView):
    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset().order_by("pk")
        wanted = own_tree(self.request.user)
        if wanted is None:
            return found
        keys = Page.objects.filter(wanted).values("translation_key")
        return found.filter(source__object_id__in=keys)


@dataclass(frozen=True, slots=True)
class TranslationState:
    """What the buttons of a page depend on: can it still be translated, is it a source."""

    has_target: bool
    source_pk: int | None


def translation_states(pages: Iterable[Page]) -> dict[int, TranslationState]:
    """Return the states of the pages of a list, by their number; three queries for any list."""
    pages = list(pages)
    keys = {page.translation_key for page in pages}
    locales = set(Locale.objects.values_list("pk", flat=True))
    translated: dict[Any, set[int]] = defaultdict(set)
    rows = Page.objects.filter(translation_key__in=keys, alias_of=None)
    for key, locale in rows.values_list("translation_key", "locale_id"):
        translated[key].add(locale)
    found = Translation.objects.filter(enabled=True, source__object_id__in=keys)
    sources: dict[tuple[Any, int], int] = {
        (key, locale): source
        for key, locale, source in found.values_list(
            "source__object_id", "source__locale_id", "source_id"
        )
    }
    return {
        page.pk: TranslationState(
            bool(locales - translated[page.translation_key]),
            sources.get((page.translation_key, page.locale_id)),
        )
        for page in pages
    }


def ask_once_a_list() -> None:
    """Take wagtail-localize's own buttons out of lists: they ask twice for each row.

    Wagtail has no way to withdraw a hook, so its table is changed. The same function goes on
    serving the header of a page.
    """
    registered = hooks._hooks[MORE_BUTTONS]
    registered[:] = [
        (function, order)
        for function, order in registered
        if function is not localize_hooks.page_listing_more_buttons
    ]


def ask_of_translations_only() -> None:
    """Have wagtail-localize look for its translation when a page in another language is edited.

    It asks for every page; Chinese ones, which are most, translate nothing.
    """
    registered = hooks._hooks["before_edit_page"]
    registered[:] = [
        (_in_other_languages if function is localize_hooks.before_edit_page else function, order)
        for function, order in registered
    ]


def _in_other_languages(request: HttpRequest, page: Page) -> HttpResponse | None:
    if structure.tree_language(page.path) == settings.LANGUAGE_CODE:
        return None
    found: HttpResponse | None = localize_hooks.before_edit_page(request, page)
    return found


def add_to_row(buttons: list[Button], page: Page, user: Any, context: Mapping[str, Any]) -> None:
    """Hook ``construct_page_listing_buttons``: what wagtail-localize would show, into the menu."""
    menu = next((item for item in buttons if isinstance(item, ButtonWithDropdownFromHook)), None)
    if menu is None or page.is_root() or not _may_translate(user):
        return
    state = _state_in_list(page, context)
    menu.dropdown_buttons.extend(_buttons(page, state, menu.next_url))
    menu.dropdown_buttons.sort()


def _may_translate(user: Any) -> bool:
    return bool(user.has_perm("wagtail_localize.submit_translation"))


def _state_in_list(page: Page, context: Mapping[str, Any]) -> TranslationState:
    """The page's state, asked for together with those of the whole list at its first row."""
    request = context["request"]
    states: dict[int, TranslationState] = getattr(request, "_translation_states", {})
    if page.pk not in states:
        table = context.get("table")
        rows = [row for row in table.data if isinstance(row, Page)] if table is not None else []
        states |= translation_states([page, *rows])
        request._translation_states = states
    return states[page.pk]


def _buttons(page: Page, state: TranslationState, next_url: str | None) -> Iterator[Button]:
    if state.has_target:
        yield Button(
            _("Translate this page"),
            reverse("wagtail_localize:submit_page_translation", args=[page.alias_of_id or page.pk]),
            priority=60,
            icon_name="wagtail-localize-language",
        )
    if state.source_pk is not None:
        url = reverse("wagtail_localize:update_translations", args=[state.source_pk])
        if next_url is not None:
            url += "?" + urlencode({"next": next_url})
        yield Button(_("Sync translated pages"), url, priority=60, icon_name="resubmit")
