"""The dummy uses every point once, works where it is on and is gone where it is off."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from wagtail.actions.publish_page_revision import PublishPageRevisionAction

from portal import plugin_api
from portal.pages.models import PortalHomePage, StandardPage
from portal.plugins.breaker import breaker
from portal.plugins.hooks import guarded_hooks
from portal.plugins.points import catalogue
from portal.plugins.registry import installed
from portal.testing import (
    PortalTestCase,
    disable_plugin,
    enable_plugin,
    raise_everywhere,
)


def test_every_extension_point_is_used_once():
    for name in plugin_api.__all__:  # the core defines its points when they are first asked for
        getattr(plugin_api, name)
    used = {
        point.title: [owner for owner, _item in point.contributions()].count("dummy")
        for point in catalogue
    }
    assert used == dict.fromkeys(used, 1)
    assert guarded_hooks("dummy")


def test_its_messages_are_chinese():
    plugin = installed().get("dummy")
    with override("zh-hans"):
        assert str(plugin.title) == "示例插件"
    with override("en"):
        assert str(plugin.title) == "Dummy"


class DummyTest(PortalTestCase):
    def make_page(self, title: str = "A page") -> StandardPage:
        home = PortalHomePage.objects.get(pk=self.site.root_page_id)
        return home.add_child(instance=StandardPage(title=title, slug="a-page", live=False))

    def publish(self, page: StandardPage) -> None:
        PublishPageRevisionAction(page.save_revision()).execute(skip_permission_checks=True)

    def notes(self) -> list[str]:
        from portal_dummy.models import Note

        return list(Note.objects.values_list("text", flat=True))

    def test_it_shows_itself_where_it_is_on(self):
        with enable_plugin("dummy", self.site_pk), override("en"):
            text = self.client.get("/").content.decode()
        assert 'class="dummy-badge"' in text
        assert '<meta name="Dummy" content="1">' in text
        assert 'href="/dummy/"' in text

    def test_it_is_gone_where_it_is_off(self):
        with disable_plugin("dummy"):
            text = self.client.get("/").content.decode()
        assert "dummy" not in text.lower()

    def test_it_is_told_after_the_commit(self):
        page = self.make_page()
        with enable_plugin("dummy", self.site_pk), self.captureOnCommitCallbacks(execute=True):
            self.publish(page)
        assert self.notes() == ["published: A page"]

    def test_it_is_not_told_where_it_is_off(self):
        page = self.make_page()
        with disable_plugin("dummy"), self.captureOnCommitCallbacks(execute=True):
            self.publish(page)
        assert self.notes() == []

    def test_it_can_keep_a_page_from_being_published(self):
        page = self.make_page("Lorem ipsum")
        with enable_plugin("dummy", self.site_pk), pytest.raises(ValidationError):
            self.publish(page)
        page.refresh_from_db()
        assert not page.live

    def test_its_capability_is_found(self):
        with enable_plugin("dummy", self.site_pk):
            translator = plugin_api.capability("translator", self.site_pk)
            assert translator.translate(["abc"], source="en", target="ja") == ["cba"]
        assert plugin_api.capability(plugin_api.translator, self.site_pk) is None

    def test_failing_everywhere_it_stops_neither_reading_nor_publishing(self):
        page = self.make_page()
        with enable_plugin("dummy", self.site_pk), raise_everywhere("dummy") as reached:
            with self.captureOnCommitCallbacks(execute=True):
                self.publish(page)
            page.refresh_from_db()
            assert page.live
            assert self.client.get("/").status_code == 200
            assert self.client.get("/a-page/").status_code == 200
            assert "dummy" not in self.client.get("/").content.decode().lower()
        assert {
            "event:page_published", "filter:publish_checks.v1", "filter:menu_items.v1",
            "filter:page_tags.v1", "filter:rendered_page.v1", "slot:header_slot", "slot:footer_slot",
        } <= reached  # fmt: skip
        assert self.notes() == []

    def test_after_repeated_failures_it_is_left_out_and_this_is_told(self):
        page = self.make_page()
        self.publish(page)
        with enable_plugin("dummy", self.site_pk), raise_everywhere("dummy"):
            for _ in range(6):
                self.client.get("/a-page/")
            left_out = {state.point for state in breaker.state("dummy") if state.is_open}
        assert "slot:page_side_slot" in left_out
