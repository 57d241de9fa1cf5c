"""In lists of the admin: whether what a page says is in force."""

from typing import Any

from django import template
from wagtail.models import Page

from portal.core.validity import marks_of

register = template.Library()


@register.simple_tag
def standing_mark(page: Page, table: Any) -> str:
    """The mark of a page in a table of pages; one query for all rows of the table."""
    if not hasattr(table, "_standing_marks"):
        table._standing_marks = marks_of(row.instance.pk for row in table.rows)
    marks: dict[int, str] = table._standing_marks
    return marks.get(page.pk, "")
