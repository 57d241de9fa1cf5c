"""The catalogue both ways (R-SVC-11): items of a platform as a file of guides, guides as items."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Page

from portal.plugin_api import PlatformItem, public_pages, site_of_path

from .exchange import uploads
from .exchange.reading import FORMAT, VERSION
from .exchange.writing import values_of
from .models import GuideImport, GuidePage, ServicePlatform
from .platforms import Connected

# So many go into one message.
_AT_ONCE = 50


@dataclass
class HandedOver:
    """What became of the guides; ``refused``: (title, code, what the platform said)."""

    taken: int = 0
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    without_code: int = 0


def take_items(*, one: Connected, column: Page, user: Any, only_changed: bool) -> GuideImport:
    """Ask a platform for its items and keep them as a file: checked, nothing stored yet.

    What happens then is the same as with a file that somebody brought: a dry run to read, a yes,
    drafts that go through their reviews. Whether the account may is asked before.

    Raises:
        OutsideError: the platform does not answer, or answers what cannot be read.
        FileRefused: it has nothing.
    """
    since = one.row.read_at if only_changed else None
    items = list(one.adaptor.items(one.connection, since=since))
    book = {"format": FORMAT, "version": VERSION, "guides": [_row(item) for item in items]}
    name = f"{one.row.name} {timezone.localtime():%Y-%m-%d %H.%M}.json"
    upload = ContentFile(json.dumps(book, ensure_ascii=False).encode(errors="replace"), name=name)
    batch = uploads.bring(upload=upload, column=column, user=user)
    newest = max(item.changed_at for item in items)
    ServicePlatform.objects.filter(pk=one.row.pk).update(read_at=newest)
    return batch


def _row(item: PlatformItem) -> dict[str, Any]:
    """The codes are the platform's; a key would name a page of this portal."""
    values = {name: value for name, value in item.fields.items() if name != "key"}
    return values | {
        "title": item.title,
        "base_code": item.base_code,
        "implementation_code": item.implementation_code,
    }


def hand_over(one: Connected) -> HandedOver:
    """Give a platform the public guides of its site, as they are public.

    Raises:
        OutsideError: it does not answer; what was taken before stays taken.
    """
    found = HandedOver()
    guides: list[GuidePage] = []
    for page in _public_guides(one.row.site_id):
        if page.implementation_code:
            guides.append(page)
        else:
            found.without_code += 1
    titles = {page.implementation_code: page.title for page in guides}
    for some in batched(guides, _AT_ONCE):
        refused = one.adaptor.push(one.connection, _items(some))
        found.taken += len(some) - sum(page.implementation_code in refused for page in some)
        found.refused += [
            (titles.get(code, ""), code, str(reason)[:300]) for code, reason in refused.items()
        ]
    return found


def _public_guides(site: int) -> list[GuidePage]:
    pages = GuidePage.objects.filter(
        public_pages(), live=True, alias_of=None, locale__language_code="zh-hans"
    )
    pages = pages.select_related("owner_unit", "item_type", "online_level", "result_sample")
    return [page for page in pages.order_by("path") if site_of_path(page.path) == site]


def _items(pages: Iterable[GuidePage]) -> Sequence[PlatformItem]:
    return [
        PlatformItem(
            base_code=page.base_code,
            implementation_code=page.implementation_code,
            title=page.title,
            changed_at=page.last_published_at or timezone.now(),
            fields=_fields(page),
        )
        for page in pages
    ]


def _fields(page: GuidePage) -> Mapping[str, Any]:
    """Documents by their key alone: what a draft is called is nobody's business outside."""
    found = values_of(page)
    for row in found["basis"]:
        row["document"] = row["document"].partition(" ")[0]
    return found
