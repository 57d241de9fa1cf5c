"""A column or page that vanished while somebody was writing in it."""

import json

import pytest
from django.http import QueryDict
from django.urls import reverse

from portal.core.admin.rescue import as_text, typed
from portal.core.models import User


def test_rich_text_comes_back_as_text() -> None:
    value = json.dumps({"blocks": [{"text": "第一段"}, {"text": "第二段"}], "entityMap": {}})
    assert as_text(value) == "第一段\n第二段"


@pytest.mark.parametrize("value", ["{不是JSON}", "{}", "[1]", '{"blocks": 3}', '{"blocks": [3]}'])
def test_odd_values_never_raise(value: str) -> None:
    as_text(value)


def test_the_forms_machinery_is_left_out() -> None:
    data = QueryDict(mutable=True)
    data.update(
        {"csrfmiddlewaretoken": "x", "title": "通知", "body-count": "1", "body-0-value": "正文"}
    )
    assert [field.name for field in typed(data)] == ["title", "body-0-value"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("wagtailadmin_pages:add", ("pages", "articlepage", 999_999)),
        ("wagtailadmin_pages:edit", (999_999,)),
    ],
)
def test_what_was_typed_is_shown(client, name: str, args: tuple[object, ...]) -> None:
    client.force_login(User.objects.create_superuser("root-of-tests", password="x"))
    answer = client.post(
        reverse(name, args=args), {"title": "停水通知", "summary": "<b>今晚</b>", "slug": "x"}
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "停水通知" in page
    assert "&lt;b&gt;今晚&lt;/b&gt;" in page


@pytest.mark.django_db
def test_strangers_learn_nothing(client) -> None:
    answer = client.post(reverse("wagtailadmin_pages:edit", args=(999_999,)), {"title": "x"})
    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]
