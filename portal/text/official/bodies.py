"""Names of bodies that issue documents: whether a line is one, and how many stand on it.

All functions read ``matchable`` text; where they return names, they return them as printed.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from .script import comparable, matchable, squeezed

_SUFFIX = (
    "人民政府|政府|办公厅|办公室|委员会|常务委员会|管委会|管理委员会|监委会|委员会会议|领导小组|指挥部|联席会议"
    "|工作组|总局|总署|管理局|分局|支局|厅|局|委|办|署|部|院|行|处|科|队|站|所|社|台|馆|库|园|会|厂|场"
    "|中心|公司|集团|银行|学校|大学|学院|医院|法院|检察院|残联|妇联|文联|工商联|侨联|社科联|科协|团委|工会"
    "|公署|街道|街道办|党工委|镇|乡|县委|市委|省委|区委|旗委|州委|盟委|党组|党委|中央|机关|总队|支队|联合社"
    "|联合会|协会|学会|商会|基金|基金会|组委会|海关|税务|气象台|气象局|交易所|机构|合作社|总社|部队|军区"
    "|国务院|专家组|调查组|督查组|领导组"
)
_BODY = re.compile(
    rf"[\u4e00-\u9fffA-Z·]{{1,40}}?(?:{_SUFFIX})(?:\([\u4e00-\u9fff、]{{1,20}}\))?(?:党组|党委)?"
)
_NOT_A_BODY = re.compile(
    r".*(?:关于|印发|转发|附件|目录|通知|意见|办法|规定|条例|细则|方案|如下|名单|抄送|主送"
    r"|第[一二三四五六七八九十\d]+[章节条部分])"
    r"|.*(?:施行|实行|执行|进行|运行|举行|推行|试行|流行|市场|现场|立场|格局|布局|全局|平台|水库|仓库"
    r"|之处|主办|承办|协办|督办|机会|(?<!人民)(?<!协)(?<!代表)大会|社会|部会|全部|内部|外部|场所|处所|单位|部门"
    r"|各[厅局委]|各部|工作会|委办|等部|等局)$"
)
# The same bodies without a suffix that would tell them: they are known by name.
_KNOWN = frozenset({"国务院", "中共中央", "中央军委", "最高人民法院", "最高人民检察院"})
# A name that begins after another one without a sign between them.
_STARTER = (
    r"(?:中共|国务院|国家|中国|中央|全国|最高人民|财政部|教育部|科技部|工业和信息化部|公安部|民政部|司法部"
    r"|人力资源|自然资源部|生态环境部|住房|交通运输部|水利部|农业农村部|商务部|文化和旅游部|应急管理部"
    r"|审计署|海关总署|税务总局|市场监管总局|人民银行|银保监会|证监会)"
)
_JOINT = re.compile(
    rf"(?:人民政府|办公厅|办公室|委员会|总局|总署|监委|[厅局部委署会])(?={_STARTER})"
)
_OFFICE = (
    "市长|省长|县长|区长|州长|盟长|旗长|镇长|乡长|主席|总理|部长|局长|主任|署长|行长|厅长|会长|院长|检察长"
    "|委员长|司长|关长|站长|管委会主任"
)
# 市 长: an office is spread out to the width of the date below it.
_SPREAD = "|".join(" *".join(office) for office in _OFFICE.split("|"))
_PERSON = re.compile(
    rf"(?P<body>.{{0,30}}?)(?:代|副|代理)?(?:{_SPREAD})"
    r"\s*[:：]?\s*[\u4e00-\u9fff·]?[\u4e00-\u9fff·\s]{0,12}"
)
# 江西省新余市人民政府: how a collection of laws names a body, not how the body names itself.
_PLACED = re.compile(
    r"(?:[\u4e00-\u9fff]{2,3}省|[\u4e00-\u9fff]{2,7}自治区)(?=[\u4e00-\u9fff]{2,8}[市州县盟])"
)
_PLACE = re.compile(r"(?:中共)?(?P<name>[\u4e00-\u9fff]{2,4}?[省市县区州盟旗])")
_LONGEST = 45
_LONGEST_LINE = 240
_TEXT_SIGN = re.compile(r"[。《》:：“”\d０-９]")


def is_body(name: str) -> bool:
    """Whether a text is the name of one body, and nothing else."""
    bare = squeezed(matchable(name))
    if not 2 <= len(bare) <= _LONGEST:
        return False
    return bare in _KNOWN or bool(_BODY.fullmatch(bare) and not _NOT_A_BODY.match(bare))


def bodies_of(text: str) -> tuple[str, ...]:
    """The bodies that a line consists of, as printed but for spaces; () if it says anything else.

    They stand apart by spaces, 、 or nothing; a name may have spaces between all its characters.
    """
    if len(text) > _LONGEST_LINE or _TEXT_SIGN.search(text):
        return ()
    names: list[str] = []
    for piece in re.split(r"\s{2,}|[\u3000、,;，；]+", text.strip()):
        parts = piece.split()
        if all(len(part) == 1 for part in parts):
            parts = ["".join(parts)]
        elif not all(is_body(part) for part in parts):
            # A name with a space inside: 县 人民政府.
            parts = ["".join(parts)]
        for part in parts:
            names.extend(_apart(part))
    if not names and not text.strip():
        return ()
    if all(map(is_body, names)):
        return tuple(dict.fromkeys(map(_usual, names)))
    # Wide spaces between the characters of one name: 财　政　部.
    whole = squeezed(text.strip())
    return (whole,) if is_body(whole) and all(len(name) == 1 for name in names) else ()


def _usual(name: str) -> str:
    """The State Council is 国务院 without the name of the state, in both scripts."""
    return name[7:] if comparable(name) == "中华人民共和国国务院" else name


def _apart(name: str) -> list[str]:
    """Names that follow each other without a sign: 中共中央办公厅国务院办公厅."""
    key = matchable(name)
    cuts = [found.end() for found in _JOINT.finditer(key)]
    place = _PLACE.match(key) if len(key) > 12 else None
    if place:
        again = key.find(place["name"], place.end())
        while again != -1:
            cuts.append(again)
            again = key.find(place["name"], again + 1)
    # 中国人民银行 goes on with what begins other names: a cut counts only between whole names.
    edges = [0, *sorted(set(cuts)), len(name)]
    parts = [name[start:end] for start, end in pairwise(edges)]
    return parts if len(parts) > 1 and all(map(is_body, parts)) else [name]


def body_of_person(text: str) -> tuple[bool, str]:
    """Whether a line is an office, with or without a name (市长 …), and the body before it."""
    found = _PERSON.fullmatch(matchable(text).strip()) if len(text) < 60 else None
    if not found:
        return False, ""
    body = squeezed(text.strip()[: found.end("body")])
    return True, body if is_body(body) else ""


def is_person(text: str) -> bool:
    return body_of_person(text)[0]


def is_placed(name: str) -> bool:
    """Whether a name begins with province and city: as others speak of a body."""
    return _PLACED.match(comparable(name)) is not None


def without_place(name: str) -> str:
    found = _PLACED.match(comparable(name))
    return squeezed(name)[found.end() :] if found else name


def merged(*sources: Sequence[str]) -> tuple[str, ...]:
    """Names from several places in the order found; of two forms of one name the longer."""
    names: list[str] = []
    for name in (name for source in sources for name in source):
        same = next((at for at, known in enumerate(names) if _same(known, name)), None)
        if same is None:
            names.append(name)
        elif len(name) > len(names[same]):
            names[same] = name
    return tuple(names)


def _same(one: str, other: str) -> bool:
    """Whether two names are forms of one: 国家发展改革委 and 国家发展和改革委员会."""
    short, long = sorted((comparable(one), comparable(other)), key=len)
    if short == long:
        return True
    if short[-1:] == "委" and long.endswith("委员会"):
        long = long.removesuffix("员会")
    if short[-1] != long[-1]:
        return False
    # 人民政府 and 人民政府办公厅 are two bodies; so are a bureau and its parent.
    remaining = iter(long)
    if not all(character in remaining for character in short):
        return False
    extra = len(long) - len(short)
    return short == long[-len(short) :] if extra > 4 else extra <= 4
