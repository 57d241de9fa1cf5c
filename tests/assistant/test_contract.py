from portal.testing import PluginContract


class AssistantContractTest(PluginContract):
    slug = "assistant"
    # Examples in help texts.
    mentioned_hosts = PluginContract.mentioned_hosts | {"hospital.example.", "www.example.org"}
