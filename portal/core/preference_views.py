"""The settings page, and addresses that bring settings along."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from . import preferences
from .preferences import COOKIE, SETTINGS_PARAMETER, VIEW_PARAMETER, Choices

NO_CHOICE = "none"


class PreferencesForm(forms.Form):
    """One field for each setting. Nothing is required: what is missing is the default."""

    def __init__(self, data: QueryDict | None, *, chosen: Choices) -> None:
        super().__init__(data)
        for setting in preferences.SETTINGS:
            self.fields[setting.key] = forms.ChoiceField(
                label=str(setting.label),
                choices=list(setting.options.items()),
                widget=forms.RadioSelect,
                initial=chosen.get(setting.key, setting.default),
                required=False,
            )


def chosen_in(request: HttpRequest) -> Choices:
    return preferences.parse(request.COOKIES.get(COOKIE, ""))


def safe_return(request: HttpRequest, address: str) -> str:
    """Where to go back to: a page of this host, else the home; never the settings themselves."""
    own = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    path = urlsplit(address).path
    if not own or path == request.path or not path.startswith("/"):
        return "/"
    return without_settings(address)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """A plain form for those who read without JavaScript; with it, the same by another way."""
    if request.method == "POST":
        return _store(request)
    came_from = request.GET.get("next") or request.headers.get("Referer", "")
    response = render(
        request,
        "portal/preferences.html",
        {
            "form": PreferencesForm(None, chosen=chosen_in(request)),
            "next": safe_return(request, came_from),
            "saved": "saved" in request.GET,
        },
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _store(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST, chosen={})
    # A value that is none of the options (an old form, a forged one) counts as not chosen.
    form.is_valid()
    chosen = {} if "reset" in request.POST else preferences.parse(_pairs(form.cleaned_data))
    came_from = safe_return(request, request.POST.get("next", ""))
    here = reverse("preferences") + "?" + urlencode({"saved": "1", "next": came_from})
    response = HttpResponseRedirect(here if "stay" in request.POST else came_from)
    _keep(response, preferences.write(chosen), secure=request.is_secure())
    return response


def _pairs(values: dict[str, str]) -> str:
    return "&".join(f"{key}:{value}" for key, value in values.items())


def _keep(response: HttpResponse, text: str, *, secure: bool) -> None:
    """Set the cookie even for "no choice": a script takes it over, then deletes it."""
    response.set_cookie(
        COOKIE,
        text or NO_CHOICE,
        max_age=preferences.COOKIE_AGE if preferences.parse(text) else 60,
        secure=secure,
        httponly=False,  # the script reads it
        samesite="Lax",
    )


# --- addresses that bring settings along --------------------------------------------------------
def brings_settings(request: HttpRequest) -> bool:
    """A quick look; most requests have no query at all."""
    query = request.META.get("QUERY_STRING", "")
    return bool(query) and (f"{VIEW_PARAMETER}=" in query or f"{SETTINGS_PARAMETER}=" in query)


def take_settings(request: HttpRequest) -> HttpResponse | None:
    """Keep what ``?view=elder`` or ``?settings=…`` asks for and lead to the address without it.

    None when the parameter means something else on this page.
    """
    view = request.GET.get(VIEW_PARAMETER, "")
    brought = request.GET.get(SETTINGS_PARAMETER)
    known = view in preferences.BY_KEY["view"].options
    if not known and brought is None:
        return None
    chosen = preferences.parse(brought) if brought is not None else chosen_in(request)
    text = preferences.as_change(chosen | {"view": view}) if known else preferences.write(chosen)
    # One leading slash only: "//host/" would lead away from the portal.
    address = "/" + without_settings(request.get_full_path()).lstrip("/")
    response = HttpResponseRedirect(address)
    response.headers["Cache-Control"] = "no-store"
    _keep(response, text, secure=request.is_secure())
    return response


def without_settings(address: str) -> str:
    """The address as everybody has it."""
    parts = urlsplit(address)
    views = preferences.BY_KEY["view"].options
    rest = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name != SETTINGS_PARAMETER and not (name == VIEW_PARAMETER and value in views)
    ]
    return urlunsplit(("", "", parts.path, urlencode(rest), ""))
