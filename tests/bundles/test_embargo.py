"""Until the moment nothing of a set is public: in no list, search or API, in no way."""

import datetime

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from portal.bundles.release import ReleaseRefused, release
from portal.core.gate import PublishRefused
from portal.core.models import Basis, ListingRow, Publication
from portal.core.reviews.grounds import releasing_as
from portal.pages.models import ArticlePage
from tests.factories import World, publish, text

from .factories import Staff, draft, live_of, make_bundle, ready_bundle, signed, walk

pytestmark = pytest.mark.django_db


def test_nothing_is_seen_of_it_before(provisioned_world: World, staff: Staff) -> None:
    page = draft(provisioned_world, staff.editor, title="养老补贴办法", slug="yanglao")
    bundle = make_bundle(provisioned_world.site, page)
    walk(page, staff)
    client = Client()
    assert client.get("/yaowen/yanglao/").status_code == 404
    seen = [
        client.get(address).content.decode()
        for address in ("/yaowen/", "/", "/api/v1/pages?q=养老", "/sitemap.xml", "/search/?q=养老")
    ]
    assert not any("养老补贴办法" in body or "yanglao" in body for body in seen)
    assert not ListingRow.objects.filter(page=page.pk).exists()
    assert not Publication.objects.filter(page=page.pk).exists()
    release(bundle=bundle, user=staff.releaser)
    assert client.get("/yaowen/yanglao/").status_code == 200
    assert "养老补贴办法" in client.get("/yaowen/").content.decode()


def test_the_embargo_holds_for_releasers_too(provisioned_world: World, staff: Staff) -> None:
    with time_machine.travel("2026-03-01 09:00:00+08:00", tick=False) as clock:
        bundle = ready_bundle(
            provisioned_world,
            staff,
            1,
            embargo_until=timezone.now() + datetime.timedelta(hours=1),
        )
        with pytest.raises(ReleaseRefused, match="not to go public before 2026-03-01 10:00"):
            release(bundle=bundle, user=staff.releaser)
        clock.shift(datetime.timedelta(hours=1))
        release(bundle=bundle, user=staff.releaser)
        assert live_of(bundle) == {True}


def test_no_other_way_leads_to_the_public(provisioned_world: World, staff: Staff) -> None:
    page = draft(provisioned_world, staff.editor)
    signed(page, staff)
    bundle = make_bundle(provisioned_world.site, page)
    with pytest.raises(PublishRefused, match="goes public with it"):
        page.get_latest_revision().publish(user=staff.releaser)
    with releasing_as(Basis.OPERATOR, "x"), pytest.raises(PublishRefused):
        publish(ArticlePage.objects.get(pk=page.pk))
    stored = ArticlePage.objects.get(pk=page.pk)
    stored.live = True
    with pytest.raises(PublishRefused):
        stored.save()
    revision = page.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - datetime.timedelta(minutes=1)
    revision.save()
    call_command("publish_scheduled")
    assert live_of(bundle) == {False}


def test_what_is_public_still_follows_what_the_portal_does_itself(
    provisioned_world: World, staff: Staff
) -> None:
    page = draft(provisioned_world, staff.editor)
    with releasing_as(Basis.OPERATOR, "x"):
        publish(page)
        page = ArticlePage.objects.get(pk=page.pk)
        page.body = text("新的正文。")
        page.save_revision(user=staff.editor)
        make_bundle(provisioned_world.site, page)
        stored = ArticlePage.objects.get(pk=page.pk)
        stored.keywords = "养老"
        stored.save()
    assert Page.objects.get(pk=page.pk).specific.keywords == "养老"
