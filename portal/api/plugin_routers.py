"""The routers that plugins add to the API."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest
from ninja import NinjaAPI, Router

from portal.core.extension_points import ApiRoutes, api_routers
from portal.plugins import registry
from portal.plugins.breaker import breaker


@dataclass(frozen=True, slots=True)
class Mounted:
    """Whose a path is, and which other websites' pages may use it (None: none)."""

    plugin: str
    allows: Callable[[HttpRequest, str], bool] | None


def add_plugin_routers(api: NinjaAPI) -> dict[str, Mounted]:
    """Mount the routers of all installed plugins; give the owner of each path.

    A plugin whose router cannot be made is left out, and so is the later of two that want the
    same path: the portal starts without it, and the administrators see why.
    """
    plugins = registry.installed()
    found: dict[str, Mounted] = {}
    for plugin, contribution in api_routers.contributions():
        if not plugins.usable(plugin):
            continue
        work = partial(_make, contribution.target, found)
        router = breaker.call(plugin, api_routers.title, work, None)
        if router is not None:
            path = contribution.target.path
            api.add_router(f"/{path}", router, tags=None if router.tags else [path])
            found[path] = Mounted(plugin, contribution.target.origins)
    return found


def _make(routes: ApiRoutes, taken: dict[str, Mounted]) -> Router:
    if routes.path in taken:
        owner = taken[routes.path].plugin
        raise ValueError(f"/api/v1/{routes.path} is the plugin {owner}'s already")
    router = routes.router()
    if not isinstance(router, Router):
        raise TypeError(f"/api/v1/{routes.path}: {type(router).__name__} is not a ninja Router")
    return router
