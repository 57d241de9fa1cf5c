"""What the plugin enters into the portal's registries."""

import datetime

from portal.plugin_api import (
    ScheduledJob,
    clock_kinds,
    dashboard_panels,
    demo_content,
    outbox_consumers,
    push_channels,
    receipt_parts,
    scheduled_jobs,
)

from .channels.described import WECHAT, WEIBO
from .channels.webhook import Webhook
from .deadlines import ORDER_KIND, REPOST_KIND
from .demo_content import DemoReposting
from .follower import PushFollower, RepostFollower
from .jobs import DELIVER, POLL, RECHECK
from .panels import ToRepost, Unfaithful
from .receipts import PushedTo
from .services.polling import poll_due
from .services.pushing import send_due
from .services.watching import check_due

_MINUTE = datetime.timedelta(minutes=1)

clock_kinds.register("repost", REPOST_KIND)
clock_kinds.register("order", ORDER_KIND)
dashboard_panels.register("to_repost", ToRepost())
dashboard_panels.register("unfaithful", Unfaithful())
demo_content.register("reposting", DemoReposting())
outbox_consumers.register("reposts", RepostFollower())
outbox_consumers.register("pushes", PushFollower())
push_channels.register("webhook", Webhook())
push_channels.register("wechat", WECHAT)
push_channels.register("weibo", WEIBO)
receipt_parts.register("pushed", PushedTo())
scheduled_jobs.register("poll", ScheduledJob(label=POLL, work=poll_due, every=_MINUTE))
scheduled_jobs.register("deliver", ScheduledJob(label=DELIVER, work=send_due, every=_MINUTE))
scheduled_jobs.register(
    "recheck", ScheduledJob(label=RECHECK, work=check_due, every=datetime.timedelta(hours=1))
)
