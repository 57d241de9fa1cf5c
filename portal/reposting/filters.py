"""What is looked at before a page is published: a repost says where it is from (R-PUB-08)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.plugin_api import PublishProblem, SiteLike, publish_checks

from .comparing import compare
from .models import RepostWatch, UpstreamItem
from .services.watching import own_lines


@publish_checks.step
def source_named(
    problems: list[PublishProblem], /, *, page: Any, site: SiteLike
) -> list[PublishProblem]:
    """A draft that was made from an item of a source keeps the address of the original; a
    difference is told, not forbidden. Two queries, for pages that have a source."""
    if page.pk is None or page.alias_of_id or not hasattr(page, "source_url"):
        return problems
    item = UpstreamItem.objects.filter(page=page.pk).only("pk", "link").first()
    if item is None:
        return problems
    found = list(problems)
    if not page.source_url:
        message = _("A repost names the address of its source.")
        found.append(PublishProblem(message, "source_url", True, "repost_source"))
    watch = RepostWatch.objects.filter(page=page.pk).first()
    if watch is not None and watch.source_text and watch.settled_at is None:
        compared = compare(watch.source_text.splitlines(), own_lines(page))
        if not compared.is_same:
            message = _(
                "%(percent)s %% of this repost is the same as its source. Compare the two before "
                "it is released."
            ) % {"percent": f"{compared.score / 10:.1f}"}
            url = reverse("reposting_watch", args=[watch.pk])
            found.append(PublishProblem(message, None, False, "repost_differs", url))
    return found
