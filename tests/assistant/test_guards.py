"""Whatever is typed: no error, nothing executed, nothing personal in the database or the log."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wagtail.models import Page

from assistant.dialogue.statuses import Status
from assistant.portal_plugin.answering import finding
from assistant.portal_plugin.models import AnswerRecord

from .asking import FakeRetriever
from .factories import make_question

# Invented, each of another kind; what stands before it is how people say it.
SECRETS = {
    "330106199003071234": "我的身份证是",
    "33010619900307123X": "证号 ",
    "330106900307123": "老证 ",
    "6222021234567890128": "银行卡",
    "13812345678": "打我手机",
    "0888-2345678": "家里电话",
    "wang.xm@example.com": "邮箱",
    "E12345678": "护照",
    "浙A12345": "我的车",
    "欧阳娜娜": "我叫",
    "Jonathan": "My name is ",
}
ASK = "/api/v1/assistant/messages"


@pytest.fixture
def knows(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeRetriever]:
    def make(*entries: Page, **values: Any) -> FakeRetriever:
        fake = FakeRetriever(entries, **values)
        monkeypatch.setattr(finding, "_retriever", lambda: fake)
        return fake

    return make


def everything_stored() -> str:
    """The whole database as text, whichever table something went to."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [repr(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_a_scan_of_database_and_log_finds_nobody(
    column: Page, client: Client, knows: Any, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    entry = make_question(column)
    caplog.set_level(logging.DEBUG)
    for retriever in (knows(entry), knows(entry, fails=RuntimeError("broken"))):
        for secret, before in SECRETS.items():
            message = f"{before}{secret}，想问新生儿怎么上户口"
            address = client.post("/assistant/", {"text": message}).headers["Location"]
            client.get(address)
            client.post(f"{address}feedback/", {"useful": "no", "comment": f"{before}{secret}"})
            body = {"text": message, "page": f"/x/?me={secret}"}
            client.post(ASK, json.dumps(body), content_type="application/json")
        assert all(secret not in query.text for query in retriever.asked for secret in SECRETS)
    stored, logged = everything_stored(), caplog.text + "".join(capfd.readouterr())
    assert AnswerRecord.objects.count() == 4 * len(SECRETS)
    assert "想问新生儿怎么上户口" in stored  # the scan does see what is kept
    assert [secret for secret in SECRETS if secret in stored] == []
    assert [secret for secret in SECRETS if secret in logged] == []


@given(text=st.text(max_size=200), times=st.integers(1, 60))
@example(text="\u202e\u2066证\u2069", times=300)
@example(text="\x00", times=1)
@example(text="😀👨‍👩‍👧", times=2000)
@example(text="<img src=x onerror=alert(1)>{{ request }}{% debug %}'; DROP TABLE x;--", times=1)
@example(text="居住证怎么办？", times=1400)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_that_is_typed_is_an_error(
    column: Page, client: Client, knows: Any, text: str, times: int
) -> None:
    knows()
    response = client.post("/assistant/", {"text": text * times})
    assert response.status_code == 303
    conversation = response.headers["Location"].split("/")[3]
    record = AnswerRecord.objects.get(conversation=conversation)
    assert Status(record.status) is not Status.UNAVAILABLE
    assert len(record.question) <= 500
    shown = client.get(response.headers["Location"])
    assert shown.status_code == 200
    assert "onerror=alert(1)>" not in shown.content.decode()


@given(
    lang=st.text(max_size=20), as_of=st.text(max_size=20), conversation=st.text(max_size=60),
    page=st.text(max_size=300),
)  # fmt: skip
@example(lang="zh-TW", as_of="2026-02-30", conversation="x" * 60, page="/\x00")
@example(lang="", as_of="0001-01-01", conversation="", page="")
@example(lang="en", as_of="9999-12-31", conversation="", page="")
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nor_is_any_other_field(
    column: Page, client: Client, knows: Any, lang: str, as_of: str, conversation: str, page: str
) -> None:
    knows()
    fields = {"lang": lang, "as_of": as_of, "conversation": conversation, "page": page}
    response = client.post("/assistant/", {"text": "居住证怎么办", **fields})
    assert response.status_code == 303
    assert client.get("/assistant/", {"lang": lang, "q": page}).status_code == 200
