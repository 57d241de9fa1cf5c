"""Below each language: ``/feeds/``, ``/en/feeds/``. Reversed as ``feeds_language:<name>``.

Sitemaps lie at the top of the host, since a sitemap may speak of what lies below it only; there is
one for all languages of the host.
"""

from django.urls import path, re_path

from . import sitemap_views, views

_FILE = r"(?P<file>atom\.xml|rss\.xml|feed\.json)"

urlpatterns = [
    path("feeds/", views.overview, name="overview"),
    re_path(rf"^feeds/(?P<place>(?:[\w\-]+/)*){_FILE}$", views.feed, name="feed"),
    re_path(r"^feeds/(?P<place>(?:[\w\-]+/)+)$", views.about, name="about"),
    path("sitemap.xml", sitemap_views.index, name="sitemap"),
    re_path(
        r"^sitemap-(?P<part>[a-z][a-z0-9_.\-]*)-(?P<number>\d{1,9})\.xml$",
        sitemap_views.part,
        name="sitemap_part",
    ),
]
