"""Writes the labelled lines from their sentences: ``python -m tests.text.detectors.make_lines``.

Only what needs a check digit, or a thousand variations, is made here. The written lines are the data;
they were read before they were committed, and change only with this file.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
FILES = {"sentences.yaml": ("lines.jsonl", 20260401), "held_out.yaml": ("held_out.jsonl", 7)}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_MARKED = re.compile(r"\[\[([\w+]+)\|(.*?)\]\]", re.DOTALL)
_PROVINCES = (
    "11",
    "13",
    "21",
    "31",
    "32",
    "33",
    "34",
    "36",
    "37",
    "41",
    "42",
    "43",
    "44",
    "51",
    "61",
)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英秀兰建国志新雨桐子涵思远"
_UNITS = ("云湖市教育局", "云湖市财政局", "云湖市体育局", "云湖市生态环境局", "云湖市应急管理局")
_BANKS = ("云湖农商银行", "工商银行云湖支行", "建设银行湖滨支行", "邮储银行云湖分行")
_ROADS = ("镜湖路", "云栖大道", "莲塘街", "望湖东路", "青石巷")
_VILLAGES = ("莲塘镇青石村", "望湖街道荷花社区", "云栖镇上塘村", "湖滨区桥头村")
_HALLS = ("市政务服务中心", "湖滨区便民服务大厅", "莲塘镇便民服务中心")
_SCHOOLS = ("云湖市第一小学", "湖滨区实验学校")
_BRANDS = (
    "{n3}bet", "bet{n3}", "{n3}体育在线", "{n3}bet体育在线", "云博体育投注官网", "澳门新葡京", "新葡京娱乐城",
    "金沙娱乐城", "皇冠体育官网", "威尼斯人娱乐城", "永利娱乐场官网", "{n3}彩票网", "BET{n3}官网", "亚博体育", "银河赌场",
    "太阳城娱乐城", "乐虎国际娱乐", "万博体育app", "必赢亚洲", "{n3}体育投注", "大发彩票平台", "澳门赌场", "利来国际娱乐",
    "现金网开户", "体育博彩官网", "ag真人娱乐", "开元棋牌", "沙巴体育", "{n3}Bet", "真钱棋牌官网", "{n4}bet", "bet{n2}",
)  # fmt: skip
_SPAM_WORDS = (
    "{brand}", "最新网址大全", "点击进入", "免费资源", "热门推荐", "快速到账", "{bet_line}", "友情链接", "在线观看", "seo优化排名",
)  # fmt: skip


class Dice(random.Random):
    """What the placeholders stand for."""

    def digits(self, many: int) -> str:
        return str(self.randrange(1, 10)) + "".join(self.choices("0123456789", k=many - 1))

    def identity(self, *, valid: bool = True, day: str = "") -> str:
        first = self.choice(_PROVINCES) + f"{self.randrange(1, 20):02}{self.randrange(1, 30):02}"
        day = (
            day
            or f"{self.randrange(1935, 2020)}{self.randrange(1, 13):02}{self.randrange(1, 29):02}"
        )
        body = f"{first}{day}{self.randrange(1000):03}"
        right = _check_place(body)
        return body + (right if valid else self.choice("0123456789X".replace(right, "")))

    def card(self, size: int = 19, *, valid: bool = True) -> str:
        first = self.choice(("62", "622848", "621700", "4367", "5309", "6217", "436742"))
        size = self.choice((16, 19, 19)) if first[0] == "6" else 16
        body = first + "".join(self.choices("0123456789", k=size - len(first) - 1))
        right = _with_luhn(body)[-1]
        return body + (right if valid else self.choice("0123456789".replace(right, "")))

    def mobile(self) -> str:
        return "1" + self.choice("3456789") + "".join(self.choices("0123456789", k=9))


def _check_place(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def _has_luhn(number: str) -> bool:
    doubled = {digit: sum(divmod(2 * int(digit), 10)) for digit in "0123456789"}
    places = enumerate(reversed(number))
    return sum(doubled[d] if place % 2 else int(d) for place, d in places) % 10 == 0


def _with_luhn(body: str) -> str:
    return next(body + end for end in "0123456789" if _has_luhn(body + end))


def _uscc(dice: Dice) -> str:
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "91" + dice.choice(_PROVINCES) + dice.digits(4) + "".join(dice.choices(signs, k=9))
    total = sum(signs.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + signs[-total % 31]


def _isbn(dice: Dice) -> str:
    body = "9787" + dice.digits(8)
    return body + str(-sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(body)) % 10)


def _not_like_a_person(dice: Dice, many: int) -> str:
    """Digits that no check digit makes a card or an identity number, in the whole."""
    while True:
        number = dice.digits(many)
        as_identity = many == 18 and _check_place(number[:17]) == number[17]
        as_card = 13 <= many <= 19 and _has_luhn(number)
        as_mobile = many == 11 and number[0] == "1" and number[1] in "3456789"
        if not (as_identity or as_card or as_mobile):
            return number


# How people and machines write numbers apart.
_SPREAD: tuple[Callable[[str, int], str], ...] = (
    lambda n, _size: n, lambda n, _size: n, lambda n, _size: n, lambda n, _size: n,
    lambda n, size: " ".join(n[i : i + size] for i in range(0, len(n), size)),
    lambda n, size: "-".join(n[i : i + size] for i in range(0, len(n), size)),
    lambda n, _size: "".join(chr(ord(sign) + 0xFEE0) for sign in n),
    lambda n, _size: n[:5] + "\u200b" + n[5:],
    lambda n, size: "\u00a0".join(n[i : i + size] for i in range(0, len(n), size)),
    lambda n, _size: n.lower(),
)  # fmt: skip


def _spread(dice: Dice, number: str, size: int) -> str:
    return dice.choice(_SPREAD)(number, size)


def _phone(dice: Dice) -> str:
    number = dice.mobile()
    shape = dice.randrange(12)
    if shape == 0:
        return f"+86 {number}"
    if shape == 1:
        return f"{number[:3]}-{number[3:7]}-{number[7:]}"
    if shape == 2:
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    if shape == 3:
        return "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    if shape == 4:
        return f"86-{number}"
    if shape == 5:
        return f"{number[:3]}\u200b{number[3:]}"
    if shape == 6:
        return f"{number[:5]} {number[5:]}"
    return number


def _office(dice: Dice) -> str:
    area = dice.choice(("0999", "0571", "010", "021", "0999"))
    local = dice.choice("245678") + "".join(dice.choices("0123456789", k=7))
    return dice.choice((f"{area}-{local}", f"（{area}）{local}", f"{area}{local}", local))


_MAKERS: dict[str, Callable[[Dice], str]] = {
    "name": lambda d: d.choice(_SURNAMES) + "".join(d.choices(_GIVEN, k=d.choice((1, 2, 2)))),
    "surname": lambda d: d.choice(_SURNAMES),
    "unit": lambda d: d.choice(_UNITS),
    "bank": lambda d: d.choice(_BANKS),
    "road": lambda d: d.choice(_ROADS),
    "village": lambda d: d.choice(_VILLAGES),
    "hall": lambda d: d.choice(_HALLS),
    "school": lambda d: d.choice(_SCHOOLS),
    "doc": lambda d: f"云政发〔{d.randrange(2020, 2027)}〕{d.randrange(1, 90)}号",
    "date": lambda d: f"{d.randrange(2023, 2027)}年{d.randrange(1, 13)}月{d.randrange(1, 29)}日",
    "money": lambda d: str(d.randrange(100, 99999)),
    "score": lambda d: f"{d.randrange(60, 99)}.{d.randrange(10)}",
    "n": lambda d: str(d.randrange(1, 60)),
    "area": lambda d: d.choice(("0999", "0571", "010")),
    "office": _office,
    "office_mail": lambda d: d.choice(("zwgk@yunhu.gov.cn", "rsj@yunhu.gov.cn", "bgs@hubin.yunhu.gov.cn")),
    "office_place": lambda d: f"云湖市湖滨区{d.choice(_ROADS)}{d.randrange(1, 300)}号",
    "home": lambda d: (
        f"{d.choice(('浙江省云湖市湖滨区', '云湖市湖滨区', '云湖市高新区'))}{d.choice(_ROADS)}{d.randrange(1, 300)}号"
        f"{d.choice(('荷花苑', '锦绣花园', ''))}{d.randrange(1, 30)}幢{d.choice(('', '2单元'))}{d.randrange(101, 1806)}室"
    ),
    "mail": lambda d: d.choice(("lihua", "zhang.wei", "wang_fang88", "chen-jie", "zhou2001"))
    + str(d.randrange(100)) + d.choice(("@qq.com", "@163.com", "@gmail.com", "@126.com", "@foxmail.com")),
    "uscc": _uscc,
    "isbn": _isbn,
    "project_code": lambda d: f"{d.randrange(2020, 2027)}-330106-{d.randrange(10, 99)}-{d.randrange(1, 9):02}-{d.digits(6)}",
    "estate_code": lambda d: f"{d.digits(6)}{d.digits(6)}GB{d.digits(5)}F{d.digits(8)}",
    "bad_id": lambda d: d.identity(valid=False),
    "bad_date_id": lambda d: d.identity(day=f"{d.randrange(1950, 2010)}1{d.randrange(3, 9)}{d.randrange(32, 40)}"),
    "bad_card": lambda d: d.card(valid=False),
    "bad_card15": lambda d: _with_luhn("86" + d.digits(12)),
    "order_like": lambda d: d.mobile(),
    "stamp": lambda d: str(d.randrange(1_700_000_000, 1_799_999_999)),
    "hex": lambda d: f"{d.randrange(16**32):032x}",
    "masked_phone": lambda d: f"{d.mobile()[:3]}****{d.digits(4)}",
    "spam_host": lambda d: d.choice(("www.bo365.example", "wap.k7.example", "cc77.example", "m.xpj.example")),
}  # fmt: skip


class _Line:
    """One line while it is filled in."""

    def __init__(self, dice: Dice, template: str, *, is_html: bool) -> None:
        self.dice = dice
        self.is_html = is_html
        self.brands: list[str] = []
        self.filled = _PLACEHOLDER.sub(self._fill, template)

    def _fill(self, found: re.Match[str]) -> str:
        name, dice = found[1], self.dice
        if name in _MAKERS:
            return _MAKERS[name](dice)
        if name[0] == "n" and name[1:].isdecimal():
            return _not_like_a_person(dice, int(name[1:]))
        if name == "id":
            return f"[[identity_number|{_spread(dice, dice.identity(), 6)}]]"
        if name == "card":
            return f"[[bank_card|{_spread(dice, dice.card(), 4)}]]"
        if name == "phone":
            return f"[[mobile|{_phone(dice)}]]"
        if name.endswith("_split"):
            number, kind = self._number(name.removesuffix("_split"))
            return f"[[{kind}|{number[:6]}]]<b></b>[[{kind}|{number[6:]}]]".replace(
                f"]]<b></b>[[{kind}|",
                dice.choice(
                    (
                        "<b></b>",
                        "</span><span>" if "<span>" in found.string else "<wbr>",
                        "<!-- -->",
                    )
                ),
            )
        if name == "bet_entity":
            return "".join(f"&#{ord(sign)};" for sign in self.expand("{brand}"))
        if name.endswith("_entity"):
            number, kind = self._number(name.removesuffix("_entity"))
            return f"[[{kind}|" + "".join(f"&#{ord(sign)};" for sign in number) + "]]"
        return self._spam(name)

    def _number(self, name: str) -> tuple[str, str]:
        dice = self.dice
        return {
            "id": (dice.identity(), "identity_number"),
            "card": (dice.card(), "bank_card"),
            "phone": (dice.mobile(), "mobile"),
        }[name]

    def expand(self, text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: self._fill(found), text)

    def _spam(self, name: str) -> str:
        dice = self.dice
        if name == "brand":
            self.brands.append(self.expand(dice.choice(_BRANDS)))
            return self.brands[-1]
        if name == "bet_line":
            join = dice.choice("_-_|")
            parts = [self.expand("{brand}") for _ in range(dice.randrange(2, 4))]
            parts.insert(1, dice.choice(("首页", "官网", "手机版", "注册", "登录入口")))
            return join.join(parts)
        if name == "spam_words":
            return self.expand(dice.choice(_SPAM_WORDS))
        if name == "spam_link":
            return (
                f'<a href="http://{self.expand("{spam_host}")}/">{self.expand("{spam_words}")}</a>'
            )
        raise KeyError(name)


def _rows(name: str, group: str, entry: dict[str, Any], dice: Dice) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    templates = entry["sentences"]
    while len(seen) < entry["many"]:
        template = templates[len(seen) % len(templates)]
        is_html = bool(re.search(r"</?[a-z!]", template)) or group == "scripts"
        line = _Line(dice, template, is_html=is_html)
        filled = line.filled
        if filled in seen:
            # A sentence without a place to fill in stands once; space around it is no new sentence.
            filled = dice.choice(_FRAMES).format(filled)
            if filled in seen:
                continue
        seen.add(filled)
        marks = [
            [kind, words] for kinds, words in _MARKED.findall(filled) for kind in kinds.split("+")
        ]
        if all(kind != "betting" for kind, _words in marks):
            marks += [["betting", brand] for brand in line.brands]  # what is hidden is read as well
        text = _MARKED.sub(r"\2", filled)
        yield {"group": group, "html" if is_html else "text": text, "find": marks}


_FRAMES = (
    "{}。", "（一）{}", "· {}", "{}（本报讯）", "一、{}", "标题：{}", "{}，特此通知", "近日，{}", "　　{}", "据悉：{}", "{} ",
    "【{}】", "3.{}", "{}；", "（来源：市政府办）{}", "{}\n", "附：{}", "转发：{}",
)  # fmt: skip


def main() -> None:
    for source, (target, seed) in FILES.items():
        dice = Dice(seed)
        groups = yaml.safe_load((HERE / source).read_text(encoding="utf-8"))
        rows = [
            row
            for side in ("found", "clean")
            for group, entry in groups[side].items()
            for row in _rows(source, group, entry, dice)
        ]
        dice.shuffle(rows)
        lines = [
            json.dumps({"id": place, **row}, ensure_ascii=False)
            for place, row in enumerate(rows, 1)
        ]
        (HERE / target).write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(target, len(lines), sum(bool(row["find"]) for row in rows))


if __name__ == "__main__":
    main()
