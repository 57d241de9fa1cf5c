"""Figures that state nothing about a clause: numbering, idioms, dates of the product itself.

They are taken out of a text before it is read. Every pattern is bounded, so that a text of any
length is read in one go.
"""

import re
from collections.abc import Iterator

from portal.text.numerals import CHINESE, HAN, YEAR

from .model import Span

_FLAGS = re.ASCII | re.IGNORECASE
_START = r"(?:(?<=[\n。；;!?？！])|(?<=\D[:.])|\A)[ ]{0,8}"
# What a text counts of itself.
_OWN_PARTS = (
    "问题|方面|步骤|亮点|关键词|要点|部分|环节|变化|特点|重点|看点|方法|办法|建议|原因|途径|方式|渠道|"
    "小贴士|误区|关键|板块|篇章|举措|任务|行动|机制|抓手|理由|提醒|妙招|层面|维度|场景|问答"
)
_IDIOMS = (
    "一次性|一方面|另一方面|一般|一律|一定|一切|一起|一同|统一|第一时间|一网通办|一网|一站式|一窗|一件事|"
    "一次办|一老一小|最多跑一次|跑一次|一体化?|一线|一旦|一直|万一(?![千百十])|十分(?!钟|之)|千万(?!元|人|[美欧港日]|亩)|"
    "[一二两三四五六七八九十]图|[一二三四]表|三农|双一流|五险一金|三险|十[三四五]五|两会|一带一路|"
    "一揽子|一卡通|一键|一对一|一刀切|一事一议|一年一度|一年四季|每一|逐一|(?<!分)之一|唯一|同一|单一|一致|"
    "一经|一并|一贯|一些|一样|不一|第一次(?![^，。]{0,8}(?:会|届))|一户一策|一企一策|三甲|四上|百姓|第[一二三]产业|七夕|"
    "[一二三四五六七八九]是(?=[\\u4e00-\\u9fff])|其[一二三四五]|[三四]审"
)
_WHEN = rf"{YEAR}[年./-]\d{{1,2}}[月./-]\d{{1,2}}[日号]?(?:[ ,T]{{0,2}}\d{{1,2}}:\d\d(?::\d\d)?)?"
_MONTHS = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
ENGLISH_MONTH = _MONTHS
_WHEN_ENGLISH = (
    rf"(?:{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?,? {YEAR}|\d{{1,2}} {_MONTHS},? {YEAR}|"
    rf"{YEAR}-\d\d-\d\d)(?:,? \d\d:\d\d)?"
)
_PATTERNS = [
    re.compile(pattern, _FLAGS)
    for pattern in (
        # Numbering
        rf"{_START}(?:\(?[一二三四五六七八九十]{{1,3}}(?:[、)]|\.(?!\d))|\(?\d{{1,2}}(?:[、)]|\.(?!\d)))",
        r"[①-⑳]",
        r"\(\d{1,2}\)(?=[\u4e00-\u9fffA-Z])(?<!第\(\d\))(?<!第\(\d\d\))",
        r"(?:图|表|附件|附表|附录|步骤|问|答|注|例|案例)"
        r"\d{1,3}(?!\d|元|%|[年月日周个])",
        r"\b(?:step|figure|table|page|annex|appendix|question|faq|part|option|tip|reason|[qa])"
        r"(?: no\.)?[ ]?\d{1,3}\b(?: of \d{1,3})?",
        rf"第{CHINESE}(?:步|页|集|图|段|讲|问|屏|幕|题|个|[张幅]图)",
        rf"第{HAN}(?=[,，、:：])",
        rf"共{CHINESE}(?:页|集|屏|[张幅]图|[个大]?(?:{_OWN_PARTS}))",
        rf"(?:{CHINESE}|几)[个大条项点招类种](?:{_OWN_PARTS})",
        rf"(?:{HAN})(?:大|(?:{_OWN_PARTS}))",
        r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\d) (?!percent)(?:\w{1,12} )?"
        r"(?:steps?|ways?|things|questions?|points|parts|reasons|tips|changes|facts|options|"
        r"types|kinds|sections)\b",
        # How the document came about
        rf"(?:意见|建议|采纳|吸收|收到)[^\d，。；;\n]{{0,6}}{CHINESE}[条件份余]|先后{CHINESE}[次轮]|{HAN}件[民实]",
        rf"连续{CHINESE}年(?=把|将|列入|获|被|荣)",
        # How long the document is
        rf"共?{CHINESE}章(?:{CHINESE}节)?,?共?{CHINESE}条|共{CHINESE}条",
        # Idioms
        r"24 ?小时(?=自助|服务|热线|在线|不打烊|值班|智能|有人|接听|报修)",
        r"24 hours a day|(?:7|seven) days a week",
        rf"{HAN}年(?=行动|计划|规划|攻坚)",
        r"\b24/7\b|7 ?[×xX*] ?24|\d\+(?:\d|[NnXx])(?:\+(?:\d|[NnXx]))*",
        # not in the middle of a number: 二万一千 has no 万一
        rf"(?<![\d零〇一二三四五六七八九十百千万亿])(?:{_IDIOMS})",
        # Where to go and what to look for: bus lines, versions, chat groups, postcodes, extensions
        r"(?<!\d)\d{1,3}(?:路|号线)(?=公交|车|[、，。,或和到]|[^\d一二三四五六七八九十]{0,4}(?:公交|车|地铁|站))",
        r"(?<!\d)\d{1,2}(?:\.\d{1,2}){1,3}版?(?=版|及以上版)|[Vv]\d{1,2}(?:\.\d{1,2}){0,3}",
        r"(?:QQ|微信|公众号|群号?)[^\d，。\n]{0,6}\d{5,12}",
        r"(?:邮编|邮政编码)[:为 ]{0,3}\d{6}|(?<=\d)转\d{1,4}(?!\d)",
        r"第[一二三四五六七八九十\d]{1,2}项(?=[“\"「])",
        r"(?:(?<=\d\()|(?<=\d \()|(?<=\d,)|(?<=\d，))24 ?(?:小时|[時时][間间]|시간|hours)",
        r"24 ?(?:[時时][間间]|시간)(?=[^\d]{0,2}(?:[,、,，]|対応|受付|英|영|상담))",
        # The product itself
        rf"(?:发布|更新|刊登|修订|整理|编写)于[ ]?{_WHEN}",
        r"(?:发布|更新|刊登|发文|解读|采访|上传|录制|成稿|发稿|信息|直播|播出|访谈)(?:时间|日期)"
        rf"[ :为]{{0,3}}(?:{_WHEN}|\d{{1,2}}月\d{{1,2}}日[ ]?(?:\d{{1,2}}:\d\d)?)",
        rf"(?:浏览|阅读|点击|播放|访问)(?:次数|量|数)?[ :为约]{{0,4}}{CHINESE}(?:次|人次)?",
        rf"(?:视频|音频|录音|全片|片长|播放|预计阅读|阅读)"
        rf"(?:时长|时间|全长|长度)?[ :为约需要]{{0,5}}{CHINESE}分钟?(?:{CHINESE}秒)?",
        rf"{CHINESE}(?:分钟|秒)(?:带你|教你|读懂|看懂|了解|学会)",
        r"\b(?:last |page )?(?:updated|published|posted|reviewed|released)(?: on)?:? "
        rf"{_WHEN_ENGLISH}",
        rf"^[ ]{{0,8}}{_WHEN}[ ]{{0,8}}$",
        rf"\([^()\n，。]{{0,30}}{_WHEN}\)",
    )
]
_OWN_SEGMENT = re.compile(
    "本解读|解读稿|本文|本期|本图解|本视频|记者|获悉|发布会|吹风会|通气会|见面会|截至发稿|"
    "本网|本报|来源:|编辑:|作者:|字号|press conference|this (?:article|page|guide|interpretation)",
    re.IGNORECASE,
)
_DATE = re.compile(rf"(?:{YEAR}年)?\d{{1,2}}月\d{{1,2}}[日号]|{_WHEN}|{_WHEN_ENGLISH}", _FLAGS)
_SEGMENT = re.compile(r"[^，；。;!?！？\n]+")


def frames(text: str) -> Iterator[Span]:
    """The spans of a folded text to leave out."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield match.span()
    for segment in _SEGMENT.finditer(text):
        if _OWN_SEGMENT.search(segment[0]):
            for match in _DATE.finditer(segment[0]):
                yield segment.start() + match.start(), segment.start() + match.end()


_FAMILY_NAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
    "苏吕丁任沈"
)
PERSON = re.compile(
    "小[王李张刘陈杨赵黄周吴孙马朱胡郭何林高罗]|老[王李张刘陈杨赵黄周吴孙马朱胡郭何林高罗]|某[甲乙]|"
    "假[设如]|举个?例|比如|例如|以.{1,12}为例|今年(?=[^，。]{0,2}岁)|我(?:今年)?(?=\\d|[一二三四五六七八九])|"
    f"[{_FAMILY_NAMES}](?:师傅|奶奶|爷爷|阿姨|大爷|大妈|大叔|女士|先生|老师|同学|婆婆|伯)"
)
_NAME_AFTER = 8  # 82岁的李奶奶
_STATE = re.compile(r"(?:的)?(?:小朋友|孩子|老人|同学|宝宝)")


def in_example(text: str, start: int) -> bool:
    """Whether a position of a folded text lies in a made-up case: 小王今年28岁."""
    begin = max(text.rfind(stop, max(0, start - 80), start) for stop in "。!！?？\n")
    return bool(PERSON.search(text, max(begin + 1, start - 80, 0), start + _NAME_AFTER))


_CONTACT = re.compile(
    "电话|热线|拨打|致电|咨询|联系|地址|地点|窗口|柜台|服务台|大厅|办事处|办公|上班|邮箱|网址|传真|受理时间|"
    "开放时间|服务时间|请在|带[上好]?身份证|办理点|办证点|坐|乘"
)


def in_contact(text: str, start: int, end: int) -> bool:
    """Whether a position lies in a sentence that says whom to call, where to go, and when."""
    left = max(text.rfind(stop, 0, start) for stop in "。；;!！?？\n") + 1
    right = min(
        (at for stop in "。；;!！?？\n" if (at := text.find(stop, end)) >= 0), default=len(text)
    )
    return bool(_CONTACT.search(text, left, right))


# How long a form takes, how recent a paper must be, what stood in a year that is said to be over:
# of a text alone; in a clause such figures may be what a text has to agree with.
_IN_PASSING = re.compile(
    rf"{CHINESE}分钟(?=[就便]?[能可]?以?(?:填|报|读|看|搞定|完成|自动))|"
    rf"近{CHINESE}(?:个月|年度?)(?:的|内)?(?=[^，。；;\n]{{0,6}}(?:流水|凭证|明细|账单|报表|照片|证明|记录|\)))|"
    rf"{CHINESE}(?:毫米|厘米)?[×xX*]{CHINESE}(?:毫米|厘米)|"
    r"[一二两12]寸|(?:within|in) the (?:last|past) [\w ]{1,16}(?:days|months|years)|"
    rf"(?:去年|往年|以前|过去|从前)[^，。；;\n\d]{{0,8}}?{CHINESE}(?:元|%|天|日|个月|个工作日)"
)


def in_passing(text: str, start: int, end: int) -> bool:
    """Whether a figure of a text is about other things than what clauses rule."""
    found = _IN_PASSING.finditer(text, max(0, start - 16), end + 16)
    return any(match.start() <= start and end <= match.end() for match in found)


_NEWS = re.compile(
    "截至|截止目前|目前|(?<![发出实体呈])现有|现为|现在[是有]|已有|已经|已从|累计已|以来|全[市县区](?:累计|(?:现|共|已)?有)|去年|"
    "昨天|昨日|今天|今日(?!起)|明天|明日|本周|上周|近日|日前|预报|(?<!\\d)20\\d\\d年全[市县区](?:共|累计)?[^，。；]{0,6}$"
)


def is_news(text: str, start: int) -> bool:
    """Whether a figure tells what has come of it so far: 截至10月，已有3200多人领到."""
    left = max(text.rfind(stop, 0, start) for stop in "。；;!！?？\n") + 1
    return bool(_NEWS.search(text, left, start))
