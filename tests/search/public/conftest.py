"""What the public sees of search, with a shelf of results in place of an index."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.utils.html import escape

from portal.search import api, feeds, missing, views
from portal.search.services.contract import FacetValue, Found, Outcome, Search, Suggestion
from tests.factories import World

NAMES = {"find": (views, feeds, api, missing), "suggest": (api, missing), "popular": (views,)}


@dataclass
class Shelf:
    """Holds what can be found, and remembers what was asked."""

    world: World
    found: list[Found] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    hot: tuple[str, ...] = ()
    outcome: dict[str, Any] = field(default_factory=dict)
    facets: dict[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    asked: list[Search] = field(default_factory=list)

    def put(self, title: str, **values: Any) -> Found:
        number = len(self.found) + 1
        standard: dict[str, Any] = {
            "key": f"page:{number}",
            "kind": "article",
            "title": title,
            "title_html": escape(title),
            "snippet_html": f"About <mark>{escape(title)}</mark>",
            "url": f"/somewhere/{number}/",
            "site": self.world.site.pk,
            "language": "zh-hans",
            "date": None,
            "standing": "in_force",
            "trust": "human",
            "score": 1.0,
        }
        self.found.append(Found(**standard | values))
        return self.found[-1]

    def find(self, search: Search) -> Outcome:
        self.asked.append(search)
        hits = [one for one in self.found if one.language == search.language]
        start = (search.page - 1) * 20
        shown = tuple(hits[start : start + 20])
        outcome = Outcome(results=shown, total=len(hits), facets=self.facets if hits else {})
        return replace(outcome, **self.outcome)

    def suggest(self, text: str, **about: Any) -> tuple[Suggestion, ...]:
        return tuple(one for one in self.suggestions if text in one.text)

    def popular(self, **about: Any) -> tuple[str, ...]:
        return self.hot


@pytest.fixture
def shelf(world: World, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf(world)
    for name, modules in NAMES.items():
        for module in modules:
            monkeypatch.setattr(module, name, getattr(made, name))
    return made
