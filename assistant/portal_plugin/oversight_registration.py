"""What receipts, figures and the switch enter into the portal's registries."""

import datetime

from portal.plugin_api import ScheduledJob, dashboard_panels, measured_functions, scheduled_jobs

from . import figures_panels, held
from .admin.pauses import PausedReminder
from .apps import ADD_UP_DAYS, LOOK_AGAIN
from .dialogue.memory import RasaMemory
from .figures_gaps import gaps_table
from .holders import GapQuestions
from .measured import AssistantMeasured
from .services.figures import roll_up
from .services.receipts import look_again


def register() -> None:
    dashboard_panels.register("paused", PausedReminder())
    figures_panels.register("gaps", gaps_table)
    measured_functions.register("assistant", AssistantMeasured())
    held.register(RasaMemory())
    held.register(GapQuestions())
    scheduled_jobs.register(
        "add_up_days",
        # Before the conversations of the oldest day are forgotten.
        ScheduledJob(
            label=ADD_UP_DAYS, work=lambda site: roll_up(site=site), at=datetime.time(0, 20)
        ),
    )
    scheduled_jobs.register(
        "look_again",
        ScheduledJob(
            label=LOOK_AGAIN, work=lambda site: look_again(site=site), at=datetime.time(4, 10)
        ),
    )
