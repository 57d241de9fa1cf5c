"""From when to when a document holds, as it says itself."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from .numbers import DATE, NUMERAL, date_of, int_of

_N = f"[{NUMERAL}\\d]{{1,4}}"
_FORCE = r"(?:正式)?(?:施行|实施|执行|生效|试行|起效)"
_FROM_DAY = re.compile(
    rf"(?:自|从|于|由)\s*{DATE}\s*(?:零时)?\s*起?\s*(?:开始)?\s*(?:正式)?\s*{_FORCE}"
)
_FROM_ISSUE = re.compile(
    r"自?(?:印发|发布|公布|颁布|下发|签发|公告|发文|通过|批准)之日(?:起)?\s*"
    rf"(?:满?(?P<days>{_N})\s*(?P<unit>个?工作日|日|天|个月)(?:之?后)?(?:起)?)?\s*(?:开始)?{_FORCE}"
)
_UNTIL = re.compile(
    rf"(?:有效期(?:限)?(?:为|:)?[^。;]{{0,24}}?|有效|施行|执行|实施|试行)(?:至|到|截至|截止到?)\s*{DATE}"
)
_FOR = re.compile(
    rf"(?:有效期(?:限)?|试行期|实施期限|执行期限|施行期)(?:限)?\s*(?:为|:|暂定)?\s*(?P<n>{_N})\s*(?P<unit>年|个月)"
)
# 《…法》自…起施行 speaks of another document.
_OTHER = re.compile(r"》(?:\([^)]*\))?\s*(?:已)?(?:于|自|从)?$")


@dataclass(frozen=True, slots=True)
class Period:
    """``expires_on`` is the last day on which the document holds."""

    effective_on: datetime.date | None = None
    expires_on: datetime.date | None = None


def period_of(keys: Iterable[str], issued_on: datetime.date | None) -> Period:
    """The period that matchable texts of one document name; the last word counts."""
    effective = expires = None
    for key in keys:
        if "起" in key or "之日" in key:
            found = _effective(key, issued_on)
            effective = found or effective
        if "有效" in key or "期" in key or "至" in key:
            found = _expires(key, effective or issued_on)
            expires = found or expires
    return Period(effective, expires)


def _effective(key: str, issued_on: datetime.date | None) -> datetime.date | None:
    day = None
    for found in _FROM_DAY.finditer(key):
        before = key[max(0, found.start() - 30) : found.start()]
        if _OTHER.search(before) and not re.search(r"(?:现予|予以)(?:公布|发布)", before):
            continue
        day = date_of(found) or day
    if day is not None:
        return day
    issue = _FROM_ISSUE.search(key)
    if issue and issued_on:
        if not issue["days"]:
            return issued_on
        count = int_of(issue["days"])
        if count is not None and issue["unit"] == "个月":
            return _months_later(issued_on, count)
        if count is not None and issue["unit"] in ("日", "天"):
            return _days_later(issued_on, count)
    return None


def _expires(key: str, start: datetime.date | None) -> datetime.date | None:
    for found in _UNTIL.finditer(key):
        day = date_of(found)
        if day is not None and _speaks_of_itself(key, found.start()):
            return day
    span = _FOR.search(key)
    if span and start and _speaks_of_itself(key, span.start()):
        count = int_of(span["n"])
        if count:
            end = _months_later(start, count * 12 if span["unit"] == "年" else count)
            return end - datetime.timedelta(days=1) if end else None
    return None


# A permit, a licence, an approval: what lasts is not the document.
_PERMIT = re.compile(
    r"证|许可|执照|批文|批准文|注册|资格|资质|签证|合同|协议|公示|名录|检定|承诺|材料|期限内"
)
_ITSELF = re.compile(
    r"本[\u4e00-\u9fff]{1,8}(?:的)?$|(?:施行|实施|执行|试行|生效|印发|发布|公布)[^。;]{0,40}$"
)


def _speaks_of_itself(key: str, at: int) -> bool:
    """Whether a period is the document's own: 本办法…有效期, 自…起施行，有效期….

    Permits have periods too; the sentence before the word says whose it is.
    """
    start = max(key.rfind("。", 0, at), key.rfind(";", 0, at)) + 1
    before = key[start:at]
    return not _PERMIT.search(before) and bool(_ITSELF.search(before) or not before.strip())


def _days_later(day: datetime.date, count: int) -> datetime.date | None:
    return day + datetime.timedelta(days=count) if count < 4000 else None


def _months_later(day: datetime.date, count: int) -> datetime.date | None:
    """The same day of a later month; the last of the month where it is shorter."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    if not datetime.MINYEAR <= year <= 2200:
        return None
    first_of_next = datetime.date(year + month // 12, month % 12 + 1, 1)
    last = first_of_next - datetime.timedelta(days=1)
    return datetime.date(year, month, min(day.day, last.day))
