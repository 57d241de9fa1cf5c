"""Which golden questions are answered otherwise once a document ends: told beforehand."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from wagtail.models import Page

from .services.golden_moves import on_ending
from .wording_of_moves import line_of


class MovedAnswers:
    """Entered in the registry ``consequences``."""

    def consequences(self, *, pages: Sequence[Page], clauses: Sequence[str] = ()) -> Iterator[str]:
        preview = on_ending([page.pk for page in pages], clauses)
        if not preview.is_known:
            yield _("Nobody can say now which golden questions would be answered otherwise.")
        for moved in preview.moves:
            yield _("Golden question %(line)s") % {"line": line_of(moved)}
