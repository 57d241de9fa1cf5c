from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from portal.search.models import Document, Sequence
from portal.search.services import meaning
from portal.search.vectors import embedding, files, filling, following, readiness, tasks
from portal.search.vectors.following import Follower
from tests.search.scratch import Scratch, cut

from .models import Signs


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Signs:
    """The model that is set, on a machine of its own."""
    made = Signs()
    settings.DATA_DIR = tmp_path
    settings.SEARCH_EMBEDDER = "e5"
    settings.SEARCH_MEANING_FLOOR = 0.5
    use(monkeypatch, made)
    monkeypatch.setattr(files, "_reader", files.Reader())
    monkeypatch.setattr(files, "_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(meaning, "_current", None)
    return made


def use(monkeypatch: pytest.MonkeyPatch, model: Signs) -> None:
    for module in (embedding, filling, following, meaning, readiness):
        monkeypatch.setattr(module, "embedder", lambda: model)
    monkeypatch.setattr(tasks, "_SECONDS", 5.0)


@pytest.fixture
def follower(model: Signs) -> Iterator[Follower]:
    made = Follower()
    yield made
    made.close()


@pytest.fixture
def enter() -> Callable[..., Document]:
    def enter(title: str, **facts: Any) -> Document:
        sequence, _made = Sequence.objects.get_or_create(pk=1)
        sequence.last += 1
        sequence.save()
        facts = {"kind": "article", "language": "zh-hans", "url": "/", **facts}
        key = facts.pop("key", f"test:{sequence.last}")
        row, _made = Document.objects.update_or_create(
            key=key, defaults={"seq": sequence.last, "title": title, **facts}
        )
        return row

    return enter


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Brings the index of words to what the documents are now."""

    def follow() -> None:
        rows = Document.objects.filter(is_removed=False)
        made = Scratch(
            *(
                cut(row.key, row.title, language=row.language, kind=row.kind,
                    site=str(row.site or ""), date=row.date, public_from=row.public_from,
                    public_until=row.public_until)
                for row in rows
            )
        )  # fmt: skip
        monkeypatch.setattr(meaning, "current_engine", lambda: made.engine)

    return follow


def now() -> Any:
    return timezone.now()
