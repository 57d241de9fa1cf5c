"""What must hold with very many letters: figures kept in few rows, lists that read by index."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.interaction.comments import admin
from portal.interaction.models import Comment, CommentState, Letter, LetterFigure
from portal.interaction.selectors.desk import in_order, my_letters
from portal.interaction.selectors.figures import export_events, parts, recompute, summary
from portal.interaction.selectors.ledger import LedgerFilters, choices_of, ledger, public_letters
from portal.interaction.services import counting, flow
from tests.factories import make_world

from .people import Desk, make_desk

pytestmark = pytest.mark.django_db


def test_figures_by_part_add_up_to_those_of_the_site(desk: Desk) -> None:
    rated = desk.published()
    flow.rate(letter=rated, score=4)
    desk.published()
    flow.withdraw(letter=desk.letter(text="不用了"))
    year = timezone.localdate().year
    whole = summary(site=desk.site.pk, year=year)
    rows = export_events(
        site=desk.site.pk, first=datetime.date(2000, 1, 1), last=timezone.localdate()
    )
    assert recompute(rows) == whole
    told = parts(site=desk.site.pk, year=year)
    assert sum(row.received for _label, row in told["kind"]) == whole.received == 3
    assert sum(row.answered for _label, row in told["unit"]) == whole.answered == 2
    assert sum(row.answered for _label, row in told["month"]) == whole.answered
    before = sorted(LetterFigure.objects.values_list(*counting.FIELDS, "count"), key=str)
    counting.rebuild(desk.site.pk)
    after = sorted(LetterFigure.objects.values_list(*counting.FIELDS, "count"), key=str)
    assert after == before


def test_a_theme_has_received_what_was_taken_on_in_it(desk: Desk) -> None:
    for theme in ("交通出行", "交通出行", "住房保障"):
        flow.accept(letter=desk.letter(), theme=theme, by=desk.clerk)
    desk.letter()
    told = dict(parts(site=desk.site.pk, year=timezone.localdate().year)["theme"])
    assert {theme: row.received for theme, row in told.items()} == {"交通出行": 2, "住房保障": 1}


@pytest.mark.django_db(transaction=True)
def test_kept_tables_are_as_new_as_the_last_step(transactional_db: None) -> None:
    desk = make_desk(make_world(provisioned=True))
    letter = desk.letter()

    def received() -> int:
        return sum(row.received for _label, row in parts(site=desk.site.pk)["kind"])

    with CaptureQueriesContext(connection) as first:
        assert received() == 1
    with CaptureQueriesContext(connection) as again:
        assert received() == 1
    assert (len(first), len(again)) == (5, 1)
    desk.letter()
    assert received() == 2
    flow.withdraw(letter=letter)
    assert sum(row.valid for _label, row in parts(site=desk.site.pk)["kind"]) == 1


def test_more_letters_of_a_kind_do_not_make_more_figures(desk: Desk) -> None:
    desk.published()
    rows = LetterFigure.objects.count()
    desk.published()
    assert LetterFigure.objects.count() == rows


def test_an_open_letter_cannot_be_marked_closed(desk: Desk) -> None:
    letter = desk.letter()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(closed_at=letter.received_at)
    assert letter in my_letters(desk.clerk)


def test_the_ledger_offers_only_what_has_public_letters(desk: Desk) -> None:
    letter = desk.published()
    desk.letter(text="还没有答复的信")
    found = choices_of(desk.site.pk)
    assert [value for value, _label in found.kinds] == [letter.kind]
    assert [value for value, _label in found.units] == [str(letter.unit_id)]
    assert ledger(None, LedgerFilters(), offset=0, limit=20).count == 1


def _plan(rows: QuerySet[Any]) -> str:
    """How the database would read them. A table this small is read whole and sorted, unless that
    is forbidden: then only an index that fits helps."""
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
            cursor.execute(f"EXPLAIN {sql}", values)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        return " ".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.each_database
@pytest.mark.parametrize(
    ("narrowed", "index"),
    [
        ({}, "interaction_public"),
        ({"kind": "complaint"}, "interaction_public_kind"),
        ({"theme": "住房保障"}, "interaction_public_theme"),
        ({"language": "en"}, "interaction_public_language"),
    ],
    ids=["all", "kind", "theme", "language"],
)
def test_the_ledger_is_read_in_the_order_of_an_index(narrowed: dict[str, str], index: str) -> None:
    rows = public_letters().filter(**narrowed).order_by("-answered_at", "-pk")
    plan = _plan(rows.values("pk")[:20])
    assert f"{index} " in f"{plan} "
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_words_are_looked_for_among_the_comments_that_the_filters_leave(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, state in enumerate(("shown", "waiting", "shown")):
        Comment.objects.create(
            site=desk.site, page_title="新闻", language="zh-hans", text=f"路灯第{number}",
            state=state, at=timezone.now(),
        )  # fmt: skip
    monkeypatch.setattr(admin, "_LOOKED_THROUGH", 1)
    monkeypatch.setattr(admin, "queue", lambda _user: Comment.objects.all())
    found = admin.narrowed(desk.admin, QueryDict(f"state={CommentState.WAITING}&q=路灯"))
    assert [row.text for row in found] == ["路灯第1"]


def test_the_queue_has_the_most_urgent_first(desk: Desk) -> None:
    first, second = desk.letter(), desk.letter(text="后来的一封信，请看。")
    assert list(in_order(my_letters(desk.clerk))) == [first, second]
