"""What the browser finds in a message is what the server finds: one list of texts for both."""

import json
import random
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext

from assistant.dialogue.cleaning import clean
from portal.text.personal_data import STOPPING, scrub

from .browsing import watched_page
from .serving import Portal

pytestmark = pytest.mark.e2e

WRITTEN = [
    "我的证件是330106199003071234，怎么办？", "33010619900307123X", "330106 19900307 123x",
    "３３０１０６１９９００３０７１２３４", "三三〇一〇六一九九〇〇三〇七一二三四", "330106900307123",
    "卡号 6222021234567890128 没到账", "6222 0212 3456 7890 128", "4111111111111111",
    "电话13812345678", "打 138 1234 5678", "+86 138-1234-5678", "008613812345678", "幺三八一二三四五六七八",
    "13812345678 13987654321", "家里0888-2345678", "座机是 82345678", "tel. 82345678", "82345678",
    "写信到 li.ming@example.com", "li＠例子．中国", "a@b 是什么", "护照E12345678",
    "my passport number is AB1234567", "паспорт № 1234567", "车牌浙A12345被拍", "浙AD12345",
    "我叫王小明，想办居住证", "我是李建国的儿子", "姓名：欧阳娜娜", "My name is John Smith and I",
    "Меня зовут Анна Петрова", "Je m'appelle Zoé", "12345热线几点上班", "云政发〔2026〕12号还有效吗",
    "2026年11月26日以后怎么办，二〇二六年呢", "补贴50000元到100000元",
    "统一社会信用代码91330106MA2AX12345怎么查", "我是高中生，能申请吗", "我是江苏人，怎么落户",
    "第12条第3款", "邮编310000", "HSK4级可以吗", "110、119、120 都是什么电话", "138\u200b1234\u200b5678",
    "1381234\n5678", "١٣٨١٢٣٤٥٦٧٨", "🙂13812345678🙂", "张三的电话是（0571）88886666", "", "   ",
    "一\u2028二\t三  四\n\n\n五", "é" + "e\u0301", "\ufeff你好",
]  # fmt: skip
PIECES = [
    "我", "的", "电话", "是", " ", "-", "·", "。", "\n", "王", "小", "明", "我叫", "姓名：", "护照", "浙", "A", "E",
    "x", "X", "@", ".", "com", "+", "86", "0571", "138", "1990", "03", "07", "6222", "〇", "一", "二", "三", "１", "٣",
    "\u200b", "passport", "My name is ", "🙂", "12", "345", "6789", "先生", "，",
]  # fmt: skip


def texts() -> Iterator[str]:
    yield from WRITTEN
    dice = random.Random(20261126)
    for _number in range(3000):
        yield "".join(dice.choices(PIECES, k=dice.randint(2, 14)))
    for _number in range(1500):
        digits = "".join(dice.choices("0123456789", k=dice.randint(5, 20)))
        yield (
            dice.choice(["", "电话", "卡号 ", "+"]) + digits + dice.choice(["", "X", "元", "@a.cn"])
        )


def test_browser_and_server_find_the_same(
    portal: Portal, new_context: Callable[..., BrowserContext]
) -> None:
    page, _watch = watched_page(new_context())
    page.goto(portal.at("/healthz"))
    given = list(texts())
    found = page.evaluate(
        """async texts => {
            const { STOPPING, scrub } = await import("/static/assistant/modules/personal_data.js");
            return JSON.stringify(texts.map(text => {
                const { text: masked, kinds } = scrub(text);
                return [masked, kinds.sort(), kinds.some(kind => STOPPING.has(kind))];
            }));
        }""",
        given,
    )
    for text, (masked, kinds, stops) in zip(given, json.loads(found), strict=True):
        expected = scrub(clean(text))
        assert (masked, kinds) == (expected.text, sorted(expected.kinds)), repr(text)
        # What the server refuses never leaves the browser.
        assert stops or not expected.kinds & STOPPING, repr(text)
