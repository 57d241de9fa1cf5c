from portal.testing import PluginContract


class SearchContractTest(PluginContract):
    slug = "search"
    # The name of a vocabulary; nothing is fetched there.
    mentioned_hosts = frozenset({"a9.com", "www.w3.org"})
