"""Entrances with icons."""

from portal.pages.blocks.services import SERVICE_ICONS

from .building import Block, Building, builds, members
from .lists import ask_link
from .loading import Finish
from .rows import Group, Section

_known = {key for key, _label in SERVICE_ICONS}


def _icon(key: object) -> str:
    return key if isinstance(key, str) and key in _known else "document"


@builds("services")
def services(block: Block, building: Building) -> Finish[Section | None]:
    asked = [
        ask_link(value | {"icon": _icon(value.get("icon"))}, block_id, building)
        for value, block_id in block.items("items")
    ]

    def finish() -> Section | None:
        items = [card for entry in asked if (card := entry()) is not None]
        if not items:
            return None
        return Section(
            "services", "pages/sections/services.html", title=block.text("title"), items=items
        )

    return finish


@builds("service_groups")
def service_groups(block: Block, building: Building) -> Finish[Section | None]:
    asked = [
        (value, block_id, [ask_link(*link, building) for link in members(value.get("links"))])
        for value, block_id in block.items("groups")
    ]

    def finish() -> Section | None:
        groups = []
        for value, block_id, links in asked:
            items = [card for link in links if (card := link()) is not None]
            if items:
                title, icon = value.get("title") or "", _icon(value.get("icon"))
                groups.append(Group(title, block_id=block_id, icon=icon, items=items))
        if not groups:
            return None
        return Section(
            "service_groups",
            "pages/sections/service_groups.html",
            title=block.text("title"),
            groups=groups,
        )

    return finish
