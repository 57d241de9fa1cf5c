"""What indexes are to be made of: schema, words, and which database they follow."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from portal.plugin_api import take_turn
from portal.search.engine.tantivy_schema import schema_hash
from portal.search.models import IndexPlan
from portal.text.searching import Analyser, analyser


@dataclass(frozen=True, slots=True)
class Identity:
    """An index with another one is made anew. ``forgotten``: it must have read at least as far."""

    schema: str
    analyser: str
    origin: str
    epoch: int

    @property
    def name(self) -> str:
        """Of directories and of indexes of a cluster: lower case, digits, hyphens."""
        return f"{self.schema}-{self.analyser}-{self.origin[:8]}-{self.epoch}".lower()


@dataclass(frozen=True, slots=True)
class Plan:
    identity: Identity
    words: frozenset[str]
    forgotten: int

    @property
    def analyser(self) -> Analyser:
        return analyser(self.words)


def current_plan() -> Plan:
    """As the database has it; the first one is made here."""
    row = IndexPlan.objects.order_by("pk").first() or _first()
    words = frozenset(row.words.split("\n")) - {""}
    identity = Identity(schema_hash(), analyser(words).version, row.origin.hex, row.epoch)
    return Plan(identity, words, row.forgotten)


def change_words(words: Iterable[str]) -> bool:
    """Have indexes made with these words; False where they are what they were."""
    wanted = "\n".join(sorted({word.strip() for word in words} - {""}))
    with transaction.atomic():
        row = _locked()
        if row.words == wanted:
            return False
        row.words = wanted
        row.save()
    return True


def make_anew() -> int:
    """Have every index made anew beside the one in use; the new epoch."""
    with transaction.atomic():
        row = _locked()
        row.epoch += 1
        row.save()
    return row.epoch


def forget_up_to(seq: int) -> None:
    """Removed rows up to here are gone."""
    with transaction.atomic():
        row = _locked()
        row.forgotten = max(row.forgotten, seq)
        row.save()


def _locked() -> IndexPlan:
    take_turn()
    _first()
    return IndexPlan.objects.select_for_update().order_by("pk")[0]


def _first() -> IndexPlan:
    return IndexPlan.objects.get_or_create(pk=1)[0]
