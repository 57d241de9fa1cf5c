"""The demo's documents that are always new: what they owe is due and late on whatever day."""

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from django.utils import timezone
from wagtail.models import Locale, Page

from portal.policy_interpretation import demo_content
from portal.policy_interpretation.models import PolicyPage
from portal.policy_interpretation.selectors.obligations import State, with_states
from portal.policy_interpretation.services.obligations import recompute
from tests.factories import World

ARTICLES = Path(demo_content.__file__).parent / "demo" / "articles"


class Demo(SimpleNamespace):
    """As much of the demo's loader as documents need."""

    def unit(self, _code: str | None) -> None:
        return None

    unit_named = unit

    def add(
        self,
        parent: Page,
        model: Any,
        slug: str,
        title: str,
        fields: dict[str, Any],
        **options: Any,
    ) -> Page:
        page = model(title=title, slug=slug, live=False, locale=Locale.get_default(),
                     first_published_at=options["date"], **fields)  # fmt: skip
        parent.add_child(instance=page)
        return page


def _rows() -> list[dict[str, Any]]:
    rows = [
        row
        for path in sorted(ARTICLES.glob("*/*wen*.yaml"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    return [row for row in rows if str(row["date"]).startswith("-")]


@pytest.mark.django_db
def test_what_is_due_and_late_is_so_on_the_day_of_loading_and_for_weeks(world: World) -> None:
    content, demo = demo_content.DemoPolicies(), Demo(pages={})
    rows = _rows()
    for row in rows:
        page = content.draft(row, world.column, demo)
        content.complete(row, page, demo)
        recompute(policy_pk=page.pk)
    now = timezone.now()
    states = [row.state for row in with_states(now=now)]
    assert {State.DUE, State.LATE} == set(states)
    later = with_states(now=now + datetime.timedelta(days=21))
    assert {State.DUE, State.LATE} <= {row.state for row in later}
    # The words of the document name the day that it has.
    page = PolicyPage.objects.get(slug=rows[0]["key"])
    day = timezone.localdate() - datetime.timedelta(days=1)
    assert page.issued_on == day
    assert f"〔{day.year}〕" in page.document_number
    assert "{" not in str([clause.text for clause in page.clauses()])
    assert timezone.localdate(page.first_published_at) == day
