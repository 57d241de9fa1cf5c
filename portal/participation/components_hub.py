"""Registrations of hub, API, yearly counts and service teams."""

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import (
    ApiRoutes,
    FixedAddresses,
    SearchKind,
    api_routers,
    dashboard_panels,
    demo_content,
    list_sources,
    search_kinds,
    sitemap_sources,
)

from . import menu_entries  # noqa: F401 - its step is entered by being imported
from .api import make_router
from .counts_panel import CountsBehind
from .demo_content import DemoAsking
from .lists import Activities, OpenActivities, Results

api_routers.register("participation", ApiRoutes("participation", make_router))
list_sources.register("activities", Activities())
list_sources.register("open", OpenActivities())
list_sources.register("results", Results())
search_kinds.register("participation", SearchKind(label=_("Participation"), order=75))
dashboard_panels.register("counts", CountsBehind())
demo_content.register("asking", DemoAsking())
sitemap_sources.register("hub", FixedAddresses("/participation/"))
