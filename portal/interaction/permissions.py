"""Who may do what with letters. Every rule on a single letter is in this module.

The desk and the releasers of a site work on all its letters. Handlers and heads work on those of
their own unit and the units below it, on those that are on their way to it, and give the opinion
that it is asked for. Who runs a site acts for all its units. Nobody approves or releases what they
wrote themselves.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from portal.plugin_api import (
    Action,
    CapabilityUnavailable,
    capability,
    is_enabled,
    language_teams,
    sites_allowing,
)
from portal.plugin_api import may as may_at_site

from .models import (
    OPEN_STATES,
    Advice,
    Letter,
    LetterState,
    LetterStep,
    Reply,
    ReplyState,
    Transfer,
    Verb,
)
from .states import TRANSITIONS, Relation

SLUG = "interaction"
_UNITS = "_letter_units"
_LANGUAGES = "_letter_languages"
_UNIT_ACTIONS = (Action.LETTERS_HANDLE, Action.LETTERS_REVIEW)
_SITE_ACTIONS = (Action.LETTERS_DESK, Action.LETTERS_RELEASE)


def own_units(user: Any) -> frozenset[int]:
    """The unit of an account and those below it; read once for a request."""
    kept: frozenset[int] | None = user.__dict__.get(_UNITS)
    if kept is None:
        kept = user.__dict__[_UNITS] = _with_those_below(getattr(user, "organisation_id", None))
    return kept


def own_languages(user: Any) -> frozenset[tuple[int, str]]:
    """The (site, language) pairs whose letters an account translates; read once for a request."""
    kept: frozenset[tuple[int, str]] | None = user.__dict__.get(_LANGUAGES)
    if kept is None:
        sites = sites_allowing(user, Action.LETTERS_TRANSLATE)
        teams = capability(language_teams, None) if sites else None
        try:
            found = teams.languages_of(user) if teams is not None else ()
        except CapabilityUnavailable:
            found = ()
        kept = frozenset(pair for pair in found if sites is None or pair[0] in sites)
        user.__dict__[_LANGUAGES] = kept
    return kept


def waiting_for_translator(user: Any) -> Q:
    """The letters that wait for a translator of the own teams, and nothing where there is none."""
    wanted = Q(pk__in=[])
    for site, language in own_languages(user):
        wanted |= Q(site=site, language=language)
    return wanted & Q(needs_translation=True, state__in=OPEN_STATES)


def _with_those_below(unit: int | None) -> frozenset[int]:
    if unit is None:
        return frozenset()
    below: dict[int | None, list[int]] = {}
    units = apps.get_model("core", "Organisation")._default_manager
    for pk, parent in units.values_list("pk", "parent_id"):
        below.setdefault(parent, []).append(pk)
    found, waiting = {unit}, [unit]
    while waiting:
        for pk in below.get(waiting.pop(), ()):
            if pk not in found:
                found.add(pk)
                waiting.append(pk)
    return frozenset(found)


def runs_units(user: Any, action: Action, site_pk: int) -> bool:
    """Whether an account acts for every unit of a site: its administrators."""
    return may_at_site(user, action, site_pk) and may_at_site(user, Action.SITE_SETTINGS, site_pk)


def may(user: Any, verb: Verb | str, letter: Letter) -> bool:
    """Whether an account has the right to a move with a letter, whatever its state."""
    if not is_enabled(SLUG, letter.site_id):
        return False
    move = TRANSITIONS[Verb(verb)]
    if not any(_stands(user, action, relation, letter) for action, relation in move.who):
        return False
    if verb in (Verb.APPROVE, Verb.RELEASE):
        return getattr(user, "pk", None) not in drafters(letter)
    return True


def moves_now(user: Any, letter: Letter) -> list[Verb]:
    """What an account may do with a letter as it stands, in the order of the table."""
    on_the_way = open_transfer(letter) is not None
    fits = {Verb.CONFIRM, Verb.DECLINE}
    return [
        verb
        for verb, move in TRANSITIONS.items()
        if letter.state in move.sources
        and (on_the_way or verb not in fits)
        and (move.on_the_way or not on_the_way)
        and may(user, verb, letter)
    ]


def _stands(user: Any, action: Action, relation: Relation, letter: Letter) -> bool:
    if not may_at_site(user, action, letter.site_id):
        return False
    if relation is Relation.SITE:
        return True
    if relation is Relation.HOLDER:
        return letter.holder_id is not None and letter.holder_id == user.pk
    if relation is Relation.UNIT:
        if letter.unit_id is None:
            return False
        return letter.unit_id in own_units(user) or runs_units(user, action, letter.site_id)
    if relation is Relation.LANGUAGE:
        is_own = (letter.site_id, letter.language) in own_languages(user)
        return letter.needs_translation and letter.is_open and is_own
    if relation is Relation.RECEIVER:
        transfer = open_transfer(letter)
        if transfer is None or transfer.to_unit_id is None:
            return False
        return transfer.to_unit_id in own_units(user) or runs_units(user, action, letter.site_id)
    asked = Advice.objects.filter(letter=letter, given_at__isnull=True)
    if runs_units(user, action, letter.site_id):
        return asked.exists()
    return asked.filter(unit__in=own_units(user)).exists()


def open_transfer(letter: Letter) -> Transfer | None:
    """The handover of a letter that nobody has confirmed or declined yet."""
    if letter.state not in (LetterState.ASSIGNED, LetterState.HANDLING):
        return None
    waiting = {"confirmed_at__isnull": True, "declined_at__isnull": True}
    found: Transfer | None = Transfer.objects.filter(letter=letter, **waiting).first()
    return found


def drafters(letter: Letter) -> set[int]:
    """All who wrote on the reply that is being prepared."""
    reply = Reply.objects.filter(letter=letter).exclude(state=ReplyState.RELEASED).first()
    if reply is None:
        return set()
    wrote = LetterStep.objects.filter(
        letter=letter,
        verb__in=(Verb.DRAFT, Verb.HAND_IN, Verb.TRANSLATE),
        data__reply=reply.pk,
    )
    found = {pk for pk in wrote.values_list("by", flat=True) if pk is not None}
    return found | ({reply.drafted_by_id} if reply.drafted_by_id else set())


# --- lists ----------------------------------------------------------------------------------------
def visible_letters(user: Any) -> QuerySet[Letter]:
    """The letters that an account may read, with all that belongs to them."""
    letters = Letter.objects.all()
    everywhere, sites = _sites(user, _SITE_ACTIONS)
    if everywhere:
        return letters
    of_units, unit_sites = _sites(user, _UNIT_ACTIONS)
    if of_units:
        return letters
    run = {pk for pk in unit_sites if may_at_site(user, Action.SITE_SETTINGS, pk)}
    units = own_units(user)
    wanted = Q(site__in=sites | run) | waiting_for_translator(user)
    if unit_sites - run and units:
        here = Q(site__in=unit_sites - run)
        on_the_way = Transfer.objects.filter(
            to_unit__in=units, confirmed_at__isnull=True, declined_at__isnull=True
        )
        asked = Advice.objects.filter(unit__in=units)
        wanted |= here & (
            Q(unit__in=units)
            | Q(pk__in=on_the_way.values("letter"))
            | Q(pk__in=asked.values("letter"))
        )
    return letters.filter(wanted)


def may_see(user: Any, letter: Letter) -> bool:
    return is_enabled(SLUG, letter.site_id) and visible_letters(user).filter(pk=letter.pk).exists()


def may_see_writer(user: Any, letter: Letter) -> bool:
    """Name and contacts: the desk, who answers, and who releases; not who only advises."""
    if any(may_at_site(user, action, letter.site_id) for action in _SITE_ACTIONS):
        return is_enabled(SLUG, letter.site_id)
    return is_enabled(SLUG, letter.site_id) and any(
        _stands(user, action, Relation.UNIT, letter) for action in _UNIT_ACTIONS
    )


def works_on_letters(user: Any) -> bool:
    """Whether an account has anything to do with letters at all."""
    everywhere, sites = _sites(user, (*_SITE_ACTIONS, *_UNIT_ACTIONS))
    sites |= {site for site, _language in own_languages(user)}
    return everywhere or any(is_enabled(SLUG, pk) for pk in sites)


def letters_settings(user: Any) -> set[int] | None:
    """The sites whose settings of letters an account changes; None: all."""
    runs, desk = (
        sites_allowing(user, Action.SITE_SETTINGS),
        sites_allowing(user, Action.LETTERS_DESK),
    )
    if runs is None:
        return desk
    return runs if desk is None else runs & desk


def may_set(user: Any, site_pk: int) -> bool:
    sites = letters_settings(user)
    return (sites is None or site_pk in sites) and is_enabled(SLUG, site_pk)


def _sites(user: Any, actions: Iterable[Action]) -> tuple[bool, set[int]]:
    found: set[int] = set()
    for action in actions:
        sites = sites_allowing(user, action)
        if sites is None:
            return True, set()
        found |= sites
    return False, found
