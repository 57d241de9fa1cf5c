"""The sentences that a city may word itself, with their defaults."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from . import structure
from .models import EditableMessage


@dataclass(frozen=True, slots=True)
class Default:
    """A message's name for editors and its wording unless someone changed it."""

    label: object
    text: object


DEFAULTS: dict[str, Default] = {
    "leave_notice": Default(
        _("Leave notice"),
        _(
            "You are about to leave this site. The site you are going to is not run by us: "
            "we do not answer for its content."
        ),
    ),
    "archived_notice": Default(
        _("Archived notice"),
        _("This special topic is archived. Its content is kept as it was and no longer updated."),
    ),
    "empty_column": Default(
        _("Empty column"),
        _("Nothing has been published here yet. Please look at the other columns meanwhile."),
    ),
    "not_found": Default(
        _("Page not found"),
        _("The page may have been moved or withdrawn. Start again from the home or the site map."),
    ),
}


def message(key: str, *, site_pk: int | None, language: str) -> str:
    """The wording for a site and language: the site's own, else the portal's, else the default.

    Raises:
        KeyError: the key is not in ``DEFAULTS``.
    """
    found = structure.current()
    cached = found.fragment(("message", key, site_pk, language))
    if cached is not None:
        return cached
    rows = {
        row.site_id: row.text
        for row in EditableMessage.objects.filter(key=key, language=language)
        if row.site_id in (site_pk, None)
    }
    with override(language):
        text = rows.get(site_pk) or rows.get(None) or str(DEFAULTS[key].text)
    return found.keep_fragment(("message", key, site_pk, language), text)
