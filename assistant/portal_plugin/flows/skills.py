"""Skills of plugins: each an intent, a form of its fields, and what the plugin does in the end."""

import logging
from collections.abc import Callable, Mapping

from django.utils.translation import override

from assistant.dialogue.contract import SKILL_BEGIN, SKILL_SUBMIT
from assistant.dialogue.intents import Intent
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.dialogue.turn import ActionFunction, Outcome, Turn, family
from assistant.portal_plugin.selectors.skills import CONFIRMED, Skill, all_skills, skills_at
from portal.plugin_api import SkillField, SkillReply

from . import forms
from .answering import answer
from .forms import Asked, Choices, Form
from .offers import offer_everything
from .voice import Voice, link, payload

logger = logging.getLogger(__name__)


# --- actions --------------------------------------------------------------------------------------
@family
def skill_action(name: str) -> ActionFunction | None:
    """The action of a skill by its name: begin, validate, submit."""
    for skill in all_skills():
        steps: Mapping[str, Callable[[Form, Turn], Outcome]] = {
            SKILL_BEGIN.format(name=skill.name): _begin,
            f"validate_{skill.form}": forms.take,
            SKILL_SUBMIT.format(name=skill.name): forms.submit,
        }
        if name in steps:
            return _step(skill, steps[name])
    return None


def skill_form(slot: str) -> Form | None:
    """The form that asks for a slot."""
    skill = next((skill for skill in all_skills() if slot in skill.slots), None)
    return _form(skill) if skill is not None else None


def _step(skill: Skill, step: Callable[[Form, Turn], Outcome]) -> ActionFunction:
    def carry_out(turn: Turn) -> Outcome:
        form = _form(skill)
        if not any(found.name == skill.name for found in skills_at(turn.question.site)):
            return _not_here(turn, form)
        return step(form, turn)

    return carry_out


def _begin(form: Form, turn: Turn) -> Outcome:
    """Open the form; a skill that asks nothing acts at once."""
    return forms.begin(form) if form.slots else form.finish(turn)


def _not_here(turn: Turn, form: Form) -> Outcome:
    """The plugin is off at this site, or was switched off while the form was open."""
    voice = Voice(turn)
    if turn.asked:
        return Outcome(slots=form.forgotten, stop_form=True)
    if not turn.is_pressed and not turn.form:  # a sentence that means something else here
        return answer(turn)
    record = voice.record(Status.SMALLTALK, voice("skill.none"))
    return Outcome(record, offer_everything(turn, voice), slots=form.forgotten)


def _form(skill: Skill) -> Form:
    item = skill.entry.item
    return Form(
        skill.form,
        title=lambda voice: voice.lazy(item.title),
        fields=tuple(_asked(skill, field) for field in skill.fields),
        finish=lambda turn: _act(skill, turn),
        confirmed=skill.slot(CONFIRMED) if item.confirms else "",
        confirm=lambda voice: voice("skill.confirm"),
    )


def _asked(skill: Skill, field: SkillField) -> Asked:
    def choices(voice: Voice) -> Choices:
        return [(key, voice.lazy(label)) for key, label in field.choices]

    def check(turn: Turn, text: str) -> str:
        voice = Voice(turn)
        with override(voice.spoken):
            return skill.entry.run(
                lambda item: str(
                    item.check(
                        field.name,
                        text,
                        values=_values(skill, turn),
                        site=turn.question.site,
                        language=voice.spoken,
                    )
                ),
                voice("form.failed"),
            )

    return Asked(
        skill.slot(field.name),
        label=lambda voice: voice.lazy(field.label),
        ask=lambda voice: voice.lazy(field.ask),
        hint=lambda voice: voice.lazy(field.hint),
        choices=choices if field.choices else None,
        check=check,
        longest=field.longest,
        can_skip=field.can_skip,
    )


def _values(skill: Skill, turn: Turn) -> dict[str, str]:
    return {field.name: str(turn.slots.get(skill.slot(field.name)) or "") for field in skill.fields}


def _act(skill: Skill, turn: Turn) -> Outcome:
    voice = Voice(turn)
    with override(voice.spoken):
        reply: SkillReply | None = skill.entry.run(
            lambda item: item.act(
                _values(skill, turn), site=turn.question.site, language=voice.spoken
            ),
            None,
        )
    if reply is None:
        logger.warning("the skill %s failed; the visitor is told so", skill.name)
        record = voice.record(Status.UNAVAILABLE, voice("skill.failed"))
        again = voice.button("start.again", payload(skill.intent))
    else:
        record = voice.record(Status.FORM, reply.text)
        record.content["actions"] = [link("skill", label, url) for label, url in reply.links]
        again = voice.button("start.help", payload(Intent.HELP))
    buttons = [again, voice.button("start.human", payload(Intent.HUMAN))]
    return Outcome(record, voice.offer(buttons))
