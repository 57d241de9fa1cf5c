"""Since when a translation of an entry is behind its source, and when that is too long.

A translation is an approved answer of its own; what it was made from is known by ``source_state``.
While its source says something else, readers are told so. After some days the translation is no
longer given at all: the source's text is, as where there is no translation.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from wagtail.models import Revision

from assistant.portal_plugin.models import QuestionPage
from assistant.portal_plugin.models.knowledge import text_state
from portal.plugin_api import Publication, page_holds_until


@dataclass(frozen=True, slots=True)
class Made:
    """What a translation was made from, and its source as it is (or was, at the moment)."""

    source_state: str
    original: QuestionPage

    @property
    def is_stale(self) -> bool:
        return self.source_state not in ("", self.original.text_state)


def stale_since(
    made: Mapping[int, Made], *, at: datetime.datetime | None = None
) -> dict[int, datetime.datetime]:
    """Since when some translations are behind, by key; those that are not are left out.

    No query where none is behind, else two for all. Counted from the first of the source's public
    versions since which none was what the translation was made from; a change of other fields is
    none. A version that is kept no longer counts as another text.
    """
    stale = {pk: one for pk, one in made.items() if one.is_stale}
    if not stale:
        return {}
    moment = at or timezone.now()
    originals = {one.original.pk for one in stale.values()}
    versions: dict[int | None, list[tuple[datetime.datetime, int | None]]] = {}
    for page, since, version in (
        Publication.objects.filter(page__in=originals, since__lte=moment)
        .order_by("-since", "-pk")
        .values_list("page_id", "since", "version")
    ):
        versions.setdefault(page, []).append((since, version))
    wanted = {version for rows in versions.values() for _since, version in rows} - {None}
    states = {
        pk: text_state(content.get("question", ""), content.get("answer", ""))
        for pk, content in Revision.objects.filter(pk__in=wanted).values_list("pk", "content")
    }
    found = {}
    for pk, one in stale.items():
        first = moment
        for since, version in versions.get(one.original.pk, ()):
            if states.get(version or 0) == one.source_state:
                break
            first = since
        found[pk] = first
    return found


def is_too_far_behind(
    since: datetime.datetime | None, *, at: datetime.datetime | None = None
) -> bool:
    """Whether a translation that is behind since a moment is no longer to be given."""
    if since is None:
        return False
    ends = since + datetime.timedelta(days=settings.ASSISTANT_TRANSLATION_LAG_DAYS)
    if at is None:
        page_holds_until(ends)
    return (at or timezone.now()) >= ends
