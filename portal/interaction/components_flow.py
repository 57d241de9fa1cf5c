"""Deadlines, jobs and demo content of letters."""

import datetime

from portal.plugin_api import ScheduledJob, clock_kinds, demo_content, scheduled_jobs

from .deadlines import CLOCK_KINDS
from .demo_content import DemoLetters
from .jobs import LOOK_AFTER, WATCH
from .services import upkeep

for _key, _kind in CLOCK_KINDS.items():
    clock_kinds.register(_key.partition(".")[2], _kind)
scheduled_jobs.register(
    "look_after_letters",
    ScheduledJob(label=LOOK_AFTER, work=upkeep.look_after, every=datetime.timedelta(minutes=10)),
)
scheduled_jobs.register(
    "watch_letters",
    ScheduledJob(label=WATCH, work=upkeep.watch, at=datetime.time(2, 40)),
)
demo_content.register("letters", DemoLetters())
