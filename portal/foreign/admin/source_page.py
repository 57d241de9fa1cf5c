"""A Chinese page's translations, for its editors: states, and what a change leaves behind."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from portal.foreign.models import MinorChange, PageTranslation
from portal.foreign.selectors.consequences import (
    Consequence,
    consequences_of,
    pieces,
    translations_of,
)
from portal.foreign.selectors.core_content import core_rule
from portal.foreign.services.minor_changes import say_minor, undo_minor


class SourcePageView(WagtailAdminTemplateMixin, TemplateView):
    """Reads for whoever may edit the page; writes only "minor" and its undoing."""

    template_name = "foreign/admin/source_page.html"
    page_title = gettext_lazy("Foreign languages")
    header_icon = "globe"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.page = get_object_or_404(
            Page, pk=kwargs["pk"], locale__language_code=settings.LANGUAGE_CODE
        ).specific
        if not self.page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.page.get_admin_display_title())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        translations = translations_of(self.page)
        rule = core_rule(self.page)
        minor = MinorChange.objects.filter(source_id=self.page.pk).select_related("user")
        return super().get_context_data(
            **kwargs,
            page=self.page,
            edit_url=reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
            rule=rule,
            languages=[str(locale) for locale in rule.languages.all()] if rule else [],
            translations=translations,
            consequences=consequences_of(draft_of(self.page), translations),
            minor=[
                {"row": row, "pieces": pieces(row.old_text, row.new_text)}
                for row in minor.order_by("-at")
            ],
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "undo" in request.POST:
            minor = MinorChange.objects.filter(
                pk=_number(request.POST["undo"]), source_id=self.page.pk
            ).first()
            if minor is not None:
                undo_minor(minor=minor, user=request.user)
                messages.success(request, _("Taken back: the paragraph counts as changed again."))
            return HttpResponseRedirect(request.path)
        found = {
            one.key: one
            for one in consequences_of(draft_of(self.page), translations_of(self.page))
            if one.may_be_minor
        }
        wanted = [found[key] for key in request.POST.getlist("minor") if key in found]
        for one in wanted:
            say_minor(
                source=self.page, old_text=one.old_text, new_text=one.new_text, user=request.user
            )
        self._tell(request, wanted)
        return HttpResponseRedirect(request.path)

    def _tell(self, request: HttpRequest, wanted: list[Consequence]) -> None:
        if wanted:
            text = ngettext(
                "Recorded in your name: the meaning of %(count)d paragraph is unchanged.",
                "Recorded in your name: the meaning of %(count)d paragraphs is unchanged.",
                len(wanted),
            )
            messages.success(request, text % {"count": len(wanted)})
        else:
            messages.error(
                request,
                _("Nothing was recorded: choose a paragraph. If one was chosen, the page has been "
                  "changed meanwhile; look at the list again."),
            )  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def draft_of(page: Page) -> Page:
    """The newest draft of a page; what is public where there is none."""
    draft: Page = page.get_latest_revision_as_object() if page.latest_revision_id else page
    return draft


def tell_consequences(request: HttpRequest, page: Page) -> None:
    """After saving, submitting or publishing: say what falls behind, with the way to the list.

    One query for pages that were never translated.
    """
    if page.locale.language_code != settings.LANGUAGE_CODE:
        return
    if not PageTranslation.objects.filter(source_id=page.pk, released_at__isnull=False).exists():
        return
    found = consequences_of(draft_of(page.specific), translations_of(page))
    if not found:
        return
    languages = sorted({language for one in found for language in one.languages})
    text = ngettext(
        "%(count)d paragraph differs from its translations (%(languages)s).",
        "%(count)d paragraphs differ from their translations (%(languages)s).",
        len(found),
    ) % {"count": len(found), "languages": "、".join(languages)}
    url = reverse("foreign_source_page", args=[page.pk])
    link = _("Look at them, or say which changes leave the meaning as it is")
    messages.warning(request, format_html('{} <a href="{}">{}</a>', text, url, link))
