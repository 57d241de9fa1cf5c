"""Which rules hold for a document, and which documents a rule holds for: one rule, twice told."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    CharField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    StringAgg,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from portal.policy_interpretation.models import (
    AcceptedProduct,
    InterpretationSettings,
    IssuingBody,
    ObligationRule,
    PolicyPage,
    PolicyRecord,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules ask of a document. ``published_on``: None while it is a draft."""

    genre: str
    level: str
    theme: str
    is_major: bool
    audience: frozenset[str]
    units: frozenset[int]
    published_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a rule asks; empty sets ask nothing."""

    any_of_them: bool = False
    only_major: bool = False
    genres: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    audience: frozenset[str] = frozenset()
    units: frozenset[int] = frozenset()
    applies_from: datetime.date | None = None


def facts_of(page: PolicyPage) -> Facts:
    """The facts of a page as it is in memory, saved or not."""
    shown = page.displayed_date()
    return Facts(
        genre=page.genre,
        level=page.level,
        theme=page.theme_id or "",
        is_major=page.is_major,
        audience=split(page.audience),
        units=frozenset(
            body.organisation_id for body in page.issuing_bodies.all() if body.organisation_id
        ),
        published_on=timezone.localdate(shown) if shown else None,
    )


def conditions_of(rule: ObligationRule) -> Conditions:
    """The conditions of a stored rule."""
    return Conditions(
        any_of_them=rule.match == ObligationRule.Match.ANY,
        only_major=rule.only_major,
        genres=split(rule.genres),
        levels=split(rule.levels),
        themes=split(rule.theme_codes)
        if hasattr(rule, "theme_codes")
        else frozenset(theme.pk for theme in rule.themes.all()),
        audience=split(rule.audience),
        units=frozenset(map(int, split(rule.unit_pks)))
        if hasattr(rule, "unit_pks")
        else frozenset(unit.pk for unit in rule.units.all()),
        applies_from=rule.applies_from,
    )


def holds(conditions: Conditions, facts: Facts) -> bool:
    """Whether a rule holds for a document. Drafts count as published today."""
    day = facts.published_on or timezone.localdate()
    if conditions.applies_from and day < conditions.applies_from:
        return False
    asked = []
    if conditions.only_major:
        asked.append(facts.is_major)
    if conditions.genres:
        asked.append(facts.genre in conditions.genres)
    if conditions.levels:
        asked.append(facts.level in conditions.levels)
    if conditions.themes:
        asked.append(any(facts.theme.startswith(code) for code in conditions.themes))
    if conditions.audience:
        asked.append(bool(conditions.audience & facts.audience))
    if conditions.units:
        asked.append(bool(conditions.units & facts.units))
    decide: Callable[[Iterable[bool]], bool] = any if conditions.any_of_them and asked else all
    return decide(asked)


def documents_under(conditions: Conditions, site_pk: int | None) -> QuerySet[PolicyRecord]:
    """The public documents that a rule would hold for, at one site or (None) at all."""
    asked = []
    if conditions.only_major:
        asked.append(Q(page__is_major=True))
    if conditions.genres:
        asked.append(Q(genre__in=conditions.genres))
    if conditions.levels:
        asked.append(Q(level__in=conditions.levels))
    if conditions.themes:
        asked.append(_one_of(Q(theme__code__startswith=code) for code in conditions.themes))
    if conditions.audience:
        asked.append(_one_of(Q(page__audience__contains=value) for value in conditions.audience))
    if conditions.units:
        bodies = IssuingBody.objects.filter(
            page=OuterRef("page_id"), organisation__in=conditions.units
        )
        asked.append(Q(Exists(bodies)))
    found = PolicyRecord.objects.filter(page__live=True, page__alias_of=None)
    if site_pk is not None:
        found = found.filter(site=site_pk)
    if conditions.applies_from:
        found = found.filter(published_at__gte=_midnight(conditions.applies_from))
    if conditions.any_of_them:
        return found.filter(_one_of(asked)) if asked else found
    for condition in asked:
        found = found.filter(condition)
    return found


def rules_at(site_pk: int | None) -> list[ObligationRule]:
    """The rules in use at a site: its own, and the platform's unless it has set them aside.

    With all that they ask and accept in one query: the form of every document asks for them.
    """
    if site_pk is None:
        return []
    aside = InterpretationSettings.objects.filter(site=site_pk, follows_platform=False)
    wanted = Q(site=site_pk) | (Q(site=None) & ~Exists(aside))
    rules = ObligationRule.objects.filter(wanted, is_active=True).annotate(
        theme_codes=_joined(ObligationRule.themes.through, "policytheme_id"),
        unit_pks=_joined(ObligationRule.units.through, "organisation_id"),
        accepted_kinds=_joined(
            AcceptedProduct,
            Concat(Cast("sort_order", CharField()), Value(":"), "form", Value(":"), "author_kind"),
            rule="rule",
        ),
    )
    return list(rules.order_by("pk"))


def rules_for(page: PolicyPage, site_pk: int | None) -> list[ObligationRule]:
    """The rules that hold for a document."""
    rules = rules_at(site_pk)
    if not rules:
        return []
    facts = facts_of(page)
    return [rule for rule in rules if holds(conditions_of(rule), facts)]


def settings_of(site_pk: int) -> InterpretationSettings:
    """A site's settings; unsaved defaults where it has none."""
    found = InterpretationSettings.objects.filter(site=site_pk).first()
    return found or InterpretationSettings(site_id=site_pk)


def split(value: str | None) -> frozenset[str]:
    """The single values of a stored list."""
    return frozenset(part for part in (value or "").split(",") if part)


def _joined(rows: Any, key: Any, *, rule: str = "obligationrule") -> Subquery:
    """The keys of what a rule names, with commas between."""
    named = rows.objects.filter(**{rule: OuterRef("pk")}).order_by()
    keys = StringAgg(Cast(key, CharField()), Value(","))
    return Subquery(named.values(rule).annotate(keys=keys).values("keys"))


def _one_of(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
