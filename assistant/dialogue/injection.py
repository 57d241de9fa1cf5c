"""Commands to a language model in the place of a question: a closed list, few false alarms.

Markup, SQL and template fragments are not on it: they are text here, never executed, and a person
may well ask about them. What is on it is addressed to a machine: "ignore your instructions".
"""

# ruff: noqa: E501 - lists of words read better in long lines

import re
import unicodedata

_ALL = r"(?:所有|全部|一切|任何|这些|那些|你的|您的|系统的?|the|all|any|your|my|of|these|those|\s)*"
_BEFORE_ZH = (
    r"(?:以上|上述|上面|之前|此前|以前|先前|前面|原有|原来|既有|預設|预设|默认|系统|系統|你的|您的)"
)
_ORDERS_ZH = (
    r"(?:指令|指示|提示词?|提示語|设定|設定|人设|系统规则|命令|限制条件|对话内容|對話內容|上下文)"
)
_PATTERNS = [
    # Ignore your instructions.
    rf"(?:忽略|无视|無視|忘记|忘掉|忘記|不要理会|不用理会|抛开|跳过|绕过|覆盖|清除|推翻){_ALL}{_BEFORE_ZH}.{{0,6}}?{_ORDERS_ZH}",
    rf"(?:忽略|无视|無視|忘记|忘掉|忘記|绕过|推翻){_ALL}(?:系统提示|提示词|指令|人设|设定)",
    r"(?:ignore|disregard|forget|override|bypass|skip)\s+(?:all\s+|any\s+|of\s+|the\s+|your\s+|my\s+|these\s+)*"
    r"(?:previous|prior|above|earlier|preceding|initial|original|system|existing|foregoing)?\s*"
    r"(?:instructions?|prompts?|rules?\s+(?:above|you\s+were\s+given)|guidelines|directives|context|programming)",
    r"ignore[zr]?\s+(?:toutes?\s+)?(?:les?|tes|vos)\s+(?:instructions?|consignes?)",
    r"игнорируй(?:те)?\s+(?:все\s+)?(?:предыдущие|прошлые|прежние|свои|ваши)\s+(?:инструкции|указания|команды)",
    r"(?:これまで|以前|上記|すべて|全て|前)の.{0,6}(?:指示|命令|プロンプト|設定)を.{0,4}(?:無視|忘れ)",
    r"(?:이전|위의?|모든|기존).{0,6}(?:지시|명령|프롬프트|설정).{0,6}(?:무시|잊)",
    r"تجاهل\s+(?:جميع\s+|كل\s+)?(?:التعليمات|الأوامر)",
    # Be somebody else.
    r"(?:从现在起|从现在开始|現在開始|接下来)[，,]?(?:你|您)(?:就?是|要?扮演|将扮演|必须扮演|不再是)",
    r"请?(?:你|您)(?:现在|來|来)?扮演(?:一个|一位)?[^，。？?]{0,20}(?:不受|没有限制|黑客|角色|管理员|开发者)",
    r"(?:假装|假裝)(?:你|您)(?:是|没有|不受)",
    r"(?:进入|开启|启用|切换到|打开)(?:开发者|越狱|上帝|调试|无限制|管理员)模式",
    r"(?:you\s+are\s+now|act\s+as|pretend\s+(?:to\s+be|you\s+are)|roleplay\s+as)\s+(?:an?\s+)?"
    r"(?:dan\b|unrestricted|jailbroken|evil|root|admin|hacker|developer\s+mode|another\s+ai|uncensored)",
    r"\b(?:developer|dan|jailbreak|god|debug)\s+mode\b",
    # Show your instructions.
    r"(?:输出|显示|打印|重复|复述|泄露|透露|告诉我|说出|翻译|列出|公开)[^，。？?]{0,8}(?:系统提示词?|提示词|初始指令|系统指令|隐藏指令|内部指令|prompt)",
    r"(?:reveal|print|show|repeat|output|display|leak|tell\s+me|give\s+me)\s+(?:me\s+)?(?:all\s+)?(?:your|the)\s+"
    r"(?:(?:system|initial|hidden|original|secret|internal|full)\s+)+(?:prompts?|instructions?|messages?|rules)",
    # The marks that separate the parts of a prompt.
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext)[^>]{0,10}\|?>",
    r"\[/?INST\]|<</?SYS>>",
    r"(?:^|\n)\s*#{2,3}\s*(?:system|instruction|系统|指令)\s*[:：]",
    r"(?:^|\n)\s*(?:system|assistant)\s*[:：]\s*(?:you|ignore|你|忽略)",
]  # fmt: skip
_INJECTION = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
_SPACES = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


def is_injection(text: str) -> bool:
    """Whether a text commands a model. Compatibility forms and spread-out Chinese are seen through."""
    folded = unicodedata.normalize("NFKC", text)
    return bool(_INJECTION.search(folded) or _INJECTION.search(_SPACES.sub("", folded)))
