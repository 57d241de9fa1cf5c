from portal.testing import PluginContract


class RepostingContractTest(PluginContract):
    slug = "reposting"
