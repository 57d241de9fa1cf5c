"""ColumnType of the national page-tag standard: one or more values, joined by commas."""

from typing import Any

from django.db import models

from portal.core.choice_lists import ChoiceListField, split

__all__ = ["ColumnType", "ColumnTypesField", "split"]


class ColumnType(models.TextChoices):
    """The national list (reference 1); the standard leaves it open, hence ``other``."""

    HOME = "首页", "首页"
    OVERVIEW = "概况信息", "概况信息"
    DUTIES = "机构职能", "机构职能"
    LEADERS = "负责人信息", "负责人信息"
    DYNAMICS = "工作动态", "工作动态"
    POLICY_DOCUMENTS = "政策文件", "政策文件"
    DISCLOSURE_GUIDE = "信息公开指南", "信息公开指南"
    DISCLOSURE_CATALOGUE = "信息公开目录", "信息公开目录"
    DISCLOSURE_REPORT = "信息公开年报", "信息公开年报"
    DISCLOSURE_REQUEST = "依申请公开", "依申请公开"
    DATA_RELEASE = "数据发布", "数据发布"
    OPEN_DATA = "数据开放", "数据开放"
    INTERPRETATION = "政策解读", "政策解读"
    RESPONSE = "回应关切", "回应关切"
    SERVICES = "办事服务", "办事服务"
    COMPLAINTS = "咨询投诉", "咨询投诉"
    SURVEYS = "征集调查", "征集调查"
    INTERVIEWS = "在线访谈", "在线访谈"
    OTHER = "其他", "其他"


class ColumnTypesField(ChoiceListField):
    """Stores the standard's own form ("政策文件,政策解读"), edits as a list of choices."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices_class=ColumnType, **kwargs)
