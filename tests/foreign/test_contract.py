from portal.testing import PluginContract


class ForeignContractTest(PluginContract):
    slug = "foreign"
