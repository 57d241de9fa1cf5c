from portal.testing import PluginContract


class LibraryContractTest(PluginContract):
    slug = "library"
