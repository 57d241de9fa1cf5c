"""The admin's addresses for texts from outside. The editor's script speaks JSON with them."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST
from django.views.generic import FormView, UpdateView
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from portal.core import roles, structure
from portal.core.models import SiteRecord
from portal.core.roles import Action
from portal.pages.models import ArticlePage, SiteHouseStyle
from portal.pages.models.house_style import house_style_of
from portal.text.typesetting import typeset
from portal.text.word import read_word
from portal.text.word_package import WordFileError

from . import bodies
from .reports import Told, refusal, told_of_typesetting
from .services import Brought, bring_in_pasted, bring_in_word, create_article_from_word

LARGEST_HTML = 20 * 1024 * 1024
LARGEST_RTF = 60 * 1024 * 1024
LARGEST_WORD = 30 * 1024 * 1024
MOST_FILES = 30


@dataclass(frozen=True, slots=True)
class Target:
    """Where a text is to go: the page that is edited, or the one below which it is written."""

    path: str

    @property
    def site_pk(self) -> int | None:
        return structure.current().site_pk_for(self.path)


class Refused(Exception):
    """Something an editor can understand and mend; nothing was changed."""


def _target(request: HttpRequest) -> Target:
    """The page that a request of the editor's script names.

    Raises:
        PermissionDenied: the account may not write there, or there is no such page.
    """
    for name in ("page", "parent"):
        number = request.POST.get(name, "")
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            continue
        page = Page.objects.filter(pk=int(number)).first()
        if page is None:
            raise PermissionDenied
        rights = page.specific.permissions_for_user(request.user)
        may = (
            rights.can_edit() and not rights.page_locked()
            if name == "page"
            else rights.can_add_subpage()
        )
        if not may:
            raise PermissionDenied
        return Target(page.path)
    raise PermissionDenied


def _uploaded(request: HttpRequest, name: str, limit: int) -> bytes:
    upload = request.FILES.get(name)
    if upload is None:
        return b""
    if (upload.size or 0) > limit:
        raise Refused(_too_large(limit))
    return upload.read()


def _too_large(limit: int) -> str:
    return gettext("This is too much at once. At most %(size)s can be brought in.") % {
        "size": filesizeformat(limit)
    }


def _answer(brought: Brought, *, text_only: bool) -> JsonResponse:
    """Blocks for the form; where all is one rich text, also as that, to be put in at the cursor."""
    raw = brought.raw
    content = None
    kinds = [block["type"] for block in raw]
    if text_only or kinds == ["paragraph"]:
        html = "".join(b["value"] for b in raw if b["type"] == "paragraph")
        content = json.loads(ContentstateConverter(sorted(bodies.features())).from_database_format(html))
    return JsonResponse(
        {
            "blocks": [] if text_only else bodies.form_state(raw),
            "content": content,
            "title": brought.title,
            "done": brought.told.done,
            "look": brought.told.look,
        }
    )


def _refused(message: str) -> JsonResponse:
    return JsonResponse({"error": message}, status=400)


@require_POST
@sensitive_variables()
def paste(request: HttpRequest) -> HttpResponse:
    """``html``, ``rtf`` and ``file`` parts of the clipboard → blocks and a report."""
    target = _target(request)
    files = request.FILES.getlist("file")
    try:
        if len(files) > MOST_FILES or sum(file.size or 0 for file in files) > LARGEST_RTF:
            raise Refused(_too_large(LARGEST_RTF))
        text_only = request.POST.get("text_only") == "1"
        brought = bring_in_pasted(
            html=_uploaded(request, "html", LARGEST_HTML).decode("utf-8", "replace"),
            rtf=_uploaded(request, "rtf", LARGEST_RTF).decode("latin-1"),
            files=[file.read() for file in files],
            path=target.path,
            user=request.user,
            text_only=text_only,
        )
    except Refused as error:
        return _refused(str(error))
    return _answer(brought, text_only=text_only)


@require_POST
@sensitive_variables()
def word_blocks(request: HttpRequest) -> HttpResponse:
    """A Word file → blocks, a title and a report, for the text that is being edited."""
    target = _target(request)
    try:
        word = read_word(_uploaded(request, "word", LARGEST_WORD))
    except Refused as error:
        return _refused(str(error))
    except WordFileError as error:
        return _refused(refusal(error.reason))
    return _answer(bring_in_word(word=word, path=target.path, user=request.user), text_only=False)


@require_POST
@sensitive_variables()
def typeset_body(request: HttpRequest) -> HttpResponse:
    """The body as the form holds it → the same by the rules of the house, and what changed."""
    target = _target(request)
    block = bodies.body_block()
    prefix = "body"
    try:
        value = block.value_from_datadict(request.POST, request.FILES, prefix)
        old = block.get_prep_value(value)
    except (KeyError, ValueError, TypeError, ValidationError):
        return _refused(gettext("The text could not be read. Save the draft and try again."))
    # One block alone, where the editor asks for it; the others stay as they are.
    first, last = 0, len(old)
    only = request.POST.get("only", "")
    if only:
        found = [number for number, raw in enumerate(old) if raw["id"] == only]
        if not found:
            return _refused(gettext("The text could not be read. Save the draft and try again."))
        first, last = found[0], found[0] + 1
    document, others = bodies.from_raw(old[first:last])
    done = typeset(document, house_style_of(target.site_pk))
    changes = told_of_typesetting(done.changes)
    if not changes:
        return JsonResponse({"blocks": [], "done": []})
    new = bodies.keep_ids(bodies.to_raw(done.document, others=others), old[first:last])
    return JsonResponse(
        {"blocks": bodies.form_state([*old[:first], *new, *old[last:]]), "done": changes}
    )


# --- a new article --------------------------------------------------------------------------------
class WordFileForm(forms.Form):
    """The file is read here, so that what is wrong with it stands at the field."""

    word = forms.FileField(
        label=_("Word file"),
        help_text=_("A .docx file from Word or WPS, up to 30 MB."),
        widget=forms.FileInput(
            attrs={
                "accept": ".docx,application/vnd.openxmlformats-officedocument"
                ".wordprocessingml.document"
            }
        ),
    )

    def clean_word(self) -> Any:
        upload = self.cleaned_data["word"]
        if upload.size > LARGEST_WORD:
            raise ValidationError(_too_large(LARGEST_WORD))
        try:
            text = read_word(upload.read())
        except WordFileError as error:
            raise ValidationError(refusal(error.reason)) from error
        return replace(text, title=text.title or Path(upload.name).stem)


class WordArticleView(WagtailAdminTemplateMixin, FormView):
    """A new draft in a column from a Word file."""

    template_name = "pages/admin/word_article.html"
    form_class = WordFileForm
    page_title = _("New article from a Word file")
    header_icon = "doc-full"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.parent = get_object_or_404(Page, pk=kwargs["parent_page_id"]).specific
        if not may_write_articles(request.user, self.parent):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.parent.get_admin_display_title())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "parent": self.parent,
            "submit_label": gettext("Make a draft"),
        }

    def form_valid(self, form: WordFileForm) -> HttpResponse:
        try:
            article, told = create_article_from_word(
                word=form.cleaned_data["word"],
                fallback_title=gettext("Untitled"),
                parent=self.parent,
                user=self.request.user,
            )
        except ValidationError as error:
            form.add_error("word", error)
            return self.form_invalid(form)
        messages.success(
            self.request,
            gettext("The draft “%(title)s” was made from the Word file. %(done)s")
            % {"title": article.title, "done": "，".join(told.done)},
        )
        _say_what_to_look_after(self.request, told)
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[article.pk]))


def _say_what_to_look_after(request: HttpRequest, told: Told) -> None:
    if told.look:
        lines = format_html_join("", "<li>{}</li>", ((line,) for line in told.look))
        heading = gettext("Please look after:")
        messages.warning(request, format_html("{}<ul>{}</ul>", heading, lines))


def may_write_articles(user: Any, parent: Page) -> bool:
    """Whether somebody may write articles below a page."""
    return bool(
        ArticlePage.can_create_at(parent)
        and parent.permissions_for_user(user).can_add_subpage()
    )


# --- the rules of the house -----------------------------------------------------------------------
class HouseStyleView(WagtailAdminTemplateMixin, UpdateView):
    """Which rules one-click typesetting follows at a site."""

    model = SiteHouseStyle
    template_name = "portal/admin/form.html"
    fields = (
        "headings", "punctuation", "spaces", "empty", "breaks", "widths", "places", "tables",
        "latin_spacing",
    )  # fmt: skip
    page_title = _("House style")
    header_icon = "edit"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.site = get_object_or_404(SiteRecord, pk=kwargs["site_pk"])
        if not roles.may(request.user, Action.SITE_SETTINGS, self.site.pk):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_object(self, queryset: Any = None) -> SiteHouseStyle:
        found = SiteHouseStyle.objects.filter(site=self.site).first()
        return found or SiteHouseStyle(site=self.site)

    def get_page_subtitle(self) -> str:
        return self.site.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "explanation": gettext(
                "What one-click typesetting does with the texts of this site. Nothing changes by "
                "itself: editors press the button, see what changed, and can undo it."
            ),
            "submit_label": gettext("Save"),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        form.save()
        messages.success(
            self.request, gettext("The house style of %(site)s is saved.") % {"site": self.site}
        )
        return HttpResponseRedirect(reverse("pages_house_style", args=[self.site.pk]))
