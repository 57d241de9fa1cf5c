"""Rules and figures of search for the demo city (``demo/search.yaml``).

What is there is left as it is: once a rule was ever set, or a search ever counted, nothing is
added.
"""

import datetime
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from .models import (
    BestBet,
    BlockedWord,
    QueryDay,
    Rule,
    RuleChange,
    SavedQuery,
    SearchTask,
    SiteWeights,
    StopPhrase,
    SynonymRule,
)
from .services.changing import save_rule
from .services.tasking import close, find_tasks
from .wordlists import join_words, same

type Row = Mapping[str, Any]

FILE = Path(__file__).parent / "demo" / "search.yaml"
DAYS = 45
_REASON = "演示数据"


class DemoSearch:
    """Entered in the registry ``demo_content``."""

    def finish(self, demo: Any) -> None:
        """Nothing: rules name accounts, which come last."""

    def after_all(self, demo: Any) -> None:
        told = demo.read_yaml(FILE)
        by = get_user_model().objects.filter(username=told["by"]).first()
        if not RuleChange.objects.exists():
            with transaction.atomic():
                _rules(demo, told, by)
        if not QueryDay.objects.exists():
            with transaction.atomic():
                _figures(demo, told)
            _tasks(demo, told, by)


def _rules(demo: Any, told: Row, by: Any) -> None:
    for row in told["synonyms"]:
        rule = SynonymRule(
            words=join_words(row["words"]),
            meanings=join_words(row.get("meanings", ())),
            both_ways=row.get("both_ways", False),
        )
        _save(rule, row, demo, by)
    for row in told["stop_phrases"]:
        _save(StopPhrase(phrase=row["phrase"]), row, demo, by)
    for row in told["blocked"]:
        _save(BlockedWord(word=row["word"]), row, demo, by)
    for row in told["best_bets"]:
        page = demo.pages.get(row["page"])
        if page is None or not page.live:
            continue  # of a plugin that is not installed
        until = timezone.now() + datetime.timedelta(days=row["days"]) if "days" in row else None
        bet = BestBet(queries=join_words(row["queries"]), page_id=page.pk, until=until)
        _save(bet, row, demo, by)
    row = told["weights"]
    _save(
        SiteWeights(title=row["title"], recency=row["recency"], kinds=row["kinds"]), row, demo, by
    )
    site = demo.records[demo.sites[0]["code"]]
    for row in told["queries"]:
        page = demo.pages.get(row["expected"])
        values = {"expected_id": page.pk if page is not None else None}
        SavedQuery.objects.get_or_create(site=site, text=row["text"], defaults=values)


def _save(rule: Rule, row: Row, demo: Any, by: Any) -> None:
    rule.site = demo.records[row["site"]] if "site" in row else None
    rule.note = row.get("note", "")
    save_rule(rule=rule, by=by, reason=_REASON)


def _figures(demo: Any, told: Row) -> None:
    """Invented numbers, the same at each loading, marked as such on the screens."""
    chance = random.Random(1)  # noqa: S311 - a demo, no secret
    today = timezone.localdate()
    rows = []
    for back in range(DAYS):
        day = today - datetime.timedelta(days=back)
        busy = (0.55 if day.weekday() >= 5 else 1.0) * (1.15 - back / DAYS / 3)
        for code, queries in told["figures"].items():
            site = demo.records[code].pk
            for row in queries:
                searches = round(row["daily"] * busy * chance.uniform(0.6, 1.4))
                rows.append(_day(day, site, searches, row))
            others = {"text": "", "empty": 0.12, "opened": 0.45, "place": 2.8}
            number = round(told["others"][code] * busy * chance.uniform(0.8, 1.2))
            rows.append(_day(day, site, number, others))
    QueryDay.objects.bulk_create([row for row in rows if row.searches], batch_size=500)


def _day(day: datetime.date, site: int, searches: int, row: Row) -> QueryDay:
    empty = round(searches * row["empty"])
    opened = round((searches - empty) * row["opened"])
    return QueryDay(
        day=day,
        site=site,
        language="zh-hans",
        query=same(row["text"]),
        text=row["text"],
        searches=searches,
        empty=empty,
        opened=opened,
        places=round(opened * row["place"]),
        askers=max(1, round(searches * 0.8)),
        is_invented=True,
    )


def _tasks(demo: Any, told: Row, by: Any) -> None:
    for code in told["figures"]:
        find_tasks(demo.records[code].pk)
    for row in told["tasks"]:
        found = SearchTask.objects.filter(
            site=demo.records[row["site"]], query=same(row["query"])
        ).exclude(state=SearchTask.State.CLOSED)
        for task in found:
            close(task=task, done=row["done"], note=row["note"], by=by)
