from portal.testing import PluginContract


class EvidenceContractTest(PluginContract):
    slug = "evidence"
