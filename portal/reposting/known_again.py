"""What an item of a feed is known again by: its id, its address, its title."""

import hashlib
import re
from urllib.parse import urlsplit, urlunsplit

from .comparing import essence
from .feeds import FeedItem

_SIGNS = re.compile(r"[^\w]+")
# Said before or behind a title by some sites and not by others.
_PREFIX = re.compile(r"^(转载|转发|授权发布|受权发布|视频|图解|快讯)[：:丨|]?")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def title_key(title: str) -> str:
    return digest(_SIGNS.sub("", _PREFIX.sub("", essence(title))))


def link_key(link: str) -> str:
    """The same for http and https, with and without www., a last slash or a mark in the page."""
    if not link:
        return ""
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.")
    return digest(urlunsplit(("", host, parts.path.rstrip("/"), parts.query, "")))


def guid_key(item: FeedItem) -> str:
    return digest(item.guid or item.link or f"{item.title}\n{item.stated}")


def content_digest(item: FeedItem) -> str:
    return digest(f"{item.title}\n{item.link}\n{item.html}")
