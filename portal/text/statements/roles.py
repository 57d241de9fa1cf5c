"""Right figure, wrong place: 硕士2500元 where the clause gives 博士 2500元 and 硕士 1500元.

Where a clause has several figures of one unit, the words before each say whose it is. A figure of
a text is in the wrong place when the words before it name another figure of the clause, and nothing
of its own.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from .model import Range, Span, Statement
from .units import LEVELS

# With letters: A级, Ⅱ类
_HANZI = re.compile(r"[\u4e00-\u9fffA-Za-zⅠ-Ⅹ]+")
_PART = re.compile(r"[，；。、;!?！？\n]")
_SENTENCE = re.compile(r"[；。;!?！？\n]|:(?!\d)|(?<!\d):")
_HEADING = re.compile(r"[^；。;!?！？\n:]*(?=:[^；。;!?！？\n:]*$)")
_LONGEST = 80
# A label as short as this leaves out what the first one of the list has said.
_BOUND = re.compile("[及或和]?(?:以[上下内外前后]|之[内前后]|内|的|左右)")
_ELLIPTIC = 4
_SHORT = 8
_AFTER = 12
_MOST = 24
_KINDS = ("money", "percent", "points", "duration", "count", "phone")
# Words that stand at any figure and say nothing of whose it is.
_GENERAL = re.compile(
    "每(?:人次|人|个?月|年|户|次|季度?|日|天|周|生|册|件|个)|(?:不|未)[得能应可要]{0,2}(?:超过|低于|少于|高于|足|满|到)|"
    "最[高多低少长短大小]|至[少多]|可以?|应当|(?<![失智节功性才技职热动])能够?(?![力源效耗量级])|超过|低于|达到|以[上下内]|不(?=[得能会应需要再])|为|按照?|给予"
)


@dataclass(frozen=True, slots=True)
class Role:
    figure: Statement
    label: str
    after: str = ""


class Roles:
    """The figures of one folded text with the words that say whose each is."""

    def __init__(self, text: str, figures: Sequence[Statement]) -> None:
        self._roles: dict[tuple[str, str], list[Role]] = defaultdict(list)
        self._labels: dict[Span, Role] = {}
        chosen = [
            figure
            for figure in figures
            if figure.kind in _KINDS
            and not isinstance(figure.value, Range)
            and figure.unit not in LEVELS
        ]
        listed = _respective(text, chosen)
        last: dict[str, Role] = {}
        # What a clause says before a colon, ahead of its figures, is about them all.
        subject = _HEADING.search(text[: chosen[0].span[0]]) if chosen else None
        self._subject = telling_words(subject[0]) if subject else set()
        for figure in chosen:
            row = _row(text, figure)
            label = row or listed.get(figure.span) or _label(text, figure, last.get(figure.kind))
            after = _PART.split(text[figure.span[1] : figure.span[1] + _AFTER], maxsplit=1)[0]
            last[figure.kind] = role = Role(figure, label, after)
            self._roles[figure.kind, figure.unit].append(role)
            self._labels[figure.span] = role

    def role(self, figure: Statement) -> Role:
        return self._labels.get(figure.span, Role(figure, ""))

    def share(self, told: Statement, others: "Roles", ruled: Statement) -> bool:
        """Whether a figure of this text and one of another are about the same, by their words."""
        one, other = self.role(told), others.role(ruled)
        return bool(_words(one) & _words(other))

    def named_instead(self, told: Role, statement: Statement) -> Statement | None:
        """The figure that the words of ``told`` name, where it is not ``statement``'s value."""
        words = telling_words(_QUOTED.sub("，", told.label))
        # 300元服务补贴 is named by what follows, 四分之三以上的业主 is not.
        following = set() if _BOUND.match(told.after) else telling_words(told.after)
        alike = self._roles.get((statement.kind, statement.unit), ())
        if not (words or following) or len(alike) > _MOST:  # a table: its words are elsewhere
            return None
        # What follows names a figure only where nothing before it does: 请10天护理假.
        told_words = words if any(words & _words(role) for role in alike) else following
        own = [role for role in alike if role.figure.value == statement.value]
        others = [role for role in alike if role.figure.value != statement.value]
        if not own or not all(telling_words(role.label) for role in own):
            return None
        for other in others:
            named = told_words & (telling_words(other.label) | telling_words(other.after))
            for role in own:
                named -= (
                    telling_words(role.label) | telling_words(role.after) | _left_out(role, other)
                )
            for third in others:
                in_one_breath = third.label in other.label or other.label in third.label
                if third.figure.value != other.figure.value and not in_one_breath:
                    named -= telling_words(_near(third.label))
            named -= self._subject
            if any(
                (following | words) & (telling_words(role.after) - telling_words(other.after))
                for role in own
            ):
                continue  # 10日内审核 is what the clause has to be checked in 10 days
            if named and _is_whole(other, words) and not any(_is_whole(one, words) for one in own):
                return other.figure
            if named and not any(
                (words | following) & (_distinct(role, other) - _left_out(other, role))
                for role in own
            ):
                return other.figure
        return None


# The name of a service or a button says nothing of whose a figure is.
_QUOTED = re.compile(r"[“\"「][^”\"」]{1,20}[”\"」]")
_DIGITS = "一二三四五六七八九十"
# 一级至四级伤残分别为…
_LEVELS = re.compile(
    "(?P<low>[一二三四五六七八九十])(?P<level>[级星档类])?[至到-](?P<high>[一二三四五六七八九十])(?P=level)?"
)
_LISTED = re.compile(r"[\u4e00-\u9fff]{1,12}(?:(?:、|和|及)[\u4e00-\u9fff]{1,12}){1,7}")


def _respective(text: str, figures: Sequence[Statement]) -> dict[Span, str]:
    """Whose the figures of a list are: 本科、硕士、博士分别为800元、1500元、3000元."""
    found: dict[Span, str] = {}
    chain: list[Statement] = []
    for figure in [*figures, None]:
        if figure and chain and _continues(text, chain[-1], figure):
            chain.append(figure)
            continue
        if len(chain) > 1:
            start = chain[0].span[0]
            sentence = _SENTENCE.split(text[max(0, start - _LONGEST) : start])[-1]
            for match in _LEVELS.finditer(sentence):
                low, high = (_DIGITS.find(match[end]) for end in ("low", "high"))
                if high - low + 1 == len(chain):
                    names = [f"{_DIGITS[at]}{match['level']}" for at in range(low, high + 1)]
                    found |= {one.span: name for one, name in zip(chain, names, strict=True)}
            for match in _LISTED.finditer(sentence):
                names = re.split("[、和及]", match[0])
                if len(names) == len(chain):
                    length = max(2, min(map(len, names)))
                    short = [names[0][-length:], *(name[:length] for name in names[1:])]
                    found |= {one.span: name for one, name in zip(chain, short, strict=True)}
            if "分别" in sentence or "依次" in sentence:
                for one in chain:  # nobody knows whose each is
                    found.setdefault(one.span, "\n")
        chain = [figure] if figure else []
    return found


def _continues(text: str, one: Statement, other: Statement) -> bool:
    same = (one.kind, one.unit) == (other.kind, other.unit)
    return same and text[one.span[1] : other.span[0]] in ("、", "和", "，", "及", "、和")


_ONLY_BOUNDS = re.compile(
    "(?:最|高|低|多|少|长|短|不|得|能|超|过|至|上|下|限|封|顶|为|达|到|总|额|年|度|给|予|且|但|共|计|合|累|[一二两三四五六七八九十]|个|月)+"
)


def _label(text: str, figure: Statement, before: Role | None) -> str:
    start = before.figure.span[1] if before else 0
    between = text[max(start, figure.span[0] - _LONGEST) : figure.span[0]]
    pieces = _PART.split(between)
    own = _SENTENCE.split(between)[-1]
    if before is not None and len(pieces) > 1 and _ONLY_BOUNDS.fullmatch(_hanzi(own)):
        return (before.label + own)[-_LONGEST:]  # 每带动1人再给予2000元，最高不超过2万元
    if before is None or start < figure.span[0] - _LONGEST:
        pass
    elif len(pieces) == 1:
        return (before.label + between)[-_LONGEST:]  # 由50万元提高到60万元
    else:
        own = _SENTENCE.split(between[len(pieces[0]) + 1 :])[-1]
    return own


def _row(text: str, figure: Statement) -> str:
    """The words of the row of a table: 登记费；单位:件；标准:80元；备注:住宅类."""
    start = text.rfind("\n", 0, figure.span[0]) + 1
    end = text.find("\n", figure.span[1])
    line = text[start : end if end >= 0 else len(text)]
    is_row = len(line) <= _LONGEST and line.count("；") > 1 and line.count(":") > 1
    return line if is_row and "。" not in line else ""


def _left_out(role: Role, other: Role) -> set[str]:
    """What the first of a list says and the later ones leave out.

    一级医院住院的起付标准为200元；二级医院500元: both are about 起付.
    """
    label, first = _hanzi(role.label), _hanzi(other.label)
    if len(label) > _SHORT or other.figure.span[0] > role.figure.span[0]:
        return set()
    if telling_words(label) and telling_words(label) <= telling_words(first):
        return telling_words(first)
    if not telling_words(label) & telling_words(first):
        return set()
    same = SequenceMatcher(None, first, label, autojunk=False).get_opcodes()
    # What stands instead of other words, or before all that both have, is what sets them apart.
    left = "".join(
        "，" if way == "replace" or (way == "delete" and not start) else first[start:end]
        for way, start, end, _from, _to in same
    )
    denied = {label[at : at + 2] for at in range(len(label))} - telling_words(label)
    return telling_words(left) - denied  # 不记名卡 leaves no 记名 out


def _distinct(role: Role, other: Role) -> set[str]:
    """What the words before a figure have and those before another one do not."""
    near, theirs = (_near(one.label) for one in (role, other))
    if len(_hanzi(other.label)) <= _ELLIPTIC < len(_hanzi(role.label)):
        return telling_words(near[:2]) - telling_words(theirs)
    return (telling_words(role.label) - telling_words(other.label)) | (
        telling_words(near) - telling_words(theirs)
    )


def _is_whole(role: Role, words: set[str]) -> bool:
    """Whether all that names a figure is said: 全护理 is, of 半自理 only 自理."""
    pairs = telling_words(_near(role.label))
    return len(pairs) > 1 and pairs <= words


def _words(role: Role) -> set[str]:
    return telling_words(role.label) | telling_words(role.after)


def _near(label: str) -> str:
    return _hanzi(_PART.split(label)[-1])


def _hanzi(text: str) -> str:
    return "".join(_HANZI.findall(_GENERAL.sub("", text)))


def telling_words(text: str) -> set[str]:
    """The pairs of characters that say whose a figure is, as clauses write them."""
    text = _GENERAL.sub("，", _official(text))
    pairs = set()
    for run in _HANZI.findall(text):
        for position in range(len(run) - 1):
            pair = run[position : position + 2]
            # 非住宅 is no 住宅, 不记名 no 记名
            if "的" not in pair and not (position and run[position - 1] in _DENIALS):
                pairs.add(pair)
    return pairs


_DENIALS = "非不未无"
_LEVEL = re.compile("([1-9])(?=[级类档孩套型])")
_SPOKEN = (
    (re.compile("第一次"), "首次"),
    (re.compile("没有?(?=[\u4e00-\u9fff])"), "未"),
    (re.compile("已经"), "已"),
    (re.compile("在家"), "居家"),
    (re.compile("两(?=[级类档孩套])"), "二"),
)


def _official(text: str) -> str:
    """1级 is 一级, and what is said in other words in a clause: 没有办 is 未办."""
    text = _LEVEL.sub(lambda match: "一二三四五六七八九"[int(match[1]) - 1], text)
    for spoken, official in _SPOKEN:
        text = spoken.sub(official, text)
    return text
