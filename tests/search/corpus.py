"""Documents of an invented city, made of ``sets/topics.yaml``: many alike, each its own matter."""

import datetime
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

SETS = Path(__file__).parent / "sets"
_CODES = ("云政发", "云政办发", "云府规", "云政办函")
_START = datetime.datetime(2024, 1, 8, 9, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Paper:
    """A document of the corpus; ``topic`` is the matter that it is about."""

    key: str
    topic: str
    kind: str
    title: str
    body: str
    agency: str
    number: str
    date: datetime.datetime


@cache
def topics() -> dict[str, list[str]]:
    rows = yaml.safe_load((SETS / "topics.yaml").read_text("utf-8"))
    return {row[0]: row[1:] for row in rows}


@cache
def papers() -> tuple[Paper, ...]:
    """A guide, a policy and an answer of each matter."""
    made = []
    for position, (topic, row) in enumerate(topics().items()):
        title, agency, says, policy, question = row
        date = _START + datetime.timedelta(days=3 * position)
        year, serial = 2024 + position % 3, 1 + position % 97
        number = f"{_CODES[position % 4]}〔{year}〕{serial}号"
        guide = (
            f"{title}办事指南。实施主体为云湖市{agency}。受理条件：{says}。申请材料：申请表、申请人有效"
            f"身份证件原件及复印件，法律法规规定的其他材料。办理流程：申请、受理、审查、决定、送达。"
            f"法定办结时限二十个工作日，承诺办结时限五个工作日。不收费。咨询电话{87650000 + position}。"
        )
        rules = (
            f"各县（区）人民政府，市直各有关单位：为规范{title}相关工作，经市人民政府同意，现将有关事项"
            f"通知如下。一、总体要求。坚持以人民为中心，提高{title}的质量和效率。二、主要内容。{says}。"
            f"三、组织保障。市{agency}会同有关部门加强监督检查。本文件自印发之日起施行，有效期五年。"
        )
        answer = (
            f"问：{question}？答：您好。根据有关规定，{says}。详情可以拨打{agency}咨询电话或者到云湖市"
            f"政务服务中心{agency}窗口咨询。"
        )
        for kind, name, body, printed in (
            ("service", title, guide, ""),
            ("policy", policy, rules, number),
            ("question", question, answer, ""),
        ):
            made.append(
                Paper(
                    f"page:{3 * position + len(made) % 3 + 1}",
                    topic, kind, name, body, agency, printed, date,
                )
            )  # fmt: skip
    return tuple(made)


def queries(name: str) -> dict[str, list[str]]:
    """A set of queries: what is typed → the matters that answer it."""
    made: dict[str, list[str]] = yaml.safe_load((SETS / f"{name}.yaml").read_text("utf-8"))
    return made
