from portal.testing import PluginContract


class EditorialContractTest(PluginContract):
    slug = "editorial"
