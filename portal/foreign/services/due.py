"""By when a translation is owed: the rule's working days, by the work calendar of the site."""

import datetime

from portal.foreign.models import CoreRule
from portal.plugin_api import Limit, SiteLike, Unit, clocks


def due_for(rule: CoreRule, since: datetime.datetime, site: SiteLike) -> datetime.date:
    """The working day by which a text that changed at ``since`` must have followed.

    No allowance at all means the same day, or the next working day where that one is free.
    """
    limit = Limit(rule.lag_days, Unit.WORKING_DAYS) if rule.lag_days else Limit(0, Unit.DAYS)
    return clocks.due(site, limit, since).at.date()
