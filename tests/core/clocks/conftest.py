"""Kinds of deadlines that no plugin has, and a site to run them at."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from portal.core import extension_points
from portal.core.clocks.kinds import ClockKind, Escalation, Terms
from portal.core.clocks.worktime import Limit, Unit
from portal.plugins.registry import PORTAL

WD = Unit.WORKING_DAYS
REPLY = ClockKind(
    label="Reply to a letter",
    due_label="Reply by",
    terms=Terms(
        limit=Limit(5, WD),
        extension=Limit(5, WD),
        reminders=(Limit(2, WD), Limit(1, WD)),
        escalations=(
            Escalation(Limit(0, WD), "site_admin"),
            Escalation(Limit(1, WD), "auditor"),
        ),
    ),
    may_restart=True,
    basis="《条例》",
)
FIRST_WORD = ClockKind(
    label="First word", due_label="First word by", terms=Terms(Limit(5, Unit.HOURS))
)


@pytest.fixture
def kinds() -> Iterator[None]:
    """``portal.reply``: five working days with everything; ``portal.first_word``: five hours."""
    registry = extension_points.clock_kinds
    with (
        registry.temporarily(REPLY, plugin=PORTAL, name="reply"),
        registry.temporarily(FIRST_WORD, plugin=PORTAL, name="first_word"),
    ):
        yield


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared as they stand in the code; views speak their readers' language."""
    with override("en"):
        yield
