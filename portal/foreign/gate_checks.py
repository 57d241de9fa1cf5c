"""A language opens by its section only, whatever way somebody publishes its home."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import PublishProblem, publish_checks, site_home

from .models import ForeignSection
from .selectors.sections import section_for


@publish_checks.step
def closed_languages(
    problems: list[PublishProblem], *, page: Page, site: Any
) -> list[PublishProblem]:
    """The home of a section that is not open, and homes of languages without any section."""
    if page.locale_id is None or page.locale.language_code == settings.LANGUAGE_CODE:
        return problems
    language = page.locale.language_code
    root = site_home(site, language)
    if root is None or root.pk != page.pk:
        return problems
    section = section_for(site, language)
    if section is not None and section.state == ForeignSection.State.OPEN:
        return problems
    message = _(
        "This is the home of a language that is not open. A language opens at “Foreign-language "
        "sections”, with a team and enough that is translated."
    )
    return [*problems, PublishProblem(message, code="foreign_section")]
