"""No way around the desk: text of a translation becomes public by its release only."""

from collections import Counter

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.strings import StringValue

from portal.plugin_api import PublishProblem, SiteLike, publish_checks, site_pk

from .models import ForeignSection, PageTranslation
from .releasing import is_releasing
from .selectors.texts import NOT_TEXTS


@publish_checks.step
def released_at_the_desk(
    problems: list[PublishProblem], /, *, page: Page, site: SiteLike
) -> list[PublishProblem]:
    """Refuses new text of a translation: by Wagtail's buttons, a schedule, a command, a bundle.

    What was released before may be public again as it was.
    """
    if page.pk is None or is_releasing(page.pk) or getattr(page, "structure_kind", None):
        return problems
    if page.locale.language_code == settings.LANGUAGE_CODE:
        return problems
    sections = ForeignSection.objects.filter(site_id=site_pk(site), locale_id=page.locale_id)
    if not sections.exists() or not _translates(page) or _as_released(page):
        return problems
    message = _(
        "The text of a translation becomes public at the translators' desk, after its reviews."
    )
    return [*problems, PublishProblem(message, code="foreign_release")]


def _translates(page: Page) -> bool:
    """Whether there is a Chinese page that this one says in its language."""
    return Page.objects.filter(
        translation_key=page.translation_key, locale__language_code=settings.LANGUAGE_CODE
    ).exists()


def _as_released(page: Page) -> bool:
    translation = PageTranslation.objects.filter(target=page.pk).first()
    if translation is None:
        return False
    rows = translation.live_segments.values_list("path", "text")
    released = Counter((path, _words(text)) for path, text in rows)
    now = Counter(
        (segment.path, _words(segment.string.data))
        for segment in extract_segments(page)
        if isinstance(segment, StringSegmentValue) and segment.path not in NOT_TEXTS
    )
    return not now - released


def _words(data: str) -> str:
    # Links are numbered by their order, which may be another one in the page than in the text.
    return " ".join(StringValue(data).render_text().split())
