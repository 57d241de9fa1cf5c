"""What tests of the core share: a gate that can be told to refuse, a consumer that can fail."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from wagtail.models import Page

from portal.core.extension_points import publish_checks
from portal.core.gate import PublishProblem
from portal.core.models import OutboxEvent
from portal.plugins.registry import PORTAL


@dataclass
class Gatekeeper:
    """A step of ``publish_checks`` that notes what it is asked and refuses on demand."""

    asked: list[tuple[str, int | None]] = field(default_factory=list)
    refuses: Callable[[Page], bool] = lambda page: False
    message: str = "Not like this."
    field: str | None = None
    blocking: bool = True

    def __call__(
        self, problems: list[PublishProblem], *, page: Page, site: int | None
    ) -> list[PublishProblem]:
        self.asked.append((page.title, site))
        if self.refuses(page):
            problems.append(PublishProblem(self.message, self.field, self.blocking, "test"))
        return problems

    def refuse_all(self) -> None:
        self.refuses = lambda page: True

    @property
    def titles(self) -> list[str]:
        return [title for title, _site in self.asked]


@pytest.fixture
def gatekeeper() -> Iterator[Gatekeeper]:
    keeper = Gatekeeper()
    with publish_checks.temporarily(keeper, plugin=PORTAL):
        yield keeper


@dataclass
class Reader:
    """An outbox consumer that notes what it reads; ``error`` is raised once it is set."""

    name: str = "tests.reader"
    kinds: Sequence[str] = ("thing.happened", "page.published", "page.withdrawn")
    read: list[str] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    error: BaseException | None = None
    write: Callable[[Sequence[OutboxEvent]], Any] = lambda events: None

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        self.calls.append(len(events))
        self.write(events)
        if self.error is not None:
            raise self.error
        self.read += [event.key for event in events]


@pytest.fixture
def reader() -> Reader:
    return Reader()


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that the public or a reader of the outbox could see, to compare two moments."""
    from portal.core.models import ListingCount, ListingRow, Publication

    return {
        "pages": list(
            Page.objects.order_by("pk").values_list(
                "pk", "path", "title", "slug", "url_path", "live", "live_revision", "expired",
                "last_published_at", "first_published_at",
            )
        ),
        "publications": list(Publication.objects.order_by("pk").values_list()),
        "rows": list(ListingRow.objects.order_by("pk").values_list()),
        "counts": list(ListingCount.objects.order_by("pk").values_list()),
        "events": list(OutboxEvent.objects.order_by("pk").values_list("pk", "kind", "key")),
    }  # fmt: skip
