"""What the public side of search enters into the portal's registries."""

from portal.plugin_api import ApiRoutes, api_routers, passages, search_places

from . import switching
from .api import make_search_router, make_suggest_router
from .passages import FoundPassages
from .places import Places

api_routers.register("search", ApiRoutes("search", make_search_router))
api_routers.register("suggest", ApiRoutes("suggest", make_suggest_router))
search_places.provide(Places())
passages.provide(FoundPassages())

__all__ = ["switching"]  # a step of ``language_links``
