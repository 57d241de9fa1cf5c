"""Why nothing was found: because it is no matter of a government, or because it is not written yet.

Asked only after the knowledge base declined: a rule here never stands between a question and its
answer. What no rule knows counts as a gap of the knowledge base, which its owners are told of.
"""

# ruff: noqa: E501 - lists of words read better in long lines

import re
import unicodedata

_OUTSIDE = re.compile(
    r"笑话|讲个?故事|写(?:一?首|个|一?篇|段)(?:诗|歌|小说|作文|情书|文章|文案|代码|程序|论文|周报|总结)|唱(?:首|个|一首)?歌|"
    r"情书|星座|运势|算命|占卜|风水|塔罗|彩票(?:号码|预测|中奖)|双色球|股票|股市|炒股|基金(?:推荐|怎么买)|比特币|虚拟币|今日金价|"
    r"比赛(?:结果|比分)|球赛|世界杯|谁会?赢|电影推荐|八卦|游戏(?:攻略|怎么玩)|原神|王者荣耀|"
    r"(?:今天|明天|后天|现在)(?:的)?天气|天气(?:怎么样|预报|如何)|几点了|现在几点|今天(?:星期|周)几|"
    r"菜谱|怎么做(?:菜|饭)|红烧|怎么减肥|失恋|女朋友|男朋友|表白|"
    r"翻译(?:成|一下|这)|\bpython\b|\bjava(?:script)?\b|写代码|数学题|解方程|等于几|\d+\s*[+*×÷/]\s*\d+\s*(?:=|等于)|"
    r"你(?:爱|喜欢|觉得|认为|相信|吃饭|睡觉|几岁|多大)|"
    r"\b(?:joke|poem|story|horoscope|stocks?|bitcoin|crypto|recipe|lottery|football score|who will win|"
    r"what(?:'s| is) the weather|weather today|translate (?:this|to)|write (?:me )?(?:a|an|some)\b|love letter|"
    r"girlfriend|boyfriend|homework)\b|"
    r"冗談を|天気は|星占い|농담|날씨|анекдот|погода|blague|météo|نكتة|طقس",
    re.IGNORECASE,
)  # fmt: skip


def is_outside(text: str) -> bool:
    """Whether a question that found nothing is no matter of a government at all."""
    folded = unicodedata.normalize("NFKC", text)
    return not has_words(folded) or bool(_OUTSIDE.search(folded))


def has_words(text: str) -> bool:
    """Whether there is anything to search for: two letters of a script, or one Chinese character."""
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 1 or any("\u3400" <= character <= "\u9fff" for character in letters)
