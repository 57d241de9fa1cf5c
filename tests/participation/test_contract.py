from portal.testing import PluginContract


class ParticipationContractTest(PluginContract):
    slug = "participation"
