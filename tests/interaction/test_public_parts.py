"""Letters where other parts of the portal meet them: capabilities, API, search, footer, home."""

import datetime
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from portal.core.models import OutboxEvent
from portal.interaction.capabilities import ErrorsOfThePortal, LettersOfThePortal
from portal.interaction.components_public import AnsweredLetters, LettersComponent
from portal.interaction.gap_signals import QuestionsInLetters
from portal.interaction.models import Letter, LetterKind, LetterProfile, PreparedLetter
from portal.interaction.search_source import LetterSource
from portal.interaction.services.keys import make_key, switch_key
from portal.interaction.slots import ways_to_write
from portal.plugin_api import (
    DraftRefused,
    ErrorReportDraft,
    LetterDraft,
    PreparedPage,
    capability,
    error_reports,
    letters,
)
from portal.plugin_api import Letter as LetterSent

from .people import Desk

ZH = "zh-hans"


# --- capabilities ---------------------------------------------------------------------------------
def test_the_plugin_is_who_takes_letters_and_reports_of_errors(desk: Desk) -> None:
    assert capability(letters, desk.site.pk) is not None
    assert capability(error_reports, desk.site.pk) is not None


def test_a_kind_that_is_closed_is_not_offered(desk: Desk) -> None:
    provider = LettersOfThePortal()
    offered = [kind.key for kind in provider.kinds(site=desk.site.pk, language=ZH)]
    assert offered[0] == "consultation"
    assert LetterKind.ERROR not in offered
    with CaptureQueriesContext(connection) as asked:
        provider.kinds(site=desk.site.pk, language=ZH)
    # Within a request the version is read once, by whoever asks first.
    assert {sql["sql"].split(" FROM ")[1].split()[0] for sql in asked} == {"core_structureversion"}
    LetterProfile.objects.create(site=desk.site, kind="consultation", is_open=False)
    from portal.plugin_api import touch_structure

    touch_structure()
    assert "consultation" not in [k.key for k in provider.kinds(site=desk.site.pk, language=ZH)]


def test_no_kind_in_a_language_in_which_nobody_answers(desk: Desk) -> None:
    assert not LettersOfThePortal().kinds(site=desk.site.pk, language="fr")
    assert not ErrorsOfThePortal().kinds(site=desk.site.pk, language="fr")


def _draft(**values: Any) -> LetterDraft:
    told = {"kind": "consultation", "subject": "居住证", "text": "怎样办居住证？", "language": ZH}
    return LetterDraft(**told | values)


def test_a_prepared_letter_is_a_form_filled_in_and_sends_nothing(
    desk: Desk, client: Client
) -> None:
    provider = LettersOfThePortal()
    prepared = provider.prepare(_draft(), site=desk.site.pk)
    assert isinstance(prepared, PreparedPage)
    assert not Letter.objects.exists()
    assert provider.outcome(prepared.token, site=desk.site.pk) is None
    page = client.get(prepared.url)
    assert page.status_code == 200
    assert "怎样办居住证？" in page.content.decode()
    assert not page.cookies


def test_what_became_of_a_prepared_letter_is_known_to_who_prepared_it_alone(desk: Desk) -> None:
    provider = LettersOfThePortal()
    prepared = provider.prepare(_draft(), site=desk.site.pk)
    assert isinstance(prepared, PreparedPage)
    received = desk.received(token=prepared.token)
    receipt = provider.outcome(prepared.token, site=desk.site.pk)
    assert receipt is not None
    assert (receipt.number, receipt.code) == (received.letter.number, received.code)
    assert provider.outcome("x" * 32, site=desk.site.pk) is None
    assert provider.outcome("", site=desk.site.pk) is None


def test_a_kind_that_is_not_taken_is_refused_with_a_reason(desk: Desk) -> None:
    refused = LettersOfThePortal().prepare(_draft(kind="petition"), site=desk.site.pk)
    assert isinstance(refused, DraftRefused)
    assert refused.reason


def test_a_letter_of_another_form_is_taken_and_found_by_its_code(desk: Desk) -> None:
    provider = LettersOfThePortal()
    sent = LetterSent(
        kind="complaint", subject="噪音", text="夜里施工。", language=ZH, name="赵小明",
        email="a@example.com", page="/zh/",
    )  # fmt: skip
    receipt = provider.send(sent, site=desk.site.pk, visitor="v")
    assert not isinstance(receipt, DraftRefused)
    letter = Letter.objects.get()
    assert (letter.kind, letter.sender.email) == ("complaint", "a@example.com")

    def asked(number: str, code: str) -> Any:
        return provider.status(
            number=number, code=code, site=desk.site.pk, language=ZH, visitor="w"
        )

    standing = asked(receipt.number, receipt.code)
    assert standing is not None
    assert standing.due is not None
    assert "夜里施工" not in repr(standing)
    assert asked(receipt.number, "WRONGCODE12") is None
    assert asked("YH-000000-0000000", receipt.code) is None


def test_one_visitor_cannot_send_without_end(desk: Desk) -> None:
    provider = LettersOfThePortal()
    answers = [
        provider.send(
            LetterSent("complaint", f"第{n}封", f"内容{n}。", ZH, "", ""),
            site=desk.site.pk,
            visitor="v",
        )
        for n in range(12)
    ]
    assert [isinstance(answer, DraftRefused) for answer in answers] == [False] * 10 + [True] * 2
    assert Letter.objects.count() == 10


def test_a_report_of_an_error_brings_the_page_along(desk: Desk, client: Client) -> None:
    draft = ErrorReportDraft(kind="dead_link", text="打不开", language=ZH, page="/zhengce/1/")
    prepared = ErrorsOfThePortal().prepare(draft, site=desk.site.pk)
    assert isinstance(prepared, PreparedPage)
    row = PreparedLetter.objects.get()
    assert (row.kind, row.page_path, row.error_kind) == ("error", "/zhengce/1/", "dead_link")
    assert "/zhengce/1/" in client.get(prepared.url).content.decode()
    foreign = ErrorReportDraft("dead_link", "x", ZH, page="https://evil.example/a")
    assert isinstance(ErrorsOfThePortal().prepare(foreign, site=desk.site.pk), PreparedPage)
    assert PreparedLetter.objects.order_by("-pk").first().page_path == "/a"  # type: ignore[union-attr]


# --- footer, home, lists --------------------------------------------------------------------------
def test_every_page_leads_to_letters_and_to_reports_of_errors(desk: Desk, client: Client) -> None:
    html = client.get("/").content.decode()
    assert 'href="/letters/"' in html
    assert "data-report-error" in html
    assert "interaction/report" in html  # the script that takes the page along


def test_the_footer_says_nothing_where_no_letter_is_taken(desk: Desk) -> None:
    assert ways_to_write(site=desk.site.pk, language="fr") is None


def test_the_section_of_the_home_has_the_numbers_and_public_answers_alone(desk: Desk) -> None:
    desk.published()
    desk.answered(subject="只给来信人看的")
    with override(ZH):
        shown = LettersComponent().render(site=desk.site.pk, context={})
        assert shown is not None
        html = shown.render_html()
    assert "路灯不亮" in html
    assert "只给来信人看的" not in html
    assert "赵小明" not in html


def test_the_list_for_homes_links_to_the_public_letter(desk: Desk, client: Client) -> None:
    letter = desk.published()
    (item,) = AnsweredLetters().items(site=desk.site.pk, language=ZH, count=5)
    assert letter.number in item.url
    assert client.get(item.url).status_code == 200


# --- search and gaps ------------------------------------------------------------------------------
def test_search_finds_public_answers_by_masked_words_alone(desk: Desk) -> None:
    public = desk.published()
    hidden = desk.answered(subject="不公开")
    keys = [f"letter:{public.pk}", f"letter:{hidden.pk}", "letter:0", "letter:x"]
    entries = {entry.key: entry for entry in LetterSource().entries(keys)}
    assert list(entries) == [f"letter:{public.pk}"]
    entry = entries[f"letter:{public.pk}"]
    told = f"{entry.title} {entry.body} {entry.summary}"
    assert "12号院门口" not in told
    assert "某路的路灯不亮" in told
    assert list(LetterSource().all_keys()) == [f"letter:{public.pk}"]


def test_publishing_tells_search(desk: Desk) -> None:
    letter = desk.published()
    events = OutboxEvent.objects.filter(kind__in=LetterSource.kinds)
    assert f"letter:{letter.pk}" in set(LetterSource().keys(list(events)))
    text = json.dumps(
        list(events.values("kind", "key", "payload")), ensure_ascii=False, default=str
    )
    assert "赵小明" not in text
    assert "xiaoming" not in text


def test_questions_become_signals_without_personal_data(desk: Desk) -> None:
    desk.letter(subject="身份证110101199003072316能办居住证吗")
    desk.letter(kind="complaint", subject="投诉")
    now = timezone.now()
    hour = datetime.timedelta(hours=1)
    (signal,) = QuestionsInLetters().gap_signals(
        site=desk.site.pk, since=now - hour, until=now + hour
    )
    assert "居住证" in signal.text
    assert "110101199003072316" not in signal.text
    other = QuestionsInLetters().gap_signals(
        site=desk.world.hubin.pk, since=now - hour, until=now + hour
    )
    assert not list(other)


# --- API ------------------------------------------------------------------------------------------
@pytest.fixture
def key(desk: Desk) -> str:
    return make_key(site=desk.site.pk, name="12345热线", by=None, per_minute=5)[1]


def hand_in(client: Client, key: str, *, once: str = "", **values: Any) -> Any:
    body = {"kind": "consultation", "subject": "路灯", "text": "路灯不亮。"} | values
    headers = {"X-Letters-Key": key} | ({"Idempotency-Key": once} if once else {})
    return client.post(
        "/api/v1/letters", json.dumps(body), content_type="application/json", headers=headers
    )


def test_a_program_hands_in_a_letter_once(desk: Desk, client: Client, key: str) -> None:
    first = hand_in(client, key, upstream_number="12345-77", channel="hotline", phone="0999-1")
    assert first.status_code == 201
    again = hand_in(client, key, upstream_number="12345-77", channel="hotline", phone="0999-1")
    assert again.status_code == 200
    assert again.json()["repeated"] is True
    assert (again.json()["number"], again.json()["code"]) == (
        first.json()["number"],
        first.json()["code"],
    )
    letter = Letter.objects.get()
    assert (letter.channel, letter.upstream_number) == ("hotline", "12345-77")


@pytest.mark.parametrize("wrong", ["", "x", "ltr_00000000_secret"])
def test_without_a_key_nothing_is_taken(desk: Desk, client: Client, key: str, wrong: str) -> None:
    answer = hand_in(client, wrong)
    assert answer.status_code == 401
    assert answer["Content-Type"].startswith("application/problem+json")
    assert not Letter.objects.exists()


def test_a_revoked_key_opens_nothing(desk: Desk, client: Client) -> None:
    row, whole = make_key(site=desk.site.pk, name="旧平台", by=desk.admin)
    switch_key(key=row, is_active=False, by=desk.admin)
    assert hand_in(client, whole).status_code == 401


def test_a_key_has_its_limit(desk: Desk, client: Client, key: str) -> None:
    answers = [hand_in(client, key, subject=f"第{n}封") for n in range(7)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429] * 2
    assert int(answers[-1]["Retry-After"]) > 0


def test_what_is_wrong_is_said_and_nothing_stored(desk: Desk, client: Client, key: str) -> None:
    assert hand_in(client, key, kind="petition").status_code == 422
    assert hand_in(client, key, email="no address").status_code == 422
    bad = [{"name": "a.pdf", "content": "TVqQAAMAAAAEAAAA"}]  # a program by another name
    assert hand_in(client, key, files=bad).status_code == 422
    assert not Letter.objects.exists()


def test_the_way_back_shows_a_program_its_own_letters_alone(
    desk: Desk, client: Client, key: str
) -> None:
    hand_in(client, key, upstream_number="A-1", channel="upstream")
    other = make_key(site=desk.site.pk, name="别的平台", by=None)[1]
    url = "/api/v1/letters/forwarded/A-1"
    assert client.get(url, headers={"X-Letters-Key": key}).json()["state"] == "received"
    assert client.get(url, headers={"X-Letters-Key": other}).status_code == 404
    assert client.get(url).status_code == 401


def test_the_ledger_of_the_api_has_public_letters_alone(desk: Desk, client: Client) -> None:
    public = desk.published()
    hidden = desk.answered()
    told = client.get("/api/v1/letters/ledger").json()
    assert [row["number"] for row in told["items"]] == [public.number]
    assert client.get(f"/api/v1/letters/ledger/{public.number}").status_code == 200
    assert client.get(f"/api/v1/letters/ledger/{hidden.number}").status_code == 404
    text = client.get(f"/api/v1/letters/ledger/{public.number}").content.decode()
    assert "赵小明" not in text
    assert "12号院门口" not in text


def test_number_and_code_must_fit_together(desk: Desk, client: Client) -> None:
    received = desk.received()
    other = desk.received(subject="另一封信", text="别的事情，请回复。")

    def ask(number: str, code: str) -> Any:
        body = json.dumps({"number": number, "code": code})
        return client.post("/api/v1/letters/status", body, content_type="application/json")

    right = ask(received.letter.number, received.code)
    assert right.json()["state"] == "received"
    wrong = ask(received.letter.number, other.code)
    unknown = ask("YH-000000-0000000", other.code)
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.json()["detail"] == unknown.json()["detail"]


def test_the_command_prints_a_key_that_works(desk: Desk, client: Client, capsys: Any) -> None:
    call_command("letters_key", site=desk.site.code, name="上级平台")
    whole = capsys.readouterr().out.strip()
    assert hand_in(client, whole).status_code == 201
    with pytest.raises(CommandError, match="no site"):
        call_command("letters_key", site="nowhere", name="x")
