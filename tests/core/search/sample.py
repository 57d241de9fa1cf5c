"""Organisations with known words in them, and short ways to look for them."""

import random

from django.db.models import QuerySet
from modelsearch.backends import get_search_backend

from portal.core.models import Organisation

_PLACES = ["云湖市", "南岸区", "青山县", "柳溪镇"]
_SERVICES = [
    "居住证", "不动产登记", "医保报销", "出生登记", "社会保障卡", "公积金提取", "营业执照",
    "老年证", "婚姻登记", "户口迁移", "食品经营许可", "契税缴纳", "Passport 签发", "ETC 办理",
]  # fmt: skip
_ASPECTS = [
    "办理条件",
    "申请材料",
    "管理",
    "有关规定",
    "咨询",
    "档案",
    "培训",
    "Open Data 服务",
]
_KINDS = ["中心", "办公室", "窗口", "管理处", "大厅"]


def make_units(count: int, seed: int = 7) -> list[Organisation]:
    """Unsaved organisations; the same for the same numbers."""
    rng = random.Random(seed)
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


def text(unit: Organisation) -> str:
    return f"{unit.full_name} {unit.short_name} {unit.duties}"


def make_unit(name: str, duties: str = "", code: str = "unit") -> Organisation:
    """A saved organisation, indexed by its signal."""
    unit = Organisation(
        code=code, full_name=name, short_name="", kind=Organisation.Kind.OFFICE, duties=duties
    )
    unit.save()
    return unit


def search(
    query: object, queryset: QuerySet[Organisation] | None = None, **options: object
) -> set[int]:
    objects = Organisation.objects.all() if queryset is None else queryset
    return {unit.pk for unit in get_search_backend().search(query, objects, **options)}


def complete(query: object) -> set[int]:
    found = get_search_backend().autocomplete(query, Organisation.objects.all())
    return {unit.pk for unit in found}
