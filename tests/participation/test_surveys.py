"""Surveys: one sheet for each person, conditions without a script, small groups protected."""

import random
import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from portal.participation.models import Activity, AnswerSheet, AnswerTally, FreeText, Voter
from portal.participation.questions import questions_of, read_answers
from portal.participation.selectors.surveys import hidden_cells
from portal.participation.services import activities, surveys
from portal.plugin_api import PublishRefused
from tests.factories import World

from .factories import all_kinds, make_survey, now_over

pytestmark = pytest.mark.django_db
PHONE = {"HTTP_USER_AGENT": "Phone", "HTTP_ACCEPT_LANGUAGE": "zh"}


def visitor(address: str = "203.0.113.7", **headers: str) -> Client:
    return Client(REMOTE_ADDR=address, **(PHONE | headers))


def url_of(page: Any) -> str:
    return f"/participation/surveys/{page.pk}/"


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', html))


def filled(page: Any, first: int = 0) -> dict[str, str]:
    single, _multiple, scale, *_rest = questions_of(page.questions)
    return {single.name: single.options[first].id, scale.name: "4"}


def answer(client: Client, page: Any, first: int = 0) -> Any:
    """Through all pages, as a browser without a script does."""
    html = client.get(url_of(page)).content.decode()
    if 'name="key"' not in html:
        return None
    told = filled(page, first)
    response = None
    for _ in range(6):
        sent = hidden(html) | told
        if 'name="send"' in html:
            sent["send"] = "1"
        response = client.post(url_of(page), sent)
        if response.status_code != 200:
            return response
        html = response.content.decode()
    return response


def test_the_same_person_counts_once(world: World) -> None:
    page = make_survey(world.column)
    client = visitor()
    assert answer(client, page).status_code == 302
    assert answer(client, page) is None  # the browser's own mark
    again = visitor()  # the same browser in a private window
    assert answer(again, page).status_code == 409
    assert AnswerSheet.objects.count() == Activity.objects.get(page=page.pk).received == 1
    assert answer(visitor("203.0.113.8"), page).status_code == 302
    assert answer(visitor(HTTP_USER_AGENT="Tablet"), page).status_code == 302


def test_where_a_connection_is_shared_only_the_browser_counts(world: World) -> None:
    page = make_survey(world.column, strictness="browser")
    assert answer(visitor(), page).status_code == 302
    assert answer(visitor(), page).status_code == 302
    assert not Voter.objects.exists()


def test_a_sheet_sent_twice_is_stored_once(world: World) -> None:
    page = make_survey(world.column)
    questions = questions_of(page.questions)
    told = {questions[0].id: questions[0].options[0].id}
    for _ in range(2):
        surveys.take_sheet(page=page, questions=questions, answers=told, key="k", mark="m")
    assert AnswerSheet.objects.count() == 1
    assert AnswerTally.objects.get(question=questions[0].id, option="").count == 1


def test_after_the_end_nobody_can_tell_who_answered(world: World) -> None:
    page = make_survey(world.column)
    answer(visitor(), page)
    assert Activity.objects.get(page=page.pk).salt
    sheet = AnswerSheet.objects.get()
    assert not {"mark", "visitor"} & {field.name for field in AnswerSheet._meta.fields}
    assert (sheet.sent_at.minute, sheet.sent_at.second) == (0, 0)
    page = now_over(page)
    activities.follow_site(world.site.pk)
    assert not Voter.objects.exists()
    assert Activity.objects.get(page=page.pk).salt == ""


def test_a_condition_decides_on_the_next_page(world: World) -> None:
    page = make_survey(world.column)
    single, multiple, *_rest = questions_of(page.questions)
    for first, is_asked in ((0, True), (1, False)):
        client = visitor(f"203.0.113.{20 + first}")
        html = client.get(url_of(page)).content.decode()
        assert multiple.text not in html
        chosen = {single.name: single.options[first].id}
        html = client.post(url_of(page), hidden(html) | chosen).content.decode()
        assert (multiple.text in html) is is_asked
        back = client.post(url_of(page), hidden(html) | chosen | {"back": "1"}).content.decode()
        assert f'value="{single.options[first].id}" checked' in back


def test_what_is_not_asked_is_not_taken(world: World) -> None:
    questions = questions_of(make_survey(world.column).questions)
    single, multiple = questions[:2]
    data = QueryDict(mutable=True)
    data[single.name] = single.options[1].id
    data[multiple.name] = multiple.options[0].id
    answers, _errors = read_answers(questions, data)
    assert multiple.id not in answers


def test_limits_and_required_questions(world: World) -> None:
    questions = questions_of(make_survey(world.column).questions)
    single, multiple, _scale, _matrix, number, _text = questions
    data = QueryDict(mutable=True)
    data[single.name] = single.options[0].id
    data.setlist(multiple.name, [option.id for option in multiple.options])
    data[number.name] = "21"
    _answers, errors = read_answers(questions, data)
    assert set(errors) == {multiple.id, number.id}
    assert set(read_answers(questions, QueryDict())[1]) == {single.id}


def test_random_answers_never_break_it(world: World) -> None:
    page = make_survey(world.column)
    questions = questions_of(page.questions)
    chance = random.Random(7)
    ids = [option.id for question in questions for option in question.options]
    odd = ["", "0", "-5", "²", "9" * 40, "\x00", "<script>", "é" * 3000, "١", *ids]
    names = [q.name for q in questions] + [f"{q.name}-{r.id}" for q in questions for r in q.rows]
    names += ["step", "q-", "q-none", "back", "send"]
    client = visitor()
    for _ in range(60):
        html = client.get(url_of(page)).content.decode()
        data = hidden(html) if 'name="key"' in html else {}
        for name in chance.sample(names, 5):
            data[name] = chance.choice(odd)
        assert client.post(url_of(page), data).status_code in (200, 302, 409, 422, 429)
    for sheet in AnswerSheet.objects.all():
        again = QueryDict(mutable=True)
        for question in questions:
            given = sheet.answers.get(question.id)
            if isinstance(given, list):
                again.setlist(question.name, given)
            elif isinstance(given, dict):
                for row, option in given.items():
                    again[f"{question.name}-{row}"] = option
            elif given is not None:
                again[question.name] = str(given)
        assert read_answers(questions, again) == (sheet.answers, {})


def test_counts_equal_those_of_the_sheets(world: World) -> None:
    page = make_survey(world.column)
    questions = questions_of(page.questions)
    single, multiple, scale = questions[:3]
    for n in range(12):
        told = {single.id: single.options[n % 2].id, scale.id: str(1 + n % 5)}
        if n % 2 == 0:
            told[multiple.id] = [multiple.options[n % 3].id]  # type: ignore[assignment]
        surveys.take_sheet(page=page, questions=questions, answers=told, key=f"k{n}")
    kept = set(AnswerTally.objects.values_list("question", "option", "count"))
    surveys.recount(page=page)
    assert set(AnswerTally.objects.values_list("question", "option", "count")) == kept
    assert Activity.objects.get(page=page.pk).received == 12


def test_words_are_shown_only_after_somebody_has_read_them(world: World) -> None:
    page = make_survey(world.column)
    questions = questions_of(page.questions)
    text = questions[-1]
    surveys.take_sheet(page=page, questions=questions, answers={text.id: "增加班次"}, key="k")
    page = now_over(page)
    page.result_summary = "结果。"
    page.save_revision().publish()
    assert "增加班次" not in visitor().get(page.get_url()).content.decode()
    pks = list(FreeText.objects.values_list("pk", flat=True))
    surveys.look_at_texts(page=page, texts=pks, state="shown")
    assert "增加班次" in visitor().get(page.get_url()).content.decode()


def test_figures_stay_closed_until_the_result_is_published(world: World) -> None:
    page = make_survey(world.column)
    answer(visitor(), page)
    page = now_over(page)
    assert "part-bars" not in visitor().get(page.get_url()).content.decode()
    page.result_summary = "结果。"
    page.save_revision().publish()
    assert "part-bars" in visitor().get(page.get_url()).content.decode()


def test_questions_that_people_answered_cannot_be_taken_away(world: World) -> None:
    page = make_survey(world.column)
    answer(visitor(), page)
    page.questions = page.questions.stream_block.to_python(all_kinds())
    with pytest.raises(PublishRefused):
        page.save_revision().publish()


@pytest.mark.parametrize(
    "counts",
    [
        [[10, 10], [10, 10]],
        [[3, 10], [10, 10]],  # one hidden cell would follow from the totals
        [[3, 2, 9], [20, 20, 20], [20, 20, 20]],
    ],
)
def test_small_cells_cannot_be_reckoned_from_the_totals(
    counts: list[list[int]],
) -> None:
    hidden_ones = hidden_cells(counts)
    lines = [[(r, c) for c in range(len(counts[0]))] for r in range(len(counts))]
    lines += [[(r, c) for r in range(len(counts))] for c in range(len(counts[0]))]
    for line in lines:
        inside = [cell for cell in line if cell in hidden_ones]
        assert len(inside) != 1, (line, hidden_ones)
    small = {(r, c) for r, row in enumerate(counts) for c, v in enumerate(row) if 0 < v < 5}
    assert small <= hidden_ones
    if not small:
        assert not hidden_ones


def test_a_survey_without_a_proper_condition_is_refused(world: World) -> None:
    raw = all_kinds()
    raw[1]["value"]["show_if"] = "1=也许"
    with pytest.raises(PublishRefused):
        make_survey(world.column, questions=raw)
