"""The installed plugins, their order, and what keeps one of them from working."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .config import PortalPluginConfig
from .metadata import Metadata, PluginMetadataError, Text
from .version import portal_version, satisfies

# Code of the portal itself that contributes to its own extension points.
PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a plugin cannot work; a plugin with a problem is off everywhere."""

    slug: str
    code: str
    message: Text
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.message) % self.parameters


@dataclass(frozen=True, eq=False)
class Plugins:
    """An immutable view of the installed plugins; compared by identity.

    Attributes:
        by_slug: validated plugins in the one order (``order``, then slug).
        problems: by slug, or by app name where the slug itself could not be read.
        packages: app package → slug (or app name), to tell whose code something is.
    """

    by_slug: Mapping[str, Metadata]
    problems: Mapping[str, tuple[Problem, ...]]
    packages: Mapping[str, str]

    def __iter__(self) -> Iterator[Metadata]:
        return iter(self.by_slug.values())

    def get(self, slug: str) -> Metadata | None:
        return self.by_slug.get(slug)

    def usable(self, slug: str) -> bool:
        """Tell whether the plugin is installed and nothing keeps it from working."""
        return slug in self.by_slug and slug not in self.problems

    def sort_key(self, slug: str) -> tuple[int, str]:
        """``order`` then slug; the portal's own contributions come first."""
        if slug == PORTAL:
            return (-1_000_000, "")
        plugin = self.by_slug.get(slug)
        return plugin.sort_key if plugin else (1_000_000, slug)

    def owner_of(self, module: str) -> str:
        """Return the slug of the plugin that ``module`` belongs to, or ``PORTAL``."""
        package = module
        while package:
            if package in self.packages:
                return self.packages[package]
            package = package.rpartition(".")[0]
        return PORTAL

    def dependants(self, slug: str) -> tuple[Metadata, ...]:
        """Return the plugins that name ``slug`` in their ``requires``."""
        return tuple(plugin for plugin in self if any(need.slug == slug for need in plugin.needs))


def examine(
    metas: Iterable[Metadata],
    problems: Iterable[Problem] = (),
    *,
    portal: str | None = None,
    languages: Collection[str] = (),
) -> Plugins:
    """Build the view from validated metadata: order, duplicates and missing requirements.

    A pure function; every requirement that is missing is found, not just the first.

    Args:
        portal: the portal's version, by default the installed one.
        languages: language codes, whose addresses (``/en/``) belong to the pages.
    """
    portal = portal or portal_version()
    ordered = sorted(metas, key=lambda plugin: (plugin.sort_key, plugin.app))
    by_slug: dict[str, Metadata] = {}
    packages: dict[str, str] = {}
    found: list[Problem] = list(problems)
    for plugin in ordered:
        if plugin.app:
            packages[plugin.app] = plugin.slug
        if (first := by_slug.setdefault(plugin.slug, plugin)) is not plugin:
            found.append(
                Problem(
                    plugin.slug,
                    "duplicate",
                    _("The slug “%(slug)s” is used by %(first)s and %(second)s."),
                    {"slug": plugin.slug, "first": first.app, "second": plugin.app},
                )
            )
    for plugin in by_slug.values():
        found.extend(_missing(plugin, by_slug, portal))
    found.extend(_circles(by_slug))
    found.extend(_taken_prefixes(by_slug, languages))
    grouped: dict[str, tuple[Problem, ...]] = {}
    for problem in found:
        grouped[problem.slug] = (*grouped.get(problem.slug, ()), problem)
        packages.setdefault(problem.slug, problem.slug)
    return Plugins(by_slug, grouped, packages)


def installed() -> Plugins:
    """Return the plugins among ``INSTALLED_APPS``; read once when the apps are ready."""
    global _current
    if _current is not None:
        return _current
    plugins = examine(*_from_apps(), languages=[code for code, _name in settings.LANGUAGES])
    if apps.ready:
        _current = plugins
    return plugins


@contextmanager
def override(*metas: Metadata) -> Iterator[Plugins]:
    """Pretend that exactly these plugins are installed; for tests."""
    global _current
    before, _current = _current, examine(metas)
    try:
        yield _current
    finally:
        _current = before


_current: Plugins | None = None


def _from_apps() -> tuple[list[Metadata], list[Problem]]:
    metas: list[Metadata] = []
    problems: list[Problem] = []
    for config in apps.get_app_configs():
        if not isinstance(config, PortalPluginConfig):
            continue
        try:
            metadata = config.metadata
        except PluginMetadataError as error:
            problems.append(Problem(config.name, "metadata", "%(error)s", {"error": str(error)}))
            continue
        metas.append(metadata)
        for where, reason in config.load_errors.items():
            problems.append(
                Problem(
                    metadata.slug,
                    "load",
                    _("The plugin “%(slug)s” cannot be loaded: %(where)s: %(reason)s"),
                    {"slug": metadata.slug, "where": where, "reason": reason},
                )
            )
    return metas, problems


def _missing(plugin: Metadata, by_slug: Mapping[str, Metadata], portal: str) -> Iterator[Problem]:
    if plugin.requires_portal and not satisfies(portal, plugin.requires_portal):
        yield Problem(
            plugin.slug,
            "portal_version",
            _("The plugin “%(slug)s” needs portal %(needed)s, installed is %(installed)s."),
            {"slug": plugin.slug, "needed": plugin.requires_portal, "installed": portal},
        )
    for need in plugin.needs:
        other = by_slug.get(need.slug)
        if other is None:
            yield Problem(
                plugin.slug,
                "missing_plugin",
                _("The plugin “%(slug)s” needs the plugin %(needed)s, which is not installed."),
                {"slug": plugin.slug, "needed": str(need)},
            )
        elif not need.accepts(other.version):
            yield Problem(
                plugin.slug,
                "plugin_version",
                _("The plugin “%(slug)s” needs the plugin %(needed)s, installed is %(installed)s."),
                {"slug": plugin.slug, "needed": str(need), "installed": other.version},
            )


def _circles(by_slug: Mapping[str, Metadata]) -> Iterator[Problem]:
    """Plugins that require themselves by way of others: none of them could ever be on."""
    for slug in by_slug:
        reached: set[str] = set()
        ahead = [need.slug for need in by_slug[slug].needs]
        while ahead:
            other = ahead.pop()
            if other not in reached and other in by_slug:
                reached.add(other)
                ahead.extend(need.slug for need in by_slug[other].needs)
        if slug in reached:
            yield Problem(
                slug,
                "circle",
                _("The plugin “%(slug)s” requires itself by way of %(others)s."),
                {"slug": slug, "others": ", ".join(sorted(reached - {slug}))},
            )


def _taken_prefixes(
    by_slug: Mapping[str, Metadata], languages: Collection[str]
) -> Iterator[Problem]:
    taken: dict[str, str] = {f"{code}/": PORTAL for code in languages}
    for plugin in by_slug.values():
        if not plugin.urls:
            continue
        first = taken.setdefault(plugin.url_prefix, plugin.slug)
        if first != plugin.slug:
            yield Problem(
                plugin.slug,
                "url_prefix",
                _("The plugin “%(slug)s” wants the address /%(prefix)s, which %(first)s has."),
                {"slug": plugin.slug, "first": first, "prefix": plugin.url_prefix},
            )
