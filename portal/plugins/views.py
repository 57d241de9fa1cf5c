"""The administrators' pages: the list of plugins, one plugin, and the activation gate."""

from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import (
    Column,
    DateColumn,
    StatusTagColumn,
    Table,
    TitleColumn,
    UserColumn,
)
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from . import registry, selectors
from .forms import ActivationForm
from .metadata import Declaration, Level, Metadata
from .permissions import can_switch, may_open
from .services import SwitchRefused, obstacles, set_switch
from .sites import site_records


class PluginsView(WagtailAdminTemplateMixin, TemplateView):
    """Base of the pages: for holders of the right only, the plugin taken from the address."""

    header_icon = "cogs"
    page_title = gettext_lazy("Plugins")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_open(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    @cached_property
    def plugin(self) -> Metadata:
        plugin = registry.installed().get(self.kwargs["slug"])
        if plugin is None:
            raise Http404
        return plugin

    def crumbs(self, *items: tuple[str, str]) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            *({"url": url, "label": label} for url, label in items),
        ]


class PluginListView(PluginsView):
    """Every installed plugin, with its state and what needs attention."""

    template_name = "plugins/index.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return self.crumbs(("", _("Plugins")))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = [
            TitleColumn("title", label=_("Plugin"), get_url=_plugin_url),
            Column("level", label=_("Level")),
            Column("version", label=_("Version")),
            StatusTagColumn("state", label=_("State"), primary=lambda row: row.is_on),
            Column("attention", label=_("Needs attention")),
        ]
        table = Table(columns, selectors.plugin_rows(self.request.user), caption=_("Plugins"))
        return super().get_context_data(table=table, **kwargs)


class PluginDetailView(PluginsView):
    """One plugin: what it declares, where it is on, what went wrong."""

    template_name = "plugins/detail.html"

    def get_page_subtitle(self) -> str:
        return str(self.plugin.title)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return self.crumbs((reverse("plugins:index"), _("Plugins")), ("", str(self.plugin.title)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plugin = self.plugin
        return super().get_context_data(
            plugin=plugin,
            level=selectors.level_label(plugin.level),
            declaration=plugin.declaration,
            declaration_changed=selectors.declaration_changed(plugin),
            problems=registry.installed().problems.get(plugin.slug, ()),
            sites=self._site_table(),
            jobs=self._job_table(),
            incidents=self._incident_table(),
            circuits=selectors.circuits_of(plugin.slug),
            **kwargs,
        )

    def _site_table(self) -> Table:
        def switch_url(row: selectors.SiteRow) -> str:
            return reverse("plugins:switch", args=[self.plugin.slug, row.key, row.target])

        def action(row: selectors.SiteRow) -> str:
            if row.unconfirmed:
                return _("Read and confirm…")
            return _("Switch on…") if row.target == "on" else _("Switch off…")

        columns = [
            Column("title", label=_("Where")),
            StatusTagColumn("state", label=_("State"), primary=lambda row: row.is_on),
            UserColumn("changed_by", label=_("Changed by")),
            DateColumn("changed_at", label=_("Changed at")),
            TitleColumn("action", label=_("Action"), accessor=action, get_url=switch_url),
        ]
        rows = selectors.site_rows(self.plugin, self.request.user)
        return Table(columns, rows, caption=_("Sites"))

    def _job_table(self) -> Table:
        columns = [
            Column("label", label=_("Job")),
            Column("place", label=_("Where")),
            StatusTagColumn("state", label=_("Result"), primary=lambda row: row.is_well),
            DateColumn("last_run", label=_("Last run")),
            Column("took", label=_("Duration")),
            Column("error", label=_("Error")),
        ]
        rows = selectors.job_rows(self.plugin, self.request.user)
        return Table(columns, rows, caption=_("Scheduled jobs"))

    def _incident_table(self) -> Table:
        columns = [
            Column("point", label=_("Extension point")),
            Column("message", label=_("Latest failure")),
            Column("count", label=_("Times")),
            DateColumn("first_at", label=_("First seen")),
            DateColumn("last_at", label=_("Last seen")),
        ]
        return Table(columns, selectors.incidents_of(self.plugin.slug), caption=_("Failures"))


class Place(NamedTuple):
    """Where a plugin is being switched."""

    site: int | None
    title: str


class SwitchView(PluginsView):
    """The activation gate, and the page that says what switching off means."""

    template_name = "plugins/switch.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_open(request.user) or not can_switch(request.user, self.place.site):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def turning_on(self) -> bool:
        return bool(self.kwargs["target"] == "on")

    @cached_property
    def place(self) -> Place:
        key = self.kwargs["place"]
        if key == "platform":
            return Place(None, selectors.platform_title(self.plugin))
        if self.plugin.level is Level.PLATFORM:
            raise Http404
        site = next((site for site in site_records() if str(site.pk) == key), None)
        if site is None:
            raise Http404
        return Place(site.pk, str(site))

    @cached_property
    def declaration(self) -> Declaration:
        return self.plugin.declaration

    def get_page_title(self) -> str:
        return _("Switch on plugin") if self.turning_on else _("Switch off plugin")

    def get_page_subtitle(self) -> str:
        return str(self.plugin.title)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return self.crumbs(
            (reverse("plugins:index"), _("Plugins")),
            (self.plugin_url, str(self.plugin.title)),
            ("", self.get_page_title()),
        )

    @property
    def plugin_url(self) -> str:
        return reverse("plugins:detail", args=[self.plugin.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self._form()
        return super().get_context_data(
            plugin=self.plugin,
            place=self.place,
            turning_on=self.turning_on,
            declaration=self.declaration,
            obstacles=obstacles(self.plugin.slug, self.place.site) if self.turning_on else [],
            dependants=selectors.dependants_on(self.plugin.slug, self.place.site),
            is_stop=self.place.site is None and self.plugin.level is Level.SITE,
            form=form,
            plugin_url=self.plugin_url,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST) if self.turning_on else None
        if form is not None and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            set_switch(
                slug=self.plugin.slug,
                site=self.place.site,
                enabled=self.turning_on,
                user=request.user,
                acknowledged=self.declaration if self.turning_on else None,
            )
        except SwitchRefused as refused:
            messages.error(request, str(refused))
            return self.render_to_response(self.get_context_data(form=form))
        said = {"plugin": self.plugin.title, "place": self.place.title}
        if self.turning_on:
            messages.success(request, _("%(plugin)s is on: %(place)s.") % said)
        else:
            messages.success(request, _("%(plugin)s is off: %(place)s.") % said)
        return redirect(self.plugin_url)

    def _form(self, data: Any = None) -> ActivationForm:
        return ActivationForm(data, digest=self.declaration.digest)


def _plugin_url(row: selectors.PluginRow) -> str | None:
    return reverse("plugins:detail", args=[row.slug]) if row.slug else None
