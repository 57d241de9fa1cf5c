"""What the administrators' pages show of plugins."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from . import registry, switches
from .breaker import CircuitState, breaker
from .jobs import ScheduledJob, places
from .metadata import Level, Metadata, Text
from .models import JobRun, PluginIncident, PluginSwitch
from .permissions import can_switch
from .sites import site_records
from .slots import Entry


@dataclass(frozen=True, slots=True)
class PluginRow:
    """One plugin in the list."""

    slug: str
    title: Text
    version: str
    level: str
    state: str
    is_on: bool
    attention: str


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One place where a plugin can be switched; ``key`` is the site's pk or "platform".

    ``target`` is what the next click leads to: "on" or "off". Where the plugin is on by an
    ``unconfirmed`` declaration it is "on" once more.
    """

    key: str
    title: str
    is_on: bool
    state: str
    target: str
    changed_by: Any = None
    changed_at: Any = None
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job of a plugin at one site, with its last run."""

    label: Text
    place: str
    state: str
    is_well: bool
    last_run: Any = None
    took: str = ""
    error: str = ""


def plugin_rows(user: Any) -> list[PluginRow]:
    """Return every installed plugin as the user may see it, broken ones included."""
    plugins = registry.installed()
    sites = [site for site in site_records() if can_switch(user, site.pk)]
    failing = frozenset(PluginIncident.objects.values_list("slug", flat=True))
    digests = _confirmed_digests()
    rows = [
        PluginRow(
            plugin.slug,
            plugin.title,
            plugin.version,
            level_label(plugin.level),
            *_state(plugin, plugins, sites),
            _attention(plugin, plugins, plugin.slug in failing, digests.get(plugin.slug, ())),
        )
        for plugin in plugins
    ]
    unreadable = [name for name in plugins.problems if name not in plugins.by_slug]
    return rows + [
        PluginRow("", name, "", "", _("cannot be used"), False, str(plugins.problems[name][0]))
        for name in unreadable
    ]


def site_rows(plugin: Metadata, user: Any) -> list[SiteRow]:
    """Return the places where the user may switch the plugin, the platform first."""
    recorded = {
        row.site_id: row
        for row in PluginSwitch.objects.filter(slug=plugin.slug).select_related("changed_by")
    }
    rows: list[SiteRow] = []
    if can_switch(user, None):
        rows.append(_site_row(plugin, None, platform_title(plugin), recorded.get(None)))
    if plugin.level is Level.SITE:
        rows.extend(
            _site_row(plugin, site.pk, str(site), recorded.get(site.pk))
            for site in site_records()
            if can_switch(user, site.pk)
        )
    return rows


def declaration_changed(plugin: Metadata) -> bool:
    """Tell whether the plugin declares other rights now than somebody confirmed."""
    return _differs(plugin, _confirmed_digests(plugin.slug).get(plugin.slug, ()))


def incidents_of(slug: str) -> Iterable[PluginIncident]:
    return PluginIncident.objects.filter(slug=slug)


def circuits_of(slug: str) -> list[CircuitState]:
    return breaker.state(slug)


def job_rows(plugin: Metadata, user: Any) -> list[JobRow]:
    """Return the plugin's jobs at each site that the user may switch it at."""
    runs = {(run.name, run.site_id): run for run in JobRun.objects.filter(slug=plugin.slug)}
    sites = {site.pk: str(site) for site in site_records() if can_switch(user, site.pk)}
    return [
        _job_row(entry, sites.get(site, platform_title(plugin)), runs.get((name, site)))
        for entry, site in places()
        if entry.plugin == plugin.slug and (site in sites or site is None)
        for name in [entry.key.partition(".")[2]]
    ]


def dependants_on(slug: str, site: int | None) -> list[Metadata]:
    """Return the plugins that stop working there when this one is switched off."""
    return [
        plugin
        for plugin in registry.installed().dependants(slug)
        if switches.is_enabled(plugin.slug, site)
    ]


def platform_title(plugin: Metadata) -> str:
    return _("Platform") if plugin.level is Level.PLATFORM else _("All sites")


def _state(plugin: Metadata, plugins: registry.Plugins, sites: list[Any]) -> tuple[str, bool]:
    """Say where the plugin is on, and whether it is on anywhere."""
    if not plugins.usable(plugin.slug):
        return _("cannot be used"), False
    if plugin.level is Level.PLATFORM:
        is_on = switches.is_enabled(plugin.slug, None)
        return (_("switched on") if is_on else _("switched off")), is_on
    if not switches.rows().get((plugin.slug, None), True):
        return _("stopped on all sites"), False
    on = sum(switches.is_enabled(plugin.slug, site.pk) for site in sites)
    return _("on at %(on)s of %(sites)s sites") % {"on": on, "sites": len(sites)}, on > 0


def _attention(
    plugin: Metadata, plugins: registry.Plugins, has_failed: bool, digests: Iterable[str]
) -> str:
    notes: list[str] = []
    if problems := plugins.problems.get(plugin.slug):
        notes.append(_("problems: %(count)s") % {"count": len(problems)})
    if _differs(plugin, digests):
        notes.append(_("declares other rights than were confirmed"))
    if has_failed:
        notes.append(_("has failed"))
    if any(circuit.is_open for circuit in circuits_of(plugin.slug)):
        notes.append(_("is being left out"))
    return " · ".join(notes)


def _confirmed_digests(slug: str | None = None) -> dict[str, list[str]]:
    """Return by slug which declarations were confirmed where the plugin is on."""
    rows = PluginSwitch.objects.filter(enabled=True)
    if slug is not None:
        rows = rows.filter(slug=slug)
    found: dict[str, list[str]] = {}
    for name, acknowledged in rows.values_list("slug", "acknowledged"):
        if digest := acknowledged.get("digest"):
            found.setdefault(name, []).append(digest)
    return found


def _differs(plugin: Metadata, digests: Iterable[str]) -> bool:
    current = plugin.declaration.digest
    return any(digest and digest != current for digest in digests)


def level_label(level: Level) -> str:
    return _("platform") if level is Level.PLATFORM else _("site")


def _job_row(entry: Entry[ScheduledJob], place: str, run: JobRun | None) -> JobRow:
    if run is None or run.started_at is None:
        return JobRow(entry.item.label, place, _("has not run yet"), True)
    if run.is_running:
        state, is_well = _("running"), True
    elif run.error:
        state = _("failed, times in a row: %(count)s") % {"count": run.failures}
        is_well = False
    else:
        state, is_well = _("done"), True
    took = "" if run.is_running or run.seconds is None else _seconds(run.seconds)
    return JobRow(entry.item.label, place, state, is_well, run.started_at, took, run.error)


def _seconds(seconds: float) -> str:
    return _("%(seconds)s s") % {"seconds": f"{seconds:.1f}" if seconds < 10 else round(seconds)}


def _site_row(plugin: Metadata, site: int | None, title: str, row: PluginSwitch | None) -> SiteRow:
    stop = plugin.level is Level.SITE and site is None
    wanted = row.enabled if row else (True if stop else plugin.default_enabled)
    is_on = wanted if stop else switches.is_enabled(plugin.slug, site)
    if stop:
        state = _("allowed") if is_on else _("stopped on all sites")
    elif wanted and not is_on:
        state = _("switched on, but not working")
    elif row is None:
        state = _("on by default") if is_on else _("off by default")
    else:
        state = _("switched on") if is_on else _("switched off")
    unconfirmed = bool(
        row and row.enabled and _differs(plugin, [row.acknowledged.get("digest", "")])
    )
    return SiteRow(
        key="platform" if site is None else str(site),
        title=title,
        is_on=is_on,
        state=state,
        changed_by=row.changed_by if row else None,
        changed_at=row.changed_at if row else None,
        target="off" if wanted and not unconfirmed else "on",
        unconfirmed=unconfirmed,
    )
