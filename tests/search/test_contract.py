from portal.testing import PluginContract


class SearchContractTest(PluginContract):
    slug = "search"
