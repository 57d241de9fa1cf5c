import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import path
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.plugins import switches
from portal.plugins.breaker import breaker
from portal.plugins.hooks import _guard, _neutral, raw_hooks, register_wagtail_hook

pytestmark = pytest.mark.usefixtures("two_plugins")


def guarded(name, function, plugin="late"):
    return _guard(name, function, _neutral(name), "", plugin)


def fail(*args, **kwargs):
    raise ValueError("broken plugin")


def everything(*args, **kwargs):
    return "plugin's answer"


REQUEST_TIME = {
    "before_edit_page": ((), None),
    "after_publish_page": ((), None),
    "construct_explorer_page_queryset": (("parent", "pages", "request"), "pages"),
    "construct_page_chooser_queryset": (("pages", "request"), "pages"),
    "register_page_listing_buttons": ((), []),
    "insert_editor_js": ((), ""),
    "describe_collection_contents": ((), None),
}


@pytest.mark.parametrize("name", REQUEST_TIME)
def test_on_it_runs_and_off_wagtail_gets_nothing(name):
    arguments, nothing = REQUEST_TIME[name]
    hook = guarded(name, everything)
    assert hook(*arguments) == "plugin's answer"
    with switches.override({("late", 1): False}):
        assert hook(*arguments) == nothing


@pytest.mark.parametrize("name", REQUEST_TIME)
def test_a_failing_hook_gives_nothing(name, as_in_production):
    arguments, nothing = REQUEST_TIME[name]
    assert guarded(name, fail)(*arguments) == nothing
    assert breaker.state("late")[0].point == f"hook:{name}"


def test_a_generator_fails_inside_the_guard(as_in_production):
    def buttons():
        yield "button"
        raise ValueError

    assert guarded("register_page_listing_buttons", buttons)() == []


def test_a_refusal_reaches_wagtail(as_in_production):
    def refuse():
        raise PermissionDenied

    with pytest.raises(PermissionDenied):
        guarded("before_delete_page", refuse)()
    assert breaker.state() == []


def test_hooks_that_cannot_be_guarded_are_refused_with_those_that_can():
    with pytest.raises(ValueError, match=r"'on_serve_page' cannot.*register_admin_viewset"):
        register_wagtail_hook("on_serve_page", everything)


class TestMenus:
    request = RequestFactory().get("/admin/")

    def test_an_item_made_once_asks_the_switch_each_time(self):
        item = guarded("register_admin_menu_item", lambda: MenuItem("Letters", "/letters/"))()
        assert item.is_shown(self.request)
        with switches.override({("late", 1): False}):
            assert not item.is_shown(self.request)

    def test_an_item_that_cannot_be_made_is_hidden(self, as_in_production):
        item = guarded("register_settings_menu_item", fail)()
        assert not item.is_shown(self.request)

    @pytest.mark.parametrize("method", ["is_shown", "render_component"])
    def test_an_item_that_cannot_be_drawn_is_hidden(self, as_in_production, method):
        broken = type("Broken", (MenuItem,), {method: fail})
        item = guarded("register_admin_menu_item", lambda: broken("Letters", "/letters/"))()
        assert not item.is_shown(self.request)

    def test_an_item_with_broken_media_is_replaced(self, as_in_production):
        broken = type("Broken", (MenuItem,), {"media": property(fail)})
        item = guarded("register_admin_menu_item", lambda: broken("Letters", "/letters/"))()
        assert not item.is_shown(self.request)
        assert str(item.media) == ""


def test_admin_urls_are_registered_once_and_guarded():
    from django.http import Http404

    urls = guarded("register_admin_urls", lambda: [path("x/", everything)])()
    request = RequestFactory().get("/admin/x/")
    assert urls[0].callback(request) == "plugin's answer"
    with switches.override({("late", 1): False}), pytest.raises(Http404):
        urls[0].callback(request)


def test_raw_hooks_are_found():
    def raw():
        pass

    raw.__module__ = "made_up_late.wagtail_hooks"
    with hooks.register_temporarily("before_edit_page", raw):
        assert raw_hooks("made_up_late") == [
            f"before_edit_page: {raw.__module__}.{raw.__qualname__}"
        ]
    assert raw_hooks("portal_dummy") == []
