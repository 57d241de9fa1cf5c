"""A thousand organisations with known words in them; half of the words Chinese dictionaries know."""

import random
from collections.abc import Callable

import pytest

from portal.core.models import Organisation
from portal.core.search import bulk_index

_PLACES = ["云湖市", "南岸区", "青山县", "柳溪镇"]
_SERVICES = [
    "居住证", "不动产登记", "医保报销", "出生登记", "社会保障卡", "公积金提取", "营业执照",
    "老年证", "婚姻登记", "户口迁移", "食品经营许可", "契税缴纳", "Passport 签发", "ETC 办理",
]  # fmt: skip
_ASPECTS = ["办理条件", "申请材料", "管理", "有关规定", "咨询", "档案", "培训", "Open Data 服务"]
_KINDS = ["中心", "办公室", "窗口", "管理处", "大厅"]


def make_units(count: int, seed: int = 7) -> list[Organisation]:
    """Unsaved organisations; the same for the same numbers."""
    rng = random.Random(seed)  # noqa: S311 - sample data
    units = []
    for number in range(count):
        name = rng.choice(_PLACES) + rng.choice(_SERVICES) + rng.choice(_KINDS)
        duties = "，".join(
            f"负责{rng.choice(_PLACES)}{rng.choice(_SERVICES)}的{rng.choice(_ASPECTS)}"
            for _ in range(rng.randint(1, 3))
        )
        units.append(
            Organisation(
                code=f"unit-{seed}-{number}",
                full_name=f"{name}（{number}）",
                short_name=name[-8:],
                kind=rng.choice([Organisation.Kind.OFFICE, Organisation.Kind.INSTITUTION]),
                duties=f"{duties}。",
            )
        )
    return units


@pytest.fixture
def make_indexed_units(db: None) -> Callable[..., list[Organisation]]:
    def make(count: int, seed: int = 7) -> list[Organisation]:
        units = Organisation.objects.bulk_create(make_units(count, seed))
        assert bulk_index(units) == count
        return units

    return make


@pytest.fixture
def units(make_indexed_units: Callable[..., list[Organisation]]) -> list[Organisation]:
    return make_indexed_units(1000)
