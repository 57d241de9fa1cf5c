"""What a change would move is exactly what it moves: shown before, measured after."""

import datetime
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from assistant.evaluation.moves import Move, moves
from assistant.portal_plugin.index import embedding, serving
from assistant.portal_plugin.index.imagined import if_ended, if_published, if_withdrawn
from assistant.portal_plugin.models import (
    Expects,
    GoldenExpectation,
    GoldenQuestion,
    IndexedEntry,
    IndexGeneration,
    QuestionPage,
)
from assistant.portal_plugin.services.golden import measure, moved_by
from tests.assistant.factories import make_question, republish, source
from tests.assistant.models import SmallModel
from tests.factories import ArticleFactory, OrganisationFactory, World

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.long]

MATTERS = (
    "居住证", "公租房", "公积金提取", "养老金", "失业金", "生育津贴", "身份证", "驾驶证",
    "营业执照", "老年证", "小学入学", "医保异地就医",
)  # fmt: skip
ASPECTS = ("怎么办理？", "要带什么材料？", "要多少天？", "去哪里办？", "收费吗？")
type Make = Callable[..., QuestionPage]


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> list[SmallModel]:
    found = [SmallModel("e5", "e"), SmallModel("use", "u")]
    monkeypatch.setattr(serving, "_configured", lambda: found)
    serving.forget()
    return found


@pytest.fixture
def make(world: World, models: list[SmallModel]) -> Make:
    unit = OrganisationFactory()

    def make(question: str, **fields: Any) -> QuestionPage:
        values = {"phrasings": [], "owner_unit": unit}
        return make_question(world.column, question, **values | fields)

    return make


def golden(key: str, question: str, *expected: QuestionPage, **fields: Any) -> GoldenQuestion:
    row = GoldenQuestion.objects.create(
        key=key,
        question=question,
        **{"expects": Expects.ANSWER if expected else Expects.DECLINED} | fields,
    )
    for page in expected:
        row.expectations.add(GoldenExpectation(page=page))
    row.save()
    return row


def measured(change: Callable[[], object]) -> list[Move]:
    before = measure()
    change()
    embedding.complete()
    return list(moves(before, measure()))


@pytest.fixture
def base(make: Make) -> list[QuestionPage]:
    pages = [
        make(f"{matter}{aspect}", answer=f"<p>{matter}请到办事大厅{number}号窗口。</p>")
        for number, matter in enumerate(MATTERS)
        for aspect in ASPECTS[: 2 + number % 3]
    ]
    embedding.complete()
    for number, page in enumerate(pages):
        golden(f"g{number}", f"请问{page.question[:-1]}呢", page)
    golden("joke", "讲个笑话给我听")
    golden("letters", "怎么给市长写信")
    return pages


def test_thirty_changes_move_what_was_shown(base: list[QuestionPage], make: Make) -> None:
    chance = random.Random(20261126)
    pages = list(base)
    moved = 0
    for number in range(30):
        kind = chance.choice(["words", "answer", "phrasing", "withdraw", "new", "end", "replace"])
        page = QuestionPage.objects.get(pk=chance.choice([one.pk for one in pages if one.live]))
        other = chance.choice(pages)
        before = IndexGeneration.objects.get().seq
        if kind == "withdraw":
            shown = moved_by(if_withdrawn([page.pk]))
            assert IndexGeneration.objects.get().seq == before
            happened = measured(page.unpublish)
        elif kind == "new":
            draft = make(f"{other.question[:-1]}，晚上也行？{number}", live=False)
            shown = moved_by(if_published([draft]))
            assert IndexGeneration.objects.get().seq == before
            happened = measured(lambda: republish(draft))  # noqa: B023
            pages.append(draft)
        else:
            changes: dict[str, Any] = {
                "words": {"question": f"{other.question[:-1]}（{number}）？"},
                "answer": {"answer": f"<p>{other.question}改到{number}楼办理。</p>"},
                "phrasing": {"phrasings": [f"请问{other.question[:-1]}呢"]},
                "end": {"valid_until": timezone.now() - datetime.timedelta(days=1)},
                "replace": {"superseded_by": other if other.pk != page.pk else None},
            }[kind]
            draft = QuestionPage.objects.get(pk=page.pk)
            for name, value in changes.items():
                setattr(draft, name, value)
            shown = moved_by(if_published([draft]))
            assert IndexGeneration.objects.get().seq == before
            happened = measured(lambda: republish(page, **changes))  # noqa: B023
        assert [one.move for one in shown] == happened, (number, kind, page.question)
        moved += len(happened)
        pages = list(QuestionPage.objects.filter(pk__in=[one.pk for one in pages], live=True))
    assert moved > 20


def test_what_rests_on_an_entry_moves_with_it(make: Make) -> None:
    original = make("居住证怎么办理？")
    make("How do I get a residence permit?", language="en", translation_of=original, sources=[])
    make("公积金怎么提取？")
    golden("en", "How do I get a residence permit?", original, language="en")
    golden("zh", "居住证怎么办理", original)

    shown = moved_by(if_withdrawn([original.pk]))
    happened = measured(original.unpublish)

    assert {one.question.key for one in shown} == {"en", "zh"}
    assert [one.move for one in shown] == happened
    assert {one.move.direction for one in shown} == {"worse"}


def test_the_end_of_a_document_moves_what_cites_it(make: Make, world: World) -> None:
    basis = ArticleFactory(parent=world.column, title="居住证管理办法")
    basis.save_revision().publish()
    page = make("居住证怎么办理？", sources=[source(basis)])
    make("公积金怎么提取？")
    golden("zh", "居住证怎么办理", page)

    shown = moved_by(if_ended([basis.pk]))
    happened = measured(basis.unpublish)

    assert [one.question.key for one in shown] == ["zh"]
    assert [one.move for one in shown] == happened


def test_an_entry_that_takes_anothers_place(make: Make) -> None:
    old = make("居住证怎么办理？")
    new = make("居住证如何申领？", live=False, phrasings=["居住证怎么办理"])
    old = republish(old, superseded_by=new)
    golden("zh", "居住证怎么办理", old)

    shown = moved_by(if_published([new]))
    happened = measured(lambda: republish(new))

    assert [one.move for one in shown] == happened
    assert shown[0].after == ("居住证如何申领？",)


def test_asking_what_would_be_writes_no_entry(base: list[QuestionPage]) -> None:
    rows = list(IndexedEntry.objects.order_by("pk").values())
    draft = QuestionPage.objects.get(pk=base[0].pk)
    draft.question = "完全不同的问题？"
    assert moved_by(if_published([draft]))
    assert list(IndexedEntry.objects.order_by("pk").values()) == rows


def test_only_translations_of_what_is_expected_count_as_right(make: Make) -> None:
    original = make("居住证怎么办理？")
    make("How do I get a permit?", language="en", translation_of=original, sources=[])
    other = make("公积金怎么提取？")
    embedding.complete()
    right = golden("a", "How do I get a permit?", original, language="en")
    wrong = golden("b", "How do I get a permit?", other, language="en")
    found = measure()
    assert found[str(right.pk)].right
    assert not found[str(wrong.pk)].right


def test_a_source_may_be_expected(make: Make, world: World) -> None:
    basis = ArticleFactory(parent=world.column, title="居住证管理办法")
    basis.save_revision().publish()
    make("居住证怎么办理？", sources=[source(basis)])
    embedding.complete()
    other = ArticleFactory(parent=world.column, title="别的办法")
    rows = [
        golden(key, "居住证怎么办理", expects=Expects.ANSWER, source=page)
        for key, page in (("a", basis), ("b", other))
    ]
    found = measure()
    assert [found[str(row.pk)].right for row in rows] == [True, False]
