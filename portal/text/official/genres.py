"""The kinds of documents (体裁): the word that a title ends with.

The fifteen kinds of the rules for official documents, and what else is published as one.
"""

import re

from .script import comparable

_WORDS = """
    会议纪要 实施细则 实施办法 实施意见 实施方案 管理办法 管理规定 工作规则 决议 决定
    命令 公报 公告 通告 意见 通知 通报 报告 请示 批复 议案 函 纪要 令 条例 办法
    规定 细则 规则 规程 规范 章程 方案 规划 计划 预案 要点 纲要 指南 指引 目录
    清单 名单 标准 措施 制度 公约 解释 解读 公示 倡议书 政策 导则 准则 守则 答复
    复函 说明 须知 流程 分工 安排 建议 职责 意见稿 表 图 一览表 汇总表 申请表
    登记表 事项 办理 若干规定 法 基准 程序 协议 合同 书 定额 清单表 图解 问答 草案
    总结 要求 机制 体系 白皮书 年报 台账 模板
"""
GENRES: tuple[str, ...] = tuple(_WORDS.split())
_OF_ONE_KIND = {
    "会议纪要": "纪要",
    "实施细则": "细则",
    "实施办法": "办法",
    "实施意见": "意见",
    "实施方案": "方案",
    "管理办法": "办法",
    "管理规定": "规定",
    "若干规定": "规定",
    "工作规则": "规则",
    "命令": "令",
    "复函": "函",
    "图解": "解读",
    "清单表": "清单",
}
_CLOSING_BRACKET = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|〔[^〔〕]*〕|<[^<>]{0,3}>|[>》”)\]〕])$")


def genre_of(title: str) -> str:
    """The kind of document that a title ends with (通知, 办法, 令 …); "" if it names none."""
    bare = comparable(title)
    for _layer in range(4):
        bare = _CLOSING_BRACKET.sub("", bare)
    kind = max((genre for genre in GENRES if bare.endswith(genre)), key=len, default="")
    return _OF_ONE_KIND.get(kind, kind)
