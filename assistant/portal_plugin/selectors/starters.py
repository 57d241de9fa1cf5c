"""Questions to begin with, on the answer page and in homes."""

from typing import Any

from django.core.cache import cache
from django.db.models import Window
from django.db.models.functions import RowNumber

from assistant.portal_plugin.models import QuestionPage

from .knowledge import answerable

_KEPT = 60  # seconds; what has ended meanwhile is not answered, only offered


def starters(language: str, *, site: int | None, count: int = 6) -> list[dict[str, Any]]:
    """The first question of each topic that has one in a language, at most ``count``.

    Languages without entries of their own begin with those in Chinese.
    """
    key = f"assistant:starters:{site}:{language}:{count}"
    found: list[dict[str, Any]] | None = cache.get(key)
    if found is None:
        spoken = "zh-hans" if language == "zh-hant" else language
        found = _firsts(spoken, count) or (_firsts("zh-hans", count) if spoken != "zh-hans" else [])
        cache.set(key, found, timeout=_KEPT)
    return found


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
