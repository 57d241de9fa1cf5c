"""What this plugin enters into the portal's registries."""

import datetime

from portal.plugin_api import ScheduledJob, dashboard_panels, scheduled_jobs, watched_texts

from .apps import COMPARE_FIGURES
from .watch.dashboard import DifferingFigures
from .watch.services import nightly
from .watch.sources import Interpretations, Translations

dashboard_panels.register("differing_figures", DifferingFigures())
scheduled_jobs.register(
    "compare_figures",
    ScheduledJob(label=COMPARE_FIGURES, work=nightly, at=datetime.time(2, 10)),
)
watched_texts.register("interpretations", Interpretations())
watched_texts.register("translations", Translations())
