"""What following the Chinese enters into the portal's registries."""

import datetime

from portal.plugin_api import (
    ScheduledJob,
    bundle_members,
    outbox_consumers,
    receipt_parts,
    scheduled_jobs,
)

from .jobs import CATCH_UP
from .joint_release import Translations
from .receipts import FollowedPart, TranslationsPart
from .services.catching_up import catch_up
from .source_follower import SourceFollower

bundle_members.register("translations", Translations())
outbox_consumers.register("sources", SourceFollower())
scheduled_jobs.register(
    "catch_up",
    ScheduledJob(label=CATCH_UP, work=catch_up, every=datetime.timedelta(minutes=1)),
)
receipt_parts.register("followed", FollowedPart())
receipt_parts.register("translations", TranslationsPart())
