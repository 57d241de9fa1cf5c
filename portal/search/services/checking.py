"""Whether a rule fits the others, and what it leads to: said before it is stored."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.models import Page

from portal.plugin_api import Publication, Standing, public_pages
from portal.search.models import BestBet, BlockedWord, Document, Rule, StopPhrase, SynonymRule
from portal.search.wordlists import circle, same

# What is of no use to somebody who looks for what holds today.
ENDED = frozenset({Standing.REPEALED, Standing.EXPIRED, Standing.OUTDATED})


def check(rule: Rule) -> None:
    """Compare a rule with the others that hold at the same place.

    Raises:
        ValidationError: a doubled word, a circle, a best bet that leads nowhere.
    """
    if not rule.is_active:
        return
    if isinstance(rule, SynonymRule):
        _check_synonym(rule)
    elif isinstance(rule, StopPhrase):
        _check_once(rule, "phrase")
    elif isinstance(rule, BlockedWord):
        _check_once(rule, "word")
    elif isinstance(rule, BestBet):
        _check_best_bet(rule)


def _beside(rule: Rule) -> Any:
    """The other rules of its kind that hold where it holds."""
    others = type(rule)._default_manager.filter(is_active=True).exclude(pk=rule.pk)
    if rule.site_id is None:
        return others
    return others.filter(Q(site=rule.site_id) | Q(site=None))


def _check_once(rule: Rule, field: str) -> None:
    own = same(getattr(rule, field))
    for other in _beside(rule):
        if same(getattr(other, field)) == own:
            raise ValidationError(
                {field: _("This is there already: “%(rule)s”, %(site)s.") % _named(other)}
            )


def _named(other: Rule) -> dict[str, Any]:
    return {"rule": str(other), "site": str(other.site) if other.site_id else _("all sites")}


# --- synonyms -------------------------------------------------------------------------------------
def _check_synonym(rule: SynonymRule) -> None:
    others = list(_beside(rule).select_related("site"))
    for other in others:
        if doubled := _same_pair(rule, other):
            raise ValidationError(
                _("“%(word)s” leads to “%(meaning)s” already: “%(rule)s”, %(site)s.")
                % {"word": doubled[0], "meaning": doubled[1], **_named(other)}
            )
    if rule.both_ways:
        return
    leads: dict[str, list[str]] = {}
    shown = {same(word): word for word in rule.all_words}
    for other in others:
        if other.both_ways:
            continue
        shown |= {same(word): word for word in other.all_words}
        for word in other.word_list:
            leads.setdefault(same(word), []).extend(map(same, other.meaning_list))
    way = circle(leads, map(same, rule.word_list), map(same, rule.meaning_list))
    if way:
        words = [shown[word] for word in way]
        raise ValidationError(
            _("This goes in a circle: %(way)s. Make one rule of it that holds in both directions.")
            % {"way": " → ".join([words[-1], *words])}
        )


def _same_pair(one: SynonymRule, other: SynonymRule) -> tuple[str, str] | None:
    known = pairs(other)
    return next((written for pair, written in pairs(one).items() if pair in known), None)


def pairs(rule: SynonymRule) -> dict[tuple[str, str], tuple[str, str]]:
    """(word, meaning) of a rule as ``same`` gives them, with how they are written."""
    froms = rule.all_words if rule.both_ways else rule.word_list
    tos = rule.all_words if rule.both_ways else rule.meaning_list
    return {(same(a), same(b)): (a, b) for a in froms for b in tos if same(a) != same(b)}


# --- best bets ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Target:
    """How what a best bet leads to stands: whether everybody may see it now, whether it still
    holds, and when it ends (None: no end is known)."""

    is_public: bool
    has_ended: bool = False
    ends_at: datetime.datetime | None = None


def target_of(bet: BestBet) -> Target:
    """How a best bet's target stands now."""
    if bet.page_id:
        return targets_of_pages([bet.page_id]).get(bet.page_id, Target(False))
    if bet.document_id:
        return Target(get_document_model().objects.filter(pk=bet.document_id).exists())
    return Target(False)


def targets_of_pages(pages: list[int]) -> dict[int, Target]:
    """How pages stand, those that are not public left out; two queries."""
    live = set(
        Page.objects.filter(public_pages(), pk__in=pages, live=True).values_list("pk", flat=True)
    )
    rows: Any = Publication.objects.public().filter(page_id__in=live, closed=False)
    found: dict[int, Target] = {}
    for row in rows:
        ends = [moment for moment in (row.until, row.valid_until) if moment is not None]
        ended = row.standing_now() in ENDED
        found[row.page_id] = Target(True, ended, min(ends, default=None))
    return found


def _check_best_bet(bet: BestBet) -> None:
    target = target_of(bet)
    field = "page" if bet.page_id else "document"
    if not target.is_public:
        raise ValidationError({field: _("This is not public: visitors could not open it.")})
    if target.has_ended:
        raise ValidationError({field: _("This is no longer in force: choose what replaced it.")})
    own = {same(query): query for query in bet.query_list}
    for other in _beside(bet).select_related("site", "page", "document"):
        if other.key != bet.key or not _overlap(bet, other):
            continue
        doubled = [own[same(query)] for query in other.query_list if same(query) in own]
        if doubled:
            raise ValidationError(
                {
                    "queries": _("This leads there already: “%(query)s”, %(site)s.")
                    % {"query": doubled[0], **_named(other)}
                }
            )


def _overlap(one: BestBet, other: BestBet) -> bool:
    return (one.until is None or other.since is None or other.since < one.until) and (
        other.until is None or one.since is None or one.since < other.until
    )


# --- what is worth saying, and no reason to refuse ------------------------------------------------
def warnings(rule: Rule) -> list[str]:
    """Sentences about a rule that is right, for whoever stored it."""
    if not rule.is_active:
        return []
    if isinstance(rule, BestBet):
        return _best_bet_warnings(rule)
    if isinstance(rule, BlockedWord):
        number = Document.objects.filter(is_removed=False, title__icontains=rule.word).count()
        if number:
            return [
                _("%(number)d public titles contain “%(word)s”: who types them finds nothing now.")
                % {"number": number, "word": rule.word}
            ]
    if isinstance(rule, StopPhrase):
        own = same(rule.phrase)
        used = [
            str(other)
            for other in SynonymRule.objects.filter(is_active=True)
            if own in map(same, other.all_words)
        ]
        if used:
            return [
                _("“%(phrase)s” is also a word of the synonym “%(rule)s”.")
                % {"phrase": rule.phrase, "rule": used[0]}
            ]
    return []


def _best_bet_warnings(bet: BestBet) -> list[str]:
    if bet.is_over:
        return [_("This best bet is over: nobody sees it.")]
    ends = target_of(bet).ends_at
    if ends is None or (bet.until is not None and bet.until <= ends):
        return []
    return [
        _("What it leads to ends on %(day)s, and the best bet with it.")
        % {"day": f"{timezone.localtime(ends):%Y-%m-%d}"}
    ]
