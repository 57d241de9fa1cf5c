"""Lists for homes and topics: what is going on, and what came of it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import ListItem

from .models import Stage
from .selectors.hub import latest_items


class Activities:
    """The newest activities of a site, however far they are."""

    label = _("Participation: newest activities")
    stage: Stage | None = None

    def items(self, *, site: int | None, language: str, count: int) -> Sequence[ListItem]:
        return latest_items(site, language, count, only=self.stage)


class OpenActivities(Activities):
    """Where something can be said today."""

    label = _("Participation: open now")
    stage = Stage.OPEN


class Results(Activities):
    """Where the result is published."""

    label = _("Participation: published results")
    stage = Stage.CLOSED
