from portal.testing import PluginContract


class VisitsContractTest(PluginContract):
    slug = "visits"
