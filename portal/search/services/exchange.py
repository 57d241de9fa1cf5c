"""Synonyms as a table: out as CSV or XLSX, in with a check of each row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.plugin_api import TableRow, read_table
from portal.search.models import SynonymRule
from portal.search.permissions import RULES, may_at
from portal.search.wordlists import same, split_words

from .changing import save_rule

COLUMNS = ("words", "meanings", "both_ways", "site", "active", "note")
MOST_ROWS = 5_000
_YES = frozenset({"1", "yes", "true", "y", "是", "对", "√"})
_NO = frozenset({"0", "no", "false", "n", "否", ""})


@dataclass(slots=True)
class Taken:
    """What a table did, or would do. ``refused``: (line of the file, sentence)."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


# --- reading --------------------------------------------------------------------------------------
def rows_of_file(data: bytes) -> list[tuple[int, TableRow]]:
    """The rows of a CSV or XLSX file, without the signs that ``as_file`` puts before formulas.

    Raises:
        TableError: it is no such table.
    """
    rows = read_table(data, columns=COLUMNS, needed=("words",), most_rows=MOST_ROWS)
    return [
        (line, {name: cell.removeprefix("'") for name, cell in row.items()}) for line, row in rows
    ]


# --- taking over ----------------------------------------------------------------------------------
class _OnlyChecked(Exception):
    """Takes everything back after a check."""


def take_table(*, rows: Iterable[tuple[int, TableRow]], by: Any, only_check: bool = False) -> Taken:
    """Take rows over, each as its own recorded change; nothing is deleted.

    A row changes the rule at the same site that has the same words; without one it adds a rule.
    What is refused is named with its line, the rest is done.

    Args:
        rows: as ``rows_of_file`` gives them.
        by: the account; rows for sites where it may not set rules are refused.
        only_check: say what would happen, and let nothing happen.
    """
    taken = Taken()
    try:
        with transaction.atomic():
            _take(rows, by, taken)
            if only_check:
                raise _OnlyChecked
    except _OnlyChecked:
        pass
    return taken


def _take(rows: Iterable[tuple[int, TableRow]], by: Any, taken: Taken) -> None:
    sites = {site.code: site for site in apps.get_model("core", "SiteRecord").objects.all()}
    known = {_identity(rule): rule for rule in SynonymRule.objects.all()}
    for line, row in rows:
        try:
            rule = _rule(row, sites, known, by)
            is_new = rule.pk is None
            with transaction.atomic():
                change = save_rule(rule=rule, by=by, reason=_("from a table"))
        except ValidationError as error:
            taken.refused.append((line, " ".join(error.messages)))
            continue
        known[_identity(rule)] = rule
        taken.added += is_new
        taken.changed += change is not None and not is_new
        taken.same += change is None


def _identity(rule: SynonymRule) -> tuple[int | None, bool, frozenset[str]]:
    words = rule.all_words if rule.both_ways else rule.word_list
    return rule.site_id, rule.both_ways, frozenset(map(same, words))


def _rule(
    row: TableRow, sites: dict[str, Any], known: dict[Any, SynonymRule], by: Any
) -> SynonymRule:
    code = row.get("site", "")
    if code and code not in sites:
        raise ValidationError(_("There is no site “%(code)s”.") % {"code": code})
    site = sites[code] if code else None
    if not may_at(by, RULES, site.pk if site else None):
        raise ValidationError(
            _("You may not set rules for %(site)s.")
            % {"site": site.short_name if site else _("all sites")}
        )
    words = "\n".join(split_words(row.get("words", "")))
    meanings = "\n".join(split_words(row.get("meanings", "")))
    rule = SynonymRule(
        site=site, words=words, meanings=meanings, both_ways=_yes(row, "both_ways", False)
    )
    found = known.get(_identity(rule))
    if found is not None:
        found = SynonymRule.objects.get(
            pk=found.pk
        )  # what the database has, whatever failed before
        found.words, found.meanings = words, meanings
        rule = found
    rule.is_active = _yes(row, "active", True)
    if "note" in row:
        rule.note = row["note"]
    return rule


def _yes(row: TableRow, column: str, default: bool) -> bool:
    text = row.get(column, "").lower()
    if not text:
        return default
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise ValidationError(
        _("“%(text)s” in the column “%(column)s” is neither yes nor no.")
        % {"text": text, "column": column}
    )


# --- giving out -----------------------------------------------------------------------------------
def table(rules: Iterable[SynonymRule]) -> list[list[str]]:
    """The rules as rows; what is given out can be taken in again."""
    return [
        [
            "；".join(rule.word_list),
            "；".join(rule.meaning_list),
            "yes" if rule.both_ways else "no",
            rule.site.code if rule.site else "",
            "yes" if rule.is_active else "no",
            rule.note,
        ]
        for rule in rules
    ]
