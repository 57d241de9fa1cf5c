"""What steers a conversation: buttons, and messages that are one word of command and nothing else.

A command is only ever what a button sends, or a whole message out of a closed list. A sentence that
holds such a word is a sentence, and typed text that looks like a command (``/confirm``) is text.
"""

# ruff: noqa: E501 - lists of words read better in long lines

import json
import re
from dataclasses import dataclass, field

from .intents import SKILL_PREFIX, STARTABLE, Command
from .smalltalk import folded, recognise
from .statuses import Words

_NAMES = "|".join(sorted({*STARTABLE, *Command}))
PAYLOAD = (
    rf"^/(?:{_NAMES}|{SKILL_PREFIX}[a-z0-9_]{{1,80}})"
    r'(?:\{"(?:value|field)": ?"[A-Za-z0-9_.:-]{1,100}"\})?$'
)
"""The buttons that there are, as a regular expression; the API's document shows it."""

_PAYLOAD = re.compile(PAYLOAD)
_STOP = re.compile(
    r"取消|不办了|不辦了|算了|退出|停止|结束|結束|中止|不写了|不寫了|不填了|放弃|放棄|我?要?取消(?:填写|表单|办理)?|"
    r"cancel|stop|quit|exit|abort|never ?mind|forget it|"
    r"キャンセル(?:する|します)?|やめる|やめます|中止(?:する)?|취소(?:할게요|해주세요)?|그만(?:할게요)?|"
    r"отмена|отменить|стоп|хватит|annuler|arrêter|arrête|stop merci|إلغاء|الغاء|توقف|"
    r"cancelar|abbrechen|stopp|parar|annulla"
)
_SKIP = re.compile(
    r"跳过|跳過|略过|略過|不填|没有|沒有|无|無|skip|none|no|スキップ|なし|건너뛰기|없음|пропустить|нет|passer|aucun|تخطي|لا يوجد|"
    r"saltar|omitir|überspringen|pular"
)


@dataclass(frozen=True, slots=True)
class Payload:
    """A button that was pressed: ``name`` is an intent or command, ``value`` goes with it."""

    name: str
    values: dict[str, str] = field(default_factory=dict)


def payload_of(text: str) -> Payload | None:
    """The button of a payload; None for anything that no button sends."""
    if not _PAYLOAD.fullmatch(text):
        return None
    name, brace, rest = text[1:].partition("{")
    values: dict[str, str] = json.loads(brace + rest) if brace else {}
    return Payload(name, values)


def command_in(text: str, *, form: bool, can_skip: bool = False) -> str:
    """The payload that a typed message stands for; "" for a message that is what it says.

    ``form``: one is open, which a word such as "cancel" ends. A person can always be asked for.
    """
    if recognise(text) is Words.HANDED_OVER:
        return f"/{Command.CALL_HUMAN}"
    plain = folded(text)
    if form and _STOP.fullmatch(plain):
        return f"/{Command.STOP_FORM}"
    if form and can_skip and _SKIP.fullmatch(plain):
        return f"/{Command.SKIP}"
    return ""


def as_text(text: str) -> str:
    """Typed text that no dialogue engine takes for a command: a slash at its beginning is a sign."""
    return f"／{text[1:]}" if text.startswith("/") else text
