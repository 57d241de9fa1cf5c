"""Registered for the entrance, the exchange and the platforms of services."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import (
    ApiRoutes,
    FixedAddresses,
    ListItem,
    ScheduledJob,
    api_routers,
    clock_kinds,
    dashboard_panels,
    demo_content,
    list_sources,
    scheduled_jobs,
    search_cards,
    service_adaptors,
    sitemap_sources,
)

from . import capabilities, entrance_menu, switching  # noqa: F401 - register
from .adaptors import JsonPlatform
from .api import make_router
from .apps import CHECK_PLATFORMS, GO_ON_IMPORTING
from .demo_content import DemoGuides
from .exchange.uploads import GUIDE_FILES
from .platforms import check_site
from .ratings import RATING_REPLY
from .ratings_panels import OwedReplies
from .search_cards import GuideCards
from .selectors.lists import newest_guides


class NewestGuides:
    label = _("Newest service guides")

    def items(self, *, site: int | None, language: str, count: int) -> Sequence[ListItem]:
        return newest_guides(site, language, count)


api_routers.register("services", ApiRoutes("services", make_router))
clock_kinds.register("rating_reply", RATING_REPLY)
sitemap_sources.register("entrance", FixedAddresses("/services/", "/services/catalogue/"))
dashboard_panels.register("owed_replies", OwedReplies())
demo_content.register("guides", DemoGuides())
list_sources.register("newest", NewestGuides())
search_cards.register("guides", GuideCards())
_sample: Any = JsonPlatform()
service_adaptors.register("json", _sample)

scheduled_jobs.register(
    "check_platforms",
    ScheduledJob(label=CHECK_PLATFORMS, work=check_site, every=datetime.timedelta(minutes=30)),
)
scheduled_jobs.register(
    "go_on_importing",
    ScheduledJob(
        label=GO_ON_IMPORTING,
        work=GUIDE_FILES.go_on_with_interrupted,
        every=datetime.timedelta(minutes=10),
    ),
)
