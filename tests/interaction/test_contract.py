from portal.testing import PluginContract


class InteractionContractTest(PluginContract):
    slug = "interaction"
