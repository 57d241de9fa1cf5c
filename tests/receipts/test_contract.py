from portal.testing import PluginContract


class ReceiptsContractTest(PluginContract):
    slug = "receipts"
