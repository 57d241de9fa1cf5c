from portal.testing import PluginContract


class ServicesContractTest(PluginContract):
    slug = "services"
