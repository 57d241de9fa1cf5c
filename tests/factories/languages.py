"""Other languages for tests that are not about translating."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from wagtail.models import Locale, Page

from portal.core import structure
from portal.core.models import SiteRecord
from portal.foreign.models import ForeignSection
from portal.plugins import switches


def open_language(site: SiteRecord, language: str = "en", *, title: str = "Yunhu") -> Page:
    """The public home of a site in a language, as a section that is open. Read back.

    A sub-site's lies below its parent's, which is opened before it.
    """
    locale, _created = Locale.objects.get_or_create(language_code=language)
    if site.parent is not None:
        above = Page.objects.filter(
            translation_key=site.parent.root_page.translation_key, locale=locale
        )
        if not above.exists():
            open_language(site.parent, language, title=title)
    ForeignSection.objects.get_or_create(
        site=site,
        locale=locale,
        defaults={"state": ForeignSection.State.OPEN, "opened_at": timezone.now()},
    )
    home = Page.objects.get(pk=site.root_page_id).specific.copy_for_translation(locale)
    structure.touch()
    home.title = title
    home.save_revision().publish()
    found: Page = Page.objects.get(pk=home.pk).specific
    return found


@contextmanager
def without_foreign() -> Iterator[None]:
    """As where nobody keeps languages: translations are published like any page."""
    with switches.override({("foreign", None): False}):
        yield
