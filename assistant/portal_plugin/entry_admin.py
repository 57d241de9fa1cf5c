"""Views of the admin around one entry."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.models import Page

from portal.plugin_api import is_enabled, site_of_path

from .forms import TranslationForm, language_choices
from .models import BulkEdit, QuestionPage
from .services import drafts


@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a translation of an entry: ``?language=`` may be given. Leads to its editor."""
    page = get_object_or_404(QuestionPage, pk=pk)
    source = page.translation_of or page
    if not may_read(request.user, source):
        raise PermissionDenied
    languages = missing_languages(source)
    initial = {
        "language": request.GET.get("language", languages[0] if languages else ""),
        "column": source.get_parent().pk,
    }
    form = TranslationForm(
        request.POST or None, user=request.user, languages=languages, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        column: Page = form.cleaned_data["column"]
        if not is_enabled("assistant", site_of_path(column.path)):
            raise PermissionDenied
        draft = drafts.begin_translation(
            source=source, language=form.cleaned_data["language"], column=column, user=request.user
        )
        messages.success(request, _("This draft is tied to its source. Translate and submit it."))
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    context = {
        "page_title": _("Translate"),
        "page_subtitle": source.title,
        "header_icon": "globe",
        "form": form,
        "source": source,
    }
    return render(request, "assistant/admin/translate.html", context)


def may_read(user: Any, page: QuestionPage) -> bool:
    """Public entries may be translated by whoever may write; drafts by who may edit them."""
    return bool(page.live or page.permissions_for_user(user).can_edit())


def missing_languages(source: QuestionPage) -> list[str]:
    """The languages of the portal that an entry has no draft or translation in."""
    there = set(
        QuestionPage.objects.filter(translation_of=source).values_list("language", flat=True)
    )
    # Traditional script is converted, never translated.
    there |= {source.language, "zh-hant"}
    if source.language == "zh-hant":
        there.add("zh-hans")
    return [code for code, _name in language_choices() if code not in there]


def confirm_undo(request: HttpRequest, edit: BulkEdit) -> HttpResponse:
    """Ask before a change of many entries is taken back."""
    if edit.user_id != request.user.pk and not request.user.is_superuser:
        raise PermissionDenied
    context = {
        "page_title": _("Take the change back"),
        "page_subtitle": edit.summary,
        "header_icon": "undo",
        "explanation": _(
            "Entries that somebody has changed again since stay as they are. Changed: %(when)s."
        )
        % {"when": timezone.localtime(edit.made_at).strftime("%Y-%m-%d %H:%M")},
        "submit_label": _("Take it back"),
        "form": (),
    }
    return render(request, "portal/admin/form.html", context)
