"""From the public page to the answer: what is published is found at once, what is gone is not."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page

from assistant.portal_plugin.index import embedding, services, serving
from assistant.portal_plugin.index.followers import IndexFollower
from assistant.portal_plugin.models import IndexedEntry, IndexGeneration, QuestionPage, TextVector
from assistant.retrieval.contract import Decision, Query
from portal.core import outbox
from tests.assistant.factories import make_question, republish
from tests.assistant.models import SmallModel
from tests.factories import OrganisationFactory, World

type Make = Callable[..., QuestionPage]


@pytest.fixture
def make(world: World) -> Make:
    unit = OrganisationFactory()

    def make(question: str, **fields: Any) -> QuestionPage:
        values = {"answer": "<p>请到办事大厅办理。</p>", "phrasings": [], "owner_unit": unit}
        return make_question(world.column, question, **values | fields)

    return make


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> SmallModel:
    """A model instead of none."""
    found = SmallModel()
    monkeypatch.setattr(serving, "_configured", lambda: [found])
    serving.forget()
    return found


def found(text: str, **conditions: Any) -> list[str]:
    retrieval = serving.retriever().retrieve(Query(text, "zh-hans", **conditions))
    return [hit.entry for hit in retrieval.ranked]


def test_a_published_question_is_answered_and_a_withdrawn_one_is_not(make: Make) -> None:
    page = make("居住证怎么办理？", phrasings=["暂住证去哪里办"])
    make("公积金怎么提取？")

    known = serving.retriever().retrieve(Query("暂住证去哪里办", "zh-hans"))

    assert known.decision is Decision.ANSWER
    assert known.ranked[0].entry == str(page.pk)
    page.unpublish()
    assert str(page.pk) not in found("居住证怎么办理？")
    assert IndexedEntry.objects.get(pk=page.pk).question == ""


def test_an_edited_answer_is_found_by_its_new_words(make: Make) -> None:
    page = make("居住证怎么办理？")
    others = [make(f"第{number}个问题是什么？") for number in range(5)]
    assert found("夜间窗口开放")[0] in {str(other.pk) for other in [page, *others]}

    republish(page, answer="<p>周三夜间窗口开放。</p>")

    assert found("夜间窗口开放")[0] == str(page.pk)


def test_what_changes_nothing_moves_no_worker(make: Make) -> None:
    page = make("居住证怎么办理？")
    before = IndexGeneration.objects.get().seq

    assert not services.follow(page=page)
    assert IndexGeneration.objects.get().seq == before


def test_the_outbox_is_the_second_way_in_and_out(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(services, "follow", lambda page: False)
        page = make("居住证怎么办理？")
    assert found("居住证怎么办理？") == []
    outbox.run_consumers([IndexFollower()])
    assert found("居住证怎么办理？") == [str(page.pk)]

    with monkeypatch.context() as patch:
        patch.setattr(services, "forget", lambda page: False)
        page.delete()
    assert found("居住证怎么办理？") == [str(page.pk)]
    outbox.run_consumers([IndexFollower()])
    assert found("居住证怎么办理？") == []


def test_deleting_a_column_takes_its_questions_with_it(make: Make, world: World) -> None:
    make("居住证怎么办理？")

    Page.objects.get(pk=world.column.pk).delete()

    assert found("居住证怎么办理？") == []


def test_validity_site_and_audience_are_asked_inside(make: Make, world: World) -> None:
    now = timezone.now()
    over = make("补贴怎么领？", valid_until=now - datetime.timedelta(days=1))
    families = make("补贴怎么领取？", audience="families")
    everyone = make("补贴在哪里领？", audience="everyone,families")

    assert set(found("补贴怎么领？")) == {str(families.pk), str(everyone.pk)}
    long_ago = (now - datetime.timedelta(days=2)).timestamp()
    assert str(over.pk) in found("补贴怎么领？", at=long_ago)
    assert found("补贴怎么领？", audience=frozenset({"businesses"})) == [str(everyone.pk)]
    assert found("补贴怎么领？", sites=frozenset({world.site.pk + 1000})) == []


def test_a_draft_has_its_vectors_before_it_is_public(
    make: Make, model: SmallModel, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        page = make("居住证怎么办理？", live=False)

    assert TextVector.objects.count() == 2
    asked = len(model.asked)
    republish(page)
    assert IndexedEntry.objects.get(pk=page.pk).embedded
    assert serving.retriever().retrieve(Query("居住证办理", "zh-hans")).mode == "full"
    assert model.asked[asked:] == ["居住证办理"]


def test_without_vectors_words_answer_and_vectors_come_later(make: Make, model: SmallModel) -> None:
    page = make("居住证怎么办理？")
    before = serving.retriever().retrieve(Query("居住证办理", "zh-hans"))
    assert (before.mode, before.ranked[0].entry) == ("lexical", str(page.pk))

    done = embedding.embed_missing()

    assert (done.completed, done.waiting, embedding.incomplete()) == (1, 0, 0)
    assert serving.retriever().retrieve(Query("居住证办理", "zh-hans")).mode == "full"


def test_a_broken_model_costs_vectors_and_nothing_else(make: Make, model: SmallModel) -> None:
    page = make("居住证怎么办理？")
    model.broken = True

    assert embedding.embed_missing().waiting == 1
    assert found("居住证办理") == [str(page.pk)]

    model.broken = False
    assert embedding.embed_missing().waiting == 0
