"""Whether letters can be written from a section, and of which kinds."""

from collections.abc import Sequence

from portal.foreign.models import ForeignSection
from portal.plugin_api import (
    CapabilityUnavailable,
    DraftKind,
    Letters,
    capability,
    is_enabled,
    letters,
    public_place,
    site_home,
)

from .sections import section_for


def letters_of(section: ForeignSection) -> tuple[Letters | None, Sequence[DraftKind]]:
    """Who takes letters of this site, and the kinds that are taken in the section's language.

    (None, ()) where nobody does, and where who does it has failed just now.
    """
    provider = capability(letters, section.site_id)
    if provider is None:
        return (None, ())
    try:
        kinds = tuple(provider.kinds(site=section.site_id, language=section.locale.language_code))
    except CapabilityUnavailable:  # it logs its failure itself
        return (None, ())
    return (provider, kinds) if kinds else (None, ())


def writing_section(site_pk: int | None, language: str) -> ForeignSection | None:
    """The open, public section of a site in a language; None where there is none."""
    section = section_for(site_pk, language)
    if section is None or section.state != ForeignSection.State.OPEN:
        return None
    if not is_enabled("foreign", section.site_id):
        return None
    home = site_home(section.site_id, language)
    return section if home is not None and public_place(home.pk) is not None else None
