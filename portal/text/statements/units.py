"""What may be counted, under one name each: 人 for 名, 位 and people; 平方米 for 平米 and ㎡."""

from decimal import Decimal
from typing import NamedTuple


class Unit(NamedTuple):
    name: str
    factor: Decimal = Decimal(1)


def _units(names: dict[str, str]) -> dict[str, Unit]:
    return {word: Unit(name) for name, words in names.items() for word in words.split()}


MONEY = _units({"CNY": "元 块钱 块 元钱 元整 元人民币", "USD": "美元 美金", "EUR": "欧元"})
MONEY |= _units({"HKD": "港元 港币", "JPY": "日元", "GBP": "英镑"})
MONEY |= {"角": Unit("CNY", Decimal("0.1"))}

# How often: the days from one time to the next.
OFTEN = "often"
DURATION = {
    "个工作日": Unit("workday"),
    "工作日": Unit("workday"),
    **{word: Unit("minute", Decimal(1440)) for word in ("个自然日", "自然日", "日", "天")},
    **{word: Unit("minute", Decimal(60)) for word in ("个小时", "小时", "个钟头")},
    "分钟": Unit("minute"),
    "秒": Unit("minute", Decimal(1) / 60),
    **{word: Unit("minute", Decimal(1440 * 7)) for word in ("周", "个星期", "星期", "个周")},
    "个月": Unit("month"),
    "个季度": Unit("month", Decimal(3)),
    "年": Unit("month", Decimal(12)),
    "周年": Unit("month", Decimal(12)),
}

# 个 stands for any thing; the others say what is counted.
COUNT = _units(
    {
        "人": "人 名 位 个人 人次 名学生 口之家 口人",
        "岁": "周岁 岁",
        "平方米": "平方米 平米 ㎡ m² 平方",
        "米": "米",
        "寸": "寸 英寸",
        "立方米": "立方米 立方 方水 m³",
        "亩": "亩",
        "公斤": "公斤 千克",
        "升": "升",
        "千瓦时": "千瓦时 度电",
        "度": "度 ℃ 摄氏度",
        "分贝": "分贝",
        "分": "分",
        "倍": "倍",
        "户": "户",
        "餐": "餐",
        "箱": "箱",
        "册": "册 本书",
        "批次": "批次",
        "棵": "棵 株",
        "只": "只 头 羽",
        "艘": "艘",
        "部": "部",
        "门": "门",
        "盒": "盒",
        "瓶": "瓶",
        "支": "支",
        "场": "场 场次",
        "单": "单",
        "马力": "马力 匹马力",
        "千瓦": "千瓦",
        "剂": "剂 针",
        "课时": "课时",
        "晚": "晚",
        "家": "家",
        "个": "个",
        "份": "份",
        "张": "张",
        "套": "套",
        "件": "件",
        "次": "次",
        "座": "座",
        "栋": "栋 幢",
        "台": "台",
        "辆": "辆",
        "间": "间",
        "所": "所",
        "处": "处",
        "床": "张床位 床",
        "条": "条",
        "项": "项",
        "种": "种",
        "类": "类",
        "档": "档",
        "级": "级",
        "星": "星 星级",
        "学年": "学年",
        "学期": "学期 个学期",
        "字": "字",
        "楼": "楼 层",
        "室": "室",
        "号窗口": "号窗口 号柜台",
        "单元": "单元",
        "号楼": "号楼",
        "孩": "孩",
    }
)
# The same measure in other units: 130厘米 are 1.3米.
COUNT |= {word: Unit("米", Decimal(1000)) for word in ("公里", "千米")}
COUNT |= {"厘米": Unit("米", Decimal("0.01")), "毫米": Unit("米", Decimal("0.001"))}
COUNT |= {word: Unit("平方米", Decimal(10**6)) for word in ("平方公里", "平方千米")}
COUNT |= {"公顷": Unit("平方米", Decimal(10**4)), "吨": Unit("公斤", Decimal(1000))}
COUNT |= {"斤": Unit("公斤", Decimal("0.5")), "市斤": Unit("公斤", Decimal("0.5"))}
COUNT |= {"毫升": Unit("升", Decimal("0.001")), "瓦": Unit("千瓦", Decimal("0.001"))}
COUNT |= {"兆瓦": Unit("千瓦", Decimal(1000))}
COUNT |= {"克": Unit("公斤", Decimal("0.001")), "毫克": Unit("公斤", Decimal("0.000001"))}

ENGLISH_COUNT = {
    "岁": "years old|years? of age|year[- ]olds?",
    "平方米": r"square met(?:re|er)s?|sq\.? ?m\.?|m²|㎡",
    "公里": r"kilomet(?:re|er)s?|km",
    "米": r"met(?:re|er)s?",
    "立方米": r"cubic met(?:re|er)s?|m³",
    "升": r"lit(?:re|er)s?",
    "毫升": r"millilit(?:re|er)s?|ml",
    "厘米": r"centimet(?:re|er)s?|cm",
    "千瓦时": r"kilowatt[- ]hours?|kWh",
    "公顷": "hectares?",
    "分贝": r"decibels?|dB(?:\(A\))?",
    "公斤": r"kilogram(?:me)?s?|kg",
    "克": "gram(?:me)?s?",
    "倍": "times (?:as|the)",
    "晚": "nights?",
    "吨": "ton(?:ne)?s?",
    "份": "cop(?:y|ies)",
    "张": "photo(?:graph)?s?|pictures",
    "人": (
        "people|persons|employees|staff|students|pupils|children|applicants|candidates|residents"
        "|guests|posts"
    ),
    "户": "households|families",
    "家": "companies|enterprises|firms|businesses",
    "座": "stations|bridges",
    "个": "ports|districts|places|spaces|parks|items|documents|fields|areas",
    "套": "flats?|apartments?|homes?|units?",
    "次": "times",
}
ENGLISH_DURATION = {
    "working day": Unit("workday"),
    "business day": Unit("workday"),
    "workday": Unit("workday"),
    "work day": Unit("workday"),
    "minute": Unit("minute"),
    "hour": Unit("minute", Decimal(60)),
    "day": Unit("minute", Decimal(1440)),
    "week": Unit("minute", Decimal(1440 * 7)),
    "month": Unit("month"),
    "year": Unit("month", Decimal(12)),
}
# Measures, ages, classes and places, which 个 does not stand for.
UNCOUNTED = frozenset(
    [
        *("岁", "平方米", "米", "寸", "立方米", "亩", "公斤", "克", "升", "千瓦时", "度", "千瓦"),
        *("马力", "分贝", "分", "倍", "级", "星", "类", "档", "字", "晚"),
        *("楼", "室", "号窗口", "号楼", "单元"),
    ]
)
# What things are called by: 一级园 is one of a kind, and no word before bounds it.
LEVELS = frozenset({"级", "星", "档"})
# Words that introduce one thing of many: 一家企业 is "a company", no figure; 一级 is a name.
ARTICLES = frozenset({unit.name for unit in COUNT.values()} - UNCOUNTED) | {"类", "分", "度", "字"}
# What a text counts by itself, as a summary: checked only where the clauses count the same.
SUMMARIES = frozenset(
    ["个", "种", "项", "类", "条", "次", "档", "级", "分", "度", "处", "件", "字"]
)
