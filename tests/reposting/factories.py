"""Sources, items and channels for tests."""

import datetime
from typing import Any

from django.utils import timezone

from portal.reposting.models import Channel, UpstreamItem, UpstreamSource
from portal.reposting.services.polling import poll
from tests.factories import World

from .servers import Elsewhere, item, rss

TEXT = "各市、县人民政府：湖泊保护事关饮水安全和长远发展。到2028年，全省重点湖泊水质达到三类以上。"
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>省政府网</title></head><body>
<nav><a href="/">首页</a><a href="/news">要闻</a></nav>
<div class="TRS_Editor"><p>{text}</p><p>各市要建立湖长巡查记录，每月公布一次水质监测结果。</p>
<p><a href="/annex.pdf">附件</a></p><script>alert(1)</script></div>
<footer>版权所有</footer></body></html>"""


def mail_date(moment: datetime.datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S +0000")


def ago(**parts: float) -> datetime.datetime:
    return timezone.now().astimezone(datetime.UTC) - datetime.timedelta(**parts)


def make_source(world: World, other: Elsewhere | None = None, **fields: Any) -> UpstreamSource:
    values = {
        "site": world.site,
        "name": "云岭省人民政府网",
        "level": "province",
        "feed_url": other.url() if other else "https://www.province.example/feed",
        "column": world.column,
    } | fields
    return UpstreamSource.objects.create(**values)


def one_item(world: World, other: Elsewhere, **fields: Any) -> UpstreamItem:
    """An item that came in by a feed an hour after it was published, with its page."""
    source = make_source(world, other)
    other.says("/a/1.html", PAGE.format(text=TEXT), Content_Type="text/html; charset=utf-8")
    row = item("关于加强湖泊保护的意见", guid="1", link=other.url("/a/1.html"),
               date=mail_date(ago(hours=1)))  # fmt: skip
    other.says("/feed", rss(row), Content_Type="application/rss+xml")
    report = poll(source.pk)
    assert report.problem == ""
    found = UpstreamItem.objects.get(pk=report.pks[0])
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    return found


def make_channel(world: World, other: Elsewhere | None = None, **fields: Any) -> Channel:
    values = {
        "site": world.site,
        "name": "融媒体中心",
        "kind": "reposting.webhook",
        "address": other.url("/hook") if other else "https://push.example/hook",
        "secret_name": "PORTAL_PUSH_TEST",
        "is_active": True,
    } | fields
    return Channel.objects.create(**values)
