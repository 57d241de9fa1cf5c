"""What a benchmark publishes is an operator's doing, on record like any other's."""

from contextlib import AbstractContextManager
from typing import Any


def as_operator() -> AbstractContextManager[Any]:
    """For the time of a measurement; Django is set up before."""
    from portal.core.operator import operator_action

    return operator_action("benchmark", {"reason": "measuring"}, strict=False)
