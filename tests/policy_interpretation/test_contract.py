from portal.testing import PluginContract


class PolicyInterpretationContractTest(PluginContract):
    slug = "policy_interpretation"
    # A namespace in the files of Word, never an address that is asked.
    mentioned_hosts = PluginContract.mentioned_hosts | {"schemas.openxmlformats.org"}
