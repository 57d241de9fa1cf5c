"""The routers that plugins add to the API."""

from functools import partial

from ninja import NinjaAPI, Router

from portal.core.extension_points import ApiRoutes, api_routers
from portal.plugins import registry
from portal.plugins.breaker import breaker


def add_plugin_routers(api: NinjaAPI) -> dict[str, str]:
    """Mount the routers of all installed plugins; give the plugin's slug for each path.

    A plugin whose router cannot be made is left out, and so is the later of two that want the
    same path: the portal starts without it, and the administrators see why.
    """
    plugins = registry.installed()
    found: dict[str, str] = {}
    for plugin, contribution in api_routers.contributions():
        if not plugins.usable(plugin):
            continue
        work = partial(_make, contribution.target, found)
        router = breaker.call(plugin, api_routers.title, work, None)
        if router is not None:
            path = contribution.target.path
            api.add_router(f"/{path}", router, tags=None if router.tags else [path])
            found[path] = plugin
    return found


def _make(routes: ApiRoutes, taken: dict[str, str]) -> Router:
    if routes.path in taken:
        raise ValueError(f"/api/v1/{routes.path} is the plugin {taken[routes.path]}'s already")
    router = routes.router()
    if not isinstance(router, Router):
        raise TypeError(f"/api/v1/{routes.path}: {type(router).__name__} is not a ninja Router")
    return router
