"""What a message calls things by: documents, offices, languages."""

# ruff: noqa: E501 - lists of words read better in long lines

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.text.official.numbers import cited_numbers
from portal.text.official.script import matchable

from .days import without_days

_QUOTED = re.compile(r"《([^《》]{2,120})》|[“\"«]([^“”\"«»]{4,120})[”\"»]")
# What is said about a document, not its name.
_ABOUT = re.compile(
    r"请问|想问(?:一下)?|帮我(?:查|看)(?:一下|下)?|我想(?:知道|了解)|查(?:一下|询|下)?|现在|目前|如今|今天|截至|截止|当时|"
    r"这个|这份|那个|该(?:文件|政策|办法|规定)|文件|政策|"
    r"是不是|是否|还(?:在)?|仍(?:然)?(?:在)?|已经?|有没有|什么时候|何时|多久|到什么时候|到哪天|"
    r"有效(?:期)?(?:到|至)?|失效|作废|废止|生效|施行|执行|适用|管用|算数|过期|被替代|被取代|修订|修改|取消|继续|"
    r"了(?:吗|没有?|嘛)?|吗|呢|么|嘛|没有?|的(?:话)?$|[？?。！!，,、；;：:]|"
    r"\b(?:is|are|was|were|the|still|in|force|valid|effective|repealed|when|did|does|do|take|effect|until|as|of|on|at|policy|document|what|about|has|have|been|replaced|by|please|tell|me|it)\b|"
    r"まだ|有効ですか|有効|廃止(?:されましたか)?|いつ(?:まで|から)?|ですか|아직|유효(?:한가요|합니까)?|폐지(?:되었나요)?|언제|"
    r"\b(?:действует|ещё|еще|ли|отменен[оа]?|отменён|когда|est|encore|vigueur|en|abrogé|depuis|quand|toujours|valable)\b|هل|لا يزال|ساري(?:ة|ا)?",
    re.IGNORECASE,
)
_LANGUAGES: tuple[tuple[str, str], ...] = (
    ("zh-hant", r"繁体|繁體|正體|traditional chinese|臺灣中文|繁体字|번체"),
    ("zh-hans", r"简体|簡體|中文|汉语|漢語|普通话|simplified|chinese|mandarin|中国語|중국어|китайск|chinois|الصينية"),
    ("en", r"英文|英语|英語|english|영어|английск|anglais|الإنجليزية|الانجليزية"),
    ("ja", r"日文|日语|日語|日本語|japanese|일본어|японск|japonais|اليابانية"),
    ("ko", r"韩文|韩语|韓文|韓語|朝鲜语|korean|韓国語|한국어|корейск|coréen|الكورية"),
    ("ru", r"俄文|俄语|俄語|russian|ロシア語|러시아어|русск|по-русски|russe|الروسية"),
    ("fr", r"法文|法语|法語|french|フランス語|프랑스어|французск|français|francais|الفرنسية"),
    ("ar", r"阿拉伯|arabic|アラビア語|아랍어|арабск|arabe|العربية|بالعربي"),
)  # fmt: skip
_TONGUES = tuple((code, re.compile(words, re.IGNORECASE)) for code, words in _LANGUAGES)


@dataclass(frozen=True, slots=True)
class Named:
    """What a document is called. ``is_exact``: in 《》 or quotation marks, or by its number."""

    words: str
    is_exact: bool


def document_in(text: str) -> Named | None:
    """The document that a message asks about; None where nothing is left that could be a name."""
    key = matchable(text)
    for number in cited_numbers(key):
        return Named(number.normalised, True)
    quoted = _QUOTED.search(unicodedata.normalize("NFC", text))
    if quoted is not None:
        return Named((quoted[1] or quoted[2]).strip(), True)
    rest = _ABOUT.sub(" ", without_days(text))
    words = " ".join(rest.split())
    return Named(words[:120], False) if sum(sign.isalpha() for sign in words) > 3 else None


def language_in(text: str) -> str:
    """The code of the language that a message asks for; "" for none, and for several."""
    plain = unicodedata.normalize("NFKC", text)
    found = [code for code, words in _TONGUES if words.search(plain)]
    if found[:2] == ["zh-hant", "zh-hans"]:  # traditional Chinese is Chinese, too
        found.remove("zh-hans")
    return found[0] if len(found) == 1 else ""


def longest_named(text: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """The keys whose names stand in a text; of names inside one another only the longest counts."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found: dict[str, list[str]] = {}
    for key, called in names.items():
        for name in called:
            folded = unicodedata.normalize("NFKC", name).casefold().strip()
            if len(folded) > 1 and folded in plain:
                found.setdefault(folded, []).append(key)
    outer = [name for name in found if not any(name != other and name in other for other in found)]
    return list(dict.fromkeys(key for name in outer for key in found[name]))
