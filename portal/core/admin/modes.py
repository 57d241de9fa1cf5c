"""站点模式: emergency banners and mourning grey, switched on and off at one place."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import ModelLogEntry, Page
from wagtail.permissions import register_permission_policy

from portal.core import modes, roles, structure
from portal.core.context import LANGUAGE_LABELS, PortalContext, portal_of
from portal.core.mode_switches import end_now, tell_changes, turn_grey
from portal.core.models import EmergencyBanner, GreyPeriod, SiteRecord
from portal.core.models.modes import OVER, TimedMode
from portal.core.permissions import ModePolicy
from portal.core.roles import Action
from portal.core.templatetags.portal_modes import render_banners

from .history import own_entries
from .viewsets import OwnEditView, OwnIndexView, OwnSitesForm, OwnViewSet

register_permission_policy(EmergencyBanner, ModePolicy(EmergencyBanner))
register_permission_policy(GreyPeriod, ModePolicy(GreyPeriod))
_POLICIES = {model: ModePolicy(model) for model in (EmergencyBanner, GreyPeriod)}
KINDS: dict[str, type[EmergencyBanner] | type[GreyPeriod]] = {
    "banner": EmergencyBanner,
    "grey": GreyPeriod,
}


# --- forms --------------------------------------------------------------------------------------
class ModeForm(OwnSitesForm):
    """A mode may cover only sites that the person answers for."""

    site_action = Action.SITE_MODES

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        allowed = roles.sites_allowing(self.for_user, self.site_action) if self.for_user else None
        site = data.get("site")
        if allowed is None or site is None or not data.get("with_sub_sites"):
            return data
        others = modes.with_descendants(site.pk, modes.parents_of_sites()) - allowed
        if others:
            names = SiteRecord.objects.filter(pk__in=others).values_list("short_name", flat=True)
            self.add_error(
                "with_sub_sites",
                gettext("You do not administer these sub-sites: %(sites)s. Ask the platform.")
                % {"sites": ", ".join(names)},
            )
        return data


class BannerForm(ModeForm):
    def clean_page(self) -> Page | None:
        page: Page | None = self.cleaned_data["page"]
        if page is not None and (not page.live or structure.current().is_private(page.path)):
            raise forms.ValidationError(_("This page is not public yet. Publish it first."))
        return page


EmergencyBanner.base_form_class = BannerForm
GreyPeriod.base_form_class = ModeForm  # type: ignore[attr-defined]


# --- lists and forms of single modes ------------------------------------------------------------
class _TellsChanges:
    """After saving, what began or ended by it is logged and announced."""

    def save_instance(self) -> Any:
        saved = super().save_instance()  # type: ignore[misc]
        tell_changes(user=self.request.user)  # type: ignore[attr-defined]
        return saved

    def get_success_url(self) -> str:
        return reverse("portal_site_modes")


class ModeCreateView(_TellsChanges, generic.CreateView):
    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_initial()
        site = self.request.GET.get("site", "")
        if site.isdecimal() and len(site) < 10:
            initial["site"] = int(site)
        return initial


class ModeEditView(_TellsChanges, OwnEditView):
    pass


class ModeViewSet(OwnViewSet):
    """Modes are ended, not deleted: they are the record of what stood on a site."""

    add_view_class = ModeCreateView
    edit_view_class = ModeEditView
    index_view_class = OwnIndexView

    def get_urlpatterns(self) -> list[Any]:
        patterns = super().get_urlpatterns()
        return [pattern for pattern in patterns if getattr(pattern, "name", "") != "delete"]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        common["delete_url_name"] = None
        return common


class BannerViewSet(ModeViewSet):
    model = EmergencyBanner
    name = "emergency_banners"
    url_prefix = "emergency-banners"
    icon = "warning"
    menu_label = _("Emergency banners")
    create_template_name = edit_template_name = "portal/admin/banner_form.html"
    list_display = [
        TitleColumn(
            "title", label=_("Title"),
            get_url=lambda row: reverse("emergency_banners:edit", args=[row.pk]),
        ),
        Column("level", label=_("Level"), accessor="get_level_display"),
        Column("scope", label=_("Where"), accessor="scope_text"),
        Column("state", label=_("State"), accessor="state_text"),
        DateColumn("starts_at", label=_("starts at")),
        DateColumn("ends_at", label=_("ends at")),
    ]  # fmt: skip
    list_filter = ["level", "site"]
    search_fields = ["title", "text"]
    search_backend_name = None


class GreyViewSet(ModeViewSet):
    model = GreyPeriod
    name = "mourning_periods"
    url_prefix = "mourning-periods"
    icon = "view"
    menu_label = _("Mourning periods")
    list_display = [
        TitleColumn(
            "reason", label=_("reason"), accessor="__str__",
            get_url=lambda row: reverse("mourning_periods:edit", args=[row.pk]),
        ),
        Column("scope", label=_("Where"), accessor="scope_text"),
        Column("state", label=_("State"), accessor="state_text"),
        DateColumn("starts_at", label=_("starts at")),
        DateColumn("ends_at", label=_("ends at")),
    ]  # fmt: skip
    list_filter = ["site"]


# --- the overview with the switches -------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Entry:
    """One mode in the overview; ``key`` names it in the form that ends it."""

    key: str
    mode: TimedMode
    edit_url: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Place:
    """The platform (without a record) or one of the own sites, with what is on or planned."""

    record: SiteRecord | None
    banners: list[Entry] = field(default_factory=list)
    greys: list[Entry] = field(default_factory=list)
    from_above: list[TimedMode] = field(default_factory=list)

    @property
    def key(self) -> str:
        return str(self.record.pk) if self.record else "platform"

    @property
    def has_children(self) -> bool:
        return self.record is not None and self.record.kind == SiteRecord.Kind.PORTAL

    @property
    def is_grey(self) -> bool:
        return any(entry.is_active for entry in self.greys)


def own_places(user: Any) -> list[Place]:
    """What somebody may switch: the platform first, then the sites."""
    allowed = roles.sites_allowing(user, Action.SITE_MODES)
    records = SiteRecord.objects.order_by("kind", "code")
    if allowed is None:
        return [Place(None), *(Place(record) for record in records)]
    return [Place(record) for record in records.filter(pk__in=allowed)]


def _fill(places: list[Place], user: Any) -> None:
    now, parents = timezone.now(), modes.parents_of_sites()
    by_site = {place.record.pk if place.record else None: place for place in places}
    for kind, model in KINDS.items():
        own = _POLICIES[model].instances_user_has_any_permission_for(user, ["change"])
        own_pks = set(own.values_list("pk", flat=True))
        for mode in model.objects.not_over(now).select_related("site"):
            if mode.state(now) in OVER:
                continue
            place = by_site.get(mode.site_id)
            if mode.pk in own_pks and place is not None:
                entry = _entry(kind, mode, now)
                (place.banners if kind == "banner" else place.greys).append(entry)
            if mode.state(now) is not TimedMode.State.ACTIVE:
                continue
            reach = modes.covered(mode, parents)
            for site_pk, other in by_site.items():
                if site_pk is None or (mode.pk in own_pks and other is place):
                    continue
                if reach is None or site_pk in reach:
                    other.from_above.append(mode)


def _entry(kind: str, mode: Any, now: Any) -> Entry:
    name = "emergency_banners" if kind == "banner" else "mourning_periods"
    return Entry(
        f"{kind}:{mode.pk}",
        mode,
        reverse(f"{name}:edit", args=[mode.pk]),
        mode.state(now) is TimedMode.State.ACTIVE,
    )


def recent_entries(user: Any) -> QuerySet[ModelLogEntry]:
    """Who switched what when, within the own sites."""
    entries = ModelLogEntry.objects.filter(
        content_type__app_label="core", content_type__model__in=["emergencybanner", "greyperiod"]
    )
    found: QuerySet[ModelLogEntry] = own_entries(entries, user).select_related("user")
    return found.order_by("-timestamp")[:20]


class SiteModesView(WagtailAdminTemplateMixin, TemplateView):
    """Everything that is on or planned at the own sites, with one button to switch each."""

    template_name = "portal/admin/site_modes.html"
    page_title = _("Site modes")
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.places = own_places(request.user)
        if not self.places:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        _fill(self.places, self.request.user)
        return context | {
            "places": self.places,
            "entries": recent_entries(self.request.user),
            "banners_url": reverse("emergency_banners:index"),
            "greys_url": reverse("mourning_periods:index"),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "grey" in request.POST:
            self._turn_grey(request, request.POST["grey"])
        elif "end" in request.POST:
            self._end(request, request.POST["end"])
        return HttpResponseRedirect(reverse("portal_site_modes"))

    def _turn_grey(self, request: HttpRequest, key: str) -> None:
        place = next((place for place in self.places if place.key == key), None)
        if place is None:
            raise PermissionDenied
        now = timezone.now()
        running = GreyPeriod.objects.not_over(now).filter(site=place.record, starts_at__lte=now)
        if not running.exists():  # pressed twice, or by two people at once
            turn_grey(
                site=place.record, with_sub_sites=self._may_reach_below(place), user=request.user
            )
        messages.success(request, gettext("Grey from now on. Return to colour with one click."))

    def _may_reach_below(self, place: Place) -> bool:
        """The sub-sites follow where the person administers them, too."""
        if place.record is None:
            return True
        allowed = {p.record.pk for p in self.places if p.record is not None}
        return modes.with_descendants(place.record.pk, modes.parents_of_sites()) <= allowed

    def _end(self, request: HttpRequest, key: str) -> None:
        kind, _separator, pk = key.partition(":")
        model = KINDS.get(kind)
        if model is None or not pk.isdecimal() or len(pk) > 18:
            raise Http404
        mode = get_object_or_404(model, pk=int(pk))
        policy = _POLICIES[model]
        if not policy.user_has_permission_for_instance(request.user, "change", mode):
            raise PermissionDenied
        end_now(mode=mode, user=request.user)
        messages.success(request, gettext("Ended: %(mode)s") % {"mode": mode})


# --- preview ------------------------------------------------------------------------------------
@require_POST
def preview_banner(request: HttpRequest) -> HttpResponse:
    """The banner as typed, not stored, in each of its languages."""
    if not own_places(request.user):
        raise PermissionDenied
    pk = request.GET.get("banner", "")
    instance = None
    if pk.isdecimal() and len(pk) < 18:
        instance = get_object_or_404(EmergencyBanner, pk=int(pk))
        policy = _POLICIES[EmergencyBanner]
        if not policy.user_has_permission_for_instance(request.user, "change", instance):
            raise PermissionDenied
    viewset = BannerViewSet()
    form_class = viewset._edit_handler.get_form_class()
    form = form_class(request.POST, instance=instance or EmergencyBanner(), for_user=request.user)
    context: dict[str, Any] = {"form": form, "portal": portal_of(request), "shown": []}
    if form.is_valid():
        banner = modes.as_shown(form.save(commit=False))
        languages = [code for code in LANGUAGE_LABELS if code in banner.words]
        context["shown"] = [
            (LANGUAGE_LABELS[code], code, _in_language(banner, code, request)) for code in languages
        ]
    return render(request, "portal/admin/banner_preview.html", context)


def _in_language(banner: modes.Banner, language: str, request: HttpRequest) -> str:
    portal = PortalContext(
        request, structure.current(), root=None, host=request.get_host(), language=language
    )
    with override(language):
        return render_banners((banner,), portal)
