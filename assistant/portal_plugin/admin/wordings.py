"""What the assistant says: every sentence, where it is said, and the editors' own in its place."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from assistant.portal_plugin.answering.sentences import SENTENCES
from assistant.portal_plugin.answering.wording import filled, placeholders
from assistant.portal_plugin.models.wordings import Wording, WordingChange
from assistant.portal_plugin.services.wordings import LONGEST, may_word, set_wordings
from portal.plugin_api import Action, sites_allowing

from .wording_places import EXAMPLES, PLACES, keys_by_place, place_of

ALL = "all"
_HISTORY = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of the list: ``languages`` are those in which this place has its own words."""

    key: str
    text: str
    languages: str


@dataclass(frozen=True, slots=True)
class Group:
    where: Promise
    rows: list[Row]


def sites_to_word(user: Any) -> QuerySet[Any]:
    records: QuerySet[Any] = apps.get_model("core", "SiteRecord").objects.order_by("pk")
    sites = sites_allowing(user, Action.SITE_SETTINGS)
    return records if sites is None else records.filter(pk__in=sites)


def may_word_somewhere(user: Any) -> bool:
    sites = sites_allowing(user, Action.SITE_SETTINGS)
    return sites is None or bool(sites)


def standard(key: str, language: str) -> str:
    """The portal's own words in a language."""
    with override(language):
        return str(SENTENCES[key])


class _OfOneSite(WagtailAdminTemplateMixin, TemplateView):
    """``place`` is a site's primary key or ``all``."""

    header_icon = "comment"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_word_somewhere(request.user):
            raise PermissionDenied
        place = kwargs.get("place") or self._first_place(request.user)
        self.site: Any = None
        if place != ALL:
            if not place.isdecimal() or len(place) > 15:
                raise Http404
            self.site = get_object_or_404(sites_to_word(request.user), pk=int(place))
        if not may_word(request.user, self.site_pk):
            raise PermissionDenied
        self.place = place
        return super().dispatch(request, *args, **kwargs)

    @staticmethod
    def _first_place(user: Any) -> str:
        if may_word(user, None):
            return ALL
        return str(sites_to_word(user).values_list("pk", flat=True)[0])

    @property
    def site_pk(self) -> int | None:
        return self.site.pk if self.site is not None else None

    @property
    def place_name(self) -> str:
        return str(self.site.short_name) if self.site else gettext("all sites")

    def get_page_subtitle(self) -> str:
        return self.place_name

    def own(self) -> QuerySet[Wording]:
        return Wording.objects.filter(site=self.site_pk).exclude(text="")


class WordingsView(_OfOneSite):
    template_name = "assistant/admin/wordings.html"
    page_title = _("What the assistant says")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        words = self.request.GET.get("q", "").strip()[:100]
        only_own = bool(self.request.GET.get("own"))
        places = [(str(site.pk), str(site.short_name)) for site in sites_to_word(user)]
        if may_word(user, None):
            places.insert(0, (ALL, gettext("all sites")))
        return super().get_context_data(**kwargs) | {
            "groups": self._groups(words, only_own=only_own),
            "place": self.place,
            "places": places,
            "q": words,
            "only_own": only_own,
        }

    def _groups(self, words: str, *, only_own: bool) -> list[Group]:
        own: dict[str, dict[str, str]] = {}
        for key, language, text in self.own().values_list("key", "language", "text"):
            own.setdefault(key, {})[language] = text
        names = dict(settings.LANGUAGES)
        found = []
        for place, keys in keys_by_place().items():
            rows = [
                Row(
                    key,
                    own.get(key, {}).get("zh-hans") or standard(key, "zh-hans"),
                    "、".join(names[code] for code in names if code in own.get(key, {})),
                )
                for key in keys
                if (key in own or not only_own)
            ]
            wanted = words.casefold()
            rows = [row for row in rows if wanted in f"{row.text} {row.key}".casefold()]
            if rows:
                found.append(Group(PLACES[place], rows))
        return found


class WordingForm(forms.Form):
    """One field a language; empty means: as the portal says it."""

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            self.fields[code] = forms.CharField(
                label=name,
                required=False,
                help_text=standard(key, code),
                widget=forms.Textarea(
                    attrs={"rows": 2, "lang": code, "dir": "auto", "maxlength": LONGEST}
                ),
            )

    @property
    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in self.fields}


class WordingView(_OfOneSite):
    template_name = "assistant/admin/wording.html"
    page_title = _("What the assistant says")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if kwargs["key"] not in SENTENCES:
            raise Http404
        self.key: str = kwargs["key"]
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stored = dict(self.own().filter(key=self.key).values_list("language", "text"))
        changes = WordingChange.objects.filter(wording__key=self.key, wording__site=self.site_pk)
        return super().get_context_data(**kwargs) | {
            "key": self.key,
            "place": self.place,
            "place_name": self.place_name,
            "where": PLACES[place_of(self.key)],
            "placeholders": sorted(placeholders(str(SENTENCES[self.key]))),
            "form": kwargs.get("form") or WordingForm(key=self.key, initial=stored),
            "preview": kwargs.get("preview"),
            "changes": changes.select_related("wording", "by")[:_HISTORY],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WordingForm(request.POST, key=self.key)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if "preview" in request.POST:
            return self.render_to_response(
                self.get_context_data(form=form, preview=self._preview(form.texts))
            )
        try:
            changed = set_wordings(
                key=self.key, site=self.site_pk, texts=form.texts, user=request.user
            )
        except ValidationError as wrong:
            for language, problems in wrong.message_dict.items():
                for problem in problems:
                    form.add_error(language, problem)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if changed:
            messages.success(request, gettext("Saved. The assistant says it from now on."))
        else:
            messages.info(request, gettext("Nothing was different."))
        return HttpResponseRedirect(reverse("assistant_wording", args=[self.place, self.key]))

    def _preview(self, texts: dict[str, str]) -> list[tuple[str, str, str]]:
        return [
            (name, code, filled(texts[code] or standard(self.key, code), EXAMPLES))
            for code, name in settings.LANGUAGES
        ]


class WordingsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_word_somewhere(request.user)
