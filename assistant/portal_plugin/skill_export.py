"""Skills of plugins as Rasa's training data: examples, domain, rules. Always the same for the same
skills, so that the model is made anew only when they change."""

from pathlib import Path
from typing import Any

import yaml

from assistant.dialogue.contract import SKILL_BEGIN, SKILL_SUBMIT

from .selectors.skills import Skill

_VERSION = "3.1"
# An entity is marked so in Rasa's examples; in a plugin's they are only signs.
_MARKS = str.maketrans("[]{}", "（）（）")


def write_skills(folder: Path, skills: list[Skill]) -> list[Path]:
    """Write the files of all skills into a folder; without skills there are none.

    What is there of an earlier time is replaced or removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "nlu.yml": {"nlu": [_examples(skill) for skill in skills]},
        "domain.yml": _domain(skills),
        "rules.yml": {"rules": [rule for skill in skills for rule in _rules(skill)]},
    }
    written = []
    for name, data in content.items():
        path = folder / name
        if not skills:
            path.unlink(missing_ok=True)
            continue
        text = yaml.safe_dump(
            {"version": _VERSION, **data}, allow_unicode=True, sort_keys=False, width=1000
        )
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _examples(skill: Skill) -> dict[str, Any]:
    sentences = [
        " ".join(sentence.translate(_MARKS).split())
        for _language, given in sorted(skill.entry.item.examples.items())
        for sentence in given
    ]
    lines = [f"- {sentence}\n" for sentence in dict.fromkeys(sentences) if sentence]
    return {"intent": skill.intent, "examples": "".join(lines)}


def _domain(skills: list[Skill]) -> dict[str, Any]:
    with_form = [skill for skill in skills if skill.slots]
    slot = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
    return {
        "intents": [{skill.intent: {"use_entities": []}} for skill in skills],
        "slots": {name: dict(slot) for skill in with_form for name in skill.slots},
        "forms": {skill.form: {"required_slots": list(skill.slots)} for skill in with_form},
        "actions": [
            *(SKILL_BEGIN.format(name=skill.name) for skill in skills),
            *(SKILL_SUBMIT.format(name=skill.name) for skill in with_form),
            *(f"validate_{skill.form}" for skill in with_form),
        ],
        "responses": {
            f"utter_ask_{name}": [{"text": name}] for skill in with_form for name in skill.slots
        },
    }


def _rules(skill: Skill) -> list[dict[str, Any]]:
    begins = {
        "rule": f"{skill.intent} is begun",
        "steps": [{"intent": skill.intent}, {"action": SKILL_BEGIN.format(name=skill.name)}],
    }
    ends = {
        "rule": f"{skill.intent} is complete",
        "condition": [{"active_loop": skill.form}],
        "steps": [
            {"action": skill.form},
            {"active_loop": None},
            {"slot_was_set": [{"requested_slot": None}]},
            {"action": SKILL_SUBMIT.format(name=skill.name)},
        ],
    }
    return [begins, ends] if skill.slots else [begins]
