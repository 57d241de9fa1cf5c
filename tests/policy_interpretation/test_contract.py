from portal.testing import PluginContract


class PolicyInterpretationContractTest(PluginContract):
    slug = "policy_interpretation"
