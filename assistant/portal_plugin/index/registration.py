"""What the index enters into the portal's registries; called from ``components``."""

import datetime

from assistant.portal_plugin.apps import FORGET_VECTORS, KEEP_INDEX
from portal.plugin_api import (
    BackupPart,
    ScheduledJob,
    backup_parts,
    index_rebuilders,
    outbox_consumers,
    readiness_checks,
    receipt_parts,
    scheduled_jobs,
    web_starters,
)

from . import compaction, drafts, embedding, followers, readiness, receipts, serving


def register() -> None:
    drafts.connect()
    outbox_consumers.register("assistant", followers.IndexFollower())
    # Rasa's models are trained anew from the stories.
    backup_parts.register("assistant", BackupPart(derived=("assistant/index", "rasa")))
    index_rebuilders.register("assistant", compaction.rebuild)
    readiness_checks.register("assistant", readiness.index_ready)
    receipt_parts.register("assistant", receipts.AssistantPart())
    scheduled_jobs.register(
        "forget_vectors",
        ScheduledJob(label=FORGET_VECTORS, work=embedding.forget_unused, at=datetime.time(3, 50)),
    )
    web_starters.register("index", serving.warm_up)
    scheduled_jobs.register(
        "keep_index",
        ScheduledJob(label=KEEP_INDEX, work=compaction.keep, every=datetime.timedelta(minutes=1)),
    )
