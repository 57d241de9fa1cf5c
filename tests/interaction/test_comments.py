"""Comments under content: nothing is shown before somebody read it; one queue for all sites."""

import io
import re
import time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from portal.interaction import form_keys
from portal.interaction.comments import services
from portal.interaction.models import Comment, CommentPlace, CommentState
from portal.pages.models import ArticlePage
from portal.plugin_api import page_reads_followed
from tests.factories import ArticleFactory, member, text

from .people import Desk

WORDS = "这条路修得好，但是路灯还不够亮。"


@pytest.fixture
def article(desk: Desk) -> ArticlePage:
    page: ArticlePage = ArticleFactory(
        parent=desk.world.column, title="环湖步道开放", body=text("步道今日开放。")
    )
    services.open_place(page=desk.world.column, is_open=True, by=desk.admin)
    return page


def key(*, age: float = 10) -> str:
    """A form's key of some seconds ago."""
    made = time.time() - age
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.time", lambda: made)
        return form_keys.key_for(form_keys.new_token())


def send(client: Client, page: ArticlePage, **values: Any) -> Any:
    sent = {"text": WORDS, "name": "", "key": key()} | values
    return client.post(f"/letters/comments/{page.pk}/", sent)


def shown_on(client: Client, page: ArticlePage) -> str:
    return client.get(page.url).content.decode()


def test_a_comment_is_never_public_before_it_was_approved(
    client: Client, desk: Desk, article: ArticlePage
) -> None:
    assert WORDS not in shown_on(client, article)
    assert send(client, article).status_code == 303
    comment = Comment.objects.get()
    assert comment.state == CommentState.WAITING
    for url in (article.url, f"/letters/comments/{article.pk}/"):
        assert WORDS not in client.get(url).content.decode()
    services.approve(comments=[comment], by=desk.clerk)
    for url in (article.url, f"/letters/comments/{article.pk}/"):
        assert WORDS in client.get(url).content.decode()
    services.take_down(comments=[comment], by=desk.clerk, reason="与内容无关")
    for url in (article.url, f"/letters/comments/{article.pk}/"):
        assert WORDS not in client.get(url).content.decode()


def test_the_form_sets_no_cookie_and_needs_no_script(client: Client, article: ArticlePage) -> None:
    url = f"/letters/comments/{article.pk}/"
    assert f'href="{url}#comment-form"' in shown_on(client, article)
    asked = client.get(url)
    assert f'action="{url}"' in asked.content.decode()
    assert not asked.cookies
    response = send(client, article)
    assert not response.cookies
    assert not client.get(response["Location"]).cookies


def test_an_article_with_open_comments_is_one_page_for_everybody(
    client: Client, article: ArticlePage
) -> None:
    """It can be stored: nothing on it is a visitor's own."""
    with page_reads_followed() as reads:
        first = shown_on(client, article)
    assert reads.refused == ""
    assert first == shown_on(client, article)
    with page_reads_followed() as reads:
        client.get(f"/letters/comments/{article.pk}/")
    assert reads.refused


def test_personal_data_is_masked_and_findings_are_kept(
    client: Client, desk: Desk, article: ArticlePage
) -> None:
    send(client, article, text="请联系13800138000，我等消息。")
    comment = Comment.objects.get()
    assert [one["kind"] for one in comment.findings] == ["mobile"]
    services.approve(comments=[comment], by=desk.clerk)
    html = shown_on(client, article)
    assert "我等消息" in html
    assert "13800138000" not in html


def test_what_is_refused_comes_back_with_the_text(client: Client, article: ArticlePage) -> None:
    too_fast = send(client, article, key=key(age=0))
    assert too_fast.status_code == 422
    assert WORDS in too_fast.content.decode()
    forged = send(client, article, key="x:y:z")
    assert forged.status_code == 422
    # The key that comes with it is a good one: nothing has to be typed again.
    assert form_keys.read_key(re.findall(r'name="key" value="([^"]+)"', forged.content.decode())[0])
    long = send(client, article, text="好" * 1001)
    assert long.status_code == 422
    assert "好" * 1001 in long.content.decode()
    assert send(client, article, text=" ").status_code == 422
    assert not Comment.objects.exists()


def test_pressing_twice_makes_one_comment_and_programs_make_none(
    client: Client, article: ArticlePage
) -> None:
    same = key()
    send(client, article, key=same)
    send(client, article, key=same)
    assert Comment.objects.count() == 1
    assert send(client, article, homepage="http://spam.example").status_code == 303
    assert Comment.objects.count() == 1


def test_floods_and_other_websites_are_refused(client: Client, article: ArticlePage) -> None:
    far = {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    url = f"/letters/comments/{article.pk}/"
    keys = [first := key(), *(key() for _n in range(5))]
    answers = [
        client.post(url, {"text": f"第{n}条", "key": one}, **far).status_code
        for n, one in enumerate(keys)
    ]
    assert answers == [303] * 5 + [429]
    arrived = {"text": "第0条", "key": first}
    assert client.post(url, arrived, **far).status_code == 303  # sent again, it is there already
    elsewhere = client.post(
        url, {"text": WORDS, "key": key()}, headers={"origin": "https://evil.example"}
    )
    assert elsewhere.status_code == 403


def test_nowhere_else_are_comments_taken(client: Client, desk: Desk, article: ArticlePage) -> None:
    other = ArticleFactory(parent=desk.world.gaoxin_column, body=text("别处"))
    assert client.get(f"/letters/comments/{other.pk}/").status_code == 404
    services.open_place(page=article, is_open=False, by=desk.admin)
    assert send(client, article).status_code == 422
    assert "comment-form" not in shown_on(client, article)
    place = CommentPlace.objects.get(page=article.pk)
    services.close_place(place=place, by=desk.admin)
    assert "comment-form" in shown_on(client, article)  # the column's place holds again


def test_comments_of_a_withdrawn_page_are_hidden(
    client: Client, desk: Desk, article: ArticlePage
) -> None:
    send(client, article)
    services.approve(comments=Comment.objects.all(), by=desk.clerk)
    article.unpublish()
    assert client.get(f"/letters/comments/{article.pk}/").status_code == 404


# --- the desk -------------------------------------------------------------------------------------
def test_the_queue_has_the_comments_of_all_own_sites_and_of_no_other(
    client: Client, desk: Desk, article: ArticlePage
) -> None:
    send(client, article)
    comment = Comment.objects.get()
    client.force_login(desk.clerk)
    queue = client.get(reverse("interaction_comments"))
    assert WORDS in queue.content.decode()
    for stranger in (desk.editor, desk.handler, desk.releaser):
        client.force_login(stranger)
        assert client.get(reverse("interaction_comments"), follow=False).status_code != 200
    client.force_login(desk.strange_clerk)
    assert WORDS not in client.get(reverse("interaction_comments")).content.decode()
    refused = client.get(reverse("interaction_comment", args=[comment.pk]), follow=False)
    assert refused.status_code != 200
    client.post(reverse("interaction_comments"), {"comment": comment.pk, "action": "approve"})
    comment.refresh_from_db()
    assert comment.state == CommentState.WAITING


@pytest.mark.parametrize("who", ["editor", "handler", "head", "releaser", "strange_clerk"])
def test_who_may_not_decide_is_refused_by_the_service(
    desk: Desk, client: Client, article: ArticlePage, who: str
) -> None:
    send(client, article)
    rows = list(Comment.objects.all())
    account = getattr(desk, who)
    with pytest.raises(PermissionDenied):
        services.approve(comments=rows, by=account)
    with pytest.raises(PermissionDenied):
        services.refuse(comments=rows, by=account, reason="无关")
    with pytest.raises(PermissionDenied):
        services.reply(comment=rows[0], by=account, text="谢谢", unit=desk.bureau)
    with pytest.raises(PermissionDenied):
        services.open_place(page=desk.world.column, is_open=False, by=account)


def test_several_are_decided_at_once_and_refusing_needs_a_reason(
    client: Client, desk: Desk, article: ArticlePage
) -> None:
    for number in range(3):
        send(client, article, text=f"{WORDS}{number}")
    pks = list(Comment.objects.values_list("pk", flat=True))
    client.force_login(desk.clerk)
    url = reverse("interaction_comments")
    without = client.post(url, {"comment": pks, "action": "refuse", "reason": ""})
    assert without.status_code == 422
    assert without.content.decode().count(" checked") == 3  # the choice is not lost
    assert Comment.objects.filter(state=CommentState.WAITING).count() == 3
    client.post(url, {"comment": pks[:2], "action": "approve"})
    client.post(url, {"comment": pks[2:], "action": "refuse", "reason": "广告"})
    assert Comment.objects.filter(state=CommentState.SHOWN).count() == 2
    refused = Comment.objects.get(state=CommentState.REFUSED)
    assert (refused.reason, refused.decided_by) == ("广告", desk.clerk)
    with pytest.raises(ValidationError):
        services.take_down(comments=Comment.objects.all(), by=desk.clerk, reason=" ")


def test_a_unit_replies_and_the_reply_is_shown(
    client: Client, desk: Desk, article: ArticlePage
) -> None:
    send(client, article)
    comment = Comment.objects.get()
    services.approve(comments=[comment], by=desk.clerk, shown_text="修得好，路灯不够亮。")
    client.force_login(desk.clerk)
    url = reverse("interaction_comment", args=[comment.pk])
    response = client.post(
        url, {"action": "reply", "text": "本月增设路灯。", "unit": desk.bureau.pk}
    )
    assert response.status_code == 302
    html = shown_on(Client(), article)
    assert "本月增设路灯。" in html
    assert "修得好，路灯不够亮。" in html
    assert client.get(url).status_code == 200


def test_the_export_holds_what_was_asked_for(
    client: Client, desk: Desk, article: ArticlePage
) -> None:
    send(client, article, text="=1+1 好")
    client.force_login(desk.clerk)
    csv = client.get(reverse("interaction_comments_file", args=["csv"])).content.decode("utf-8-sig")
    assert "'=1+1 好" in csv
    book = client.get(reverse("interaction_comments_file", args=["xlsx"])).content
    rows = list(load_workbook(io.BytesIO(book)).active.values)
    assert len(rows) == 2
    client.force_login(desk.editor)
    assert client.get(reverse("interaction_comments_file", args=["csv"])).status_code != 200


def test_places_are_opened_by_who_runs_the_site(client: Client, desk: Desk) -> None:
    url = reverse("interaction_comment_places")
    client.force_login(desk.clerk)
    assert client.get(url).status_code != 200
    client.force_login(desk.admin)
    assert client.get(url).status_code == 200
    client.post(url, {"page": desk.world.column.pk, "is_open": "yes"})
    assert CommentPlace.objects.get().page_id == desk.world.column.pk
    foreign = member("site_admin", desk.world.gaoxin)
    client.force_login(foreign)
    client.post(url, {"forget": CommentPlace.objects.get().pk})
    assert CommentPlace.objects.exists()


def test_comments_cost_an_article_no_query_once_they_are_known(
    client: Client, desk: Desk, article: ArticlePage, django_assert_max_num_queries: Any
) -> None:
    send(client, article)
    services.approve(comments=Comment.objects.all(), by=desk.clerk)
    shown_on(client, article)
    with django_assert_max_num_queries(60) as first:
        shown_on(client, article)
    assert not [row for row in first.captured_queries if "interaction_comment" in row["sql"]]
