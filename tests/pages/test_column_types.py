"""ColumnType: several values of the national list, stored in the standard's own form."""

from typing import Any

import pytest

from portal.pages.models import ColumnPage
from portal.pages.models.column_types import ColumnTypesField, split


@pytest.mark.django_db
def test_publishing_keeps_the_stored_form(world: Any) -> None:
    column = ColumnPage.objects.get(pk=world.column.pk)
    column.column_type = "政策文件,政策解读"
    column.save_revision().publish()
    column.refresh_from_db()
    assert column.column_type == "政策文件,政策解读"
    assert column.get_latest_revision_as_object().column_type == "政策文件,政策解读"


@pytest.mark.django_db
def test_the_form_works_with_lists() -> None:
    field = ColumnTypesField("type", default="其他")
    field.set_attributes_from_name("column_type")
    column = ColumnPage(column_type="政策文件,政策解读")
    assert ColumnPage._meta.get_field("column_type").value_from_object(column) == [
        "政策文件",
        "政策解读",
    ]
    field.save_form_data(column, ["概况信息", "机构职能"])
    assert column.column_type == "概况信息,机构职能"


def test_the_form_refuses_what_is_not_in_the_list() -> None:
    field = ColumnPage._meta.get_field("column_type").formfield()
    assert field is not None
    with pytest.raises(Exception, match="不存在"):
        field.clean(["不存在"])


@pytest.mark.parametrize(("value", "parts"), [("", []), (None, []), ("a, b,,c", ["a", "b", "c"])])
def test_split(value: str | None, parts: list[str]) -> None:
    assert split(value) == parts
