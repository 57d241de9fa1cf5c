"""Terms that come with the portal, by the standard of characters ("": all standards).

Where OpenCC's tables err for texts of a government, or where its choice looks odd to those who read
traditional characters. What one portal wants otherwise belongs into its own table of terms. A text
is read from its beginning, the longest term first: some words stand here only so that no term is
found across their end (若干 before 干货).
"""

from typing import Final

# Names and words in which every character stays, though the tables would change one.
WITHOUT_CONVERSION: Final = (
    # persons, families, places
    "万俟", "于右任", "于田县", "于洪区", "于都县", "范仲淹",
    "范蠡", "范阳", "郁达夫", "后羿", "后稷", "后妃",
    "姓范", "姓余", "姓郁", "姓涂", "姓朴", "姓党", "姓于", "姓后",
    # things that keep their sign
    "胡同", "家具", "扣子", "方志", "冷面孔", "若干",
)  # fmt: skip

# Account books have a sign of their own in Taiwan's and Hong Kong's offices.
_ACCOUNTS: Final = {
    "账户": "帳戶", "账号": "帳號", "账目": "帳目", "账单": "帳單", "账簿": "帳簿", "账本": "帳本",
    "账册": "帳冊", "账务": "帳務", "账面": "帳面", "账款": "帳款", "账龄": "帳齡", "账外": "帳外",
    "转账": "轉帳", "对账": "對帳", "到账": "到帳", "记账": "記帳", "做账": "做帳", "查账": "查帳",
    "挂账": "掛帳", "入账": "入帳", "结账": "結帳",
    "明细账": "明細帳", "总账": "總帳", "呆账": "呆帳",
    "坏账": "壞帳", "假账": "假帳", "建账": "建帳", "销账": "銷帳", "细账": "細帳", "公账": "公帳",
    "台账": "臺帳", "冲账": "沖帳", "账": "帳",
}  # fmt: skip

TERMS: Final[dict[str, dict[str, str]]] = {
    "": {
        **_ACCOUNTS,
        # again, answer, compound: three signs for one
        "重复": "重複", "反复": "反覆", "恢复": "恢復",
        "修复": "修復", "答复": "答覆", "批复": "批覆",
        "回复": "回覆", "函复": "函覆", "复议": "復議",
        "复核": "覆核", "复垦": "復墾", "复绿": "復綠",
        "复耕": "復耕", "复牌": "復牌", "复训": "複訓", "复种": "複種",
        # dry, trunk, concern
        "干群关系": "幹群關係", "主干道": "主幹道", "次干道": "次幹道", "交通干道": "交通幹道",
        "总干渠": "總幹渠", "主干渠": "主幹渠", "晾干": "晾乾", "干湿": "乾濕", "干垃圾": "乾垃圾",
        "干货": "乾貨",
        # faces and flour
        "面点师": "麵點師", "中式面点": "中式麵點", "面制品": "麵製品", "米面粮油": "米麵糧油",
        "面制食品": "麵製食品", "手擀面": "手擀麵", "刀削面": "刀削麵",
        # others
        "了解": "了解", "县志": "縣志", "市志": "市志", "省志": "省志", "钟山区": "鍾山區",
        "钟山县": "鍾山縣", "钟山风景": "鍾山風景", "云湖": "雲湖",
        "汇总": "彙總", "燃气表": "燃氣表",
        "发痒": "發癢", "回归": "回歸", "注销": "註銷",
        "计价表": "計價錶", "规范": "規範", "示范": "示範",
        "防范": "防範", "师范": "師範", "模范": "模範",
    },
    # 水表, 電表 and 煤氣表 are written so in the unified wording of Taiwan's statutes.
    "s2tw": {"水表": "水表", "电表": "電表", "煤气表": "煤氣表"},
    "s2hk": {"台账": "台帳", "厘米": "厘米", "计价表": "計價錶"},
}  # fmt: skip

# Forms of single characters that offices use otherwise than the tables: 公布, 占用, 污染, 濕地.
FORMS: Final[dict[str, dict[str, str]]] = {
    "s2tw": {"汙": "污", "溼": "濕", "佔": "占", "佈": "布"},
    "s2hk": {"佈": "布"},
}
