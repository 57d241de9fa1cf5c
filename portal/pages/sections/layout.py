"""Blocks that give a page its shape, and hold other blocks."""

from portal.core.media import CARD_FILTER, HERO_FILTER
from portal.pages.blocks.layout import COLUMN_WIDTHS

from .building import Block, Building, builds
from .lists import ask_link, link_of
from .loading import Finish
from .rows import Card, Group, Section


@builds("hero")
def hero(block: Block, building: Building) -> Finish[Section | None]:
    picture = building.loader.picture(block.value.get("image"), HERO_FILTER)
    links = [ask_link(value, block_id, building) for value, block_id in block.items("links")]

    def finish() -> Section | None:
        title = block.text("title")
        if not title:
            return None
        return Section(
            "hero",
            "pages/sections/hero.html",
            title=title,
            prints_title=True,
            style="dark" if block.text("style") == "dark" else "plain",
            text=block.text("text"),
            picture=picture.value,
            items=[card for link in links if (card := link()) is not None],
        )

    return finish


@builds("columns")
def columns(block: Block, building: Building) -> Finish[Section | None]:
    title = block.text("title")
    below = block.level + 1 if title else block.level
    begun = [(block_id, building.start(value, below)) for value, block_id in block.items("columns")]

    def finish() -> Section | None:
        groups = [
            Group(block_id=block_id, sections=sections)
            for block_id, build in begun
            if (sections := build()) or building.is_preview
        ]
        if not any(group.sections for group in groups):
            return None
        widths = block.text("widths")
        return Section(
            "columns",
            "pages/sections/columns.html",
            title=title,
            style=widths if widths in COLUMN_WIDTHS else "1-1",
            groups=groups,
        )

    return finish


@builds("tabs")
def tabs(block: Block, building: Building) -> Finish[Section | None]:
    title = block.text("title")
    own_level = block.level + 1 if title else block.level
    begun = [
        (
            value,
            block_id,
            building.anchor(block_id),
            building.start(value.get("content"), own_level + 1),
        )
        for value, block_id in block.items("tabs")
    ]

    def finish() -> Section | None:
        groups = [
            Group(value.get("title") or "", anchor, block_id, sections=sections)
            for value, block_id, anchor, build in begun
            if ((sections := build()) or building.is_preview) and value.get("title")
        ]
        if not groups:
            return None
        return Section(
            "tabs",
            "pages/sections/tabs.html",
            title=title,
            groups=groups,
            extra={"level": own_level},
        )

    return finish


@builds("carousel")
def carousel(block: Block, building: Building) -> Finish[Section | None]:
    asked = [
        (
            value,
            block_id,
            building.loader.picture(value.get("image"), CARD_FILTER),
            building.loader.target(value.get("page")),
        )
        for value, block_id in block.items("slides")
    ]

    def finish() -> Section | None:
        slides = []
        for value, block_id, picture, target in asked:
            title, url = link_of(value, target)
            if building.is_preview or (title and picture.value is not None):
                text = value.get("text") or ""
                mark = target.value.mark if target.value is not None else ""
                slides.append(
                    Card(title, url, text, block_id=block_id, picture=picture.value, mark=mark)
                )
        if not slides:
            return None
        return Section(
            "carousel",
            "pages/sections/carousel.html",
            title=block.text("title"),
            items=slides,
            style="moving" if block.value.get("moves") else "still",
        )

    return finish


@builds("section_heading")
def section_heading(block: Block, building: Building) -> Finish[Section | None]:
    title = block.text("title")
    section = Section(
        "heading",
        "pages/sections/heading.html",
        title=title,
        prints_title=True,
        text=block.text("text"),
    )
    return lambda: section if title else None


@builds("separator")
def separator(block: Block, building: Building) -> Finish[Section | None]:
    style = block.text("style")
    section = Section(
        "separator",
        "pages/sections/separator.html",
        style=style if style in ("water", "space") else "line",
    )
    return lambda: section
