"""Sums that a text works out for its reader: inputs and results that no clause prints.

    在二级医院花了8500元，减去起付线500元，剩下8000元报75%，能报6000元。

Every step needs an operand of a clause and a word that announces a result or an example: a wrong
figure that happens to be the sum of two others is not let through for that alone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from portal.text.numerals import CHINESE, value

from .frames import PERSON
from .model import Statement

_RESULT = re.compile(
    r"合计|总计|(?<!公)共(?![同享有和青])|累计|加起来|(?<![预计结核决概])算|就是|正好|平均|相当于|减去|剩|"
    r"能报|等于|=|领满|减半|半价|一半|(?<=[\d一二三四五六七八九])[折成]|再加|(?:提高|增加|上调|涨|升)到|[要应]交|另外|"
    r"的部分[是为]?$|[只收加付扣](?=\d|$)|altogether|in all|\btotal|paid back|works out|comes to",
    re.IGNORECASE,
)
EXAMPLE = re.compile(
    "比如|例如|举例|举个例|假[设如]|算一笔账|怎么算|口之家|"
    "(?<=平方米)的(?:房子|住宅|住房|房间)|for example|for instance|example",
    re.IGNORECASE,
)
_RESULT_OF_SHARES = re.compile(
    "合计|总计|累计|加起来|减去|剩|等于|=|(?:提高|增加|上调|涨|升|降)到|另外|total|comes to"
)
_EXPRESSION = re.compile(r"((?:\d+(?:\.\d+)?元?[×xX*÷/+-]){1,4}\d+(?:\.\d+)?)元?[ ]?=[ ]?$")
_OPERATION = re.compile(r"(\d+(?:\.\d+)?)([×xX*÷/+-]?)")
_STEP = re.compile("(?:提高|增加|上调|上涨|降低|减少|下调|下降|涨|降|多|少)了?$")
_SPANS = (("季度", Decimal(3)), ("半年", Decimal(6)), ("一年", Decimal(12)))
_MOST = 12
_TENS = frozenset(map(Decimal, (1, 10, 100, 1000, 10000)))
_STOPS = "。!！?？\n"


class Sentence:
    """The sentence around one figure, and the one before it where that asks or sets out."""

    def __init__(self, plain: str, statement: Statement, statements: Sequence[Statement]) -> None:
        start, end = statement.span
        left = _stop_before(plain, start)
        if left > 0 and plain[left - 1] in "?？":
            left = _stop_before(plain, left - 1)
        right = _stop_after(plain, end)
        if plain[right : right + 1] in ("?", "？"):
            right = _stop_after(plain, right + 1)
        self.words, self.start = plain[left:right], left
        self.before = plain[left:start]
        inside = [one for one in statements if left <= one.span[0] < right]
        self.earlier = [one for one in inside if one.span[0] < start]
        self.later = [one for one in inside if one.span[0] > start]
        self.is_share = statement.kind == "percent"
        self.is_example = bool(EXAMPLE.search(self.words) or PERSON.search(self.words))

    def others[V](self, kind: str, of: type[V]) -> list[V]:
        """The values of a kind beside the figure."""
        around = (*self.earlier, *self.later)
        return [one.value for one in around if one.kind == kind and isinstance(one.value, of)]

    def announces(self, *, whole: bool = False) -> bool:
        last = self.words if whole else re.split("[，；,;]", self.before)[-1]
        if self.is_share:
            return self.is_example or bool(_RESULT_OF_SHARES.search(last))
        if any(one.kind == "percent" for one in self.earlier):
            return True  # 减半：首次150元，年检100元
        return self.is_example or bool(_RESULT.search(last))

    def numbers(self) -> list[Decimal]:
        """All numbers before the figure, whatever they count: 一家三口, 晚还10天."""
        found = [value(match[0]) for match in re.finditer(CHINESE, self.before)]
        spans = [number for word, number in _SPANS if word in self.words]
        return [number for number in found if number is not None and number > 0] + spans


def _stop_before(plain: str, at: int) -> int:
    return max(plain.rfind(stop, 0, at) for stop in _STOPS) + 1


def _stop_after(plain: str, at: int) -> int:
    ends = (found for stop in _STOPS if (found := plain.find(stop, at)) >= 0)
    return min(ends, default=len(plain))


def is_worked_out(
    statement: Statement,
    sentence: Sentence,
    values: Sequence[Decimal],
    percents: Sequence[Decimal],
    times: Sequence[Decimal],
) -> bool:
    """Whether a figure is a result, or an input of one, of what a clause prints.

    ``values`` are the clause's figures of the same kind and unit, ``percents`` its percentages,
    ``times`` what an amount may be multiplied with.
    """
    found = statement.value
    if not isinstance(found, Decimal) or len(values) > _MOST or len(times) > _MOST:
        return False
    own = _alike(statement, sentence.earlier)
    # A share is not multiplied: 两成 is not twice 10%.
    numbers = [] if statement.kind == "percent" else sentence.numbers()
    printed = _EXPRESSION.search(sentence.before)
    if printed and _worth(printed[1]) == found:
        return True  # 15×3×14=630元
    if sentence.announces():
        if found in _results(values, own, percents, [*times, *numbers], numbers):
            return True
        if found in _sums_of_products(sentence.earlier, values):
            return True
    if not sentence.announces(whole=True):
        return False
    # An input: what follows from it and the clause is printed after it.
    after = _alike(statement, sentence.later)
    if len(after) > 1 and sum(after) == found and set(after) & set(values):
        return True  # 200立方米: 180立方米 …, 另外20立方米 …
    return any(
        result in after for result in _results_of(found, values, percents, []) if result != found
    )


def _worth(expression: str) -> Decimal | None:
    """What a printed product or sum comes to; one kind of operation, from left to right."""
    worth, sign = None, ""
    for number, following in _OPERATION.findall(expression.replace("元", "")):
        one = Decimal(number)
        if worth is None:
            worth = one
        elif sign in "×xX*":
            worth *= one
        elif sign in "÷/":
            worth = worth / one if one else None
        else:
            worth = worth + one if sign == "+" else worth - one
        if worth is None:
            return None
        sign = following
    return worth


def is_rate_of_example(found: Decimal, sentence: Sentence) -> bool:
    """例如贷200万元、年利率3.2%，一年利息6.4万元: the rate of an example, with what it comes to."""
    money = [
        one.value
        for one in (*sentence.earlier, *sentence.later)
        if one.kind == "money" and isinstance(one.value, Decimal)
    ]
    return sentence.is_example and any(one * found / 100 in money for one in money)


def is_half(found: Decimal, values: Sequence[Decimal], clause: str) -> bool:
    """500元 where a clause gives 1000元, and half of it to some."""
    return "减半" in clause and found * 2 in values


def is_input(statement: Statement, sentence: Sentence, values: Iterable[Decimal]) -> bool:
    """Whether so many days, persons or acres are what a later result was worked out with.

    晚还10天收1元, where the clause has 0.1元. ``values``: all single figures of a clause.
    """
    match = re.match(CHINESE, statement.printed)
    number = value(match[0]) if match else None
    if number is None or number in (0, 1) or not sentence.announces(whole=True):
        return False
    later = {one.value for one in sentence.later}
    return any(
        result in later for known in values if known for result in (known * number, number / known)
    )


def is_step(found: Decimal, sentence: Sentence, values: Sequence[Decimal]) -> bool:
    """去年是380元，今年提高了20元，为400元."""
    if not re.search(
        "(?:提高|增加|上调|上涨|降低|减少|下调|下降|涨|降|多|少)了?$", sentence.before
    ):
        return False
    numbers = sentence.numbers()
    return any(known - found in numbers or known + found in numbers for known in values)


def _alike(statement: Statement, others: Iterable[Statement]) -> list[Decimal]:
    return [
        one.value
        for one in others
        if (one.kind, one.unit) == (statement.kind, statement.unit)
        and isinstance(one.value, Decimal)
    ]


def _results(
    values: Sequence[Decimal],
    own: Sequence[Decimal],
    percents: Sequence[Decimal],
    times: Sequence[Decimal],
    printed: Sequence[Decimal],
) -> set[Decimal]:
    found: set[Decimal] = set()
    known = list(dict.fromkeys(values))
    for one in known:
        # A figure that is ten times too much is a slip, unless the text names the ten.
        many = [number for number in times if number not in _TENS or number in printed]
        found.update(_results_of(one, [*known, *own], percents, [n for n in many if n != 1]))
    for one in own:
        found.update(_results_of(one, known, percents, []))
    if len(own) > 1 and set(own) & set(known):
        found.add(sum(own, Decimal()))
    return found


def _results_of(
    one: Decimal,
    others: Iterable[Decimal],
    percents: Iterable[Decimal],
    times: Iterable[Decimal],
) -> Iterator[Decimal]:
    for other in others:
        if one != other:
            yield one + other
            yield abs(one - other)
    for percent in percents:
        yield one * percent / 100
        yield one * (100 - percent) / 100
    for number in times:
        yield one * number
        yield one / number


def _sums_of_products(earlier: Sequence[Statement], values: Sequence[Decimal]) -> set[Decimal]:
    """180立方米按2.6元，另外20立方米按3.5元: so much of the one and so much of the other."""
    products: list[Decimal] = []
    count: Decimal | None = None
    for one in earlier:
        if one.kind in ("count", "duration") and isinstance(one.value, Decimal):
            count = one.value
        elif one.kind == "money" and count is not None and one.value in values:
            assert isinstance(one.value, Decimal)
            products.append(count * one.value)
            count = None
    return {sum(products, Decimal())} if len(products) > 1 else set()
