"""Skills of plugins by their names.

The skill ``dummy.take_note`` is the intent ``skill_dummy_take_note``; its form is
``skill_dummy_take_note_form`` with slots such as ``skill_dummy_take_note__text``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.dialogue.intents import SKILL_PREFIX
from portal.plugin_api import DialogueSkill, Entry, SkillField, dialogue_skills

CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill with its names."""

    entry: Entry[DialogueSkill]

    @property
    def name(self) -> str:
        return self.entry.key.replace(".", "_").replace("-", "_")

    @property
    def intent(self) -> str:
        return f"{SKILL_PREFIX}{self.name}"

    @property
    def form(self) -> str:
        return f"{self.intent}_form"

    @property
    def title(self) -> Any:
        return self.entry.item.title

    @property
    def fields(self) -> Sequence[SkillField]:
        return tuple(self.entry.item.fields)

    @property
    def slots(self) -> tuple[str, ...]:
        """What the form asks, in order."""
        names = [field.name for field in self.fields]
        return tuple(self.slot(name) for name in [*names, *self._yes])

    @property
    def _yes(self) -> list[str]:
        return [CONFIRMED] if self.entry.item.confirms else []

    def slot(self, name: str) -> str:
        return f"{self.intent}__{name}"


def skills_at(site: int | None) -> list[Skill]:
    """The skills of plugins that are on at a site."""
    return [Skill(entry) for entry in dialogue_skills.entries(site)]


def all_skills() -> list[Skill]:
    """Every installed skill, on at some site or not: the dialogue is trained once for all."""
    found = [
        Skill(Entry(f"{owner}.{item.name}", owner, item.target, dialogue_skills.title))
        for owner, item in dialogue_skills.contributions()
    ]
    return sorted(found, key=lambda skill: skill.name)
