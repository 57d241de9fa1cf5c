"""Find installed plugins by their entry points, without importing them.

The settings import this module while Django is not configured yet, so it uses the standard
library only. What is wrong with a single entry point is told later, by ``checks``: one bad
distribution must not hide the names of the others, nor keep the portal from starting.
"""

import re
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from types import TracebackType

GROUP = "portal.plugins"

_TARGET = re.compile(r"^(?P<module>[A-Za-z_]\w*(\.[A-Za-z_]\w*)*)(:(?P<attr>[A-Za-z_]\w*))?$")


@dataclass(frozen=True, slots=True, order=True)
class DiscoveredPlugin:
    """One entry point: what a distribution offers, nothing imported.

    ``problem`` is empty when the plugin can be listed in ``INSTALLED_APPS``.
    """

    slug: str
    app: str
    distribution: str
    problem: str = ""

    @property
    def package(self) -> str:
        """The top-level package, by which code and tracebacks are traced to the plugin."""
        return self.app.partition(".")[0]


def discover(candidates: Iterable[EntryPoint] | None = None) -> list[DiscoveredPlugin]:
    """Return every plugin that an installed distribution announces, sorted by slug.

    The same distribution seen twice on the path counts once. Distributions in odd shape are
    returned too, with their ``problem``.
    """
    found = entry_points(group=GROUP) if candidates is None else candidates
    return sorted({_read(entry) for entry in found})


def discover_apps(
    disabled: Collection[str] = (), candidates: Iterable[EntryPoint] | None = None
) -> list[str]:
    """Return the plugins' dotted names for ``INSTALLED_APPS``, sorted by slug.

    Args:
        disabled: slugs to leave out altogether (``PORTAL_PLUGINS_DISABLED``): the way to start
            the portal when a plugin cannot even be imported. ``-`` and ``_`` are the same here.
    """
    left_out = {_normal(slug) for slug in disabled}
    apps = [
        plugin.app
        for plugin in discover(candidates)
        if not plugin.problem and _normal(plugin.slug) not in left_out
    ]
    return list(dict.fromkeys(apps))


def blame(error: BaseException) -> str | None:
    """Return the slug of the plugin in whose code ``error`` arose, if it was one.

    For whoever starts Django: an import error inside a plugin becomes one line that names the
    plugin instead of a page of traceback.
    """
    by_package = {plugin.package: plugin.slug for plugin in discover() if not plugin.problem}
    by_package.pop("portal", None)  # the house itself: too coarse to blame one of its plugins
    by_module = {plugin.app: plugin.slug for plugin in discover() if not plugin.problem}
    for module in reversed(list(_modules(error.__traceback__))):
        if slug := by_package.get(module.partition(".")[0]):
            return slug
        for app, slug in by_module.items():
            if module == app or module.startswith(_app_package(app) + "."):
                return slug
    missing = getattr(error, "name", None) if isinstance(error, ModuleNotFoundError) else None
    return by_package.get(missing.partition(".")[0]) if missing else None


def _read(entry: EntryPoint) -> DiscoveredPlugin:
    distribution = entry.dist.name if entry.dist is not None else "?"
    match = _TARGET.match(entry.value.strip())
    if match is None:
        problem = f"entry point value {entry.value!r} is not of the form package.module:Class"
        return DiscoveredPlugin(entry.name, entry.value, distribution, problem)
    module, attr = match["module"], match["attr"]
    app = f"{module}.{attr}" if attr else module
    top = module.partition(".")[0]
    problem = "" if _exists(top) else f"package {top!r} cannot be found"
    return DiscoveredPlugin(entry.name, app, distribution, problem)


def _exists(package: str) -> bool:
    if package in sys.modules:
        return True
    try:
        return find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def _app_package(app: str) -> str:
    """``a.b.apps.BConfig`` → ``a.b``; ``a.b`` stays."""
    head, separator, _ = app.partition(".apps.")
    return head if separator else app


def _modules(traceback: TracebackType | None) -> Iterable[str]:
    while traceback is not None:
        yield str(traceback.tb_frame.f_globals.get("__name__", ""))
        traceback = traceback.tb_next


def _normal(slug: str) -> str:
    return slug.strip().replace("-", "_").lower()
