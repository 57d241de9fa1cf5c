"""Links that stand by themselves inside a text."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.core import structure, validity

from .lists import LinkBlock

__all__ = ["RelatedLinksBlock"]


class RelatedLinksBlock(blocks.StructBlock):
    """Where to read on. A page that is no longer public is left out by itself."""

    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=60)
    items = blocks.ListBlock(LinkBlock(), label=_("Links"), min_num=1, max_num=20)

    class Meta:
        icon = "link"
        label = _("Links")
        group = _("Text")
        description = _("Pages of this website and of others, to read on.")
        template = "pages/blocks/links.html"
        preview_value = {
            "title": "相关链接",
            "items": [
                {
                    "page": None, "url": "https://www.example.gov.cn/", "title": "办事指南",
                    "summary": "材料、时限和网点",
                },
            ],
        }  # fmt: skip

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        items = value["items"].bound_blocks
        pages = [page.pk for item in items if (page := item.value.get("page")) is not None]
        marks = validity.marks_of(pages) if pages else {}
        links = (_link(item, marks) for item in items)
        context["links"] = [link for link in links if link is not None]
        return context


def _link(item: Any, marks: dict[int, str]) -> dict[str, Any] | None:
    value = item.value
    page = value.get("page")
    url, title, mark = value.get("url") or "", value.get("title") or "", ""
    if page is not None:
        found = structure.current()
        if not page.live or found.is_private(page.path):
            return None
        url, title = found.url(page.url_path, structure.viewer_host()), title or page.title
        mark = marks.get(page.pk, "")
    if not url or not title:
        return None
    return {
        "id": item.id,
        "url": url,
        "title": title,
        "summary": value.get("summary") or "",
        "is_external": page is None,
        "mark": mark,
    }
