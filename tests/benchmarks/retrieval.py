"""Answers found: how long it takes beside the query's embedding alone, with few and many entries.

Run by ``subject`` with the portal's environment, as ``inprocess`` is. The arguments are how many
entries the two measurements have; the last line of the output is one JSON object::

    {"10000": {"embedding_p50": 18.1, "embedding_p95": …, "p50": 22.0, "p95": …, "ratio_p50": 1.2,
     "ratio_p95": …, "memory_mb": 210.0, "change_ms": 35.0}, "100000": {…}}

Times are milliseconds of one thread's processor, so that a busy machine blurs them less; a change is
measured by the clock on the wall. Entries are invented and so are their vectors (making real ones takes an
hour), in the database and through the same doors; questions are embedded by the real models.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from itertools import batched
from pathlib import Path
from typing import Any

_ASKED = 120
_PHRASINGS = 3
_THINGS = [
    "居住证",
    "身份证",
    "户口簿",
    "护照",
    "驾驶证",
    "行驶证",
    "营业执照",
    "社保卡",
    "医保",
    "公积金",
    "养老金",
    "生育津贴",
    "失业金",
    "低保",
    "廉租房",
    "学籍",
    "入园",
    "入学",
    "中考",
    "婚姻登记",
    "不动产",
    "契税",
    "个税",
    "发票",
    "暂住登记",
    "签证",
    "工作许可",
    "停车位",
    "垃圾清运",
    "噪声",
    "路灯",
    "消防",
    "疫苗",
    "挂号",
    "转诊",
    "异地就医",
    "残疾证",
    "老年卡",
    "公交卡",
    "律师",
    "公证",
    "仲裁",
    "招投标",
    "环评",
    "食品许可",
    "烟草证",
    "出租车",
    "网约车",
]
_DOINGS = [
    "办理",
    "补办",
    "换领",
    "注销",
    "申请",
    "查询",
    "缴纳",
    "提取",
    "变更",
    "延期",
    "投诉",
    "预约",
    "备案",
    "年检",
    "转移",
]
_WAYS = [
    "怎么",
    "在哪里",
    "需要什么材料才能",
    "多久可以",
    "线上如何",
    "代办",
    "周末能不能",
    "外地人怎么",
    "老人如何",
    "公司怎样",
]
_PLACES = [
    "市政务服务中心",
    "街道便民窗口",
    "派出所",
    "区办事大厅",
    "网上服务平台",
    "税务服务厅",
    "社区服务站",
]


def main(arguments: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import django

    django.setup()
    answer = {}
    for number in map(int, arguments):
        _fill(number)
        answer[str(number)] = _measure(number)
    print(json.dumps(answer))
    return 0


def question(chance: random.Random) -> str:
    return f"{chance.choice(_WAYS)}{chance.choice(_DOINGS)}{chance.choice(_THINGS)}"


def _fill(wanted: int) -> None:
    """Entries up to a number, their vectors, and the base that is made from them."""
    from assistant.portal_plugin.index import compaction, services
    from assistant.portal_plugin.models import IndexedEntry

    there = IndexedEntry.objects.count()
    for numbers in batched(range(there + 1, wanted + 1), 500):
        rows = [_row(number) for number in numbers]
        _store_vectors(rows)
        services.follow_many(rows=rows)
    assert compaction.make_base()


def _row(number: int) -> Any:
    from assistant.portal_plugin.models import IndexedEntry

    chance = random.Random(number)
    steps = "".join(
        f"第{step}步到{chance.choice(_PLACES)}提交{chance.choice(_THINGS)}材料并等待审核。"
        for step in range(1, 5)
    )
    return IndexedEntry(
        page=10_000_000 + number,
        key=f"bench-{number}",
        group=10_000_000 + number,
        language="zh-hans",
        title=f"第{number}号",
        question=f"{question(chance)}（{number}号事项）？",
        phrasings=[f"{question(chance)}{n}" for n in range(_PHRASINGS)],
        answer=f"{steps}咨询电话{number:08d}。",
    )


def _store_vectors(rows: Sequence[Any]) -> None:
    import numpy as np

    from assistant.portal_plugin.index import serving
    from assistant.portal_plugin.index.source import DatabaseSource, entry_of
    from assistant.retrieval.texts import PARTS, text_key, texts_of

    keys = [
        text_key(part, text)
        for row in rows
        for part in PARTS
        for text in texts_of(entry_of(row)).for_models(part)
    ]
    for model in serving.embedders().models.values():
        chance = np.random.default_rng(rows[0].page)
        vectors = chance.standard_normal((len(keys), model.dimensions)) + 1.0
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        DatabaseSource().store(model, dict(zip(keys, vectors.astype("<f2"), strict=True)))


def _measure(number: int) -> dict[str, float]:
    from assistant.portal_plugin.index import serving
    from assistant.retrieval.contract import Query

    serving.forget()
    before = _resident()
    serving.warm_up()
    retriever, embedders = serving.retriever(), serving.embedders()
    chance = random.Random(7)
    embedding, retrieval = [], []
    for turn in range(_ASKED + 10):
        # Two questions of one kind: none of them is remembered from the other measurement.
        alone, asked = f"{question(chance)}{turn}", f"{question(chance)}{turn + 5000}"
        took = (
            _took(lambda text=alone: embedders.question(text)),
            _took(lambda text=asked: retriever.retrieve(Query(text, "zh-hans"))),
        )
        if turn >= 10:
            embedding.append(took[0])
            retrieval.append(took[1])
    found = {
        "embedding_p50": _percentile(embedding, 50),
        "embedding_p95": _percentile(embedding, 95),
        "p50": _percentile(retrieval, 50),
        "p95": _percentile(retrieval, 95),
        "memory_mb": (_resident() - before) / 1e6,
        "change_ms": statistics.median(_change(number, turn) for turn in range(5)),
    }
    found["ratio_p50"] = found["p50"] / found["embedding_p50"]
    found["ratio_p95"] = found["p95"] / found["embedding_p95"]
    return {name: round(value, 2) for name, value in found.items()}


def _change(number: int, turn: int) -> float:
    """From the change of an entry to the answer with its new words."""
    from assistant.portal_plugin.index import services, serving
    from assistant.retrieval.contract import Query

    row = _row(1 + turn)
    row.question = f"改动后的说法{number}之{turn}在哪个窗口？"
    begun = time.perf_counter()
    services.follow_many(rows=[row])
    ranked = serving.retriever().retrieve(Query(row.question, "zh-hans")).ranked
    assert ranked[0].entry == str(row.page), "the changed entry was not found"
    return (time.perf_counter() - begun) * 1000


def _took(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return (time.thread_time() - begun) * 1000


def _percentile(values: Sequence[float], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1]


def _resident() -> float:
    """Bytes of this process in memory, mapped files that it has touched included."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
