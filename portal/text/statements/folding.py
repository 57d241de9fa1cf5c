"""One script and one width, without moving a character: spans stay true for the original."""

# Only what stands in figures, in their units and in the words around them.
_TRADITIONAL = (
    "萬万億亿個个週周歲岁號号條条項项點点時时間间樓楼層层戶户張张臺台縣县區区電电話话於于過过滿满內内"
    "達达約约餘余兩两雙双對对鐘钟幾几開开員员歐欧圓元塊块長长處处單单職职務务發发佈布實实際际還还"
    "連连續续屬属學学業业產产從从後后這这當当應应該该請请據据為为與与資资額额補补貼贴費费標标準准"
    "證证無无會会辦办規规則则關关現现報报執执齡龄邊边門门車车輛辆頁页圖图問问覽览瀏浏來来記记獲获"
    "訊讯線线熱热撥拨棟栋噸吨頃顷畝亩種种類类檔档級级屆届輪轮書书東东廣广場场創创濱滨雲云寧宁龍龙"
    "灣湾橋桥興兴陽阳禮礼減减僅仅鄉乡鎮镇東东華华訂订貸贷購购買买離离險险療疗醫医養养優优補补獎奖"
    "罰罚營营註注冊册審审覆复複复議议訴诉訟讼決决給给將将達达劃划據据啟启閉闭結结終终數数萬万"
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# These keep their width: they end sentences and parts of sentences, the narrow ones do not.
for _mark in "，；？！：":
    del _WIDE[ord(_mark)]
_MARKS = {
    **dict.fromkeys("—–－―‐‑‒−", "-"),
    **dict.fromkeys("～〜∼", "~"),
    **dict.fromkeys("〔﹝［【", "["),
    **dict.fromkeys("〕﹞］】", "]"),
    **dict.fromkeys("\u00a0\u3000\u2009\u202f\u2002\u2003\t", " "),
    "：": ":",
    "％": "%",
    "﹪": "%",
    "￥": "¥",
    "○": "〇",
}
_TABLE = (
    _WIDE
    | {ord(old): new for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)}
    | {ord(old): new for old, new in _MARKS.items()}
)


def folded(text: str) -> str:
    """Half-width digits, letters and brackets, one kind of dash, simplified characters.

    Has exactly the length of ``text``.
    """
    return text.translate(_TABLE)
