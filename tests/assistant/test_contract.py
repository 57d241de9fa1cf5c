from portal.testing import PluginContract


class AssistantContractTest(PluginContract):
    slug = "assistant"
