from portal.testing import PluginContract


class PublishingContractTest(PluginContract):
    slug = "publishing"
