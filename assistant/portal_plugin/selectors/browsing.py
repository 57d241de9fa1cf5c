"""The knowledge base as people leaf through it: topics with their numbers, the entries of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from assistant.portal_plugin.answering.languages import NAMES, ZH_HANT
from assistant.portal_plugin.models import QuestionPage, Topic
from portal.plugin_api import PortalContext, public_urls

from .entry_sites import in_sites
from .knowledge import Answerable, answerable, current_entries, hold_until_next

# The address of what belongs to no topic; also "everything else" for readers.
OTHERS = "others"
_SHOWN_OF_TOPIC = 3


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic with the number of its entries and the first of them. ``topic`` None: the rest."""

    topic: Topic | None
    slug: str
    name: str
    icon: str
    count: int
    first: Sequence[Link]


def written_in(language: str) -> str:
    """The language of the entries that are shown: traditional characters are made from these."""
    return "zh-hans" if language == ZH_HANT else language


class Browsing:
    """What a site shows of the knowledge base in a language; of all sites where it is the portal's
    own. Entries that are in force, in parts of the tree that everybody may read."""

    def __init__(self, portal: PortalContext, language: str) -> None:
        self.portal, self.language = portal, language
        self.now = timezone.now()
        hold_until_next(QuestionPage.objects.filter(live=True))

    def _all(self) -> QuerySet[QuestionPage]:
        found = current_entries(self.now).filter(alias_of__isnull=True)
        site = self.portal.site_pk
        if site is not None and site != self.portal.structure.main_site_pk:
            found = found.filter(in_sites([site]))
        for path in self.portal.structure.hidden_paths:
            found = found.exclude(path__startswith=path)
        return found

    def _entries(self) -> QuestionPage | Any:
        return self._all().filter(language=written_in(self.language))

    def languages(self) -> list[tuple[str, str, set[int | None]]]:
        """(code, name in its own script, keys of its topics) of the languages that have entries.

        One query. The key None is among the topics where entries belong to none.
        """
        found: dict[str, set[int | None]] = {}
        for code, topic in self._all().order_by().values_list("language", "topic").distinct():
            found.setdefault(code, set()).add(topic)
        if "zh-hans" in found:
            found[ZH_HANT] = found["zh-hans"]
        return [(code, name, found[code]) for code, name in NAMES.items() if code in found]

    def topics(self, *, with_first: bool = True) -> list[TopicRow]:
        """Topics that have entries, in their order; two queries, one more for the first entries."""
        counts = dict(self._entries().order_by().values_list("topic").annotate(count=Count("pk")))
        firsts = self._firsts() if with_first else {}
        rows = [
            TopicRow(topic, topic.slug, topic.name_in(self.language), topic.icon,
                     counts[topic.pk], firsts.get(topic.pk, []))
            for topic in Topic.objects.all()
            if counts.get(topic.pk)
        ]  # fmt: skip
        if counts.get(None):
            rows.append(TopicRow(None, OTHERS, "", "", counts[None], firsts.get(None, [])))
        return rows

    def _firsts(self) -> dict[int | None, list[Link]]:
        rows = (
            self._entries()
            .annotate(
                place=Window(RowNumber(), partition_by=F("topic_id"), order_by=F("path").asc())
            )
            .filter(place__lte=_SHOWN_OF_TOPIC)
            .order_by("topic_id", "place")
            .values_list("topic_id", "pk", "title", "path", "url_path")
        )
        found: dict[int | None, list[Link]] = {}
        rows = list(rows)
        urls = public_urls([(pk, path, url_path) for _t, pk, _title, path, url_path in rows])
        for topic, pk, title, _path, _url_path in rows:
            if pk in urls:
                found.setdefault(topic, []).append(Link(title, urls[pk]))
        return found

    def of_topic(self, topic: Topic | None) -> QuerySet[QuestionPage]:
        """The entries of a topic (None: of none), in the order of the tree."""
        wanted = Q(topic=topic) if topic is not None else Q(topic__isnull=True)
        found: QuerySet[QuestionPage] = self._entries().filter(wanted).order_by("path")
        return found

    def read(self, entries: QuerySet[QuestionPage]) -> list[Answerable]:
        """Some entries with all that is shown of them, in their order."""
        pks = list(entries.values_list("pk", flat=True))
        truth = answerable(pks)
        return [truth[pk] for pk in pks if pk in truth]
