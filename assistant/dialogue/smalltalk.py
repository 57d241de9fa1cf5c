"""What is no question: greetings, thanks, "what can you do?", "let me talk to a person".

Only a message that is nothing else counts: "hello, where do I …" is a question.
"""

# ruff: noqa: E501 - lists of words read better in long lines

import re
import unicodedata

from .statuses import Words

_RULES: tuple[tuple[Words, str], ...] = (
    (
        Words.GREETING,
        # Chinese
        r"(?:你|您|大家|客服|小[a-z\u4e00-\u9fff]{1,2})?好(?:啊|呀|呢|吗|嗎)?|(?:你|您)们?好(?:你|您)好|"
        r"(?:早上|上午|中午|下午|晚上)好(?:啊|呀)?|哈[喽啰囉]|嗨|嘿|喂|在吗|在嗎|在不在|有人吗|有人嗎|有人在吗|早安?|晚安|"
        r"(?:请问)?你好(?:请问|在吗|有人吗)?|您好(?:请问|在吗|有人吗)?|"
        # the other languages of the portal
        r"hi|hello|hey|hello there|hi there|good (?:morning|afternoon|evening|day)|greetings|"
        r"こんにちは|こんばんは|おはよう(?:ございます)?|はじめまして|もしもし|"
        r"안녕|안녕하세요|안녕하십니까|여보세요|привет|здравствуйте?|добрый (?:день|вечер)|доброе утро|"
        r"bonjour|bonsoir|salut|مرحبا|اهلا|أهلا|السلام عليكم|صباح الخير|مساء الخير",
    ),
    (
        Words.THANKS,
        r"(?:好的?|嗯|知道了|明白了|太好了)?(?:谢谢|謝謝|多谢|多謝|感谢|感謝|谢啦|谢了|谢)(?:你|您|啦|了|你们|您的(?:帮助|解答|回答|答复))?(?:了|啦|啊)?|"
        r"辛苦(?:了|你了|您了)|好的|好|嗯+|知道了|明白了?|了解|收到|行|可以了?|没事了?|ok|okay|"
        r"(?:ok |okay )?(?:thanks?|thank you|many thanks|thx|cheers)(?: a lot| so much| very much)?|great|"
        r"ありがとう(?:ございます|ございました)?|どうも|了解(?:です|しました)?|감사합니다|고맙습니다|고마워요?|"
        r"спасибо(?: большое)?|благодарю|merci(?: beaucoup)?|شكرا(?: جزيلا)?|شكرًا",
    ),
    (
        Words.GOODBYE,
        r"再见|再見|拜拜|拜|回头见|bye|goodbye|bye bye|see you|さようなら|またね|안녕히 계세요|до свидания|пока|"
        r"au revoir|à bientôt|مع السلامة|وداعا",
    ),
    (
        Words.ABILITIES,
        r"(?:请问)?(?:你|您)(?:都)?(?:能|会|可以)(?:帮我)?(?:做|干|回答|解答)?(?:些|一些)?(?:什么|啥|哪些(?:事|问题)?)(?:事情?|忙|问题)?(?:呢|啊|呀)?|"
        r"(?:你|您)有(?:什么|哪些|啥)(?:功能|用|本事)|(?:你|您)是(?:谁|什么|啥|机器人|人工|真人|ai)(?:吗|么|还是真人|还是机器人|呀|啊)?|(?:你|您)叫什么(?:名字)?|"
        r"帮助|帮忙|帮帮我|使用(?:帮助|说明)|怎么(?:用|使用|问)|如何使用|能问(?:什么|啥)|可以问(?:什么|啥|哪些问题)|"
        r"help|what can you do(?: for me)?|what can i ask(?: you)?|who are you|are you (?:a )?(?:robot|bot|human|real|real person|ai)|"
        r"how (?:does this|do you) work|"
        r"何ができますか|あなたは誰ですか|ヘルプ|使い方|무엇을 할 수 있나요|누구세요|도움말|"
        r"что ты умеешь|что вы умеете|кто ты|кто вы|помощь|que pouvez[- ]vous faire|qui êtes[- ]vous|aide|"
        r"ماذا يمكنك أن تفعل|من أنت|مساعدة",
    ),
    (
        Words.HANDED_OVER,
        r"(?:我要|我想|请|请帮我|帮我)?(?:转|找|要|接|联系|换)?(?:一下|个)?(?:人工|真人)(?:客服|服务|坐席|座席)?(?:吧|谢谢)?|"
        r"(?:我要|我想|请)?(?:找|联系|转接?)(?:一下)?客服|(?:客服|人工客服|人工服务)(?:电话)?|"
        r"(?:i want to |can i |please |let me )?(?:talk|speak|chat) (?:to|with) (?:a |an )?(?:person|human|someone|agent|operator|real person)(?: please)?|"
        r"human|agent|operator|担当者(?:と話したい|につないで)?|オペレーター|상담원(?: 연결)?|사람과 이야기|"
        r"оператор|позовите оператора|parler à (?:un|une) (?:conseiller|personne|humain)|التحدث مع موظف",
    ),
)  # fmt: skip
_COMPILED = tuple((words, re.compile(f"(?:{pattern})")) for words, pattern in _RULES)


def recognise(text: str) -> Words | None:
    """What the whole message says, where that is small talk; None for everything else."""
    plain = folded(text)
    if not plain or len(plain) > 60:
        return None
    for words, pattern in _COMPILED:
        if pattern.fullmatch(plain) or pattern.fullmatch(plain.replace(" ", "")):
            return words
    return None


def folded(text: str) -> str:
    """Letters of any script in lower case, everything else one space."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return re.sub(r"[^\w\u064b-\u0652-]+|_", " ", text).strip()
