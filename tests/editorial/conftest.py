"""A portal with an information officer, an administrator, and units that are asked for things."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from wagtail.users.models import UserProfile

from portal.core.models import Organisation, User
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, OrganisationFactory, World, member, text


@dataclass
class Office:
    """People and units. ``officer`` and ``unit_account`` belong to ``bureau``."""

    world: World
    bureau: Organisation
    helper: Organisation
    office: Organisation
    officer: User
    editor: User
    colleague: User
    admin: User
    unit_account: User
    helper_account: User


@pytest.fixture(autouse=True)
def words_of_the_code() -> Iterator[None]:
    """What is told is read in English, whatever the catalogues hold."""
    with override("en"):
        yield


@pytest.fixture
def office(provisioned_world: World) -> Office:
    site = provisioned_world.site
    bureau = OrganisationFactory(full_name="云湖市统计局", short_name="统计局")
    helper = OrganisationFactory(full_name="云湖市教育局", short_name="教育局")
    own = OrganisationFactory(full_name="云湖市政务公开办", short_name="公开办")
    return Office(
        world=provisioned_world,
        bureau=bureau,
        helper=helper,
        office=own,
        officer=member(
            "information_officer", site, last_name="周", first_name="一", organisation=bureau
        ),
        editor=member("editor", site, last_name="吴", first_name="二", organisation=own),
        colleague=member("editor", site, organisation=own),
        admin=member("site_admin", site, last_name="郑", first_name="三"),
        unit_account=member("information_officer", site, organisation=bureau),
        helper_account=member("information_officer", site, organisation=helper),
    )


@pytest.fixture
def draft(office: Office) -> Callable[..., ArticlePage]:
    """A draft that somebody wrote, by default the officer."""

    def make(
        body: str = "云湖市开展统计调查。", owner: User | None = None, **fields: Any
    ) -> ArticlePage:
        page: ArticlePage = ArticleFactory(
            parent=office.world.column,
            draft=True,
            owner=owner or office.officer,
            body=text(body),
            **fields,
        )
        return page

    return make


def signed_in(user: User) -> Client:
    """A browser of somebody who has set the admin to English."""
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = "en"
    profile.save()
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client
