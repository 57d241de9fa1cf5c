"""Sets of the demo city: one in preparation, one that has its time, one that is public.

Drafts of documents, interpretations and answers are made from public ones, as people do who start
from last year's: types of other plugins need not be known here. A set that is there by its title
is left as it is.
"""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from portal.plugin_api import ArticlePage

from .models import Bundle
from .release import release, schedule
from .services import add, made

type Row = Mapping[str, Any]

FILE = Path(__file__).parent / "demo" / "sets.yaml"
AHEAD = datetime.timedelta(days=30)


class DemoSets:
    """Entered in the registry ``demo_content``."""

    def finish(self, demo: Any) -> None:
        """Nothing: sets need accounts, which come last."""

    def after_all(self, demo: Any) -> None:
        for row in demo.read_yaml(FILE):
            site = demo.records[row["site"]]
            if not Bundle.objects.filter(site=site, title=row["title"]).exists():
                with transaction.atomic():
                    self._load(demo, row, site)

    def _load(self, demo: Any, row: Row, site: Any) -> None:
        accounts = get_user_model().objects
        author = accounts.get(username=row["author"])
        bundle = made(bundle=Bundle(site=site, title=row["title"], note=row["note"]), by=author)
        pages: list[Page] = []
        for item in row["items"]:
            page = _page(demo, item, author, pages)
            if page is None:
                continue  # the plugin that has such pages is not installed
            pages.append(page)
            # First into the set, then through the reviews: it waits there for the others.
            add(bundle=bundle, page=page, by=author)
            if "signed" in item:
                demo.hand_in(page, author, signed=item["signed"])
        releaser = accounts.get(username="releaser")
        if row["state"] == "scheduled":
            at = timezone.localtime() + AHEAD
            at = at.replace(hour=9, minute=0, second=0, microsecond=0)
            schedule(bundle=bundle, at=at, user=releaser)
        elif row["state"] == "released":
            release(bundle=bundle, user=releaser)


def _page(demo: Any, item: Row, author: Any, pages: list[Page]) -> Page | None:
    if "column" in item:
        return _article(demo, item, author)
    if "from" in item:
        original = demo.pages.get(item["from"])
    else:
        found = Page.objects.filter(title__contains=item["question"], live=True, alias_of=None)
        types = [page for page in found.specific() if hasattr(page, "phrasings")]
        original = types[0] if types else None
    return _copied(original, item, author, pages) if original is not None else None


def _article(demo: Any, item: Row, author: Any) -> Page:
    body = [("paragraph", f"<p>{text}</p>") for text in item["body"]]
    stream: Any = ArticlePage._meta.get_field("body")
    fields = {
        "source": item["source"],
        "summary": item["summary"],
        "owner": author,
        "body": stream.stream_block.normalize(body),
    }
    column = demo.pages[item["column"]]
    page: Page = demo.add(column, ArticlePage, item["slug"], item["title"], fields, publish=False)
    page.save_revision(user=author)
    return page


def _copied(original: Page, item: Row, author: Any, pages: list[Page]) -> Page:
    original = Page.objects.get(pk=original.pk).specific
    parent = original.get_parent()
    existing = Page.objects.child_of(parent).filter(slug=item["slug"]).first()
    if existing is not None:
        return existing
    fields = {"title": item["title"], "slug": item["slug"], "owner": author}
    page: Any = original.copy(
        to=parent,
        update_attrs=fields | dict(item.get("set") or {}),
        copy_revisions=False,
        keep_live=False,
        user=author,
    ).specific
    if "about" in item:
        _rest_on(page, pages[item["about"]])
    page.save_revision(user=author)
    made_page: Page = page
    return made_page


def _rest_on(page: Any, basis: Page) -> None:
    """Let what named the original's document name the one of this set."""
    for rows, field in (("interprets", "policy_id"), ("sources", "target_id")):
        manager = getattr(page, rows, None)
        if manager is None:
            continue
        for row in manager.all():
            setattr(row, field, basis.pk)
            row.save()
