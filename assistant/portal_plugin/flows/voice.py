"""How a flow speaks: sentences, buttons and prompts in the visitor's language."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import override

from assistant.dialogue.prompts import Button, Prompt, PromptKind
from assistant.dialogue.routing import Route
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.answering import languages, wording
from assistant.portal_plugin.dialogue.turn import Turn
from assistant.portal_plugin.models.conversations import AnswerRecord
from assistant.portal_plugin.services.answers import new_record, say_text
from assistant.portal_plugin.texts import to_traditional


class Voice:
    """Speaks for a turn: in ``language``, with the wordings of its site.

    Texts are in the language of the interface until ``record`` and ``prompt`` write them in the
    characters that the visitor reads.
    """

    def __init__(self, turn: Turn, language: str = "") -> None:
        self.turn = turn
        self.language = language or turn.question.language
        self.spoken = languages.interface(self.language)
        self.site = turn.question.site

    def __call__(self, key: str, **values: object) -> str:
        """A sentence of the assistant."""
        with override(self.spoken):
            return wording.sentence(key, site=self.site, **values)

    def day(self, day: datetime.date) -> str:
        with override(self.spoken):
            return str(date_format(day, "DATE_FORMAT"))

    def lazy(self, text: object) -> str:
        """A lazy text of somebody else's, in the visitor's language."""
        with override(self.spoken):
            return str(text)

    def written(self, text: str) -> str:
        """A text in the characters that the visitor reads."""
        return to_traditional(text) if self.language == languages.ZH_HANT else text

    # --- what is said -----------------------------------------------------------------------------
    def record(self, status: Status, *lines: str, title: str = "") -> AnswerRecord:
        """What is said, as a receipt that is not written yet; each line a paragraph."""
        question = replace(self.turn.question, language=self.language)
        said = new_record(question, Route(None, None, self._asked()))
        say_text(said, status, "\n".join(line for line in lines if line))
        said.title = self.written(title)[:500]
        if status is Status.ANSWERED:
            paragraphs = ((line,) for line in said.text.split("\n"))
            said.html = format_html_join("", "<p>{}</p>", paragraphs)
        return said

    def _asked(self) -> str:
        return "" if self.turn.is_pressed else self.turn.question.message

    # --- what is offered --------------------------------------------------------------------------
    def button(self, key: str, payload: str, **values: object) -> Button:
        return Button(self(key, **values), payload)

    def offer(self, buttons: Sequence[Button], *, field: str = "") -> Prompt:
        """Buttons to go on with; whatever else is typed is a new message."""
        return self.prompt(
            Prompt(PromptKind.CHOICE, field=field, buttons=tuple(buttons), can_stop=False)
        )

    def prompt(self, prompt: Prompt) -> Prompt:
        """A prompt in the characters that the visitor reads."""
        if self.language != languages.ZH_HANT:
            return prompt
        return replace(
            prompt,
            question=self.written(prompt.question),
            hint=self.written(prompt.hint),
            buttons=tuple(replace(one, title=self.written(one.title)) for one in prompt.buttons),
            review=tuple(
                replace(one, label=self.written(one.label), value=self.written(one.value))
                for one in prompt.review
            ),
            step=replace(prompt.step, title=self.written(prompt.step.title))
            if prompt.step
            else None,
        )


def payload(name: str, **values: str) -> str:
    """What a button sends, in the one form that is let through: ``/choose{"value": "…"}``."""
    if not values:
        return f"/{name}"
    [(key, value)] = values.items()
    return f'/{name}{{"{key}": "{value}"}}'


def link(kind: str, label: str, url: str, detail: str = "") -> dict[str, str]:
    """A link of the answer itself, for ``record.content["actions"]``."""
    return {"kind": kind, "label": label, "url": url, "detail": detail}
