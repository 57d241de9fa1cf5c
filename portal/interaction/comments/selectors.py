"""Comments as visitors and as the desk read them."""

from typing import Any

from django.db.models import Count, QuerySet
from wagtail.models import Page

from portal.interaction.models import Comment, CommentState
from portal.interaction.permissions import SLUG
from portal.plugin_api import Action, is_enabled, may, sites_allowing


def shown_under(page: Page) -> QuerySet[Comment]:
    """What is public of a page, the newest first. Nothing else may ever leave the desk."""
    shown = Comment.objects.filter(page=page.pk, state=CommentState.SHOWN)
    return shown.select_related("reply_unit").order_by("-at", "-pk")


def reads_comments(user: Any) -> bool:
    sites = sites_allowing(user, Action.COMMENTS)
    return sites is None or any(is_enabled(SLUG, pk) for pk in sites)


def may_decide(user: Any, comment: Comment) -> bool:
    return may(user, Action.COMMENTS, comment.site_id) and is_enabled(SLUG, comment.site_id)


def queue(user: Any) -> QuerySet[Comment]:
    """The comments of all sites that an account looks after."""
    found = Comment.objects.select_related("site", "page", "reply_unit")
    sites = sites_allowing(user, Action.COMMENTS)
    return found if sites is None else found.filter(site__in=sites)


def waiting_by_site(user: Any) -> list[tuple[Any, int]]:
    """(site, how many wait), the longest queue first."""
    rows = (
        queue(user)
        .filter(state=CommentState.WAITING)
        .values("site", "site__short_name")
        .annotate(waiting=Count("pk"))
        .order_by("-waiting", "site")
    )
    return [(row, row["waiting"]) for row in rows]
