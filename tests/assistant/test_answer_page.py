"""The page: plain forms, redirects, every language, what it says of what it cannot do."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from assistant.portal_plugin import answer_views, conversation_views
from assistant.portal_plugin.answering import finding, languages, limits
from assistant.portal_plugin.models import AnswerRecord, Feedback
from assistant.retrieval.contract import Decision
from portal.testing import disable_plugin

from .asking import FakeRetriever
from .factories import make_question

IDENTITY = "330106199003071234"


@pytest.fixture
def knows(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., FakeRetriever]]:
    """Let the portal's retriever rank these entries."""

    def make(*entries: Page, **values: object) -> FakeRetriever:
        fake = FakeRetriever(entries, **values)  # type: ignore[arg-type]
        monkeypatch.setattr(finding, "_retriever", lambda: fake)
        return fake

    make()
    return make


def receipt_of(client: Client, asked: dict[str, str]) -> str:
    """Ask on the page; gives the address of the receipt, in the language of the question."""
    response = client.post("/assistant/", asked)
    assert response.status_code == 303, response.content
    assert response.headers["Location"].startswith("/assistant/conversations/")
    newest = AnswerRecord.objects.latest("asked_at")
    _path, mark, query = response.headers["Location"].partition("#")[0].partition("?")
    return f"/assistant/answers/{newest.pk}/{mark}{query}"


def text_of(response) -> str:  # type: ignore[no-untyped-def]
    html = response.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<main") :]))


def test_the_page_offers_a_field_and_questions_to_begin_with(column: Page, client: Client) -> None:
    make_question(column)
    response = client.get("/assistant/")
    assert response.status_code == 200
    assert 'name="text"' in response.content.decode()
    assert "新生儿怎么上户口？" in text_of(response)
    assert "12345" in text_of(response)
    assert not response.cookies


def test_a_question_leads_to_its_receipt_and_a_reload_asks_nothing(
    column: Page, client: Client, knows
) -> None:  # type: ignore[no-untyped-def]
    entry = make_question(column)
    retriever = knows(entry)
    address = receipt_of(client, {"text": "小孩咋落户"})
    for _reload in range(2):
        shown = client.get(address)
        assert shown.status_code == 200
        # Word for word: what is added are numbers that lead to the sources.
        assert entry.answer in re.sub(r'<sup class="cite">.*?</sup>', "", shown.content.decode())
        assert "小孩咋落户" in text_of(shown)
    assert len(retriever.asked) == 1
    assert AnswerRecord.objects.count() == 1
    assert shown.headers["X-Robots-Tag"] == "noindex"
    assert "no-cache" in shown.headers["Cache-Control"]
    assert not shown.cookies


def test_a_receipt_of_what_no_longer_holds_says_so_at_once(
    column: Page, client: Client, knows
) -> None:  # type: ignore[no-untyped-def]
    entry = make_question(column)
    knows(entry)
    address = receipt_of(client, {"text": "小孩咋落户"})
    entry.unpublish()
    html = client.get(address).content.decode()
    assert "validity-notice" in html
    assert "到户籍派出所办理" in html  # as it was given


def test_close_questions_are_chosen_with_one_press(column: Page, client: Client, knows) -> None:  # type: ignore[no-untyped-def]
    first, second = (
        make_question(column, "居住证怎么办理？"),
        make_question(column, "居住证怎么续签？"),
    )
    knows(first, second, decision=Decision.ASK_BACK, close=[first, second])
    address = receipt_of(client, {"text": "居住证"})
    html = client.get(address).content.decode()
    assert f'name="entry" value="{second.pk}"' in html
    chosen = client.post(f"{address}choose/", {"entry": second.pk})
    assert chosen.status_code == 303
    assert chosen.headers["Location"] != address
    assert "居住证怎么续签？" in text_of(client.get(chosen.headers["Location"]))
    for nonsense in ("", "x", "0", "9" * 40, str(first.pk) + "\x00"):
        assert client.post(f"{address}choose/", {"entry": nonsense}).status_code == 303


def test_useful_or_not_with_a_reason(column: Page, client: Client, knows) -> None:  # type: ignore[no-untyped-def]
    knows(make_question(column))
    address = receipt_of(client, {"text": "小孩咋落户"})
    response = client.post(
        f"{address}feedback/",
        {"useful": "no", "reason": "incomplete", "comment": "缺电话 13812345678"},
    )
    assert "#feedback-" in response.headers["Location"]
    kept = Feedback.objects.get()
    assert (kept.useful, kept.reason, kept.comment) == (False, "incomplete", "缺电话 ***")
    assert 'name="useful"' not in client.get(address).content.decode()


@pytest.mark.parametrize("language", ["en", "ja", "ko", "ru", "fr", "ar", "zh-hant"])
def test_every_language_is_spoken(column: Page, client: Client, knows, language: str) -> None:  # type: ignore[no-untyped-def]
    knows(make_question(column))
    response = client.get("/assistant/", {"lang": language})
    html = response.content.decode()
    assert f'<html lang="{"zh-Hant" if language == "zh-hant" else language}"' in html
    assert bool(re.search(r'<html lang="[^"]+"\s+dir="rtl"', html)) == (language == "ar")
    assert f'name="lang" value="{language}"' in html
    address = receipt_of(client, {"text": "birth", "lang": language})
    assert f"lang={language}" in address
    shown = client.get(address).content.decode()
    if language == "zh-hant":
        assert "到戶籍派出所辦理" in shown
    else:
        assert 'class="answer__text prose" lang="zh-Hans" dir="ltr"' in shown


def test_the_page_speaks_arabic_from_the_right(column: Page, client: Client, knows) -> None:  # type: ignore[no-untyped-def]
    knows(make_question(column))
    html = client.get("/assistant/", {"lang": "ar"}).content.decode()
    assert re.search(r'<html lang="ar"\s+dir="rtl"', html)
    heading = re.search(r"<h1[^>]*>([^<]+)", html)
    assert heading
    assert re.fullmatch(r"[\u0600-\u06ff .]+", heading[1])
    # Punctuation of a Chinese question stays with it.
    assert "<bdi>" in html


def test_without_a_catalogue_the_page_is_english_and_says_so(
    column: Page, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "_has_catalogue", lambda language: language == "en")
    html = client.get("/assistant/", {"lang": "ja"}).content.decode()
    assert '<html lang="en"' in html
    assert "A question? Just ask." in html


def test_words_that_no_catalogue_has_are_english_not_chinese(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(languages, "_has_catalogue", lambda language: False)
    assert languages.interface("ja") == "en"
    assert languages.interface("zh-hant") == "zh-hans"


def test_a_blocked_question_comes_back_masked_in_the_field(
    column: Page, client: Client, knows
) -> None:  # type: ignore[no-untyped-def]
    knows(make_question(column))
    address = receipt_of(client, {"text": f"我是{IDENTITY}，居住证怎么办"})
    html = client.get(address).content.decode()
    assert IDENTITY not in html
    assert "我是***，居住证怎么办</textarea>" in html


def test_a_link_only_fills_the_field_without_personal_data(
    column: Page, client: Client, knows
) -> None:  # type: ignore[no-untyped-def]
    retriever = knows(make_question(column))
    html = client.get("/assistant/", {"q": "13812345678 <b>居住证"}).content.decode()
    assert "*** &lt;b&gt;居住证</textarea>" in html
    assert retriever.asked == []


def test_markup_is_text(column: Page, client: Client, knows) -> None:  # type: ignore[no-untyped-def]
    knows(make_question(column), decision=Decision.DECLINE)
    attack = "<script>alert(1)</script>{{ 7|add:7 }}{% now 'Y' %}'; DROP TABLE x; --"
    address = receipt_of(client, {"text": attack})
    html = client.get(address).content.decode()
    assert "<script>alert(1)" not in html
    assert "{{ 7|add:7 }}" in html


def test_too_many_questions_are_told_when_to_come_back(
    column: Page, client: Client, knows, settings
) -> None:  # type: ignore[no-untyped-def]
    settings.ASSISTANT_VISITOR_PER_MINUTE = 3
    knows(make_question(column))
    asks = [
        client.post("/assistant/", {"text": "小孩咋落户"}, REMOTE_ADDR="203.0.113.9")
        for _number in range(5)
    ]
    assert [response.status_code for response in asks[:3]] == [303, 303, 303]
    assert 429 in [response.status_code for response in asks[3:]]
    refused = next(response for response in asks if response.status_code == 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "小孩咋落户</textarea>" in refused.content.decode()
    other = client.post("/assistant/", {"text": "小孩咋落户"}, REMOTE_ADDR="203.0.113.10")
    assert other.status_code == 303


def test_the_limit_for_all_holds_whoever_asks(settings) -> None:  # type: ignore[no-untyped-def]
    settings.ASSISTANT_PER_MINUTE = 5
    cache.clear()
    waits = [limits.seconds_to_wait(f"visitor{number}") for number in range(8)]
    assert sum(wait > 0 for wait in waits) >= 2


@pytest.mark.parametrize(
    ("remote", "forwarded", "same_as"),
    [
        ("127.0.0.1", "203.0.113.9", ("203.0.113.9", "")),  # behind the proxy
        ("127.0.0.1", "8.8.8.8, 203.0.113.9", ("203.0.113.9", "")),  # what a visitor adds
        ("203.0.113.9", "8.8.8.8", ("203.0.113.9", "")),  # no proxy: the header is the visitor's
        ("", "203.0.113.9", ("203.0.113.9", "")),  # a socket
        ("2001:db8::1", "", ("2001:db8::ffff", "")),  # one network, one visitor
        ("::ffff:203.0.113.9", "", ("203.0.113.9", "")),
    ],
)
def test_who_asks_is_known_behind_the_proxy_and_not_by_address(
    rf, remote: str, forwarded: str, same_as: tuple[str, str]
) -> None:  # type: ignore[no-untyped-def]
    def visitor(address: str, header: str) -> str:
        headers = {"X-Forwarded-For": header} if header else {}
        return limits.visitor_of(rf.get("/", REMOTE_ADDR=address, headers=headers))

    assert visitor(remote, forwarded) == visitor(*same_as)
    assert "203.0.113" not in visitor(remote, forwarded)
    assert visitor("127.0.0.1", "") == ""  # programs on this machine


def test_a_form_of_another_website_asks_nothing(column: Page, client: Client, knows) -> None:  # type: ignore[no-untyped-def]
    retriever = knows(make_question(column))
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        response = client.post("/assistant/", {"text": "小孩咋落户"}, headers=headers)
        assert response.status_code == 403
    assert retriever.asked == []
    own = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/assistant/", {"text": "小孩"}, headers=own).status_code == 303


def test_without_a_database_a_static_page_says_whom_to_call(
    column: Page, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise OperationalError("no connection")

    monkeypatch.setattr(conversation_views, "starters_at", gone)
    monkeypatch.setattr(answer_views, "receipt", gone)
    for address in ("/assistant/", "/assistant/answers/abc/"):
        response = client.get(address)
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert 'href="tel:12345"' in response.content.decode()


@pytest.mark.parametrize("name", ["x", "a%00b", "%F0%9F%98%80", "x" * 200, "..%2F"])
def test_unknown_receipts_are_not_found(column: Page, client: Client, name: str) -> None:
    assert client.get(f"/assistant/answers/{name}/").status_code == 404
    assert client.post(f"/assistant/answers/{name}/feedback/", {"useful": "yes"}).status_code == 404


def test_the_home_asks_too(column: Page, client: Client) -> None:
    with disable_plugin("search"):
        html = client.get("/").content.decode()
        assert f'action="{reverse("assistant:ask")}"' in html
        assert 'class="ask-box"' in html


def test_a_search_hands_its_words_on(column: Page, client: Client) -> None:
    """Where there is search, its field in the scene is the only one."""
    assert 'class="ask-box"' not in client.get("/").content.decode()
    html = client.get("/search/?q=小孩咋落户").content.decode()
    assert f'action="{reverse("assistant:ask")}"' in html
    assert '<input type="hidden" name="text" value="小孩咋落户">' in html


def test_a_page_costs_few_queries(
    column: Page, client: Client, knows, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    knows(make_question(column))
    address = receipt_of(client, {"text": "小孩咋落户"})
    client.get(address)
    with django_assert_max_num_queries(9):
        client.get(address)
    with django_assert_max_num_queries(16):
        client.post("/assistant/", {"text": "小孩咋落户"})
