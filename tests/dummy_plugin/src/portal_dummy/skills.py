"""What the assistant can do with this plugin: take a note, once the visitor has said yes to it."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext, gettext_lazy

from portal.plugin_api import SkillField, SkillReply

from .filters import FORBIDDEN
from .services import take_note


class TakeNote:
    title = gettext_lazy("Take a note")
    examples: Mapping[str, Sequence[str]] = {
        "zh-hans": (
            "帮我记一条便签",
            "记个笔记",
            "我想留一条备忘",
            "请记下来一句话",
            "新建一条便签",
            "写一条备忘录",
            "添加便签",
            "帮我做个记录便签",
            "便签功能在哪里，我要记一条",
            "把这句话存成便签",
        ),
        "zh-hant": ("幫我記一條便籤", "新增一則便籤"),
        "en": (
            "take a note",
            "please note something down",
            "make a memo for me",
            "I would like to jot down a note",
            "add a note",
            "create a sticky note",
        ),
        "ja": ("メモを取ってください",),
        "fr": ("prends une note",),
    }
    fields = (
        SkillField(
            "colour",
            label=gettext_lazy("Colour"),
            ask=gettext_lazy("Which colour shall the note have?"),
            choices=(("yellow", gettext_lazy("yellow")), ("blue", gettext_lazy("blue"))),
        ),
        SkillField(
            "text",
            label=gettext_lazy("Text"),
            ask=gettext_lazy("What shall I note down?"),
            hint=gettext_lazy("One line is enough."),
            longest=100,
        ),
        SkillField(
            "place",
            label=gettext_lazy("Place"),
            ask=gettext_lazy("Where did it happen?"),
            longest=60,
            can_skip=True,
        ),
    )
    confirms = True

    def check(
        self, field: str, value: str, *, values: Mapping[str, str], site: int | None, language: str
    ) -> str:
        return gettext("The text is filler text.") if FORBIDDEN in value.lower() else ""

    def act(self, values: Mapping[str, str], *, site: int | None, language: str) -> SkillReply:
        take_note(site=site, text=f"{values['colour']}: {values['text']} {values['place']}".strip())
        return SkillReply(gettext("It is noted down."), links=((gettext("Notes"), "/dummy/"),))
