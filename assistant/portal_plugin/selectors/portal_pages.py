"""Columns and pages of the portal by words of their titles: where no plugin knows more."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from wagtail.models import Page

from portal.plugin_api import having_words, public_pages, public_urls
from portal.text.segmentation import is_hanzi, query_tokens

_MOST_WORDS = 6
# What makes a request of anything.
_EMPTY_WORDS = """
我 想 要 办 办理 怎么 怎样 如何 哪里 哪儿 在 的 了 吗 呢 一个 个 请问 查 找 服务 事项 申请 可以 能
能否 需要 帮 帮我 有 没有 什么 i want to find a the service for how do can where my apply
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class PortalPage:
    title: str
    url: str


def pages_about(text: str, *, site: int | None, language: str, count: int) -> Sequence[PortalPage]:
    """Public pages with the telling words of a request in their titles; few or none, never all."""
    words = [word for word in query_tokens(text) if word not in _EMPTY]
    words = [word for word in words if len(word) > 1 or not is_hanzi(word)]
    longest = sorted(dict.fromkeys(words), key=len, reverse=True)[:_MOST_WORDS]
    if not longest:
        return ()
    code = "zh-hans" if language.startswith("zh") else language
    titled = Q()
    for word in longest:
        titled |= Q(title__icontains=word)
    pages = Page.objects.filter(
        titled, public_pages(), live=True, depth__gt=2, locale__language_code=code,
        alias_of__isnull=True,
    )  # fmt: skip
    for number in range(min(len(longest), 3), 0, -1):
        found = list(having_words(pages, longest[:number])[:count])
        if found:
            urls = public_urls((page.pk, page.path, page.url_path) for page in found)
            return [PortalPage(page.title, urls[page.pk]) for page in found if page.pk in urls]
    return ()
