"""What a widget asks for, from our own pages and from other websites on the list."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override
from wagtail.models import Page

from assistant.portal_plugin.answering import finding
from assistant.portal_plugin.models import AnswerRecord, EmbedOrigin
from assistant.portal_plugin.models.embedding import normal_origin
from assistant.portal_plugin.widget_texts import TEXTS
from assistant.retrieval.contract import Decision
from portal.testing import disable_plugin
from tests.factories import World, add_path_sub_site, member

from .asking import FakeRetriever
from .factories import make_question, source

WIDGET = "/api/v1/assistant/widget"
MESSAGES = "/api/v1/assistant/messages"
HOSPITAL = "https://hospital.example"


@pytest.fixture
def knows(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeRetriever]:
    """Let the portal's retriever rank these entries."""

    def make(*entries: Page, **values: Any) -> FakeRetriever:
        fake = FakeRetriever(entries, **values)
        monkeypatch.setattr(finding, "_retriever", lambda: fake)
        return fake

    make()
    return make


def send(client: Client, address: str, content: dict[str, Any], **headers: str) -> Any:
    return client.post(
        address, json.dumps(content), content_type="application/json", headers=headers
    )


def test_all_that_a_widget_needs_before_the_first_question(
    column: Page, client: Client, knows: Callable[..., FakeRetriever]
) -> None:
    make_question(column)
    response = client.get(WIDGET, {"language": "en-GB"})
    assert response.status_code == 200
    found = response.json()
    assert (found["language"], found["direction"]) == ("en", "ltr")
    with override("en"):
        assert found["texts"] == {key: str(text) for key, text in TEXTS.items()}
    assert found["contact"]["phone"] == "12345"
    assert found["paused"] == ""
    assert found["letter"] == ""  # nobody takes letters here
    assert [one["question"] for one in found["starters"]] == ["新生儿怎么上户口？"]
    assert response.headers["ETag"]
    assert "max-age=60" in response.headers["Cache-Control"]
    assert "Origin" in response.headers["Vary"]
    arabic = client.get(WIDGET, {"language": "ar"}).json()
    assert arabic["direction"] == "rtl"
    traditional = client.get(WIDGET, {"language": "zh-TW"}).json()
    assert traditional["tag"] == "zh-Hant"


def test_starters_come_from_the_page_that_is_read(
    column: Page,
    client: Client,
    knows: Callable[..., FakeRetriever],
    make_basis: Callable[..., Page],
) -> None:
    make_question(column)
    basis = make_basis()
    resting = make_question(column, "孩子的户口跟谁？", sources=[source(target=basis)])
    make_question(column, "居住证怎么续签？")
    knows()
    path = basis.get_url_parts()[2]
    asked = client.get(WIDGET, {"page": path}).json()["starters"]
    assert asked[0]["question"] == resting.question
    assert len({row["question"] for row in asked}) == len(asked) <= 5
    for nonsense in ("/no/such/page/", "no-path", "//evil.example/", "/%00/", "?x"):
        assert client.get(WIDGET, {"page": nonsense}).status_code == 200


def test_nothing_where_the_assistant_is_off_or_the_site_is_not_there(
    column: Page, client: Client
) -> None:
    assert client.get(WIDGET, {"site": "nowhere"}).status_code == 404
    assert client.get(WIDGET, {"site": "../x"}).status_code == 422
    with disable_plugin("assistant"):
        assert client.get(WIDGET).status_code == 404
        assert client.get("/assistant/widget.js").status_code == 404


def test_another_website_gets_nothing_until_it_is_on_the_list(
    column: Page, client: Client, knows: Callable[..., FakeRetriever], world: World
) -> None:
    knows(make_question(column))
    asked = {"text": "小孩咋落户", "site": world.site.code}
    refused = send(client, MESSAGES, asked, origin=HOSPITAL)
    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert (
        "Access-Control-Allow-Origin"
        not in client.options(MESSAGES, headers={"origin": HOSPITAL}).headers
    )
    assert AnswerRecord.objects.count() == 0

    EmbedOrigin.objects.create(site=world.site, origin=HOSPITAL)
    preflight = client.options(
        MESSAGES,
        headers={"origin": HOSPITAL, "access-control-request-method": "POST"},
    )
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == HOSPITAL
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert preflight.headers["Access-Control-Allow-Headers"] == "Content-Type"
    given = send(client, MESSAGES, asked, origin=HOSPITAL)
    assert given.status_code == 200
    assert given.headers["Access-Control-Allow-Origin"] == HOSPITAL
    assert "Access-Control-Allow-Credentials" not in given.headers
    # Only exactly this origin.
    for other in ("https://hospital.example.evil.example", "http://hospital.example", "null"):
        answer = send(client, MESSAGES, asked, origin=other)
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
    # Our own pages and programs are no other website.
    assert send(client, MESSAGES, asked, origin="http://testserver").status_code == 200
    assert send(client, MESSAGES, asked).status_code == 200


def test_a_website_of_one_site_is_none_of_another(
    column: Page, client: Client, knows: Callable[..., FakeRetriever], world: World
) -> None:
    knows(make_question(column))
    _home, other = add_path_sub_site(world.site, world.home, code="lakeside", name="湖畔新城")
    EmbedOrigin.objects.create(site=other, origin=HOSPITAL)
    refused = client.get(WIDGET, {"site": world.site.code}, headers={"origin": HOSPITAL})
    assert refused.status_code == 403
    # It may read why: the console of the website says so.
    assert refused.headers["Access-Control-Allow-Origin"] == HOSPITAL
    own = client.get(WIDGET, {"site": other.code}, headers={"origin": HOSPITAL})
    assert own.json()["site"] == other.code
    assert client.get(WIDGET, headers={"origin": HOSPITAL}).json()["site"] == other.code


def test_an_offered_question_is_chosen_and_an_answer_comes_in_another_language(
    column: Page, client: Client, knows: Callable[..., FakeRetriever]
) -> None:
    first, second = make_question(column, "居住证怎么办理？"), make_question(column)
    knows(first, second, decision=Decision.ASK_BACK, close=[first, second])
    asked = send(client, MESSAGES, {"text": "居住证", "channel": "widget"}).json()
    choices = asked["answer"]["shown"]["choices"]
    assert {row["entry"] for row in choices} == {first.pk, second.pk}
    address = f"/api/v1/assistant/answers/{asked['answer']['id']}"
    chosen = send(client, f"{address}/choose", {"entry": first.pk}).json()
    assert chosen["conversation"] == asked["conversation"]
    assert chosen["answer"]["shown"]["title"] == first.question
    record = AnswerRecord.objects.get(pk=chosen["answer"]["id"])
    assert record.conversation.channel == "widget"
    assert send(client, f"{address}/choose", {"entry": 999999}).status_code == 409
    assert send(client, f"{address}/choose", {"entry": "x"}).status_code == 422
    assert send(client, "/api/v1/assistant/answers/none/choose", {"entry": 1}).status_code == 404

    told = f"/api/v1/assistant/answers/{chosen['answer']['id']}/translation"
    english = send(client, told, {"language": "en"}).json()["answer"]
    assert english["shown"]["language"] == "zh-Hans"  # no translation yet: the text as it is
    assert english["notes"] == [
        "There is no approved translation yet. This is the approved text as it is."
    ]
    assert send(client, told, {"language": "xx"}).status_code == 422
    assert send(client, f"{address}/translation", {"language": "en"}).status_code == 409


def test_an_answer_is_ready_to_be_printed(
    column: Page, client: Client, knows: Callable[..., FakeRetriever]
) -> None:
    rule = source(url="https://www.yunhu.gov.cn/rule", label="户口登记办法")
    knows(make_question(column, answer="<p>按《户口登记办法》到派出所办理。</p>", sources=[rule]))
    answer = send(client, MESSAGES, {"text": "小孩咋落户"}).json()["answer"]
    shown = answer["shown"]
    link = f'<sup class="cite"><a href="#source-{answer["id"]}-1">1</a></sup>'
    assert shown["html"].replace(link, "") == "<p>按《户口登记办法》到派出所办理。</p>"
    assert f"《户口登记办法》{link}到派出所" in shown["html"]
    assert shown["sources"][0]["url"] == "https://www.yunhu.gov.cn/rule"
    assert answer["receipt"] in shown["plain"]
    assert "按《户口登记办法》到派出所办理。" in shown["plain"]


# --- the list -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://Hospital.Example/", "https://hospital.example"),
        ("https://hospital.example:443", "https://hospital.example"),
        ("https://hospital.example:8443", "https://hospital.example:8443"),
        ("https://例子.测试", "https://xn--fsqu00a.xn--0zwm56d"),
        ("http://localhost:5000", "http://localhost:5000"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(written: str, kept: str) -> None:
    assert normal_origin(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "hospital.example", "https://*.example", "https://hospital.example/path", "ftp://x.example",
        "https://user@hospital.example", "https://hospital.example?x", "https://", "null", "",
        "https://hospital.example:port", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"no origin|[Pp]ort"):
        normal_origin(written)


def test_only_https_and_each_website_once(world: World) -> None:
    with pytest.raises(ValidationError, match="https"):
        EmbedOrigin(site=world.site, origin="http://hospital.example").full_clean()
    EmbedOrigin.objects.create(site=world.site, origin=HOSPITAL)
    with pytest.raises(ValidationError):
        EmbedOrigin(site=world.site, origin=f"{HOSPITAL}:443/").full_clean()


def test_site_administrators_keep_the_list_of_their_own_site(
    client: Client, provisioned_world: World
) -> None:
    world = provisioned_world
    _home, other = add_path_sub_site(
        world.site, world.home, provisioned=True, code="lakeside", name="湖畔新城"
    )
    foreign = EmbedOrigin.objects.create(site=other, origin=HOSPITAL)
    listing, adding = "/admin/assistant-websites/", "/admin/assistant-websites/new/"
    client.force_login(member("editor", world.site))
    for address in (listing, adding, f"/admin/assistant-websites/edit/{foreign.pk}/"):
        assert client.get(address).status_code in (302, 403)
    assert client.post(
        adding, {"site": world.site.pk, "origin": "https://a.example"}
    ).status_code in (302, 403)
    assert EmbedOrigin.objects.count() == 1

    client.force_login(member("site_admin", world.site))
    assert HOSPITAL not in client.get(listing).content.decode()
    assert client.get(f"/admin/assistant-websites/edit/{foreign.pk}/").status_code in (302, 403)
    client.post(adding, {"site": other.pk, "origin": "https://forged.example", "note": ""})
    assert EmbedOrigin.objects.count() == 1
    client.post(adding, {"site": world.site.pk, "origin": "https://own.example/", "note": ""})
    assert EmbedOrigin.objects.get(site=world.site).origin == "https://own.example"
