from portal.testing import PluginContract


class BundlesContractTest(PluginContract):
    slug = "bundles"
