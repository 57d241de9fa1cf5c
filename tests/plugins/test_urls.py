import asyncio

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import include, path, reverse
from django.views.decorators.csrf import csrf_exempt

from portal.plugins import registry, switches
from portal.plugins.breaker import breaker
from portal.plugins.urls import guard_patterns, guard_view, plugin_urlpatterns
from portal.testing import PortalTestCase, disable_plugin, enable_plugin, raise_everywhere

from .plugins import metadata

REQUEST = RequestFactory().get("/")


def view(request):
    return HttpResponse("fine")


async def async_view(request):
    return HttpResponse("fine")


def broken(request):
    raise ValueError("broken plugin")


@pytest.mark.usefixtures("two_plugins")
class TestGuard:
    def test_off_is_404(self):
        guarded = guard_view(view, "late")
        assert guarded(REQUEST).status_code == 200
        with switches.override({("late", 1): False}), pytest.raises(Http404):
            guarded(REQUEST)

    def test_asynchronous_views(self):
        guarded = guard_view(async_view, "late")
        assert asyncio.run(guarded(REQUEST)).status_code == 200
        with switches.override({("late", 1): False}), pytest.raises(Http404):
            asyncio.run(guarded(REQUEST))

    def test_a_failure_is_noted(self):
        with pytest.raises(ValueError, match="broken"):
            guard_view(broken, "late")(REQUEST)
        assert breaker.state("late")[0].point == "view"

    def test_answers_are_no_failures(self):
        def refuse(request):
            raise PermissionDenied

        with pytest.raises(PermissionDenied):
            guard_view(refuse, "late")(REQUEST)
        assert breaker.state() == []

    def test_decorations_are_kept(self):
        assert guard_view(csrf_exempt(view), "late").csrf_exempt

    def test_included_patterns_are_guarded_too(self):
        patterns = guard_patterns([path("a/", include([path("b/", view, name="b")]))], "late")
        inner = patterns[0].url_patterns[0]
        with switches.override({("late", 1): False}), pytest.raises(Http404):
            inner.callback(REQUEST)


def test_a_plugin_without_importable_urls_is_left_out(as_in_production):
    with registry.override(metadata("gone", urls="made_up_gone.urls")):
        assert plugin_urlpatterns() == []
    assert breaker.state("gone")[0].point == "urls"


class PagesTest(PortalTestCase):
    def test_addresses_follow_the_switch(self):
        address = reverse("dummy:notes")
        assert address == "/dummy/"
        with enable_plugin("dummy", self.site_pk):
            assert self.client.get(address).status_code == 200
        with disable_plugin("dummy"):
            assert self.client.get(address).status_code == 404

    def test_a_failing_view_is_a_plain_500_for_that_address_only(self):
        self.client.raise_request_exception = False
        with enable_plugin("dummy", self.site_pk), raise_everywhere("dummy"):
            assert self.client.get("/dummy/").status_code == 500
            assert self.client.get("/").status_code == 200
