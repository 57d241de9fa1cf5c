from portal.testing import PluginContract


class FeedsContractTest(PluginContract):
    slug = "feeds"
    public_paths = ("/", "/sitemap/", "/robots.txt")
    # Names of vocabularies, never asked.
    mentioned_hosts = frozenset(
        {"www.w3.org", "search.yahoo.com", "purl.org", "jsonfeed.org", "www.sitemaps.org"}
    )
