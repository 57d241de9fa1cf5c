"""Questions to begin with: on the answer page, in homes, and for the page somebody reads."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from wagtail.models import Page

from assistant.portal_plugin.answering.finding import Search, find
from assistant.portal_plugin.models import QuestionPage, QuestionSource
from assistant.retrieval.contract import ALL_SITES, Decision
from portal.plugin_api import kept_for

from .knowledge import Answerable, answerable, current_entries

_KEPT = 60  # seconds; what has ended meanwhile is not answered, only offered
_RESTING_ON_A_PAGE = 20


def starters(language: str, *, site: int | None, count: int = 6) -> list[dict[str, Any]]:
    """The first question of each topic that has one in a language, at most ``count``.

    Languages without entries of their own begin with those in Chinese.
    """
    key = f"assistant:starters:{site}:{language}:{count}"

    def read() -> list[dict[str, Any]]:
        spoken = "zh-hans" if language == "zh-hant" else language
        own = _firsts(spoken, count)
        return own or (_firsts("zh-hans", count) if spoken != "zh-hans" else [])

    return kept_for(key, _KEPT, read)


def starters_at(
    page: Page | None, language: str, *, site: int | None, main_site: int | None, count: int = 5
) -> list[dict[str, Any]]:
    """At most ``count`` questions that readers of a page may have, the nearest first.

    What rests on the page, or is its neighbour in the knowledge base; then what its title brings
    to mind; then the first questions of the topics.
    """
    if page is None:
        return starters(language, site=site, count=count)
    key = f"assistant:starters:{site}:{language}:{count}:{page.pk}"

    def read() -> list[dict[str, Any]]:
        spoken = "zh-hans" if language == "zh-hant" else language
        near = [_starter(entry, spoken) for entry in _near(page, spoken, site, main_site)]
        return _first_of_each([*near, *starters(language, site=site, count=count)])[:count]

    return kept_for(key, _KEPT, read)


def _near(
    page: Page, language: str, site: int | None, main_site: int | None
) -> Iterable[Answerable]:
    own = QuestionPage.objects.filter(pk=page.pk).values_list("topic_id", flat=True).first()
    wanted = current_entries(timezone.now()).filter(alias_of__isnull=True, language=language)
    if own is not None:
        wanted = wanted.filter(topic_id=own).exclude(pk=page.pk)
    else:
        resting = QuestionSource.objects.filter(target_id=page.pk).values("page_id")
        wanted = wanted.filter(pk__in=resting)
    pks = list(wanted.order_by("path").values_list("pk", flat=True)[:_RESTING_ON_A_PAGE])
    truth = answerable(pks)
    yield from (truth[pk] for pk in pks if pk in truth and truth[pk].question)
    sites = None if site in (None, main_site) else frozenset({ALL_SITES, site, main_site or site})
    brought = find(Search(page.title, language, sites=sites))
    if brought.decision is not Decision.DECLINE:
        yield from (
            match.entry
            for match in (*brought.close, *brought.matches[:1])
            if match.entry.question and match.entry.language == language
        )


def _starter(entry: Answerable, language: str) -> dict[str, Any]:
    return {"question": entry.question, "topic": entry.topic_name, "language": language}


def _first_of_each(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({row["question"]: row for row in reversed([*rows])}.values())[::-1]


def _firsts(language: str, count: int) -> list[dict[str, Any]]:
    """At most four queries, however many entries there are."""
    rows = (
        QuestionPage.objects.filter(
            live=True, alias_of__isnull=True, language=language, topic__isnull=False
        )
        .exclude(question="")
        # Some of the first may be out of force by now: two of each topic are asked for.
        .annotate(place=Window(RowNumber(), partition_by="topic_id", order_by="path"))
        .filter(place__lte=2)
        .order_by("topic__sort_order", "topic_id", "place")
        .values_list("pk", "topic_id")
    )
    firsts: dict[int, list[int]] = {}
    for pk, topic in rows:
        firsts.setdefault(topic, []).append(pk)
    truth = answerable(pk for pks in firsts.values() for pk in pks)
    found = []
    for pks in firsts.values():
        entry = next((truth[pk] for pk in pks if pk in truth), None)
        if entry is not None:
            found.append(
                {"question": entry.question, "topic": entry.topic_name, "language": language}
            )
    return found[:count]
