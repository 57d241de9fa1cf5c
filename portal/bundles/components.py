"""What the plugin enters into the portal's registries."""

import datetime

from wagtail.models import Page

from portal.plugin_api import (
    ScheduledJob,
    bundle_members,
    dashboard_panels,
    demo_content,
    preview_sets,
    release_holds,
    scheduled_jobs,
)

from .apps import RELEASE_DUE
from .demo_content import DemoSets
from .members import ReviewedPages
from .panels import WaitingSets
from .previews import SetPreviews
from .release import release_due
from .releasing import released_now
from .selectors import open_item_of


class OpenSets:
    """Holds back what is in an open set, but for the set that is being released. One query."""

    def holds(self, page: Page) -> str | None:
        item = open_item_of(page.pk)
        if item is None or item.bundle_id == released_now():
            return None
        return item.bundle.title


release_holds.register("open_sets", OpenSets())
bundle_members.register("reviewed_pages", ReviewedPages())
preview_sets.register("sets", SetPreviews())
demo_content.register("sets", DemoSets())
dashboard_panels.register("waiting", WaitingSets())
scheduled_jobs.register(
    "release_due",
    ScheduledJob(label=RELEASE_DUE, work=release_due, every=datetime.timedelta(minutes=1)),
)
