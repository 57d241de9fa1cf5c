"""The plugin's part of the demo city: ``demo/upstream.yaml``. No network is needed for it."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from django.db import transaction
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import Page

from portal.plugin_api import ArticlePage, public_pages

from . import deadlines
from .feeds import FeedItem
from .known_again import content_digest, guid_key, link_key, title_key
from .models import (
    Channel,
    DistributionGroup,
    ItemState,
    Submission,
    SubmissionState,
    SubmissionStep,
    UpstreamItem,
    UpstreamSource,
)

FILE = Path(__file__).parent / "demo" / "upstream.yaml"
type Row = Mapping[str, Any]


class DemoReposting:
    """Entered in the registry ``demo_content``."""

    def finish(self, demo: Any) -> None:
        """Make what is not there. What was loaded before stays as it is."""
        told = demo.read_yaml(FILE)
        site = demo.records.get(told["site"])
        if site is None or UpstreamSource.objects.filter(site=site).exists():
            return
        demo.say("reposts and submissions")
        with transaction.atomic():
            # Switched off: the address is invented, and nobody is to be asked for it.
            column = demo.pages.get(told["column"])
            source = UpstreamSource.objects.create(
                site=site,
                is_active=False,
                column_id=column.pk if column is not None else None,
                **told["source"],
            )
            for row in told["items"]:
                _item(source, row)
            Channel.objects.get_or_create(
                site=site, name=told["channel"]["name"], defaults=told["channel"]
            )
            for row in told["groups"]:
                _group(site, row, demo.records)
            _submission(site, told["submission"])


def _item(source: UpstreamSource, told: Row) -> None:
    now = timezone.now()
    at = now - datetime.timedelta(hours=told["hours_ago"])
    link = urljoin(source.feed_url, f"/policy/{told['key']}.html")
    html = "".join(f"<p>{escape(line)}</p>" for line in told["text"])
    given = FeedItem(told["key"], told["title"], link, html, at.isoformat(), at)
    row = UpstreamItem(
        source=source,
        site_id=source.site_id,
        guid_key=guid_key(given),
        link_key=link_key(link),
        title_key=title_key(given.title),
        title=given.title,
        link=link,
        html=html,
        digest=content_digest(given),
        stated=given.stated[:80],
        published_at=at,
        seen_at=at + datetime.timedelta(minutes=4),
        changed_at=now,
        state=told["state"],
        reason=told.get("reason", ""),
    )
    if row.state == ItemState.TAKEN:
        row.taken_by_name = "值班编辑（演示）"
    row.save()
    if row.is_open:
        row.clock = deadlines.start_repost(row)
        row.save(update_fields=["clock"])


def _group(site: Any, told: Row, records: Mapping[str, Any]) -> None:
    """Of those of its sites that the demo has; none of them: no group."""
    sites = [records[code] for code in told["sites"] if code in records]
    if sites:
        row, _made = DistributionGroup.objects.get_or_create(
            site=site, name=told["name"], defaults={"kind": told["kind"]}
        )
        row.sites.add(*sites)


def _submission(site: Any, told: Row) -> None:
    """The newest public article of the site, as one that was handed in this morning."""
    below = Page.objects.get(pk=site.root_page_id).path
    found = ArticlePage.objects.live().filter(public_pages(), path__startswith=below, alias_of=None)
    page = found.order_by("-first_published_at", "-pk").first()
    if page is None:
        return
    now = timezone.now()
    row = Submission.objects.create(
        site=site,
        page_id=page.pk,
        title=page.title,
        kind=told["kind"],
        target=told["target"],
        state=SubmissionState.SUBMITTED,
        submitted_at=now,
        changed_at=now,
        times=1,
    )
    for state in (SubmissionState.PREPARED, SubmissionState.SUBMITTED):
        SubmissionStep.objects.create(submission=row, state=state, at=now)
