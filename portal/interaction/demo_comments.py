"""Comments of the demo city: under two articles, shown, waiting and refused."""

import datetime
from collections.abc import Mapping
from typing import Any

from wagtail.models import Page

from .comments import services
from .models import Comment, CommentPlace


def load_comments(told: Mapping[str, Any], *, demo: Any, site: Any, desk: Any, now: Any) -> None:
    """Make what is not there; what was loaded before stays as the desk has left it.

    Args:
        told: ``comments`` of ``demo/letters.yaml``: by the key of the article, the rows under it.
        desk: the account that looks at them.
    """
    for key, rows in told.items():
        if key not in demo.pages:
            continue
        page = Page.objects.get(pk=demo.pages[key].pk).specific
        CommentPlace.objects.get_or_create(page=page)
        for number, row in enumerate(rows):
            token = f"demo-comment-{key}-{number}"
            known = Comment.objects.count()
            comment = services.take(
                page=page, site=site, language="zh-hans", text=row["text"],
                name=row.get("name", ""), token=token,
            )  # fmt: skip
            if Comment.objects.count() == known:
                continue
            sent = now - datetime.timedelta(days=row["days"])
            Comment.objects.filter(pk=comment.pk).update(at=sent)
            if row.get("refused"):
                services.refuse(comments=[comment], by=desk, reason=row["refused"])
            elif not row.get("waits"):
                services.approve(comments=[comment], by=desk)
            if row.get("reply"):
                services.reply(
                    comment=comment, by=desk, text=row["reply"], unit=demo.unit(row["unit"])
                )
