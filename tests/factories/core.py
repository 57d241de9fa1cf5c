"""Accounts, units, images and files."""

from typing import Any

import factory
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection

from portal.core.models import (
    Organisation,
    PortalDocument,
    PortalImage,
    PortalMedia,
    SiteRecord,
    User,
)
from portal.core.roles import ROLES, Scope, platform_group_name


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    """A unit whose public page could be published as it is."""

    class Meta:
        model = Organisation

    class Params:
        bare = factory.Trait(duties="", phone="")

    code = factory.Sequence(lambda n: f"unit-{n}")
    full_name = factory.Sequence(lambda n: f"云湖市第{n}局")
    short_name = factory.Sequence(lambda n: f"{n}局")
    kind = Organisation.Kind.DEPARTMENT
    duties = "拟订规章。\n管理档案。"
    phone = "0571-0000000"


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User

    class Params:
        superuser = factory.Trait(is_superuser=True)

    username = factory.Sequence(lambda n: f"user-{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@yunhu.example")
    password = factory.django.Password("a long pass phrase")


def member(role: str, site: SiteRecord | None = None, **fields: Any) -> User:
    """An account that holds one role: at a provisioned site, or at the platform."""
    from django.contrib.auth.models import Group

    user: User = UserFactory(**fields)
    if ROLES[role].scope is Scope.PLATFORM:
        group = Group.objects.get(name=platform_group_name(ROLES[role]))
    else:
        assert site is not None, "a site role is held at a site"
        group = site.role_groups.get(role=role).group
    user.groups.add(group)
    return user


class ImageFactory(factory.django.DjangoModelFactory[PortalImage]):
    class Meta:
        model = PortalImage

    title = factory.Sequence(lambda n: f"图片{n}")
    description = "晨雾中的云湖"
    collection = factory.LazyFunction(Collection.get_first_root_node)
    file = factory.LazyAttribute(lambda image: get_test_image_file(size=(960, 540)))


class DocumentFactory(factory.django.DjangoModelFactory[PortalDocument]):
    class Meta:
        model = PortalDocument

    title = factory.Sequence(lambda n: f"附件{n}")
    collection = factory.LazyFunction(Collection.get_first_root_node)
    file = factory.django.FileField(filename="form.docx", data=b"PK\x03\x04 not really")


class MediaFactory(factory.django.DjangoModelFactory[PortalMedia]):
    """A video with captions; the trait ``recording`` makes it sound with a transcript."""

    class Meta:
        model = PortalMedia

    class Params:
        recording = factory.Trait(type="audio", captions="", transcript="大家好。")

    title = factory.Sequence(lambda n: f"视频{n}")
    type = "video"
    duration, width, height = 96, 640, 360
    collection = factory.LazyFunction(Collection.get_first_root_node)
    file = factory.django.FileField(filename="film.mp4", data=b"not really")
    captions = factory.django.FileField(filename="film.vtt", data=b"WEBVTT\n")
