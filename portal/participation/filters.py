"""What is looked at before an activity is published: who stands behind its column (R-INT-38)."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.plugin_api import PublishProblem, SiteLike, publish_checks

from .models.pages import ActivityPage
from .selectors.settings import has_team


@publish_checks.step
def service_team(
    problems: list[PublishProblem], /, *, page: Any, site: SiteLike
) -> list[PublishProblem]:
    """A column opens when it is settled who reads what comes in, and how.

    Advice, so that an urgent solicitation is not held up; the list of teams shows what is missing.
    """
    if not isinstance(page, ActivityPage) or page.alias_of_id:
        return problems
    column = page.get_parent() if page.path else None
    if column is None or has_team(column.pk):
        return problems
    message = _(
        "No service team is recorded for the column “%(column)s”. Who reads what comes in, and "
        "how it is taken, is settled before the column opens."
    ) % {"column": column.title}
    url = f"{reverse('participation_teams:add')}?{urlencode({'column': column.pk})}"
    return [*problems, PublishProblem(message, None, False, "service_team", url)]
