"""What the index enters into the portal's registries; called from ``components``."""

import datetime

from assistant.portal_plugin.apps import KEEP_INDEX
from portal.plugin_api import (
    ScheduledJob,
    index_rebuilders,
    outbox_consumers,
    readiness_checks,
    scheduled_jobs,
    web_starters,
)

from . import compaction, drafts, followers, readiness, serving


def register() -> None:
    drafts.connect()
    outbox_consumers.register("assistant", followers.IndexFollower())
    index_rebuilders.register("assistant", compaction.rebuild)
    readiness_checks.register("assistant", readiness.index_ready)
    web_starters.register("index", serving.warm_up)
    scheduled_jobs.register(
        "keep_index",
        ScheduledJob(label=KEEP_INDEX, work=compaction.keep, every=datetime.timedelta(minutes=1)),
    )
