"""What this plugin says when something is to be published."""

from typing import Any

from portal.plugin_api import PublishProblem, SiteLike, publish_checks, site_pk

from .watch.publishing import problems as differing_figures


@publish_checks.step
def figures(problems: list[PublishProblem], *, page: Any, site: SiteLike) -> list[PublishProblem]:
    return [*problems, *differing_figures(page, site_pk(site))]
