"""The editor is told what a change leaves behind, and may say that the meaning is the same."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from portal.foreign.models import MinorChange, PageTranslation
from portal.foreign.selectors.consequences import consequences_of, translations_of
from portal.foreign.services.minor_changes import LOG_MINOR, say_minor, undo_minor
from tests.factories import ArticleFactory, UserFactory, World
from tests.factories.core import member

from .staleness import change, core, marks, open_section, released
from .test_staleness import paragraphs

pytestmark = pytest.mark.one_database
OLD, NEW = "乙段的文字在此。", "乙段的文字，在此。"


def fresh(row: PageTranslation) -> PageTranslation:
    return PageTranslation.objects.get(pk=row.pk)


def test_a_minor_change_keeps_the_mark_away_and_undoing_brings_it(world: World) -> None:
    core(world, world.column)
    page = ArticleFactory(parent=world.column, body=paragraphs("甲段。", OLD))
    (row,) = released(page, open_section(world))
    user = UserFactory(superuser=True)
    page = change(page, body=paragraphs("甲段。", NEW))
    assert marks(row) == {OLD: NEW}
    minor = say_minor(source=page, old_text=OLD, new_text=NEW, user=user)
    assert marks(row) == {}
    assert fresh(row).status == PageTranslation.Status.CURRENT
    assert PageLogEntry.objects.filter(page=page.pk, action=LOG_MINOR, user=user).exists()
    # What is changed once more is measured against what was translated.
    page = change(page, body=paragraphs("甲段。", "乙段说的完全是另外一回事。"))
    assert list(marks(row)) == [OLD]
    page = change(page, body=paragraphs("甲段。", NEW))
    undo_minor(minor=minor, user=user)
    assert marks(row) == {OLD: NEW}
    assert fresh(row).words > 0


def test_said_before_the_change_is_public_there_never_is_a_mark(world: World) -> None:
    core(world, world.column)
    page = ArticleFactory(parent=world.column, body=paragraphs("甲段。", OLD))
    (row,) = released(page, open_section(world))
    page.body = paragraphs("甲段。", NEW)
    page.save_revision()
    draft = page.get_latest_revision_as_object()
    (one,) = consequences_of(draft, translations_of(page))
    assert (one.old_text, one.new_text, one.languages, one.is_public) == (
        OLD, NEW, ["English"], False,
    )  # fmt: skip
    assert marks(row) == {}
    say_minor(source=page, old_text=OLD, new_text=NEW, user=UserFactory(superuser=True))
    assert consequences_of(draft, translations_of(page)) == []
    change(page, body=paragraphs("甲段。", NEW))
    assert marks(row) == {}


def test_the_screen(provisioned_world: World) -> None:
    world = provisioned_world
    core(world, world.column)
    page = ArticleFactory(parent=world.column, body=paragraphs("甲段。", OLD))
    (row,) = released(page, open_section(world))
    change(page, body=paragraphs("甲段。", NEW))
    url = reverse("foreign_source_page", args=[page.pk])
    client = Client()
    client.force_login(member("editor", world.site))
    response = client.get(url)
    assert response.status_code == 200
    (one,) = response.context["consequences"]
    client.post(url, {"minor": one.key})
    assert marks(row) == {}
    minor = MinorChange.objects.get()
    assert minor.user is not None
    client.post(url, {"undo": minor.pk})
    assert not MinorChange.objects.exists()
    assert client.post(url, {"minor": "x:y"}).status_code == 302
    assert not MinorChange.objects.exists()


@pytest.mark.parametrize("role", ["translator", "language_reviewer", "auditor"])
def test_who_may_not_edit_the_page_may_not_say_it(provisioned_world: World, role: str) -> None:
    world = provisioned_world
    page = ArticleFactory(parent=world.column, body=paragraphs("甲段。", OLD))
    user = member(role, world.site) if role != "auditor" else UserFactory()
    client = Client()
    client.force_login(user)
    response = client.post(reverse("foreign_source_page", args=[page.pk]), {"minor": "a:b"})
    assert response.status_code in (302, 403)
    with pytest.raises(PermissionDenied):
        say_minor(source=page, old_text=OLD, new_text=NEW, user=user)


def test_an_editor_of_another_site_may_not(provisioned_world: World) -> None:
    world = provisioned_world
    page = ArticleFactory(parent=world.column)
    with pytest.raises(PermissionDenied):
        say_minor(source=page, old_text=OLD, new_text=NEW, user=member("editor", world.hubin))


def test_saving_on_purpose_tells_what_will_be_behind(provisioned_world: World) -> None:
    world = provisioned_world
    core(world, world.column)
    page = ArticleFactory(parent=world.column, title="旧的标题")
    released(page, open_section(world))
    page.title = "新的标题"
    page.save_revision()
    from django.contrib.messages import get_messages
    from django.contrib.messages.storage.fallback import FallbackStorage
    from django.test import RequestFactory

    from portal.foreign.admin.source_page import tell_consequences

    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    page.refresh_from_db()
    tell_consequences(request, page)
    (message,) = get_messages(request)
    assert reverse("foreign_source_page", args=[page.pk]) in str(message)
