"""The desk as people use it: texts, conflicts, reviews; and who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.core.models import User
from portal.foreign.models import MadeBy, PageTranslation, TeamMember, TeamRole
from portal.foreign.selectors.texts import texts_of
from portal.foreign.services.placing import place
from portal.foreign.services.review import submit
from portal.foreign.services.segments import save_segment
from tests.factories import ArticleFactory, ColumnFactory, UserFactory, World, publish

from .desk import again, to_release, translation_of, write
from .factories import Need, Section, add_column, add_member, make_section

ADDRESSES = ("foreign_desk", "foreign_desk_help", "foreign_desk_preview", "foreign_desk_history")


def enter(client: Client, user: User) -> Client:
    """Signed in, and let into the admin as roles let people in."""
    user.user_permissions.add(
        Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin")
    )
    client.force_login(user)
    return client


def url(name: str, translation: PageTranslation) -> str:
    return reverse(name, args=[translation.pk])


def fields(translation: PageTranslation, number: int, text: str, **more: str) -> dict[str, Any]:
    row = texts_of(translation)[number - 1]
    return {
        "number": str(number),
        f"path-{number}": row.path,
        f"hash-{number}": row.source_hash,
        f"source-{number}": row.source,
        f"position-{number}": "0",
        f"seen-{number}": row.data,
        f"shown-{number}": row.data,
        f"text-{number}": text,
    } | more


def sent(translation: PageTranslation, number: int, text: str, **more: str) -> dict[str, Any]:
    row = texts_of(translation)[number - 1]
    return {
        "path": row.path,
        "hash": row.source_hash,
        "source": row.source,
        "seen": row.data,
        "text": text,
    } | more


def test_a_text_is_saved_while_one_writes(client: Client, english: Section) -> None:
    translation = translation_of(english)
    enter(client, english.team.translator)
    answer = client.post(url("foreign_desk_save", translation), sent(translation, 1, "How to"))
    assert answer.json()["ok"]
    assert answer.json()["progress"]["done"] == 1
    assert texts_of(translation)[0].data == "How to"
    assert texts_of(translation)[0].author_pk == english.team.translator.pk
    assert again(translation).target_id is not None


def test_the_plain_form_does_the_same(client: Client, english: Section) -> None:
    translation = translation_of(english)
    enter(client, english.team.translator)
    desk = url("foreign_desk", translation)
    page = client.get(desk).content.decode()
    assert english.article.title in page
    answer = client.post(desk, fields(translation, 1, "How to", do="save"), follow=True)
    assert "How to" in answer.content.decode()
    assert texts_of(translation)[0].data == "How to"


def test_two_translators_see_both_texts(client: Client, english: Section) -> None:
    translation = translation_of(english)
    enter(client, english.team.translator)
    mine = sent(translation, 1, "Mine")
    plain = fields(translation, 1, "Mine", do="save")
    first = texts_of(translation)[0]
    save_segment(
        translation=translation,
        path=first.path,
        position=0,
        source_hash=first.source_hash,
        text="Theirs",
        user=english.team.lead,
    )
    answer = client.post(url("foreign_desk_save", translation), mine)
    assert answer.status_code == 409
    assert answer.json()["theirs"] == "Theirs"
    shown = client.post(url("foreign_desk", translation), plain).content.decode()
    assert "Mine" in shown
    assert "Theirs" in shown
    assert texts_of(translation)[0].data == "Theirs"
    assert client.post(url("foreign_desk_save", translation), mine | {"force": "1"}).json()["ok"]
    assert texts_of(translation)[0].data == "Mine"


def test_a_source_that_moved_meanwhile_loses_nothing(client: Client, english: Section) -> None:
    translation = translation_of(english)
    enter(client, english.team.translator)
    mine = sent(translation, 1, "Mine")
    plain = fields(translation, 1, "Mine", do="save")
    publish(english.article, title="居留许可怎么换")
    translation_of(english)
    answer = client.post(url("foreign_desk_save", translation), mine)
    assert answer.status_code == 409
    assert answer.json()["code"] == "source_moved"
    assert answer.json()["present"] == "居留许可怎么换"
    assert "Mine" in client.post(url("foreign_desk", translation), plain).content.decode()


def test_what_changed_in_chinese_is_shown(client: Client, english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    to_release(english, translation)
    from portal.foreign.services.review import approve

    approve(translation=translation, user=english.team.lead)
    publish(english.article, title="居留许可怎么换发")
    translation = translation_of(english)
    enter(client, english.team.translator)
    page = client.get(url("foreign_desk", translation) + "?show=stale").content.decode()
    assert "<ins>" in page
    assert page.count("data-row ") == 1


def test_a_page_goes_from_the_desk_to_the_public(client: Client, english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    desk = url("foreign_desk", translation)
    steps = [
        (english.team.translator, "submit"),
        (english.team.language_reviewer, "approve"),
        (english.team.content_reviewer, "approve"),
        (english.team.lead, "approve"),
    ]
    for user, what in steps:
        enter(client, user)
        answer = client.post(desk, {"do": what})
        assert answer.status_code == 302, (what, answer.content.decode()[:500])
    page = Page.objects.get(pk=again(translation).target_id).specific
    assert page.live
    client.logout()
    assert client.get(page.url).status_code == 200
    enter(client, english.team.lead)
    history = client.get(url("foreign_desk_history", translation)).content.decode("utf-8-sig")
    assert len(history.splitlines()) == 5


def test_a_return_needs_a_reason_and_keeps_what_was_typed(client: Client, english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    submit(translation=translation, user=english.team.translator)
    enter(client, english.team.language_reviewer)
    desk = url("foreign_desk", translation)
    assert client.post(desk, {"do": "return", "comment": ""}).status_code == 200
    assert client.post(desk, {"do": "return", "comment": "Name wrong"}).status_code == 302
    enter(client, english.team.translator)
    assert "Name wrong" in client.get(desk).content.decode()


def test_a_comment_stays_with_its_text_until_it_is_settled(
    client: Client, english: Section
) -> None:
    translation = translation_of(english)
    desk = url("foreign_desk", translation)
    enter(client, english.team.language_reviewer)
    client.post(desk, {"do": "comment:1", "comment-1": "Too literal"})
    comment = translation.comments.get()
    assert "Too literal" in client.get(desk).content.decode()
    client.post(desk, {"do": f"settle:{comment.pk}"})
    assert translation.comments.get().settled_by == english.team.language_reviewer


def test_the_preview_shows_drafts_and_changes_nothing(client: Client, english: Section) -> None:
    translation = translation_of(english)
    enter(client, english.team.translator)
    client.post(url("foreign_desk_save", translation), sent(translation, 1, "How to extend"))
    answer = client.get(url("foreign_desk_preview", translation))
    assert answer.status_code == 200
    assert "How to extend" in answer.content.decode()
    assert not Page.objects.get(pk=again(translation).target_id).live


def test_a_machines_text_is_confirmed_at_the_desk(client: Client, english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator, MadeBy.MACHINE)
    enter(client, english.team.translator)
    client.post(url("foreign_desk", translation), {"do": "confirm:1"})
    assert texts_of(translation)[0].made_by == MadeBy.REVIEWED_MACHINE
    answer = client.post(
        url("foreign_desk_save", translation), sent(translation, 2, "", confirm="1")
    )
    assert answer.json()["ok"]
    assert not texts_of(translation)[1].is_machine


def test_the_page_editor_leads_to_the_desk(client: Client, english: Section) -> None:
    translation = translation_of(english)
    page = place(source=english.article, section=english.row)
    PageTranslation.objects.filter(pk=translation.pk).update(target=page.pk)
    client.force_login(UserFactory(superuser=True))
    answer = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert answer["Location"] == url("foreign_desk", translation)


def test_queries_do_not_grow_with_the_page(
    client: Client, english: Section, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    body = [("paragraph", f"<p>第{number}段说明办理时间。</p>") for number in range(30)]
    article = ArticleFactory(parent=english.source, body=body)
    translation = translation_of(english, article)
    assert len(texts_of(translation)) > 30
    enter(client, english.team.translator)
    client.get(url("foreign_desk", translation))
    with django_assert_max_num_queries(90):
        client.get(url("foreign_desk", translation))


# --- who may not ----------------------------------------------------------------------------------
@pytest.fixture
def strangers(world: World, english: Section) -> dict[str, User]:
    """Accounts that have nothing to do with the page, each for another reason."""
    japanese = make_section(world, "ja")
    other = ColumnFactory(parent=english.source, title="税务")
    taxes = add_column(english.row, english.root, "Taxes", Need.BUSINESS, other)
    elsewhere = UserFactory()
    add_member(english.row, TeamRole.TRANSLATOR, elsewhere, columns=[taxes])
    inactive = UserFactory()
    add_member(english.row, TeamRole.TRANSLATOR, inactive, active=False)
    closed = UserFactory(is_active=True)
    add_member(english.row, TeamRole.LEAD, closed)
    TeamMember.objects.filter(user=closed).delete()
    return {
        "another language": japanese.team.translator,
        "another column": elsewhere,
        "not active any more": inactive,
        "left the team": closed,
        "no team": UserFactory(),
    }


def test_strangers_see_and_change_nothing(
    client: Client, english: Section, strangers: dict[str, User]
) -> None:
    translation = translation_of(english)
    for reason, user in strangers.items():
        enter(client, user)
        for name in ADDRESSES:
            answer = client.get(url(name, translation), {"at": "1"})
            assert answer.status_code in (302, 403), (reason, name)
            assert english.article.title not in answer.content.decode(), (reason, name)
        answer = client.post(url("foreign_desk_save", translation), sent(translation, 1, "No"))
        assert answer.status_code in (302, 403), reason
        answer = client.post(url("foreign_desk", translation), fields(translation, 1, "No"))
        assert answer.status_code in (302, 403), reason
    assert not texts_of(translation)[0].data


def test_the_anonymous_are_sent_to_the_door(client: Client, english: Section) -> None:
    translation = translation_of(english)
    for name in (*ADDRESSES, "foreign_desk_save"):
        assert "/login/" in client.get(url(name, translation))["Location"]


@pytest.mark.parametrize("role", ["language_reviewer", "content_reviewer"])
def test_reviewers_write_nothing_before_it_is_handed_in(
    client: Client, english: Section, role: str
) -> None:
    translation = translation_of(english)
    enter(client, getattr(english.team, role))
    answer = client.post(url("foreign_desk_save", translation), sent(translation, 1, "No"))
    assert answer.status_code == 403
    client.post(url("foreign_desk", translation), fields(translation, 1, "No", do="save"))
    client.post(url("foreign_desk", translation), {"do": "submit"})
    assert not texts_of(translation)[0].data


def test_translators_neither_write_nor_approve_during_a_review(
    client: Client, english: Section
) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    before = texts_of(translation)[0].data
    submit(translation=translation, user=english.team.translator)
    enter(client, english.team.translator)
    answer = client.post(url("foreign_desk_save", translation), sent(translation, 1, "Late"))
    assert answer.status_code == 409
    client.post(url("foreign_desk", translation), fields(translation, 1, "Late", do="approve"))
    assert texts_of(translation)[0].data == before
    assert again(translation).status == PageTranslation.Status.IN_REVIEW
