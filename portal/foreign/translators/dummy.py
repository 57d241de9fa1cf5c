"""A stand-in for tests and for trying the screens: Chinese becomes pinyin, all else stays."""

import re
from collections.abc import Sequence

from portal.text.pinyin import sort_key

_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_MARKS = str.maketrans("，。；：？！（）“”、《》", ",.;:?!()\"\",''")


class DummyTranslator:
    """Never leaves the machine. It says in front of each text that nobody has translated it."""

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        return [f"[{target}] {_in_letters(text)}" for text in texts]


def _in_letters(text: str) -> str:
    dated = _DATE.sub(lambda day: f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}", text)
    spelled = _HAN.sub(lambda run: f" {sort_key(run[0])} ", dated)
    return re.sub(r" {2,}", " ", spelled.translate(_MARKS)).strip()
