"""The columns of a file of entries: the contract's names, and what else people call them."""

COLUMNS = (
    "id", "question", "variants", "answer", "language", "owner", "topic", "site", "source_url",
    "valid_from", "valid_until", "title",
)  # fmt: skip

_OTHER_NAMES = {
    "lang": "language",
    "phrasings": "variants",
    "编号": "id",
    "问题": "question",
    "其他问法": "variants",
    "相似问法": "variants",
    "答案": "answer",
    "回答": "answer",
    "语言": "language",
    "责任单位": "owner",
    "主题": "topic",
    "站点": "site",
    "来源网址": "source_url",
    "生效时间": "valid_from",
    "失效时间": "valid_until",
    "标题": "title",
}


def column_for(name: str) -> str:
    """The contract's name of a column; "" for one that means nothing here."""
    wanted = name.strip().lower().replace(" ", "_")
    return wanted if wanted in COLUMNS else _OTHER_NAMES.get(wanted, "")
