"""What a line is, judged by itself: an addressee, a remark, running text."""

import re
from collections.abc import Sequence

from .bodies import bodies_of
from .lines import Line
from .numbers import DATE, read_number
from .script import matchable
from .titles import ends_like_title

_PASSED = re.compile(
    r"通过|批准|公布|发布|修订|修正|修改|施行|印发|制定|颁布|审议|议定|备案|签发|起草"
)
_SENTENCE_START = re.compile(
    r"(?:为了?|根据|按照|依据|依照|经|现将|现就|现予|近日|近年|当前|鉴于|遵照|接|你[市省县局区委厅部单]|兹|《[^》]+》(?:已|业经|经))"
)
_ADDRESSED = re.compile(
    r"政府|委|办|局|单位|部门|公司|厅|院|会|中心|学校|你|处|所|站|企业|机构|街道|镇|乡|行|署|部|团体|盟|旗"
    r"|组织|个人|纳税人|居民|市民|同志|用人|社会|公众|社区|园区|海关|银行|大学|学院|科室|队|州"
)
_OPENS_ADDRESS = re.compile(r"(?:各|市|省|县|区|国务院|中央|有关|全国|驻)[^:。;]*[,、]")
_NO_ADDRESS = re.compile(
    r"如下|以下|下列|通知|意见[:为]|制定|决定|包括|其中|要求|原则|批复|公告|规定|内容|附件|联系|电话|时间|地点"
    r"|来源|主题词|抄送|标准为|公式|条件|材料|说明|方式|名称|地址|邮编|传真"
)
_CONTENTS = re.compile(r"目[录次]")
_LONGEST_TITLE_LINE = 130


def is_addressee(line: Line) -> bool:
    """Whether a line says to whom a document goes: bodies, then a colon."""
    bare = line.bare
    if line.rows or line.marker or len(line.text) > 500 or len(bare) < 3 or not bare.endswith(":"):
        return False
    if any(sign in bare for sign in "。;《"):
        return False
    return bool(_ADDRESSED.search(bare)) and not _NO_ADDRESS.search(bare[-12:])


def addressee_lines(lines: Sequence[Line], at: int) -> int:
    """How many lines from ``at`` on are the addressee, whose list may be broken; 0 if none."""
    first = lines[at]
    if is_addressee(first):
        return 1
    if first.marker or not _OPENS_ADDRESS.match(first.bare) or bodies_of(first.text):
        return 0
    joined = first.text
    for count in range(2, 5):
        if at + count > len(lines) or len(joined) > 300 or "。" in joined:
            return 0
        following = lines[at + count - 1]
        if following.marker or following.rows or read_number(following.text):
            return 0
        joined += following.text
        if "关于" in matchable(joined) or ends_like_title(following.bare):
            return 0
        if is_addressee(first.with_text(joined)):
            return count
    return 0


def addressee_before(line: Line) -> int:
    """Where an addressee ends that stands on one line with the text after it; 0 if none does."""
    colon = line.key.find(":", 0, 300)
    if colon < 3 or colon == len(line.key.rstrip()) - 1 or line.marker or line.rows:
        return 0
    start = line.with_text(line.text[: colon + 1])
    opens = re.match(r"(?:各|市|省|县|区|你|有关|国务院|中央|全国|驻)", start.bare)
    return colon + 1 if opens and is_addressee(start) and len(start.bare) > 5 else 0


def is_remark(line: Line) -> bool:
    """A remark in brackets about when and by whom a text was passed, or a plain one."""
    bare = line.bare
    if line.rows or not bare or len(line.text) > 1500:
        return False
    dated = re.search(DATE, line.key) is not None or ("年" in bare and "月" in bare)
    if bare[0] in "([" and (dated or _PASSED.search(bare)):
        return True
    if not dated or "。" in bare or not _PASSED.search(bare):
        return False
    return len(bare) < 120 or re.match(DATE, line.key) is not None


def is_contents(line: Line) -> bool:
    return _CONTENTS.fullmatch(line.bare) is not None


def is_sentence(line: Line) -> bool:
    """Whether a line is running text rather than a line of a head."""
    bare = line.bare
    if line.rows or len(line.text) > 400 or len(bare) > _LONGEST_TITLE_LINE or bare[-1:] in ",;:,":
        return True
    inner = re.sub(r"《[^》]*》|<[^>]*>|“[^”]*”|\([^)]*\)", "", bare)
    if "。" in inner or ";" in inner:
        return True
    return len(bare) > 24 and _SENTENCE_START.match(bare) is not None and not ends_like_title(bare)
