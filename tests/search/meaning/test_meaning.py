"""Search by meaning: how vectors come about, are followed, and are asked."""

import datetime
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.search.engine.contract import Filters
from portal.search.models import Document, DocumentVector, IndexPlan, Sequence
from portal.search.services.meaning import nearest
from portal.search.vectors import files, filling
from portal.search.vectors.embedding import file_name
from portal.search.vectors.filling import fill, forget_unused, waiting
from portal.search.vectors.following import Follower
from portal.search.vectors.readiness import vectors_ready
from portal.search.vectors.tasks import fill_soon
from portal.text.embedding import ANSWER, nano_e5

from .conftest import use
from .models import Signs

pytestmark = pytest.mark.django_db

type Enter = Callable[..., Document]
LONG = 10.0


def keys(text: str, seconds: float = LONG, count: int = 50, **filters: Any) -> list[str]:
    within = Filters(at=filters.pop("at", timezone.now()), **filters)
    return [hit.key for hit in nearest(text, filters=within, seconds=seconds, count=count)]


def ready(follower: Follower) -> None:
    """Everything made and followed."""
    fill(share=1)
    while follower.step():
        pass
    follower.save()


# --- making ---------------------------------------------------------------------------------------
def test_the_newest_first_and_parts_last(
    model: Signs, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "_BATCH", 1)
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    enter("旧", date=day)
    enter("新", date=day + datetime.timedelta(days=9))
    enter("条", date=day + datetime.timedelta(days=99), parent="page:1")
    enter("无")
    fill(share=1)
    assert model.asked == ["新", "旧", "无", "条"]


def test_what_is_there_is_not_made_again(model: Signs, enter: Enter) -> None:
    enter("居住证办理", key="page:1", body="一" * 500)
    assert fill(share=1).made == 1
    (text,) = model.asked
    assert text.startswith("居住证办理。一一")
    assert len(text) <= 5 + 120
    before = DocumentVector.objects.get()
    enter("居住证办理", key="page:1", body="一" * 700)  # changed where nobody reads
    assert waiting("signs/1").count() == 1
    assert fill(share=1).made == 0
    assert waiting("signs/1").count() == 0
    assert DocumentVector.objects.get().pk == before.pk
    enter("居住证办理", key="page:2", body="一" * 500)  # the same text elsewhere
    assert fill(share=1).made == 0
    assert DocumentVector.objects.count() == 2
    enter("居住证签注", key="page:1")
    assert fill(share=1).made == 1
    assert DocumentVector.objects.count() == 2
    # What is new has a higher number: that is what the machines follow.
    assert DocumentVector.objects.get(document=before.document).pk > before.pk + 1


def test_time_and_a_model_that_is_away(
    model: Signs, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "_BATCH", 2)
    for number in range(5):
        enter(f"文件{number}")
    assert fill(seconds=0, share=1) == filling.Done(made=2, waiting=3)
    model.is_away = True
    assert fill(share=1) == filling.Done(made=0, waiting=3, reason="away")
    with pytest.raises(CommandError, match="3 documents waiting: away"):
        call_command("fill_vectors")
    model.is_away = False
    call_command("fill_vectors", stdout=io.StringIO())
    assert waiting("signs/1").count() == 0


def test_another_model_makes_its_own(
    model: Signs, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter("居住证")
    fill(share=1)
    other = Signs("2")
    use(monkeypatch, other)
    assert fill(share=1).made == 1
    assert [row.model for row in DocumentVector.objects.all()] == ["signs/2"]


def test_the_clock_asks_only_where_something_is_missing(model: Signs, enter: Enter) -> None:
    fill_soon()
    assert model.asked == []
    enter("居住证")
    fill_soon()  # tasks run at once in tests
    assert model.asked == ["居住证"]


def test_vectors_of_what_is_gone_are_forgotten(model: Signs, enter: Enter) -> None:
    enter("居住证", key="page:1")
    enter("护照", key="page:2")
    fill(share=1)
    enter("", key="page:1", is_removed=True)
    assert forget_unused() == 1
    assert [row.document for row in DocumentVector.objects.all()] == [
        Document.objects.get(key="page:2").pk
    ]


# --- asking ---------------------------------------------------------------------------------------
def test_what_is_near_is_found_and_what_is_far_is_not(
    follower: Follower, enter: Enter, engine: Callable[[], None]
) -> None:
    enter("居住证办理", key="page:1")
    enter("居住证签注说明", key="page:2")
    enter("招标公告", key="page:3")
    assert keys("居住证办理") == []  # nothing was made yet
    ready(follower)
    engine()
    assert keys("居住证怎么办理") == ["page:1", "page:2"]
    assert keys("居住证怎么办理", count=1) == ["page:1"]
    assert keys("居住證辦理")[0] == "page:1"
    assert keys("四脚朝天") == []
    hits = nearest("居住证办理", filters=Filters(at=timezone.now()), seconds=LONG)
    assert hits[0].score == pytest.approx(1.0, abs=0.002)
    assert hits[1].score >= 0.5


def test_filters_hold_for_what_is_near(
    follower: Follower, enter: Enter, engine: Callable[[], None]
) -> None:
    now = timezone.now()
    hour = datetime.timedelta(hours=1)
    enter("居住证办理", key="page:1", site=1, kind="service", date=now - 9 * hour)
    enter("居住证办理", key="page:2", site=2, kind="article", date=now)
    enter("居住证办理", key="page:3", language="en")
    enter("居住证办理", key="page:4", public_from=now + hour)
    enter("居住证办理", key="page:5", public_until=now - hour)
    enter("居住证办理", key="page:6")
    ready(follower)
    engine()
    enter("居住证办理", key="page:6", is_removed=True)  # neither index knows yet
    chinese = {"languages": ("zh-hans",)}
    assert set(keys("居住证", **chinese)) == {"page:1", "page:2"}
    assert keys("居住证", chosen={"site": ("1",)}) == ["page:1"]
    assert keys("居住证", chosen={"kind": ("article",)}, **chinese) == ["page:2"]
    assert keys("居住证", since=now - hour, **chinese) == ["page:2"]
    assert keys("居住证", keys=("page:2", "page:4")) == ["page:2"]
    assert "page:4" in keys("居住证", at=now + 2 * hour)


def test_a_late_vector_leaves_words_alone_and_serves_the_next(
    model: Signs, follower: Follower, enter: Enter, engine: Callable[[], None]
) -> None:
    enter("居住证办理", key="page:1")
    ready(follower)
    engine()
    model.gate.clear()
    assert keys("居住证办理", seconds=0.01) == []
    model.gate.set()
    asked = len(model.asked)
    assert keys("居住证办理") == ["page:1"]
    assert keys("居住证办理", seconds=0.001) == ["page:1"]
    assert len(model.asked) <= asked + 1
    model.is_away = True
    assert keys("居住证签注") == []
    assert keys("居住证办理") == ["page:1"]


def test_no_model_no_vectors(
    settings: Any, monkeypatch: pytest.MonkeyPatch, model: Signs, enter: Enter
) -> None:
    use(monkeypatch, None)  # type: ignore[arg-type]
    enter("居住证")
    assert keys("居住证") == []
    assert fill().made == Follower().step() == 0
    fill_soon()
    told = vectors_ready()
    assert (told.ok, told.critical) == (False, False)
    assert "not installed" in told.detail
    settings.SEARCH_EMBEDDER = ""
    assert vectors_ready().ok
    with pytest.raises(CommandError, match="SEARCH_EMBEDDER"):
        call_command("fill_vectors")


# --- following ------------------------------------------------------------------------------------
def test_changes_and_removals_are_followed(
    follower: Follower, enter: Enter, engine: Callable[[], None]
) -> None:
    enter("居住证办理", key="page:1")
    enter("招标公告", key="page:2")
    ready(follower)
    enter("招标公告", key="page:1")
    enter("招标公告", key="page:2", is_removed=True)
    ready(follower)
    engine()
    assert keys("居住证办理") == []
    assert keys("招标公告") == ["page:1"]


def test_the_next_process_goes_on_where_the_last_one_stood(
    model: Signs, enter: Enter, engine: Callable[[], None]
) -> None:
    enter("居住证办理", key="page:1")
    first = Follower()
    ready(first)
    first.close()
    enter("居住证签注", key="page:2")
    fill(share=1)
    second = Follower()
    assert second.step() == 1
    second.close()
    engine()
    assert set(keys("居住证")) == {"page:1", "page:2"}
    assert Follower().step() == 0


def test_one_process_of_a_machine_follows(model: Signs, enter: Enter) -> None:
    enter("居住证办理")
    fill(share=1)
    first, second = Follower(), Follower()
    assert first.step() == 1
    assert second.step() == 0
    first.close()
    assert second.step() == 0  # it has read what the first one saved
    second.close()


@pytest.mark.parametrize("damage", ["index", "facts", "both"])
def test_damaged_files_are_made_anew(
    model: Signs, enter: Enter, engine: Callable[[], None], damage: str
) -> None:
    enter("居住证办理", key="page:1")
    first = Follower()
    ready(first)
    first.close()
    path = files.index_path(file_name(model.model))
    if damage in {"index", "both"}:
        path.write_bytes(b"nothing like it")
    if damage in {"facts", "both"}:
        path.with_suffix(".json").write_text("{", "utf-8")
    assert keys("居住证") in ([], ["page:1"])  # never an error for who searches
    second = Follower()
    ready(second)
    second.close()
    engine()
    assert keys("居住证") == ["page:1"]


def test_an_older_database_that_was_put_back(
    follower: Follower, enter: Enter, engine: Callable[[], None], model: Signs
) -> None:
    enter("居住证办理", key="page:1")
    ready(follower)
    follower.close()
    path = files.index_path(file_name(model.model)).with_suffix(".json")
    facts = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(facts | {"position": facts["position"] + 50}), "utf-8")
    again = Follower()
    assert again.step() == 1
    again.close()
    # Another database has another file altogether.
    name = file_name(model.model)
    IndexPlan.objects.all().delete()
    IndexPlan.objects.create()
    assert file_name(model.model) != name


def test_readiness_says_how_far_it_is(model: Signs, follower: Follower, enter: Enter) -> None:
    enter("居住证办理")
    enter("护照办理")
    assert vectors_ready().detail == "0 of 2 documents, by signs/1; 2 wait for vectors"
    ready(follower)
    assert vectors_ready().detail == "2 of 2 documents, by signs/1"
    assert Sequence.objects.get().last == 2


# --- the real model -------------------------------------------------------------------------------
def test_the_bundled_model_knows_what_is_meant() -> None:
    model = nano_e5()
    if model is None:
        return  # another platform: what happens then is tested above
    assert model is nano_e5()
    table = model.embed(["出生登记。新生儿落户所需材料", "机动车检验合格标志申领"], ANSWER)
    asked = model.embed(["孩子刚生下来怎么上户口"], "question")[0]
    assert table.shape == (2, 384)
    assert np.allclose(np.linalg.norm(table, axis=1), 1, atol=1e-3)
    near, far = table @ asked
    assert near > far + 0.02
