"""What a short reply picks: a clear yes, one of the choices. Whole messages only, closed lists.

A yes lets something be prepared in a person's name, so nothing is guessed: what is not on the list
is no yes, however likely it seems.
"""

# ruff: noqa: E501 - lists of words read better in long lines

import re
from collections.abc import Sequence

from .smalltalk import folded

_YES = re.compile(
    r"是|是的|是呀|是啊|对|對|对的|對的|没错|沒錯|没问题|沒問題|正确|正確|确认|確認|确定|確定|同意|可以|好|好的|好吧|行|提交|"
    r"yes|yes please|yep|yeah|ok|okay|sure|correct|right|that is right|that's right|confirm|i confirm|go ahead|"
    r"はい|ええ|はいお願いします|確認しました|大丈夫です|네|예|네 맞아요|맞습니다|맞아요|확인|да|верно|правильно|подтверждаю|согласен|согласна|"
    r"oui|d'accord|c'est exact|exact|je confirme|نعم|أجل|صحيح|أؤكد|موافق|"
    r"sí|si|correcto|confirmo|ja|richtig|stimmt|sim"
)
_NO = re.compile(
    r"不|不是|不对|不對|不行|不要|不确认|不確認|错了|錯了|有误|有誤|no|nope|wrong|not right|that's wrong|いいえ|違います|아니요|아니오|틀려요|"
    r"нет|неверно|non|pas correct|لا|خطأ|nein|falsch|não"
)
_NUMBER = re.compile(
    r"(?:第|选|選|no |number |№ ?)?([1-9]|[一二三四五六七八九])(?:个|個|号|號|项|項|番|번)?"
)
_CHINESE = "一二三四五六七八九"


def is_yes(text: str) -> bool:
    """Whether a whole message is a clear yes; what looks like a command is none."""
    is_command = text.lstrip().startswith(("/", "／"))
    return not is_command and bool(_YES.fullmatch(folded(text)))


def is_no(text: str) -> bool:
    """Whether a whole message is a clear no."""
    return bool(_NO.fullmatch(folded(text)))


def choice_in(text: str, choices: Sequence[tuple[str, str]]) -> str:
    """The key of the choice (key, label) that a message names; "" for none, and for more than one.

    By its label, by its place ("2", "第二个"), or by a label that stands alone in a short message.
    """
    plain = folded(text)
    if not plain:
        return ""
    labels = [(key, folded(label)) for key, label in choices]
    for key, label in labels:
        if plain in (label, key.casefold()):
            return key
    number = _NUMBER.fullmatch(plain)
    if number is not None:
        place = _CHINESE.find(number[1]) + 1 or int(number[1])
        return choices[place - 1][0] if place <= len(choices) else ""
    named = [key for key, label in labels if label and label in plain]
    return named[0] if len(named) == 1 and len(plain) <= 40 else ""
