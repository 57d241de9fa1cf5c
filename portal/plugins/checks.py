"""System checks: every missing requirement of every plugin, in one run."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Warning, register

from . import registry
from .config import PortalPluginConfig
from .discovery import DiscoveredPlugin, discover
from .jobs import is_declared, scheduled_jobs

IDS = {
    "metadata": "plugins.E001",
    "duplicate": "plugins.E002",
    "missing_plugin": "plugins.E003",
    "plugin_version": "plugins.E004",
    "portal_version": "plugins.E005",
    "circle": "plugins.E006",
    "url_prefix": "plugins.E007",
    "load": "plugins.E008",
}
WAY_OUT = (
    "The plugin is off until this is mended. PORTAL_PLUGINS_DISABLED=<slug> leaves it out, and "
    "with it its tables and commands, without uninstalling it."
)


@register("plugins")
def check_plugins(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Tell all problems of all plugins, whichever apps were asked for."""
    return [
        *check_requirements(registry.installed()),
        *check_jobs(),
        *check_entry_points(discover()),
    ]


def check_requirements(plugins: registry.Plugins) -> list[CheckMessage]:
    """One error for each thing that a plugin lacks."""
    return [
        Error(str(problem), hint=WAY_OUT, obj=problem.slug, id=IDS[problem.code])
        for problems in plugins.problems.values()
        for problem in problems
    ]


def check_jobs() -> list[CheckMessage]:
    """A job that the activation gate does not show."""
    return [
        Error(
            f"The plugin “{owner}” registers the job “{item.name}”, whose label is not one of the "
            "sentences in PluginMeta.jobs.",
            hint="The job does not run until it is declared.",
            obj=owner,
            id="plugins.E010",
        )
        for owner, item in scheduled_jobs.contributions()
        if not is_declared(owner, item.target)
    ]


def check_entry_points(found: Sequence[DiscoveredPlugin]) -> list[CheckMessage]:
    """Compare what distributions announce with what was installed."""
    messages: list[CheckMessage] = []
    configs = {config.name: config for config in apps.get_app_configs()}
    classes = {
        f"{type(config).__module__}.{type(config).__qualname__}": config
        for config in configs.values()
    }
    for plugin in found:
        if plugin.problem:
            messages.append(
                Warning(
                    f"The distribution {plugin.distribution} announces the plugin "
                    f"“{plugin.slug}”, which is left out: {plugin.problem}.",
                    obj=plugin.slug,
                    id="plugins.W001",
                )
            )
            continue
        config = configs.get(plugin.app) or classes.get(plugin.app)
        if config is None:  # left out by PORTAL_PLUGINS_DISABLED
            continue
        if not isinstance(config, PortalPluginConfig):
            messages.append(
                Error(
                    f"The app {plugin.app} of the plugin “{plugin.slug}” is not a "
                    "PortalPluginConfig.",
                    obj=plugin.slug,
                    id="plugins.E009",
                )
            )
            continue
        declared = getattr(config.PluginMeta, "slug", None)
        if isinstance(declared, str) and declared != plugin.slug:
            messages.append(
                Error(
                    f"The entry point “{plugin.slug}” of {plugin.distribution} and the slug "
                    f"“{declared}” of its PluginMeta differ.",
                    hint="Name the entry point like the plugin: PORTAL_PLUGINS_DISABLED reads it.",
                    obj=plugin.slug,
                    id="plugins.E010",
                )
            )
    return messages
