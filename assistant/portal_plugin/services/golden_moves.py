"""What publishing, withdrawing or bringing in would move: for screens that ask beforehand."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from wagtail.models import Page

from assistant.portal_plugin.index.imagined import Imagined, if_ended, if_published, if_withdrawn
from assistant.portal_plugin.models import QuestionPage
from assistant.retrieval.embedders import Unavailable

from .golden import GoldenMove, fingerprint_of, moved_by

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Preview:
    """``is_known`` False: a model or the index does not answer now, so that nobody can say."""

    moves: Sequence[GoldenMove] = ()
    is_known: bool = True

    @property
    def fingerprint(self) -> str:
        """Names exactly what is shown; "" where there is nothing to be seen."""
        return fingerprint_of(self.moves) if self.moves else ""


def on_publishing(pages: Iterable[QuestionPage], parent: Page | None = None) -> Preview:
    """These entries as they are in memory; new ones below ``parent``. What is an alias is its
    original's business."""
    listed = [page for page in pages if not page.alias_of_id]
    for page in listed:
        if not page.path and parent is not None:
            page.path = f"{parent.path}{'0' * Page.steplen}"
            page.depth = parent.depth + 1
    return _tried(lambda: if_published(listed))


def on_withdrawing(pks: Iterable[int]) -> Preview:
    """Pages of any kind, also a column with all below it."""
    listed = list(pks)
    paths = Page.objects.filter(pk__in=listed).values_list("path", flat=True)
    below = {pk for path in paths for pk in _entries_below(path)}
    return _tried(lambda: if_withdrawn([*dict.fromkeys([*listed, *sorted(below)])]))


def on_ending(pages: Iterable[int], clauses: Sequence[str] = ()) -> Preview:
    """Documents that are in force no longer, or some clauses of the first."""
    return _tried(lambda: if_ended(pages, clauses=clauses))


def on_change(imagine: Callable[[], Imagined]) -> Preview:
    """Whatever else is to be imagined."""
    return _tried(imagine)


def _entries_below(path: str) -> Iterable[int]:
    rows = QuestionPage.objects.filter(path__startswith=path, live=True)
    return list(rows.values_list("pk", flat=True))


def _tried(imagine: Callable[[], Imagined]) -> Preview:
    """A preview never stands in the way of what it previews."""
    try:
        return Preview(moved_by(imagine()))
    except Unavailable as reason:
        logger.warning("Nobody can say which golden questions would move: %s", reason)
        return Preview(is_known=False)
