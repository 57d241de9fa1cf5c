"""What the plugin hooks into Wagtail's admin; each subject in a module of its own."""

from . import (
    board_hooks,
    desk_hooks,
    exchange_hooks,
    mixed_text,
    policy_pages,
    script_hooks,
    section_hooks,
    stale_hooks,
    stale_page,
    upstream_hooks,
)

__all__ = [
    "board_hooks",
    "desk_hooks",
    "exchange_hooks",
    "mixed_text",
    "policy_pages",
    "script_hooks",
    "section_hooks",
    "stale_hooks",
    "stale_page",
    "upstream_hooks",
]
