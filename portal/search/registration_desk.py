"""What the editors' side of search enters into the portal's registries."""

import datetime

from portal.plugin_api import (
    ScheduledJob,
    dashboard_panels,
    demo_content,
    dependants,
    gap_signals,
    hot_topics,
    measured_functions,
    scheduled_jobs,
)

from .demo_content import DemoSearch
from .dependants import BestBets
from .desk_panels import MissedTitles, SearchTasks
from .gap_signals import EmptySearches, PopularSearches
from .jobs import COUNT_LOG, FIND_TASKS, FORGET_LOG, SAMPLE
from .measured import SearchMeasured
from .services.sampling import sample_all
from .services.tallying import count_log, forget_log
from .services.tasking import find_all_tasks

dependants.register("best_bets", BestBets())
gap_signals.register("empty_searches", EmptySearches())
hot_topics.register("popular_searches", PopularSearches())
dashboard_panels.register("tasks", SearchTasks())
dashboard_panels.register("sample", MissedTitles())
demo_content.register("rules", DemoSearch())
measured_functions.register("search", SearchMeasured())
scheduled_jobs.register(
    "count_log",
    ScheduledJob(label=COUNT_LOG, work=count_log, every=datetime.timedelta(minutes=15)),
)
# Behind the night's reading of ``gap_signals``, which tells the day's visitors apart.
scheduled_jobs.register(
    "forget_log", ScheduledJob(label=FORGET_LOG, work=forget_log, at=datetime.time(3, 40))
)
scheduled_jobs.register(
    "find_tasks", ScheduledJob(label=FIND_TASKS, work=find_all_tasks, at=datetime.time(3, 55))
)
scheduled_jobs.register(
    "sample", ScheduledJob(label=SAMPLE, work=sample_all, at=datetime.time(4, 40))
)
