"""The page around a document: where one is, when it was put up, who came next, print and close.

Words such as 时间 or 来源 are furniture only before the document begins or after it has ended; in
the middle of it they are text.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .lines import Line
from .numbers import DATE, first_date
from .script import squeezed

# --- what is furniture wherever it stands -----------------------------------------------------
_ALWAYS = re.compile(
    r"(?:您|你)?(?:现在|当前)?(?:所在)?(?:的)?位置(?:是)?:.*"
    r"|首页(?:[>»›/|→-].*|$)"
    r"|[上下]一(?:篇|条|则|页)(?::.*|$)"
    r"|(?:\[?(?:打印本页|关闭窗口|关闭本页|返回顶部|返回上页|加入收藏|收藏本站|设为首页|我要纠错)\]?[|]?)+"
    r"|.{0,12}扫一扫.{0,20}"
    r"|分享(?:到|至|:).{0,40}"
    r"|下载地址:.{0,40}"
    # Anchors of a page: 第十一条 第二十一条, with nothing to read behind them.
    r"|(?:第[一二三四五六七八九十百]+[章条]){2,}"
    r"|(?:基本介绍|基本信息|[\u4e00-\u9fff]{0,4}全文)"
)
# --- what is furniture before and after the document ------------------------------------------
_LABELS = (
    "发布时间|发布日期|发文时间|公开日期|公开时间|公布日期|上网日期|更新时间|更新日期|录入时间|时间|日期"
    "|来源|信息来源|文章来源|稿件来源|稿源|作者|编辑|责任编辑|责编|审核|初审|复审|终审|发布人|供稿"
    "|点击数|点击次数|点击率|点击量|点击|浏览次数|浏览量|浏览|阅读次数|阅读量|阅读|访问量|访问次数|人气"
    "|字号|字体|字体大小|打印|关闭|收藏|保存|分享|下载|朗读|语音播报"
)
_REMARKS = re.compile(rf"[\[(【•·*-]{{0,3}}(?:{_LABELS})[:(\[大】].*")
_BUTTONS = re.compile(
    r"[\[(|]*(?:字体|字号|大小|大|中|小|打印|关闭|收藏|保存|分享|下载|返回|首页|登录|注册|注册登录|搜索"
    r"|繁体|简体|无障碍|长者模式|微信|微博|QQ空间|QQ|手机版|网站地图|联系我们|关于我们|高级搜索"
    r"|政府信息公开|信息公开|政务公开|政府文件|正文|纠错)"
    r"(?:[\])|:/\s>»]*(?:字体|字号|大小|大|中|小|打印|关闭|收藏|保存|分享|下载|返回|首页|登录|注册|搜索"
    r"|繁体|简体|无障碍|长者模式|微信|微博|QQ空间|QQ|手机版|网站地图|联系我们|关于我们|高级搜索|纠错))*"
    r"[\])|]*"
)
_FOOT = re.compile(
    r"(?:版权所有|copyright|©).*|.*(?:icp备|公网安备|网站标识码).*|(?:技术支持|主办单位|承办单位|主办|承办):.*"
    r"|(?:相关|推荐|热门)(?:链接|阅读|文章|新闻|稿件|信息|解读|文档|附件|推荐|内容|政策):?.*"
    r"|附件下载:?.*|(?:\d+[.、])?[^。]{1,60}\.(?:docx?|xlsx?|pdf|wps|ofd|zip|rar|et|ceb)(?:\(.*\))?",
    re.IGNORECASE,
)
_CHAIN = re.compile(r"[^|。]{1,14}(?:\|[^|。]{1,16}){2,}\|?")
_TRAIL = re.compile(r".*首页.*[>»›].*|[^。>»›]{1,14}(?:(?:>{1,2}|»|›|->)[^。>»›]{1,20}){2,}")
# --- the page's own table about the document --------------------------------------------------
_META_LABEL = (
    "信息索引号|索引号|索引|主题分类|主题词|体裁分类|组配分类|信息分类|分类|服务对象|公开方式|公开范围"
    "|公开形式|公开责任部门|内容概述|概述|摘要|有效性|时效性|公文时效|效力状态|文件状态|生效日期"
    "|生效时间|实施日期|施行日期|失效日期|废止日期|失效时间|标题|名称|信息名称|文件名称|公文名称|文件类型"
    "|公文种类|中文名|法律效力|实施时间|通过时间|关键词|关键字|语种|著录日期"
)
_META_BODY = (
    "发文机关|发文机构|发文单位|发布机构|发布机关|发布单位|发布部门"
    r"|制发机关|制定机关|公布机关|责任部门"
)
_META_NUMBER = "发文文号|发文字号|发布文号|文件编号|备注/文号|公文编号|文号"
_META_DATE = "成文日期|发文日期|公文生成日期|生成日期|印发日期|签发日期|成文时间|颁布日期|颁布时间"
_META = re.compile(
    rf"[•·*|-]?(?P<label>{_META_LABEL}|{_META_BODY}|{_META_NUMBER}|{_META_DATE}|{_LABELS})"
    r"[\]】]?:(?P<value>.*)"
)
_LABELLED = re.compile(
    rf"(?:^|(?<=[\s;|]))(?P<label>{_META_LABEL}|{_META_BODY}|文\s*号|{_META_NUMBER}|{_META_DATE})\s*:"
)
_HEAD_LINES = 60
_LONGEST_REMARK = 200
_DAY = re.compile(DATE)
# Which remark tells when the document was put up, the most telling first.
_PUBLISHED = (
    re.compile(r"(?:发布时间|发布日期|公开日期|公开时间|公布日期|上网日期|发文时间)[\]】]?:?"),
    re.compile(r"(?:^|[^发布更新生效失]{2})(?:时间|日期)[\]】]?:"),
    re.compile(r"(?:更新时间|更新日期|录入时间)[\]】]?:?"),
)


@dataclass(slots=True)
class Hints:
    """What the page says about the document; used where the document does not say it itself."""

    number: str = ""
    body: str = ""
    title: str = ""
    issued_on: datetime.date | None = None


@dataclass(slots=True)
class PageAround:
    """``positions``: the lines that belong to the page."""

    positions: set[int] = field(default_factory=set)
    published_on: datetime.date | None = None
    hints: Hints = field(default_factory=Hints)


def page_around(lines: Sequence[Line]) -> PageAround:
    """The lines of the page around a document, and what they tell."""
    around = PageAround()
    begin = _beginning(lines)
    end = _ending(lines, begin)
    _read_head(lines, begin, around)
    around.positions |= {
        at for at in range(begin, end) if _short(lines[at]) and _ALWAYS.fullmatch(lines[at].bare)
    }
    _read_tail(lines, end, around)
    around.published_on = _published(lines, around.positions)
    return around


def _short(line: Line) -> bool:
    return not line.rows and len(line.text) <= _LONGEST_REMARK


def _is_remark(line: Line) -> bool:
    bare = line.bare
    return (
        _short(line)
        and "。" not in bare
        and bool(
            _ALWAYS.fullmatch(bare)
            or _REMARKS.fullmatch(bare)
            or _BUTTONS.fullmatch(bare)
            or _CHAIN.fullmatch(line.key)
            or _TRAIL.fullmatch(bare)
        )
    )


def _beginning(lines: Sequence[Line]) -> int:
    """Where the document's own text begins for certain: a sentence, a clause or an addressee."""
    for at, line in enumerate(lines[:_HEAD_LINES]):
        bare = line.bare
        if _is_remark(line) or (_short(line) and _META.fullmatch(bare)):
            continue
        if line.rows or line.marker or ("。" in bare and len(bare) > 12):
            return at
        if bare.endswith(":") and len(bare) > 4:
            return at
    return min(len(lines), _HEAD_LINES)


def _ending(lines: Sequence[Line], begin: int) -> int:
    """Behind the last line that is the document's for certain."""
    for at in range(len(lines) - 1, begin - 1, -1):
        line = lines[at]
        if not _short(line):
            return at + 1
        if _is_remark(line) or _FOOT.fullmatch(line.bare):
            continue
        if line.marker or "。" in line.bare or ";" in line.bare or _DAY.search(line.key):
            return at + 1
    return begin


def _read_head(lines: Sequence[Line], begin: int, around: PageAround) -> None:
    at = 0
    while at < begin:
        line = lines[at]
        meta = _META.fullmatch(line.bare) if _short(line) and "。" not in line.bare else None
        if meta:
            around.positions.add(at)
            value = meta["value"]
            following = at + 1
            # The value may stand on the next line, where a page makes a table of labels.
            while not value and following < begin and following <= at + 1:
                if _META.fullmatch(lines[following].bare) or len(lines[following].bare) > 60:
                    break
                if not _is_value(meta["label"], lines[following]):
                    break
                value = lines[following].bare
                around.positions.add(following)
                following += 1
            _remember(meta["label"], value, around.hints)
            _remember_more(line, around.hints)
            at = following if value and following > at + 1 else at + 1
            continue
        if _is_remark(line):
            around.positions.add(at)
        at += 1


def _is_value(label: str, line: Line) -> bool:
    """Whether a line can be what a label on the line before it asks for."""
    bare = line.bare
    if re.fullmatch(_META_NUMBER, label):
        return bare.endswith("号")
    if re.fullmatch(_META_DATE, label) or label.endswith(("日期", "时间")):
        return _DAY.match(line.key) is not None
    if "索引" in label:
        return re.fullmatch(r"[0-9A-Z/_-]{6,40}", bare) is not None
    if re.fullmatch(_META_BODY, label):
        return len(bare) < 30 and "关于" not in bare
    return False


def _remember_more(line: Line, hints: Hints) -> None:
    """Several labels on one line: each with what stands before the next."""
    found = list(_LABELLED.finditer(line.key))
    ends = [one.start() for one in found[1:]] + [len(line.key)]
    for one, end in zip(found, ends, strict=False):
        _remember(squeezed(one["label"]), squeezed(line.key[one.end() : end]), hints)


def _remember(label: str, value: str, hints: Hints) -> None:
    value = value.strip("|")
    if not value:
        return
    if re.fullmatch(_META_NUMBER, label):
        hints.number = hints.number or value
    elif re.fullmatch(_META_BODY, label):
        hints.body = hints.body or value
    elif label in ("标题", "名称", "信息名称", "文件名称", "公文名称"):
        hints.title = hints.title or value
    elif re.fullmatch(_META_DATE, label):
        hints.issued_on = hints.issued_on or first_date(value)


def _read_tail(lines: Sequence[Line], end: int, around: PageAround) -> None:
    """After the document: remarks, and everything from the first "next article" on."""
    rest_is_page = False
    for at in range(end, len(lines)):
        bare = lines[at].bare
        remark = _is_remark(lines[at]) or _FOOT.fullmatch(bare) is not None
        if remark or rest_is_page:
            around.positions.add(at)
        if remark and re.match(r"[上下]一[篇条则页]|相关|推荐|热门|返回|分享|版权", bare):
            rest_is_page = True


def _published(lines: Sequence[Line], positions: set[int]) -> datetime.date | None:
    for pattern in _PUBLISHED:
        for at in sorted(positions):
            key = lines[at].bare
            found = pattern.search(key)
            if found:
                # The day stands right after its label, or on the line below it.
                day = _DAY.search(lines[at].key)
                if day is None and at + 1 in positions:
                    day = _DAY.search(lines[at + 1].key)
                if day is not None:
                    following = key[found.end() : found.end() + 24]
                    return first_date(following) or first_date(day.group())
    return None
