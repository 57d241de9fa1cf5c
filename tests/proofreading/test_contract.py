from portal.testing import PluginContract


class ProofreadingContractTest(PluginContract):
    slug = "proofreading"
