"""What the plugin has to say before something is published."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import PublishProblem, SiteLike, publish_checks, site_pk

from .models.documents import BodyLevel, PolicyPage
from .selectors.plans import release_problems
from .watch.publishing import problems as differing_figures

_CARRIED = (BodyLevel.NATIONAL, BodyLevel.PROVINCIAL)


@publish_checks.step
def original_of_higher_bodies(
    problems: list[PublishProblem], /, *, page: Page, site: SiteLike
) -> list[PublishProblem]:
    """A document of a higher body is carried with a link to its original (R-POL-18)."""
    if isinstance(page, PolicyPage) and page.level in _CARRIED and not page.source_url:
        message = _("A document of a higher body is linked to its original.")
        return [*problems, PublishProblem(message, "source_url", blocking=False, code="source")]
    return problems


@publish_checks.step
def figures(problems: list[PublishProblem], *, page: Any, site: SiteLike) -> list[PublishProblem]:
    return [*problems, *differing_figures(page, site_pk(site))]


@publish_checks.step
def interpretation_planned(
    problems: list[PublishProblem], /, *, page: Page, site: SiteLike
) -> list[PublishProblem]:
    """A major policy has its plan, and what is due with a document is ready (R-POL-02, 03)."""
    if isinstance(page, PolicyPage):
        return [*problems, *release_problems(page, site_pk(site))]
    return problems
