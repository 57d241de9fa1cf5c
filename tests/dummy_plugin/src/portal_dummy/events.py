"""What the portal tells: called after the commit, only for sites where this plugin is on."""

from typing import Any

from portal.plugin_api import (
    SiteLike,
    page_published,
    page_withdrawn,
    plugin_switched,
    site_created,
)

from .services import take_note


@page_published.receiver
def note_publication(*, page: Any, site: SiteLike) -> None:
    take_note(site=site, text=f"published: {page.title}")


@page_withdrawn.receiver
def note_withdrawal(*, page: Any, site: SiteLike) -> None:
    take_note(site=site, text=f"withdrawn: {page.title}")


@site_created.receiver
def note_site(*, site: SiteLike) -> None:
    take_note(site=site, text="site created")


@plugin_switched.receiver
def note_switch(*, slug: str, site: int | None, enabled: bool) -> None:
    take_note(site=site, text=f"switched {'on' if enabled else 'off'}: {slug}")
