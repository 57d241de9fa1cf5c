"""What is public already and near an item: for the question whether it tells too much together."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from wagtail.models import Page

from portal.core import structure
from portal.core.models import ListingRow
from portal.text.segmentation import search_tokens

LIMIT = 12
_WORDS = 8


@dataclass(frozen=True, slots=True)
class Related:
    """A public item, with what it has in common with the one in review."""

    title: str
    url: str
    date: Any
    common: tuple[str, ...]


def related_items(page: Page) -> list[Related]:
    """Public items of the site that share keywords or words of the title, nearest first.

    Args:
        page: the version in review, specific.
    """
    wanted = _words_of(page)
    found = structure.current()
    site_pk = found.site_pk_for(page.path)
    home = None if site_pk is None else found.site_root(site_pk, page.locale.language_code)
    if not wanted or home is None:
        return []
    shared = Q()
    for word in wanted:
        shared |= Q(title__contains=word) | Q(summary__contains=word)
    rows = (
        ListingRow.objects.filter(shared, is_own=True, page__path__startswith=home.path)
        .exclude(page_id=page.pk)
        .select_related("page")
        .order_by("-date")[:200]
    )
    scored = []
    for row in rows:
        common = tuple(word for word in wanted if word in row.title or word in row.summary)
        in_title = sum(word in row.title for word in common)
        scored.append((in_title * 2 + len(common), row, common))
    scored.sort(key=lambda item: -item[0])
    nearest = scored[:LIMIT]
    pages = [row.page for _score, row, _common in nearest]
    urls = structure.public_urls((page.pk, page.path, page.url_path) for page in pages)
    return [
        Related(row.title, urls.get(row.page_id, ""), row.date, common)
        for _score, row, common in nearest
    ]


def _words_of(page: Any) -> list[str]:
    """Keywords, then the longer words of the title, then those of the summary, without repeats."""
    named = [word.strip() for word in page.keywords.replace("，", ",").split(",")]
    counted = Counter(
        word
        for text in (page.title, page.title, getattr(page, "summary", ""))
        for word in search_tokens(text)
        if len(word) > 1
    )
    ordered = [*named, *(word for word, _count in counted.most_common())]
    return list(dict.fromkeys(word for word in ordered if word))[:_WORDS]
