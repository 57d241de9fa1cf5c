"""Letters as visitors meet them: writing, the receipt, how a letter stands, the ledger."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from typing import Any

import lxml.html
import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.interaction.masking import masked
from portal.interaction.models import (
    FollowUp,
    Letter,
    LetterKind,
    LetterProfile,
    LetterRating,
    LetterState,
    OtherChannel,
    Reply,
    ReplyFile,
)
from portal.interaction.selectors.kinds import WRITTEN
from portal.interaction.services import flow
from portal.plugin_api import SearchPlace, search_places, touch_structure
from portal.testing import disable_plugin
from tests.factories.worlds import SUB_SITE_HOST

from .files import docx, jpeg, pdf
from .people import ANSWER, Desk
from .visitor import (
    PUBLIC,
    STATUS,
    WRITE,
    attached,
    key_in,
    key_of,
    opened_in,
    receipt,
    send,
    sheet,
    words,
)


@pytest.fixture
def client(desk: Desk) -> Client:
    """A visitor from somewhere else than this machine."""
    return Client(REMOTE_ADDR="203.0.113.7")


def close(desk: Desk, *kinds: str) -> None:
    for kind in kinds:
        LetterProfile.objects.create(site=desk.site, kind=kind, is_open=False)
    touch_structure()


# --- the hub --------------------------------------------------------------------------------------
def test_the_hub_offers_what_the_site_takes(desk: Desk, client: Client) -> None:
    close(desk, "leader")
    html = words(client.get("/letters/"))
    for kind in WRITTEN:
        address = "/letters/error/" if kind == "error" else f"/letters/write/?kind={kind}"
        assert (f'href="{address}"' in html) == (kind != "leader")
    assert 'action="/letters/status/"' in html


@pytest.mark.parametrize("page", ["/letters/", "/letters/public/"], ids=["hub", "ledger"])
def test_a_sub_sites_feed_is_found_from_its_pages(desk: Desk, client: Client, page: str) -> None:
    answer = client.get(page, {"site": desk.world.hubin.code})
    tree = lxml.html.fromstring(answer.content)
    [feed] = tree.xpath("//link[@type='application/atom+xml']/@href")
    assert client.get(feed).status_code == 200
    assert desk.world.hubin.code in feed


def test_where_nothing_is_taken_the_hub_says_so_and_there_is_no_form(
    desk: Desk, client: Client
) -> None:
    close(desk, *WRITTEN)
    response = client.get("/letters/")
    assert response.status_code == 200
    assert "letters-entry" not in words(response)
    assert client.get(WRITE).status_code == 404
    assert client.post(WRITE, sheet()).status_code == 404
    assert not Letter.objects.exists()


# --- the form -------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", WRITTEN)
def test_a_letter_of_each_kind_arrives_and_is_found_by_its_code(
    client: Client, kind: LetterKind
) -> None:
    empty = client.get(WRITE, {"kind": kind})
    assert f'value="{kind}"' in words(empty)
    more = {"error_kind": "dead_link", "page": "/zhengce/1/", "marked": "旧的电话"}
    number, code = send(
        client, kind=kind, subject="人工智能大会停车安排", **(more if kind == "error" else {})
    )
    letter = Letter.objects.get(number=number)
    assert (letter.kind, letter.channel, letter.language) == (kind, "web", "zh-hans")
    assert letter.sender.name == "赵小明"
    shown = client.post(STATUS, {"number": number, "code": code})
    assert "人工智能大会停车安排" in words(shown)
    if kind == "error":
        assert (letter.page_path, letter.error_kind) == ("/zhengce/1/", "dead_link")


def test_what_belongs_to_errors_alone_is_not_kept_with_other_letters(client: Client) -> None:
    number, _code = send(client, error_kind="fake", marked="etwas")
    letter = Letter.objects.get(number=number)
    assert (letter.error_kind, letter.marked_text) == ("", "")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": ""}, "id_subject"),
        ({"subject": "长" * 101}, "id_subject"),
        ({"text": ""}, "id_text"),
        ({"text": "长" * 4001}, "id_text"),
        ({"name": ""}, "id_name"),
        ({"email": "nobody"}, "id_email"),
        ({"phone": "ring me"}, "id_phone"),
        ({"kind": "petition"}, "id_kind_0"),
        ({"kind": None}, "id_kind_0"),
        ({"kind": "error"}, "id_error_kind"),
        ({"kind": "error", "error_kind": "fake", "page": "javascript:alert(1)"}, "id_page"),
        ({"homepage": "https://spam.example/"}, "id_homepage"),
    ],
)
def test_what_is_wrong_is_said_with_its_field_and_nothing_is_lost(
    client: Client, changes: dict[str, Any], field: str
) -> None:
    told = sheet(**changes)
    response = client.post(WRITE, told)
    html = words(response)
    assert response.status_code == 422
    assert 'role="alert"' in html
    assert f'href="#{field}"' in html
    for name in ("subject", "text", "name", "phone", "email"):
        assert told[name] in html
    assert "checked" in html.split('name="may_publish"')[1].split(">")[0]
    assert not Letter.objects.exists()


def test_consent_that_was_not_given_stays_away(client: Client) -> None:
    again = words(client.post(WRITE, sheet(subject="", may_publish=None)))
    assert "checked" not in again.split('name="may_publish"')[1].split(">")[0]
    number, _code = send(client, may_publish=None)
    assert not Letter.objects.get(number=number).may_publish


def test_a_file_waits_with_the_form_until_it_is_sent(client: Client) -> None:
    first = client.post(WRITE, sheet(subject="", files=[attached(pdf(), "合同.pdf")]))
    assert "合同.pdf" in words(first)
    number, code = send(client, key=key_in(first), files=[attached(docx(), "说明.docx")])
    letter = Letter.objects.get(number=number)
    assert sorted(letter.files.values_list("name", flat=True)) == ["合同.pdf", "说明.docx"]
    page = client.post(STATUS, {"number": number, "code": code})
    row = letter.files.get(name="合同.pdf")
    got = client.post(STATUS, {"opened": opened_in(page), "do": "file", "file": f"letter-{row.pk}"})
    assert b"".join(got).startswith(b"%PDF")  # type: ignore[arg-type]
    assert "attachment" in got.headers["Content-Disposition"]
    assert "no-store" in got.headers["Cache-Control"]


def test_a_file_is_taken_out_again(client: Client) -> None:
    first = client.post(WRITE, sheet(subject="", files=[attached(pdf(), "错的.pdf")]))
    drop = words(first).split('name="drop" value="')[1].split('"')[0]
    second = client.post(WRITE, sheet(key=key_in(first), drop=drop))
    assert second.status_code == 200
    assert "错的.pdf" not in words(second)
    number, _code = send(client, key=key_in(second))
    assert not Letter.objects.get(number=number).files.exists()


def _aged(response: Any) -> str:
    """The key of a form as it is after somebody has read the page."""
    return key_of(key_in(response).rsplit(":", 2)[0])


def test_the_receipt_comes_once_and_the_code_stands_in_no_address_and_no_cookie(
    client: Client,
) -> None:
    response = client.post(WRITE, sheet())
    number, code = receipt(response)
    assert not response.cookies
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert (
        code
        not in "".join(words(response).split("href=")[1:])
        .replace(f'data-copy="{code}"', "")
        .split("letters-receipt")[0]
    )
    letter = Letter.objects.get(number=number)
    assert code not in "".join(str(value) for value in vars(letter).values())


def test_one_form_is_one_letter_however_often_it_is_sent(client: Client) -> None:
    told = sheet()
    first, second = (receipt(client.post(WRITE, told)) for _n in range(2))
    assert first == second
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(
    "key",
    [key_of(age=25 * 3600), "", "made-up:1:xyz", "a:b"],
    ids=["old", "none", "made-up", "short"],
)
def test_an_old_or_a_forged_key_keeps_the_text_and_sending_again_works(
    client: Client, key: str
) -> None:
    response = client.post(WRITE, sheet(key=key))
    assert response.status_code == 422
    assert "工地连续三夜施工到两点" in words(response)
    assert not Letter.objects.exists()
    send(client, key=_aged(response))


def test_nobody_fills_in_a_form_in_a_second(client: Client) -> None:
    response = client.post(WRITE, sheet(key=key_of(age=0)))
    assert response.status_code == 422
    assert "工地连续三夜施工到两点" in words(response)
    assert not Letter.objects.exists()
    send(client, key=_aged(response))


def test_too_many_letters_are_refused_with_the_text_back(client: Client) -> None:
    for _n in range(10):
        send(client)
    response = client.post(WRITE, sheet(text="第十一封信的内容在这里。"))
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert "第十一封信的内容在这里。" in words(response)
    assert Letter.objects.count() == 10
    send(Client(REMOTE_ADDR="198.51.100.9"))  # somebody else is not kept away


def test_a_form_of_another_website_sends_nothing_and_keeps_the_text(client: Client) -> None:
    response = client.post(WRITE, sheet(), headers={"origin": "https://evil.example"})
    assert response.status_code == 403
    assert "工地连续三夜施工到两点" in words(response)
    assert not Letter.objects.exists()
    assert client.post(
        WRITE, sheet(), headers={"origin": "http://testserver"}
    ).status_code == 200  # fmt: skip
    number, code = send(client)
    asked = client.post(
        STATUS, {"number": number, "code": code}, headers={"origin": "https://evil.example"}
    )
    assert asked.status_code == 403
    assert "夜间施工噪音" not in words(asked)


def test_an_error_is_reported_with_page_and_marked_text(client: Client) -> None:
    html = words(client.get("/letters/error/", {"page": "/yaowen/7/", "text": "旧的电话"}))
    assert 'value="/yaowen/7/"' in html
    assert "旧的电话" in html
    foreign = words(client.get("/letters/error/", {"page": "//evil.example/x"}))
    assert foreign.split('name="page"')[1].split(">")[0].count("evil.example") == 0
    before = words(client.get("/letters/error/", headers={"referer": "http://testserver/b/2/"}))
    assert 'value="/b/2/"' in before


# --- before it is sent ----------------------------------------------------------------------------
def test_a_matter_with_its_own_channel_is_told_once_and_can_go_on(
    desk: Desk, client: Client
) -> None:
    channel = OtherChannel.objects.create(
        name="信访", words="信访\n上访", explanation="请走信访渠道。", phone="0999-10002222"
    )
    OtherChannel.objects.create(name="别站", words="施工", explanation="x", site=desk.world.gaoxin)
    told = sheet(text="我要上访，工地夜里施工。")
    response = client.post(WRITE, told)
    html = words(response)
    assert response.status_code == 200
    assert "请走信访渠道。" in html
    assert "0999-10002222" in html
    assert "别站" not in html
    assert told["text"] in html
    assert not Letter.objects.exists()
    receipt(client.post(WRITE, told | {"seen": f"channel-{channel.pk}"}))


def test_an_identity_number_is_warned_of_and_never_repeated_in_an_address(client: Client) -> None:
    told = sheet(text="我的身份证是11010119900307803X，请查。")
    response = client.post(WRITE, told)
    assert not Letter.objects.exists()
    assert "11010119900307803X" in words(response)  # nothing that was typed is lost
    assert "11010119900307803X" not in "".join(
        part.split('"')[0] for part in words(response).split('href="')[1:]
    )
    number, _code = receipt(client.post(WRITE, told | {"seen": "personal"}))
    assert "11010119900307803X" not in Letter.objects.get(number=number).masked_text


def _published_on(desk: Desk, subject: str) -> Letter:
    return flow.publish(
        letter=desk.answered(), by=desk.clerk, masked_subject=subject, masked_text="某处。",
        masked_reply=ANSWER,
    )  # fmt: skip


def test_what_may_answer_already_is_shown_without_a_script(desk: Desk, client: Client) -> None:
    told = sheet(kind="consultation", subject="路灯维修电话多少", text="楼下路灯坏了，找谁？")
    receipt(client.post(WRITE, told))  # nothing is alike yet
    earlier = _published_on(desk, "路灯维修电话")
    told["key"] = key_of()
    response = client.post(WRITE, told)
    assert f"/letters/public/{earlier.number}/" in words(response)
    assert Letter.objects.count() == 2
    receipt(client.post(WRITE, told | {"seen": "alike", "send": "anyway"}))
    assert Letter.objects.count() == 3


def test_words_in_the_ledger_say_how_far_they_look_and_lead_on(desk: Desk, client: Client) -> None:
    letter = _published_on(desk, "路灯维修电话")
    plain = client.get(PUBLIC)
    assert "封来信中查找" not in words(plain)
    found = client.get(PUBLIC, {"q": "路灯"})
    assert letter.number in words(found)
    assert "最新500封来信中查找" in words(found)
    assert "/search/?q=%E8%B7%AF%E7%81%AF" in words(found)
    with search_places.temporarily(_BrokenPlaces(), plugin="search"):
        assert "最新500封来信中查找" in words(client.get(PUBLIC, {"q": "路灯"}))
    with disable_plugin("search"):
        found = client.get(PUBLIC, {"q": "路灯"})
        assert "最新500封来信中查找" in words(found)
        assert "/search/" not in words(found)


class _BrokenPlaces:
    def search_place(self, *, site: int | None, language: str) -> SearchPlace:
        raise RuntimeError("no place")


def test_what_is_alike_looks_at_the_structure_once(desk: Desk, client: Client) -> None:
    _published_on(desk, "路灯维修电话")
    asked = {"subject": "路灯维修电话多少", "text": "路灯不亮"}
    client.post("/letters/similar/", asked)
    with CaptureQueriesContext(connection) as made:
        client.post("/letters/similar/", asked)
    assert sum("core_structureversion" in query["sql"] for query in made.captured_queries) <= 2
    assert len(made) <= 12


def test_while_writing_the_same_is_a_piece_of_page(desk: Desk, client: Client) -> None:
    earlier = _published_on(desk, "路灯维修电话")
    desk.answered(subject="路灯维修电话另一封")
    piece = client.post("/letters/similar/", {"subject": "路灯维修电话多少", "text": ""})
    assert earlier.number in words(piece)
    assert "另一封" not in words(piece)
    assert "<html" not in words(piece)
    assert client.get("/letters/similar/").status_code == 405
    statuses = {client.post("/letters/similar/", {"subject": "x"}).status_code for _n in range(45)}
    assert statuses == {200, 429}


# --- how it stands --------------------------------------------------------------------------------
def _opened(client: Client, received: Any) -> Any:
    return client.post(STATUS, {"number": received.letter.number, "code": received.code})


def test_number_and_code_open_as_people_type_them(desk: Desk, client: Client) -> None:
    got = desk.received()
    number, code = got.letter.number.lower(), got.code.lower().replace("-", " ")
    assert "云湖路路灯不亮" in words(client.post(STATUS, {"number": number, "code": code}))


def test_a_wrong_number_and_a_wrong_code_get_the_same_answer(desk: Desk, client: Client) -> None:
    mine, other = desk.received(), desk.received(subject="别人的信")
    answers = [
        client.post(STATUS, {"number": number, "code": code})
        for number, code in (
            (mine.letter.number, "AAAA-BBBB-CCCC"),
            (mine.letter.number, other.code),
            ("YUNHU-250101-0000000", mine.code),
            ("nonsense", mine.code),
        )
    ]
    assert {answer.status_code for answer in answers} == {422}
    alerts = {words(answer).split('role="alert"')[1].split("</div>")[0] for answer in answers}
    assert len(alerts) == 1
    assert all(
        "路灯" not in words(answer) and "别人的信" not in words(answer) for answer in answers
    )


def test_a_private_page_is_not_kept_by_anybody(desk: Desk, client: Client) -> None:
    got = desk.received()
    for response in (_opened(client, got), client.get(STATUS), client.post(STATUS, {})):
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert not response.cookies


def test_the_answer_is_read_rated_and_asked_about_once(desk: Desk, client: Client) -> None:
    got = desk.received()
    letter = flow.accept(letter=got.letter, by=desk.clerk)
    assert ANSWER not in words(_opened(client, got))
    flow.assign(letter=letter, unit=desk.bureau, by=desk.clerk)
    flow.take(letter=letter, by=desk.handler)
    flow.save_draft(letter=letter, text=ANSWER, by=desk.handler)
    assert ANSWER not in words(_opened(client, got))  # a draft is nobody's to read
    flow.hand_in(letter=letter, by=desk.handler, guard_reason="核对无误")
    flow.approve(letter=letter, by=desk.head)
    flow.release(letter=letter, by=desk.releaser)
    page = _opened(client, got)
    html = words(page)
    assert ANSWER in html
    for person in (desk.clerk, desk.handler, desk.head, desk.releaser):
        assert person.get_full_name() not in html or not person.get_full_name()

    opened = opened_in(page)
    wrong = client.post(STATUS, {"opened": opened, "do": "rate", "rate-words": "说得清楚"})
    assert wrong.status_code == 422
    assert "说得清楚" in words(wrong)
    assert not LetterRating.objects.exists()
    client.post(STATUS, {"opened": opened, "do": "rate", "rate-score": "4", "rate-solved": "yes"})
    assert LetterRating.objects.get().score == 4

    asked = client.post(
        STATUS, {"opened": opened, "do": "ask", "ask-text": "旁边那盏呢？什么时候修？"}
    )
    assert asked.status_code == 200
    assert FollowUp.objects.get().text == "旁边那盏呢？什么时候修？"
    again = client.post(STATUS, {"opened": opened, "do": "ask", "ask-text": "还有一盏也不亮呢。"})
    assert again.status_code == 422
    assert FollowUp.objects.count() == 1


def test_a_letter_is_taken_back_by_a_tick(desk: Desk, client: Client) -> None:
    got = desk.received()
    opened = opened_in(_opened(client, got))
    assert client.post(STATUS, {"opened": opened, "do": "withdraw"}).status_code == 422
    assert Letter.objects.get().state == LetterState.RECEIVED
    done = client.post(STATUS, {"opened": opened, "do": "withdraw", "sure": "yes"})
    assert done.status_code == 200
    assert Letter.objects.get().state == LetterState.WITHDRAWN
    twice = client.post(STATUS, {"opened": opened, "do": "withdraw", "sure": "yes"})
    assert twice.status_code == 422


def test_the_letter_is_kept_as_a_text(desk: Desk, client: Client) -> None:
    got = desk.received()
    response = client.post(STATUS, {"opened": opened_in(_opened(client, got)), "do": "download"})
    assert response.headers["Content-Type"].startswith("text/plain")
    assert got.letter.text in response.content.decode()
    assert got.code not in response.content.decode()


def test_nobody_reaches_a_letter_or_a_file_of_somebody_else(desk: Desk, client: Client) -> None:
    mine = desk.received()
    number, _code = send(client, files=[attached(jpeg(), "我家.jpg")])
    other = Letter.objects.get(number=number)
    answered = desk.answered(subject="别人的")
    reply = Reply.objects.get(letter=answered)
    file = ReplyFile(reply=reply, name="答复.pdf", mime_type="application/pdf", size=9)
    file.file.save("x", ContentFile(pdf()), save=True)
    opened = opened_in(_opened(client, mine))
    for key in (
        f"letter-{other.files.get().pk}", f"reply-{file.pk}", "letter-0", "reply-x", "", "-", "reply-"
    ):  # fmt: skip
        got = client.post(STATUS, {"opened": opened, "do": "file", "file": key})
        assert got.status_code == 404
    for word in ("", "1", str(other.pk), opened[:-2] + "xx"):
        response = client.post(STATUS, {"opened": word, "do": "download"})
        assert response.status_code == 422
        assert "text/plain" not in response.headers["Content-Type"]


def test_the_file_of_an_answer_is_for_its_writer(desk: Desk, client: Client) -> None:
    got = desk.received()
    letter = flow.accept(letter=got.letter, by=desk.clerk)
    flow.assign(letter=letter, unit=desk.bureau, by=desk.clerk)
    flow.take(letter=letter, by=desk.handler)
    flow.save_draft(letter=letter, text=ANSWER, by=desk.handler)
    file = ReplyFile(
        reply=Reply.objects.get(), name="答复.pdf", mime_type="application/pdf", size=9
    )
    file.file.save("x", ContentFile(pdf()), save=True)
    ask = {"opened": opened_in(_opened(client, got)), "do": "file", "file": f"reply-{file.pk}"}
    assert client.post(STATUS, ask).status_code == 404  # not released yet
    flow.hand_in(letter=letter, by=desk.handler, guard_reason="核对无误")
    flow.approve(letter=letter, by=desk.head)
    flow.release(letter=letter, by=desk.releaser)
    assert "答复.pdf" in words(_opened(client, got))
    assert b"".join(client.post(STATUS, ask)).startswith(b"%PDF")  # type: ignore[arg-type]


# --- the ledger -----------------------------------------------------------------------------------
def test_the_ledger_lists_public_answers_alone(desk: Desk, client: Client) -> None:
    public = desk.published()
    hidden = desk.answered(subject="不公开的信")
    response = client.get(PUBLIC)
    assert public.number in words(response)
    assert "不公开的信" not in words(response)
    assert not response.cookies
    assert client.get(f"{PUBLIC}{public.number}/").status_code == 200
    assert client.get(f"{PUBLIC}{hidden.number}/").status_code == 404
    assert hidden.number not in client.get(f"{PUBLIC}feed.xml").content.decode()


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"kind": "consultation"}, True),
        ({"kind": "complaint"}, False),
        ({"kind": "nonsense"}, True),
        ({"year": "1999"}, False),
        ({"year": "²"}, True),
        ({"q": "路灯"}, True),
        ({"q": "地铁"}, False),
        ({"q": "云湖路12号院"}, False),  # what was masked is not found
        ({"unit": "999999"}, False),
        ({"unit": "'; drop"}, True),
        ({"q": "\0%_"}, False),
    ],
)
def test_the_ledger_is_narrowed(
    desk: Desk, client: Client, query: dict[str, str], is_found: bool
) -> None:
    letter = desk.published()
    response = client.get(PUBLIC, query)
    assert response.status_code == 200
    assert (f"/letters/public/{letter.number}/" in words(response)) is is_found


def test_a_page_that_is_not_there_is_not_found(desk: Desk, client: Client) -> None:
    for page in ("0", "2", "x", "-1", "99999999999", ""):
        assert client.get(PUBLIC, {"page": page}).status_code == 404


def test_a_reader_says_whether_it_was_useful_once_a_day(desk: Desk, client: Client) -> None:
    letter = desk.published()
    url = f"{PUBLIC}{letter.number}/useful/"
    for _n in range(3):
        response = client.post(url, {"useful": "yes"})
        assert response.status_code == 302
    assert client.get(response.headers["Location"]).status_code == 200
    letter.refresh_from_db()
    assert (letter.useful, letter.not_useful) == (1, 0)
    assert client.post(url, {"useful": "perhaps"}).status_code == 404
    elsewhere = client.post(url, {"useful": "no"}, headers={"origin": "https://evil.example"})
    assert elsewhere.status_code == 404


def test_feed_and_downloads_are_what_they_say(desk: Desk, client: Client) -> None:
    letter = desk.published()
    feed = ET.fromstring(client.get(f"{PUBLIC}feed.xml").content)
    titles = [node.text for node in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert "路灯不亮" in titles
    figures = client.get("/letters/figures/")
    assert figures.status_code == 200
    rows = list(
        csv.reader(io.StringIO(_body(client.get("/letters/figures/events.csv")).lstrip("\ufeff")))
    )
    listed = json.loads(_body(client.get("/letters/figures/events.json")))
    assert len(listed) == len(rows) - 1 > 0
    assert letter.subject not in json.dumps(listed, ensure_ascii=False)


def _body(response: Any) -> str:
    return (
        b"".join(response.streaming_content) if response.streaming else response.content
    ).decode()


PLANTED = {
    "mobile": "13812345678",
    "identity": "11010119900307803X",
    "card": "6222021234567890128",
    "email": "private@example.com",
    "name": "欧阳无双",
    "home": "幸福小区8号楼2单元501室",
}


def test_nothing_private_is_public_wherever_it_was_written(desk: Desk, client: Client) -> None:
    text = "，".join(
        [
            f"我叫{PLANTED['name']}", f"电话{PLANTED['mobile']}", f"身份证{PLANTED['identity']}",
            f"银行卡{PLANTED['card']}", f"邮箱{PLANTED['email']}", f"家住{PLANTED['home']}",
        ]
    )  # fmt: skip
    told = sheet(
        subject=f"{PLANTED['name']} {PLANTED['mobile']}噪音", text=f"工地噪音。{text}",
        name=PLANTED["name"], phone=PLANTED["mobile"], email=PLANTED["email"], seen="personal",
        files=[attached(pdf(), f"{PLANTED['name']}.pdf")],
    )  # fmt: skip
    number, code = receipt(client.post(WRITE, told))
    letter = Letter.objects.get(number=number)
    flow.accept(letter=letter, by=desk.clerk)
    flow.assign(letter=letter, unit=desk.bureau, by=desk.clerk)
    flow.take(letter=letter, by=desk.handler)
    flow.save_draft(letter=letter, text=f"{ANSWER}{text}", by=desk.handler)
    flow.hand_in(letter=letter, by=desk.handler, guard_reason="核对无误")
    flow.approve(letter=letter, by=desk.head)
    flow.release(letter=letter, by=desk.releaser)
    letter.refresh_from_db()
    flow.publish(
        letter=letter, by=desk.clerk, masked_subject=letter.masked_subject,
        masked_text=letter.masked_text, masked_reply=masked(f"{ANSWER}{text}", [PLANTED["name"]]),
    )  # fmt: skip
    page = client.post(STATUS, {"number": number, "code": code})
    client.post(
        STATUS,
        {
            "opened": opened_in(page), "do": "rate", "rate-score": "5", "rate-words": text,
        },
    )  # fmt: skip
    addresses = (
        "/", "/letters/", PUBLIC, f"{PUBLIC}{number}/", f"{PUBLIC}feed.xml", "/letters/figures/",
        "/letters/figures/events.csv", "/letters/figures/events.json", "/api/v1/letters/ledger",
        "/api/v1/letters/figures", f"{PUBLIC}?q={PLANTED['mobile']}",
    )  # fmt: skip
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        body = _body(response).replace(f'value="{PLANTED["mobile"]}"', "")
        for what, value in PLANTED.items():
            assert value not in body.replace(f"q={value}", ""), (address, what)


# --- other sites ----------------------------------------------------------------------------------
def test_a_sub_site_takes_and_lists_its_own_letters(desk: Desk, client: Client) -> None:
    code = desk.world.hubin.code
    main = desk.published()
    form = client.get(WRITE, {"site": code})
    assert f"?site={code}" in words(form)
    number, _code = send(client, f"{WRITE}?site={code}")
    assert Letter.objects.get(number=number).site_id == desk.world.hubin.pk
    assert main.number not in words(client.get(PUBLIC, {"site": code}))
    assert client.get(f"{PUBLIC}{main.number}/", {"site": code}).status_code == 404
    assert client.get("/letters/", {"site": "nowhere"}).status_code == 404
    assert client.get(WRITE, {"site": "nowhere"}).status_code == 404


def test_a_site_with_its_own_host_takes_them_there(desk: Desk, client: Client) -> None:
    host = SUB_SITE_HOST
    response = client.post(WRITE, sheet(), headers={"host": host})
    number, _code = receipt(response)
    assert Letter.objects.get(number=number).site_id == desk.world.gaoxin.pk


def test_in_a_language_without_a_public_home_no_letter_is_taken(desk: Desk, client: Client) -> None:
    assert client.get("/fr/letters/write/").status_code == 404
    assert client.post("/fr/letters/write/", sheet()).status_code == 404
    assert not Letter.objects.exists()


# --- the way there --------------------------------------------------------------------------------
def test_the_menu_leads_to_letters_where_they_are_taken(desk: Desk, client: Client) -> None:
    def entries(path: str) -> dict[str, str | None]:
        found = BeautifulSoup(client.get(path).content, "html.parser").select(".nav a")
        return {link["href"]: link.get("aria-current") for link in found}

    assert entries("/")["/letters/"] is None
    assert entries("/letters/write/")["/letters/"] == "true"
    close(desk, *WRITTEN)
    assert "/letters/" not in entries("/")
