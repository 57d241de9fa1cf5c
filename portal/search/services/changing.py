"""Changing rules: each change is recorded with before and after, holds at once, can be undone."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.plugin_api import take_turn, touch_content
from portal.search.models import (
    BestBet,
    BlockedWord,
    Rule,
    RuleChange,
    RulesVersion,
    SiteWeights,
    StopPhrase,
    SynonymRule,
)

from .checking import check

RULES: dict[str, type[Rule]] = {
    model._meta.model_name or "": model
    for model in (SynonymRule, StopPhrase, BestBet, BlockedWord, SiteWeights)
}
# What a rule says; when it was changed is told by the record.
_NOT_VALUES = frozenset({"id", "changed_at"})


def values_of(rule: Rule) -> dict[str, Any]:
    """The values of a rule by the names of its columns, ready for JSON."""
    return {
        field.attname: _plain(field.value_from_object(rule))
        for field in rule._meta.concrete_fields
        if field.name not in _NOT_VALUES
    }


def stored_values(rule: Rule) -> dict[str, Any] | None:
    """What the database has of a rule; None for a new one."""
    if rule.pk is None:
        return None
    stored = type(rule)._default_manager.filter(pk=rule.pk).first()
    return values_of(stored) if stored is not None else None


@transaction.atomic
def save_rule(*, rule: Rule, by: Any, reason: str = "") -> RuleChange | None:
    """Store a rule, new or changed; None where nothing is different.

    Args:
        rule: with the values that it shall have.
        by: the account; None for the portal itself.
        reason: why, for the record.

    Raises:
        ValidationError: it is wrong in itself, or does not fit the other rules.
    """
    take_turn()
    before = stored_values(rule)
    rule.full_clean()
    check(rule)
    if before == values_of(rule):
        return None
    rule.save(force_insert=before is None)
    act = RuleChange.Act.ADDED if before is None else RuleChange.Act.CHANGED
    return _record(rule, act, before, values_of(rule), by, reason)


@transaction.atomic
def delete_rule(*, rule: Rule, by: Any, reason: str = "") -> RuleChange:
    """Delete a rule; what it said stays in the record."""
    take_turn()
    before = stored_values(rule)
    pk = rule.pk
    rule.delete()
    rule.pk = pk
    return _record(rule, RuleChange.Act.DELETED, before, None, by, reason)


@transaction.atomic
def undo(*, change: RuleChange, by: Any) -> RuleChange:
    """Bring a rule back to what it was before a change; that is a change as well.

    Raises:
        ValidationError: it was undone already, the rule was changed since then, or what it was
            does not fit the rules of today. The sentence says which.
    """
    take_turn()
    change = RuleChange.objects.select_for_update().get(pk=change.pk)
    if change.undone_by_id is not None:
        raise ValidationError(_("This change was undone already."))
    model = RULES[change.model]
    rule = model._default_manager.filter(pk=change.rule).first()
    if (values_of(rule) if rule is not None else None) != change.after:
        raise ValidationError(
            _("This rule was changed again since then. Undo the later change first.")
        )
    reason = _("undoes the change of %(time)s") % {"time": f"{change.at:%Y-%m-%d %H:%M}"}
    done: RuleChange | None
    if change.before is None:
        assert rule is not None  # it is as the change left it
        done = delete_rule(rule=rule, by=by, reason=reason)
    else:
        rule = rule or _new(model, change.rule)
        for field in model._meta.concrete_fields:
            if field.attname in change.before:
                setattr(rule, field.attname, field.to_python(change.before[field.attname]))
        done = save_rule(rule=rule, by=by, reason=reason)
    if done is None:
        raise ValidationError(_("The rule is as it was before: there is nothing to undo."))
    change.undone_by = done
    change.save(update_fields=["undone_by"])
    return done


def _new(model: Any, pk: int) -> Rule:
    made: Rule = model(pk=pk)
    return made


def rules_changed() -> None:
    """Tell every process, with the transaction, that rules have changed."""
    RulesVersion.objects.update_or_create(pk=1, defaults={"token": secrets.randbits(62)})
    touch_content()


def _record(rule: Rule, act: str, before: Any, after: Any, by: Any, reason: str) -> RuleChange:
    change = RuleChange.objects.create(
        site_id=rule.site_id,
        model=rule._meta.model_name or "",
        rule=rule.pk,
        label=str(rule)[:200],
        act=act,
        before=before,
        after=after,
        user=by if by is not None and by.pk else None,
        user_name=(by.get_full_name() or str(by))[:160] if by is not None else "",
        reason=reason[:200],
    )
    rules_changed()
    return change


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def readable(change: RuleChange) -> list[tuple[str, str, str]]:
    """(name of the value, before, after) of what a change touched, in words."""
    model = RULES[change.model]
    before, after = change.before or {}, change.after or {}
    found = []
    for field in model._meta.concrete_fields:
        name = field.attname
        if name not in before and name not in after:
            continue
        old, new = before.get(name), after.get(name)
        is_whole = change.before is None or change.after is None
        if old == new or (is_whole and _goes_without_saying(field, old, new)):
            continue
        found.append((str(field.verbose_name), _words(field, old), _words(field, new)))
    return found


def _goes_without_saying(field: models.Field[Any, Any], *values: Any) -> bool:
    """Of a rule that came or went: what every rule has, and what stands beside the change."""
    usual = field.get_default()
    return field.name == "site" or all(not value or value == usual for value in values)


def _words(field: models.Field[Any, Any], value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return "、".join(f"{name} ×{factor:g}" for name, factor in sorted(value.items())) or "—"
    if isinstance(field, models.ForeignKey):
        found = field.related_model._default_manager.filter(pk=value).first()
        return str(found) if found is not None else f"#{value}"
    if isinstance(field, models.DateTimeField):
        return f"{timezone.localtime(field.to_python(value)):%Y-%m-%d %H:%M}"
    return "、".join(str(value).splitlines())
