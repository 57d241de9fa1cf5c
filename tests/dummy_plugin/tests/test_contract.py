"""A plugin's own tests: the contract that every plugin inherits, then what is its own."""

from portal_dummy.services import take_note

from portal.testing import PluginContract, PortalTestCase, enable_plugin


class DummyContractTest(PluginContract):
    slug = "dummy"


class DummyPagesTest(PortalTestCase):
    def test_notes_are_shown_on_their_site(self) -> None:
        take_note(site=self.site_pk, text="hello")
        take_note(site=None, text="elsewhere")
        with enable_plugin("dummy", self.site_pk):
            response = self.client.get("/dummy/")
        self.assertContains(response, "hello")
        self.assertNotContains(response, "elsewhere")
