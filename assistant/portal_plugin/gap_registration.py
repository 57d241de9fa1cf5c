"""What gaps and golden questions enter into the portal's registries; called from ``components``."""

import datetime

from portal.plugin_api import (
    ScheduledJob,
    consequences,
    dashboard_panels,
    gap_signals,
    hot_topics,
    outbox_consumers,
    scheduled_jobs,
)

from .apps import ASK_GOLDEN_QUESTIONS, FIND_GAPS
from .consequences import MovedAnswers
from .gap_followers import GapCloser
from .gap_panels import GapTasks
from .gap_signals import UnansweredQuestions
from .hot_gaps import AskedInVain
from .services.gap_finding import find_gaps
from .services.golden import run_nightly


def register() -> None:
    gap_signals.register("unanswered", UnansweredQuestions())
    consequences.register("golden_questions", MovedAnswers())
    hot_topics.register("gaps", AskedInVain())
    dashboard_panels.register("gaps", GapTasks())
    outbox_consumers.register("gaps", GapCloser())
    scheduled_jobs.register(
        "find_gaps", ScheduledJob(label=FIND_GAPS, work=find_gaps, at=datetime.time(2, 10))
    )
    scheduled_jobs.register(
        "ask_golden_questions",
        ScheduledJob(label=ASK_GOLDEN_QUESTIONS, work=run_nightly, at=datetime.time(4, 10)),
    )
