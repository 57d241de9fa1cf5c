"""Lists that fill themselves from columns, topics, keywords, sites and plugins."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.core import extension_points

from . import samples
from .choices import LookBlock
from .section import CheckedBlock, SectionBlock

__all__ = [
    "FeedBlock",
    "KeywordFeedBlock",
    "LeadersBlock",
    "LinkBlock",
    "LinksBlock",
    "PluginFeedBlock",
    "SubSitesBlock",
    "TopicsBlock",
]

FEED_STYLES = [
    ("list", _("List with dates")),
    ("dates", _("List with large dates")),
    ("lead", _("Lead picture and list")),
    ("pictures", _("List with small pictures")),
    ("cards", _("Cards")),
    ("numbered", _("Numbered list")),
    ("notice", _("Notice line")),
]


def _title(help_text: Any = "") -> blocks.CharBlock:
    return blocks.CharBlock(
        label=_("Title"), required=False, default="", max_length=60, help_text=help_text
    )


def _count() -> blocks.IntegerBlock:
    return blocks.IntegerBlock(label=_("Number of items"), min_value=1, max_value=20, default=6)


def _style() -> blocks.ChoiceBlock:
    return LookBlock(label=_("Style"), choices=FEED_STYLES, default="list")


class FeedBlock(SectionBlock):
    """The newest items of a column."""

    column = blocks.PageChooserBlock(
        label=_("Column"),
        required=False,
        page_type=["pages.ColumnPage", "pages.TopicPage"],
        help_text=_(
            "New items of it appear here by themselves. Empty: the items of the page that you are "
            "building and of the columns below it."
        ),
    )
    title = _title(_("Empty: the column's name."))
    count = _count()
    style = _style()

    class Meta:
        icon = "list-ul"
        label = _("Column feed")
        group = _("Lists")
        description = _("Shows the newest items of a column and a link to all of them.")

    def sample(self) -> dict[str, Any]:
        return {"column": samples.column_with_items(), "title": "", "count": 5, "style": "list"}


class KeywordFeedBlock(SectionBlock):
    """The newest items of a whole site that carry a keyword."""

    keyword = blocks.CharBlock(
        label=_("Keyword"),
        max_length=40,
        help_text=_(
            "One word as it stands among the keywords of articles. Shows articles of every column "
            "of this site that carry it."
        ),
    )
    title = _title(_("Empty: the keyword."))
    count = _count()
    style = _style()

    class Meta:
        icon = "tag"
        label = _("Keyword feed")
        group = _("Lists")
        description = _("Shows the newest items with a keyword, whatever column they are in.")

    def sample(self) -> dict[str, Any]:
        return {"keyword": "民生", "title": "民生实事", "count": 5, "style": "list"}


def source_choices() -> list[tuple[str, object]]:
    return [(entry.key, entry.item.label) for entry in extension_points.list_sources.entries()]


class PluginFeedBlock(SectionBlock):
    """Items that a plugin lists; nothing when the plugin is off, fails or has none."""

    source = LookBlock(
        label=_("Source"),
        choices=source_choices,
        help_text=_("Plugins that are switched on offer lists here."),
    )
    title = _title(_("Empty: the name of the source."))
    count = _count()
    style = _style()

    class Meta:
        icon = "plus-inverse"
        label = _("List from a plugin")
        group = _("Plugins")
        description = _("Shows items that a plugin provides, in the style of the other lists.")

    def sample(self) -> dict[str, Any]:
        sources = source_choices()
        source = sources[0][0] if sources else ""
        return {"source": source, "title": "", "count": 5, "style": "list"}


class TopicsBlock(SectionBlock):
    title = _title(_("Empty: “Special topics”."))

    class Meta:
        icon = "pick"
        label = _("Special topics")
        group = _("Lists")
        description = _("The open special topics of this site.")

    def sample(self) -> dict[str, Any]:
        return {"title": ""}


class SubSitesBlock(SectionBlock):
    title = _title(_("Empty: “Districts and departments”."))

    class Meta:
        icon = "site"
        label = _("Sub-sites")
        group = _("Lists")
        description = _("The districts and departments with a site of their own.")

    def sample(self) -> dict[str, Any]:
        return {"title": ""}


class LeadersBlock(SectionBlock):
    """Leaders of a column with portrait, post and duties, in the order of the tree."""

    column = blocks.PageChooserBlock(
        label=_("Leaders' column"),
        required=False,
        page_type="pages.ColumnPage",
        help_text=_("The column that holds the leaders' pages. Empty: that of this site."),
    )
    title = _title(_("Empty: the column's name."))
    count = blocks.IntegerBlock(
        label=_("Number of leaders"),
        min_value=1,
        max_value=24,
        default=6,
        help_text=_("The first ones in the order of the column."),
    )

    class Meta:
        icon = "group"
        label = _("Leaders")
        group = _("Lists")
        description = _("Leaders with portrait, post and duties, from their column.")

    def sample(self) -> dict[str, Any]:
        return {"column": samples.leaders_column(), "title": "", "count": 2}


class LinkBlock(CheckedBlock):
    """A page of the portal, or an address with a title."""

    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    url = blocks.URLBlock(label=_("or address"), required=False, default="")
    title = blocks.CharBlock(
        label=_("Title"),
        required=False,
        default="",
        max_length=40,
        help_text=_("Empty: the title of the page."),
    )
    summary = blocks.CharBlock(label=_("Summary"), required=False, default="", max_length=80)

    class Meta:
        icon = "link"
        label = _("Link")

    def problems(self, value: Any) -> dict[str, Any]:
        if value.get("page") or (value.get("url") and value.get("title")):
            return {}
        if value.get("url"):
            return {"title": _("Give the address a title.")}
        return {"page": _("Choose a page, or give an address and a title.")}


class LinksBlock(SectionBlock):
    title = _title()
    items = blocks.ListBlock(LinkBlock(), label=_("Links"), min_num=1, max_num=24)

    class Meta:
        icon = "link"
        label = _("Entries")
        group = _("Entrances")
        description = _("Pages that visitors look for most.")

    def sample(self) -> dict[str, Any]:
        entries = [("孩子上学", "看学区、备材料、网上报名"), ("租房买房", "公积金租房提取怎么办")]
        items = [
            {"page": samples.page(), "url": "", "title": title, "summary": summary}
            for title, summary in entries
        ]
        return {"title": "大家常找", "items": items}
