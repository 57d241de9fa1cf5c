"""Wagtail's actions on the tree, each in one transaction with everything that listens to it.

Wagtail moves a page in a transaction and tells of it afterwards; it withdraws a page in several
steps without any. Our receivers write what is public (publications, listing rows, the outbox): when
one of them fails, the page must not have moved or gone either.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.unpublish_page import UnpublishPageAction

from .turns import take_turn


def in_one_transaction() -> None:
    """Wrap the two actions; called once, when the apps are ready.

    Views, the API, bulk actions and models all call the action classes, which cannot be replaced
    by configuration.
    """
    for action in (MovePageAction, UnpublishPageAction):
        if not hasattr(action.execute, "__wrapped__"):
            action.execute = _whole_or_not_at_all(action.execute)


def _whole_or_not_at_all(execute: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(execute)
    def whole(*args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            take_turn()
            return execute(*args, **kwargs)

    return whole
