"""Best bets that lead to a page: shown when that is repealed or replaced."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import Dependant, DependantAction

from .models import BestBet
from .permissions import RULES, may_at
from .services.changing import save_rule

_PREFIX = "best_bet:"
_ACTIONS = (DependantAction.REPOINT, DependantAction.WITHDRAW, DependantAction.UPDATE)


class BestBets:
    """Entered in the registry ``dependants``. From the moment of the repeal none of them is shown
    (``services.rules``): what remains to be decided is whether it leads elsewhere."""

    def dependants(self, *, item: str) -> Iterator[Dependant]:
        page = _page_of(item)
        bets = BestBet.objects.filter(page=page, is_active=True) if page else ()
        for bet in bets:
            yield Dependant(
                key=f"{_PREFIX}{bet.pk}",
                label="、".join(bet.query_list)[:255],
                kind=_("best bet of the search"),
                edit_url=reverse("bestbet:edit", args=[bet.pk]),
                site=bet.site_id,
                place=bet.note,
                actions=_ACTIONS,
            )

    def act(
        self, *, key: str, action: DependantAction, item: str, replacement: str, user: Any
    ) -> None:
        """Let it lead to what replaced the page, or take it out of use."""
        number = key.removeprefix(_PREFIX)
        bet = BestBet.objects.filter(pk=int(number) if number.isdecimal() else 0).first()
        if bet is None or bet.page_id != _page_of(item):
            raise ValidationError(_("This best bet does not lead there any more."))
        if not may_at(user, RULES, bet.site_id):
            raise PermissionDenied
        if action == DependantAction.WITHDRAW:
            bet.is_active = False
        elif action == DependantAction.REPOINT:
            bet.page = Page.objects.filter(pk=_page_of(replacement)).first()
        else:
            raise ValidationError(_("This cannot be done with it."))
        save_rule(rule=bet, by=user, reason=_("what it led to is no longer in force"))


def _page_of(item: str) -> int | None:
    kind, _colon, number = item.partition(":")
    return int(number) if kind == "page" and number.isdecimal() else None
