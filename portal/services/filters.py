"""What the plugin has to say before something is published."""

from wagtail.models import Page

from portal.plugin_api import PublishProblem, SiteLike, publish_checks

from .models import GuidePage
from .publishing import warnings_of
from .selectors.basis import ended_problems


@publish_checks.step
def key_parts(
    problems: list[PublishProblem], /, *, page: Page, site: SiteLike
) -> list[PublishProblem]:
    """One to three key parts are missing: told, but no reason to keep the rest from people."""
    if isinstance(page, GuidePage) and page.alias_of_id is None:
        return [*problems, *warnings_of(page)]
    return problems


@publish_checks.step
def basis_in_force(
    problems: list[PublishProblem], /, *, page: Page, site: SiteLike
) -> list[PublishProblem]:
    """What a guide rests on is no longer in force."""
    if isinstance(page, GuidePage) and page.alias_of_id is None:
        return [*problems, *ended_problems(page)]
    return problems
