"""The conversation as a page without a script: the thread, what is waited for, what is never lost."""

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page

from assistant.dialogue.prompts import Button, Filled, Prompt, PromptKind, Step
from assistant.portal_plugin import conversation_views
from assistant.portal_plugin.answering import finding, limits
from assistant.portal_plugin.models import AnswerRecord
from assistant.portal_plugin.services.conversing import Message, Reply, converse
from portal.testing import disable_plugin

from .asking import FakeRetriever
from .factories import make_question, source

ASK = "/assistant/"


@pytest.fixture
def knows(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., FakeRetriever]]:
    """Let the portal's retriever rank these entries."""

    def make(*entries: Page, **values: Any) -> FakeRetriever:
        fake = FakeRetriever(entries, **values)
        monkeypatch.setattr(finding, "_retriever", lambda: fake)
        return fake

    make()
    return make


def main_of(response: Any) -> str:
    html: str = response.content.decode()
    return html[html.index("<main") : html.index("</main>")]


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    return found[1] if found else ""


def begin(client: Client, text: str, **values: str) -> str:
    """Ask; gives the address of the conversation."""
    response = client.post(ASK, {"text": text, **values})
    assert response.status_code == 303, response.content
    address: str = response.headers["Location"].partition("#")[0]
    return address


def test_a_question_leads_to_its_conversation_and_the_next_one_goes_on_with_it(
    column: Page, client: Client, knows: Callable[..., FakeRetriever]
) -> None:
    knows(make_question(column))
    address = begin(client, "小孩咋落户")
    first = main_of(client.get(address))
    assert "到户籍派出所办理" in first
    thread = hidden(first, "conversation")
    assert thread in address
    assert begin(client, "还要带什么", conversation=thread) == address
    second = client.get(address)
    html = main_of(second)
    assert html.index('class="earlier"') < html.index("小孩咋落户") < html.index('id="latest"')
    assert "还要带什么" in html[html.index('id="latest"') :]
    assert len(re.findall(r"<h1[ >]", html)) == 1
    ids = re.findall(r'\bid="([^"]+)"', second.content.decode())
    assert len(ids) == len(set(ids))


def test_the_address_of_a_conversation_is_nobody_elses(
    column: Page, client: Client, knows: Callable[..., FakeRetriever]
) -> None:
    knows(make_question(column))
    response = client.get(begin(client, "小孩咋落户"))
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    record = AnswerRecord.objects.get()
    receipt = client.get(f"/assistant/answers/{record.pk}/").content.decode()
    # A receipt is passed on; the conversation is not.
    assert str(record.conversation_id) not in receipt
    assert client.get(f"/assistant/conversations/{uuid.uuid4()}/").status_code == 404


def test_a_form_sent_twice_is_answered_once_but_not_when_something_else_was_written(
    column: Page, client: Client, knows: Callable[..., FakeRetriever]
) -> None:
    knows(make_question(column))
    turn = hidden(main_of(client.get(ASK)), "turn")
    again = [begin(client, "小孩咋落户", turn=turn) for _press in range(2)]
    assert again[0] == again[1]
    assert AnswerRecord.objects.count() == 1
    # Back to the same form, and another question.
    begin(client, "居住证怎么办", turn=turn)
    assert AnswerRecord.objects.count() == 2


def test_the_form_with_its_turn_is_kept_by_no_cache(column: Page, client: Client) -> None:
    first, second = client.get(ASK), client.get(ASK)
    assert "no-store" in first.headers["Cache-Control"]
    assert hidden(main_of(first), "turn") != hidden(main_of(second), "turn")


PROMPT = Prompt(
    PromptKind.CONFIRM,
    field="letter_confirmed",
    question="这样写对吗？",
    hint="确认以后才会生成信件。",
    buttons=(
        Button("对，就这样", "/confirm"),
        Button("改内容", '/change{"field": "letter_text"}'),
    ),
    review=(Filled("内容", "路灯坏了\n三天了", "letter_text"),),
    step=Step("letter_form", "写一封信", 4, 4),
    can_skip=True,
)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """A dialogue that waits for the same after every message; gives what it was sent."""
    sent: list[Message] = []

    def lead(message: Message) -> Reply:
        sent.append(message)
        reply = converse(message)
        reply.record.content["prompt"] = PROMPT.to_json()
        reply.record.save(update_fields=["content"])
        return Reply(reply.given, prompt=PROMPT, language=reply.language)

    monkeypatch.setattr(conversation_views, "converse", lead)
    return sent


def test_what_is_waited_for_is_a_plain_form(
    column: Page, client: Client, knows: Callable[..., FakeRetriever], waits: list[Message]
) -> None:
    knows(make_question(column))
    address = begin(client, "小孩咋落户")
    html = main_of(client.get(address))
    assert '<progress class="prompt__progress" value="4" max="4"' in html
    assert "路灯坏了<br>三天了" in html
    for payload in (
        "/confirm",
        "/skip",
        "/stop_form",
        "/change{&quot;field&quot;: &quot;letter_text&quot;}",
    ):
        assert f'name="payload" value="{payload}"' in html
    client.post(
        ASK, {"payload": "/confirm", "text": "", "conversation": hidden(html, "conversation")}
    )
    assert (waits[-1].payload, waits[-1].text) == ("/confirm", "")
    assert waits[-1].conversation in address


def test_what_is_typed_is_never_a_payload(
    column: Page, client: Client, knows: Callable[..., FakeRetriever], waits: list[Message]
) -> None:
    knows(make_question(column))
    begin(client, "/confirm")
    assert (waits[-1].payload, waits[-1].text) == ("", "/confirm")


def test_the_row_below_an_answer_works_with_plain_forms(
    column: Page, client: Client, knows: Callable[..., FakeRetriever]
) -> None:
    knows(make_question(column, sources=[source(url="https://www.yunhu.gov.cn/rule")]))
    address = begin(client, "小孩咋落户")
    html = main_of(client.get(address))
    record = AnswerRecord.objects.get()
    thread = hidden(html, "thread")
    assert 'href="#person"' in html
    assert "https://www.yunhu.gov.cn/rule" in html[html.index("<textarea") :]
    said = client.post(
        f"/assistant/answers/{record.pk}/feedback/", {"useful": "yes", "thread": thread}
    )
    assert said.headers["Location"].startswith(address)
    assert said.headers["Location"].endswith(f"#feedback-{record.pk}")
    told = client.post(
        f"/assistant/answers/{record.pk}/translate/", {"lang": "en", "thread": thread}
    )
    assert told.headers["Location"].startswith(f"{address}?lang=en")
    newest = AnswerRecord.objects.order_by("-asked_at").first()
    assert newest is not None
    assert (newest.language, newest.page_id) == ("en", record.page_id)
    # A thread that is not the answer's own is not led to.
    other = client.post(
        f"/assistant/answers/{record.pk}/feedback/", {"useful": "no", "thread": str(uuid.uuid4())}
    )
    assert other.headers["Location"].startswith(f"/assistant/answers/{record.pk}/")


def test_too_many_questions_keep_what_was_written(
    column: Page,
    client: Client,
    knows: Callable[..., FakeRetriever],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    knows(make_question(column))
    address = begin(client, "小孩咋落户")
    thread = hidden(main_of(client.get(address)), "conversation")
    monkeypatch.setattr(limits, "seconds_to_wait", lambda visitor: 7)
    response = client.post(ASK, {"text": "还要带什么", "conversation": thread})
    assert (response.status_code, response.headers["Retry-After"]) == (429, "7")
    html = main_of(response)
    assert "还要带什么</textarea>" in html
    assert hidden(html, "conversation") == thread
    cache.clear()


def test_the_page_that_somebody_comes_from_chooses_the_first_questions(
    column: Page, client: Client, knows: Callable[..., FakeRetriever]
) -> None:
    make_question(column)
    knows(make_question(column, "居住证怎么续签？"))
    url = urlsplit(column.url).path
    for request in (
        lambda: client.get(ASK, {"page": url}),
        lambda: client.get(ASK, headers={"referer": f"http://testserver{url}?q=secret"}),
    ):
        html = main_of(request())
        starters = re.findall(r'name="starter" value="([^"]+)"', html)
        assert starters[0] == "居住证怎么续签？"
        assert hidden(html, "page") == url
    strange = main_of(client.get(ASK, headers={"referer": f"https://elsewhere.example{url}"}))
    assert hidden(strange, "page") == ""


def test_a_site_without_the_assistant_has_no_conversation(
    column: Page, client: Client, knows: Callable[..., FakeRetriever]
) -> None:
    knows(make_question(column))
    address = begin(client, "小孩咋落户")
    with disable_plugin("assistant"):
        assert client.get(address).status_code == 404
        assert client.get(ASK).status_code == 404
    assert client.get(ASK, {"site": "nowhere"}).status_code == 404
