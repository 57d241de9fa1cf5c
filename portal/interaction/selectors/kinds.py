"""Which letters a site takes at present, as visitors choose among them."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.interaction.models import LetterKind, LetterProfile
from portal.plugin_api import just_seen, kept_text

# What one wants to do, and a word of help; in the order of the hub.
ENTRIES = {
    LetterKind.CONSULTATION: (
        _("Ask a question"),
        _("How something is done, what a rule means, whom to turn to."),
    ),
    LetterKind.SUGGESTION: (
        _("Make a suggestion"),
        _("What the city could do better."),
    ),
    LetterKind.COMPLAINT: (
        _("Complain"),
        _("About an office, a service or how you were treated."),
    ),
    LetterKind.REPORT: (
        _("Report a wrong"),
        _("Somebody breaks a rule or endangers others."),
    ),
    LetterKind.ERROR: (
        _("Report an error on this website"),
        _("Wrong or old content, a dead link, a file that does not open."),
    ),
    LetterKind.LEADER: (
        pgettext_lazy("kind of letter", "Write to the leader's mailbox"),
        _("What the heads of the city themselves should know."),
    ),
}
WRITTEN = tuple(ENTRIES)
DEFAULT = LetterKind.CONSULTATION


def open_kinds(site: int | None) -> Sequence[LetterKind]:
    """The kinds that a site takes, in their order. No query, but after something has changed."""
    if site is None:
        return WRITTEN
    kept = kept_text(("interaction", "closed-kinds", site), lambda: _closed(site))
    closed = set(kept.split(","))
    return [kind for kind in WRITTEN if kind.value not in closed]


def _closed(site: int) -> str:
    rows = LetterProfile.objects.filter(site=site, is_open=False).values_list("kind", flat=True)
    return ",".join(rows)


def is_spoken_at(site: int | None, language: str) -> bool:
    """Whether a site has a public home in a language: in that language letters are answered."""
    if site is None:
        return True
    root = just_seen().site_root(site, language)
    return root is not None and root.is_public


def intro_of(site: int, kind: str) -> str:
    """The site's own words above the form."""
    row = LetterProfile.objects.filter(site=site, kind=kind).values_list("intro", flat=True)
    return row.first() or ""
