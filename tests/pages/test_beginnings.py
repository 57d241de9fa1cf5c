"""What an editor who has never been here meets first: where to begin, and what is filled in."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import OrganisationFactory, UserFactory, World, member

pytestmark = pytest.mark.django_db


def test_the_first_page_leads_to_new_topics_of_the_own_site_only(
    provisioned_world: World, client: Client
) -> None:
    client.force_login(member("editor", provisioned_world.hubin))
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    own = reverse("wagtailadmin_pages:add_subpage", args=[provisioned_world.hubin.root_page_id])
    assert own in html
    assert reverse("wagtailadmin_pages:add_subpage", args=[provisioned_world.home.pk]) not in html
    assert client.get(own).status_code == 200


def test_choices_say_what_they_are(provisioned_world: World, client: Client) -> None:
    client.force_login(UserFactory(superuser=True))
    address = reverse("wagtailadmin_pages:add_subpage", args=[provisioned_world.home.pk])
    html = client.get(address).content.decode()
    for words in ("专题页，由版块拼成", "以列表汇集文章", "单独的一页"):
        assert words in html


def test_a_new_column_belongs_to_the_sites_unit(provisioned_world: World, client: Client) -> None:
    owner = OrganisationFactory(full_name="湖滨区人民政府办公室")
    provisioned_world.hubin.owner = owner
    provisioned_world.hubin.save()
    client.force_login(member("editor", provisioned_world.hubin))
    address = reverse(
        "wagtailadmin_pages:add", args=["pages", "columnpage", provisioned_world.hubin.root_page_id]
    )
    form = client.get(address).context["form"]
    assert form.initial["owner_unit"] == owner
    assert f'<option value="{owner.pk}" selected>' in str(form["owner_unit"])
