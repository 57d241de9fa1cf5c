"""What this plugin enters into the portal's registries."""

import datetime

from portal.plugin_api import (
    ApiRoutes,
    ScheduledJob,
    api_routers,
    dashboard_panels,
    demo_content,
    evidence_sources,
    outbox_consumers,
    publication_followers,
    scheduled_jobs,
)

from .api import make_router
from .apps import ASK_OTHERS, CHECK_QUALITY, COUNT, GO_ON, RECONCILE
from .demo_content import DemoLibrary
from .evidence import RecordRows
from .following import Records, Texts
from .panels import WaitingRequests
from .services import outside_links, quality, records
from .taking_in.services import go_on_with_interrupted


def reconcile(site: int | None) -> None:
    records.reconcile(site_pk=site, limit=5000)


publication_followers.register("records", Records())
outbox_consumers.register("texts", Texts())
api_routers.register("library", ApiRoutes("library", make_router))
dashboard_panels.register("requests", WaitingRequests())
demo_content.register("library", DemoLibrary())
evidence_sources.register("records", RecordRows())
scheduled_jobs.register(
    "reconcile",
    ScheduledJob(label=RECONCILE, work=reconcile, every=datetime.timedelta(minutes=10)),
)
scheduled_jobs.register(
    "count",
    ScheduledJob(label=COUNT, work=quality.count_again, every=datetime.timedelta(minutes=10)),
)
scheduled_jobs.register(
    "check_quality",
    ScheduledJob(label=CHECK_QUALITY, work=quality.nightly, at=datetime.time(1, 20)),
)
scheduled_jobs.register(
    "go_on_with_intakes",
    ScheduledJob(label=GO_ON, work=go_on_with_interrupted, every=datetime.timedelta(minutes=10)),
)
scheduled_jobs.register(
    "ask_others",
    ScheduledJob(
        label=ASK_OTHERS, work=outside_links.check_outside, every=datetime.timedelta(minutes=10)
    ),
)
