"""The newest policy documents as an Atom feed."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.plugin_api import page_today, trust_labels

from .library_views import site_asked
from .selectors.library import public_records, read_rows

NEWEST = 30


@require_safe
@cache_control(public=True, max_age=300)
def latest(request: HttpRequest) -> HttpResponse:
    """The newest documents of a site; those that are over say so in their title."""
    portal, site_pk = site_asked(request)
    name = portal.site.name if portal.site else ""
    feed = Atom1Feed(
        title=f"{gettext('Policy library')} - {name}",
        link=request.build_absolute_uri(reverse("policy_interpretation:library")),
        description="",
        feed_url=request.build_absolute_uri(),
        language=portal.language,
        author_name=name,
    )
    records = public_records(portal, site_pk).order_by("-published_at", "-page")[:NEWEST]
    rows = list(read_rows(records, portal, page_today()))
    trusted = trust_labels([row.pk for row in rows])
    for row in rows:
        state = f"【{row.validity.label}】" if row.is_over else ""
        feed.add_item(
            title=state + row.title,
            link=request.build_absolute_uri(row.url),
            description=row.summary,
            unique_id=f"tag:{portal.host},2026:policy-{row.pk}",
            pubdate=row.published_at,
            updateddate=row.published_at,
            categories=(
                str(row.validity.label),
                *([str(trusted[row.pk].label)] if row.pk in trusted else ()),
            ),
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
