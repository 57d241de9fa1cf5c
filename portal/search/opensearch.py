"""The OpenSearch description: browsers search here from their own address field."""

from xml.sax.saxutils import escape, quoteattr

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control

from .asking import Asked
from .places import SUGGEST_URL, search_url

CONTENT_TYPE = "application/opensearchdescription+xml"
_SHORT_NAME = 16  # the standard allows no more


@cache_control(public=True, max_age=3600)
def description(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Of the site that the address names."""
    portal = asked.portal
    name = portal.site.name if portal.site else ""
    short = portal.site.short_name or name if portal.site else ""
    here = request.build_absolute_uri(search_url(portal.language))
    tail = f"&site={asked.site_code}" if asked.site_code else ""
    page = f"{here}?q={{searchTerms}}{tail}"
    suggest = request.build_absolute_uri(SUGGEST_URL)
    suggest += f"?form=opensearch&language={portal.language}&q={{searchTerms}}{tail}"
    feed = f"{here}feed/?q={{searchTerms}}{tail}"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        f"<ShortName>{escape(short[:_SHORT_NAME])}</ShortName>",
        f"<Description>{escape(gettext('Search %(site)s') % {'site': name})}</Description>",
        f'<Url type="text/html" method="get" template={quoteattr(page)}/>',
        f'<Url type="application/x-suggestions+json" template={quoteattr(suggest)}/>',
        f'<Url type="application/atom+xml" template={quoteattr(feed)}/>',
        f"<Language>{escape(portal.language)}</Language>",
        "<InputEncoding>UTF-8</InputEncoding>",
        "<OutputEncoding>UTF-8</OutputEncoding>",
        "</OpenSearchDescription>",
    ]
    return HttpResponse("\n".join(lines), content_type=f"{CONTENT_TYPE}; charset=utf-8")
