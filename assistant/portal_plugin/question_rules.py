"""A question that a clause answers, made by rules: a beginning for an editor, never a result."""

import re

# What a document is about: its title without the body that issued it and the kind of document.
_KIND = re.compile(
    r"(?:（(?:试行|暂行|修订|草案)）)?(?:的)?(?:实施)?(?:管理)?"
    r"(?:办法|规定|条例|细则|意见|方案|通知|决定|公告|通告|措施|规则|规划|计划)(?:（.*?）)?$"
)
_ABOUT = re.compile(r"^.*?关于(?:印发|公布|发布|进一步|做好|加强|调整|开展)*")
_ISSUER = re.compile(r"^[\u4e00-\u9fff]{2,14}?(?:人民政府(?:办公室)?|委员会|局|市|区|县)")
_NUMBER = re.compile(r"^第[〇零一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十])?\s*")

_WHAT = r"(?P<what>[\u4e00-\u9fffA-Za-z0-9、“”]{2,18}?)"
_TO = r"(?:向[^，。；]{2,20})?"
_BRING = rf"(?:的)?，?应当?{_TO}(?:提交|提供|携带)"
_FEES = r"(?:补贴|补助|奖励|资助|收费|缴存|缴费)?"
# The first that fits; each a pattern of the clause and the question.
_RULES: tuple[tuple[str, str], ...] = (
    (rf"可以?{_TO}申请{_WHAT}(?:[，。；：、]|的)", "哪些人可以申请{what}？"),
    (rf"申请{_WHAT}{_BRING}", "申请{what}要带什么材料？"),
    (rf"办理{_WHAT}{_BRING}", "办理{what}要带什么材料？"),
    (r"(?:提交|提供|携带)(?:以?下列|下述)(?:的)?(?:材料|证件)", "{subject}要带什么材料？"),
    (rf"{_WHAT}(?:的)?{_FEES}标准[：为]", "{what}的标准是多少？"),
    (r"(?:发放|每人|每户|每月|每年|一次性)[^，。；]{0,20}\d[\d.,万]*元", "{subject}能领多少钱？"),
    (r"\d+个?(?:工作日|日|天)内", "{subject}要等多久？"),
    (r"自\d{4}年\d{1,2}月\d{1,2}日起(?:施行|实施|执行)", "{subject}的规定何时开始执行？"),
    (r"(?:下列|以下)(?:情形|行为)之一的?[，,]?(?:不得|不予)", "{subject}哪些情况不行？"),
    (r"(?:不得|禁止|严禁)", "{subject}有哪些不能做的？"),
    (r"(?:负责|主管)", "{subject}由哪个部门负责？"),
    (r"(?:符合|具备)(?:下列|以下)条件", "{subject}需要什么条件？"),
    (r"适用(?:于|范围)", "{subject}适用于哪些人？"),
)


def subject_of(title: str) -> str:
    """What a document is about, as people call it: 公共自行车 for 云湖市公共自行车管理办法."""
    text = title.strip().strip("《》")
    if "关于" in text:
        text = _ABOUT.sub("", text).strip("《》")
    text = _KIND.sub("", _KIND.sub("", text))  # 办法的通知
    shorter = _ISSUER.sub("", text, count=1)
    return (shorter if len(shorter) >= 2 else text).strip("《》 ") or title


def question_from(text: str, *, title: str, label: str) -> str:
    """A question that the text of a clause could be the answer to.

    Args:
        text: the clause with all that lies below it.
        title: of its document.
        label: how people call the clause, such as 第三条.
    """
    words = _NUMBER.sub("", " ".join(text.split()))
    subject = subject_of(title)
    for pattern, sentence in _RULES:
        found = re.search(pattern, words)
        if found is not None:
            named = found.groupdict().get("what") or ""
            what = named.removeprefix("的")
            return sentence.format(what=what or subject, subject=subject)
    return f"{subject}{label}是怎么规定的？" if label else f"{subject}是怎么规定的？"
