"""A set that is shown to somebody without an account: all of it, nothing else, for a while."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.bundles.models import Bundle
from portal.bundles.previews import KEY
from portal.bundles.release import release
from portal.bundles.services import dissolve, remove
from portal.core import shared_previews
from portal.core.models import SharedPreview, SiteRecord
from portal.core.shared_previews import ShownSet
from portal.testing import disable_plugin
from tests.factories import World, member, text
from tests.policy_interpretation.factories import make_policy, make_product

from .factories import Staff, draft, make_bundle, ready_bundle, walk
from .test_admin import body, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(provisioned_world: World, staff: Staff) -> Bundle:
    """A policy, and what explains it and links to it."""
    policy = draft(provisioned_world, staff.editor, title="养老办法", slug="banfa")
    product = draft(
        provisioned_world,
        staff.editor,
        title="养老解读",
        slug="jiedu",
        body=text(f'<a linktype="page" id="{policy.pk}">办法全文</a>'),
    )
    return make_bundle(provisioned_world.site, policy, product, title="养老新政")


def elsewhere() -> SiteRecord:
    return SiteRecord.objects.get(code="hubin")


def shown_set(bundle: Bundle) -> ShownSet:
    found = ShownSet.find(KEY, bundle.pk)
    assert found is not None
    return found


def share(bundle: Bundle, user: Any, days: int = 7) -> str:
    _preview, token = shared_previews.share_set(of=shown_set(bundle), user=user, days=days)
    return token


def index(token: str) -> Any:
    return Client().get(reverse("shared_preview", args=[token]))


def page_of(token: str, page: Any) -> Any:
    return Client().get(reverse("shared_preview_page", args=[token, getattr(page, "pk", page)]))


def pages(bundle: Bundle) -> list[Page]:
    return [item.page for item in bundle.items.select_related("page") if item.page]


def test_the_index_names_every_page_and_leads_to_it(pair: Bundle, staff: Staff) -> None:
    token = share(pair, staff.editor)
    shown = body(index(token))
    assert "养老新政" in shown
    for page in pages(pair):
        address = reverse("shared_preview_page", args=[token, page.pk])
        assert f'<a href="{address}">{page.title}</a>' in shown
        assert page.title in body(page_of(token, page))


def test_links_between_the_pages_lead_to_previews(pair: Bundle, staff: Staff) -> None:
    token = share(pair, staff.editor)
    policy, product = pages(pair)
    address = reverse("shared_preview_page", args=[token, policy.pk])
    shown = body(page_of(token, product))
    assert re.search(rf'<a href="{re.escape(address)}">\s*办法全文', shown)
    assert 'href="/yaowen/banfa/"' not in shown


def test_a_document_of_the_set_counts_as_public_in_it(
    provisioned_world: World, staff: Staff
) -> None:
    """What explains it is shown as it will be: without the warning, with the way to the document."""
    column = provisioned_world.column
    policy = make_policy(column, live=False, title="养老服务办法")
    product = make_product(column, policy, live=False)
    for page in (policy, product):
        page.save_revision(user=staff.editor)
    bundle = make_bundle(provisioned_world.site, policy, product)
    token = share(bundle, staff.editor)
    shown = body(page_of(token, product))
    assert reverse("shared_preview_page", args=[token, policy.pk]) in shown.split("</aside>")[1]
    _preview, alone = shared_previews.share(page=product, user=staff.editor, days=1)
    assert "notice--warning" in body(index(alone))
    assert "notice--warning" not in shown


def test_typed_addresses_of_the_pages_lead_to_previews() -> None:
    turned = shared_previews.lead_to_previews(
        '<a class="x" href="/yaowen/a/#c-1">1</a><a href="https://www.yunhu.gov.cn/yaowen/a/">2</a>'
        '<a href="/yaowen/a/b/">3</a><link href="/yaowen/a/"><a href="#top">4</a>',
        {"/yaowen/a/": "/p/1/", "https://www.yunhu.gov.cn/yaowen/a/": "/p/1/"},
    )
    assert turned == (
        '<a class="x" href="/p/1/#c-1">1</a><a href="/p/1/">2</a>'
        '<a href="/yaowen/a/b/">3</a><link href="/yaowen/a/"><a href="#top">4</a>'
    )


def test_links_of_public_pages_lead_to_no_preview(pair: Bundle, staff: Staff) -> None:
    """Whoever has no link, and every other page, sees no token."""
    token = share(pair, staff.editor)
    assert token not in body(Client().get("/yaowen/"))
    assert Client().get("/yaowen/banfa/").status_code == 404


def test_no_other_draft_is_reached(pair: Bundle, provisioned_world: World, staff: Staff) -> None:
    token = share(pair, staff.editor)
    other = draft(provisioned_world, staff.editor, title="别的稿子")
    foreign = make_bundle(provisioned_world.hubin, draft(provisioned_world, title="别的一组"))
    for page in (other.pk, *foreign.items.values_list("page", flat=True), 0, 99999):
        assert page_of(token, page).status_code == 404
    _preview, own = shared_previews.share(page=other, user=staff.editor, days=1)
    assert page_of(own, pages(pair)[0]).status_code == 404


def test_what_is_taken_out_is_no_longer_shown(pair: Bundle, staff: Staff) -> None:
    token = share(pair, staff.editor)
    policy, product = pages(pair)
    remove(item=pair.items.get(page=product.pk), by=staff.editor)
    assert page_of(token, product).status_code == 404
    assert "养老解读" not in body(index(token))
    assert page_of(token, policy).status_code == 200


def test_nothing_of_it_is_kept_or_indexed(pair: Bundle, staff: Staff) -> None:
    token = share(pair, staff.editor)
    for response in (index(token), page_of(token, pages(pair)[0])):
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert "unsafe-inline" not in response["Content-Security-Policy"]
        assert "band--preview" in body(response)
        assert "/admin/" not in body(response)
        assert not response.cookies


def test_it_expires(pair: Bundle, staff: Staff) -> None:
    with time_machine.travel("2026-03-01 09:00:00+08:00", tick=False) as clock:
        token = share(pair, staff.editor, days=1)
        assert index(token).status_code == 200
        clock.shift(datetime.timedelta(days=1))
        for response in (index(token), page_of(token, pages(pair)[0])):
            assert response.status_code == 410
            assert "养老" not in body(response)


def test_it_can_be_revoked(pair: Bundle, staff: Staff) -> None:
    token = share(pair, staff.editor)
    shared_previews.revoke(preview=SharedPreview.objects.get(), user=staff.editor)
    assert index(token).status_code == 410
    assert page_of(token, pages(pair)[0]).status_code == 410


def test_it_ends_with_the_set(provisioned_world: World, staff: Staff) -> None:
    released = ready_bundle(provisioned_world, staff, 1)
    token = share(released, staff.editor)
    release(bundle=released, user=staff.releaser)
    assert index(token).status_code == 410
    given_up = ready_bundle(provisioned_world, staff, 1)
    token = share(given_up, staff.editor)
    dissolve(bundle=given_up, by=staff.editor, reason="暂缓")
    assert index(token).status_code == 410


def test_it_is_over_where_the_plugin_is_off(pair: Bundle, staff: Staff) -> None:
    token = share(pair, staff.editor)
    with disable_plugin("bundles"):
        assert index(token).status_code == 410


def test_it_shows_what_goes_public_not_a_newer_draft(
    provisioned_world: World, staff: Staff
) -> None:
    page = draft(provisioned_world, staff.editor, title="送审的")
    bundle = make_bundle(provisioned_world.site, page)
    walk(page, staff)
    token = share(bundle, staff.editor)
    page = Page.objects.get(pk=page.pk).specific
    page.title = "后来写的"
    page.save_revision(user=staff.editor)
    assert "送审的" in body(page_of(token, page))
    assert "后来写的" not in body(page_of(token, page))


# --- who makes one --------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["secrecy_reviewer", "auditor", "information_officer"])
def test_only_who_works_on_it_shares_it(pair: Bundle, staff: Staff, role: str) -> None:
    with pytest.raises(PermissionDenied):
        share(pair, member(role, pair.site))
    share(pair, staff.editor)
    with pytest.raises(PermissionDenied):
        shared_previews.revoke(
            preview=SharedPreview.objects.get(), user=member("editor", elsewhere())
        )


def test_a_page_that_one_may_not_edit_is_not_shown_to_others(
    provisioned_world: World, staff: Staff
) -> None:
    """A set may hold pages of two sites; sharing them takes the rights at both."""
    other = draft(provisioned_world, parent=provisioned_world.hubin_column)
    bundle = make_bundle(provisioned_world.site, draft(provisioned_world), other)
    with pytest.raises(PermissionDenied):
        share(bundle, staff.editor)


def test_from_the_admin(pair: Bundle, staff: Staff) -> None:
    client = signed_in(staff.editor)
    links = reverse("portal_set_preview_links", args=[KEY, pair.pk])
    assert links in body(client.get(reverse("bundles_set", args=[pair.pk])))
    made = client.post(links, {"days": "3", "note": "给王主任"})
    found = re.search(r'value="(http[^"]*/shared-preview/[^"]+)"', body(made))
    assert found is not None
    token = found[1].rstrip("/").rpartition("/")[2]
    assert index(token).status_code == 200
    assert "给王主任" in body(client.get(links))
    client.post(links, {"revoke": str(SharedPreview.objects.get().pk)})
    assert index(token).status_code == 410
    stranger = signed_in(member("editor", elsewhere()))
    stranger.post(links, {"days": "3"})
    assert SharedPreview.objects.count() == 1
    for bad in (
        reverse("portal_set_preview_links", args=[KEY, 9999]),
        reverse("portal_set_preview_links", args=["nothing.here", pair.pk]),
    ):
        assert client.get(bad).status_code == 404
