"""Machine drafts: within the budget, names and tags kept, a person's text never touched."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from portal.foreign.models import (
    MachineBudget,
    MachineRun,
    MachineUse,
    MadeBy,
    PageTranslation,
    Term,
    TermName,
)
from portal.foreign.protecting import protect, refusal, restore
from portal.foreign.selectors.exchange import document_of
from portal.foreign.selectors.machine import Standing, standing
from portal.foreign.selectors.origins import made_by_of
from portal.foreign.selectors.segments import segments_of
from portal.foreign.selectors.terms import terms_in
from portal.foreign.services import machine
from portal.foreign.services.segments import save_segment
from portal.foreign.services.syncing import sync_source
from portal.foreign.translators import hosts, made, openai
from portal.foreign.translators.dummy import DummyTranslator
from portal.plugin_api import CapabilityUnavailable, Translator
from tests.factories import publish

from .factories import Section, locale

pytestmark = pytest.mark.usefixtures("words_of_the_code")

BODY = "<p>到<b>云湖市公安局</b>办理，费用 400 元。</p><p>2026年3月1日起施行。</p><p>请带护照。</p>"


class Machine:
    """A translator for tests: the dummy, with faults on demand."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fault: Any = None

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        self.asked += texts
        if isinstance(self.fault, Exception):
            raise self.fault
        done = DummyTranslator().translate(texts, source=source, target=target)
        return [self.fault(text) for text in done] if self.fault else done


@pytest.fixture
def translator(monkeypatch: pytest.MonkeyPatch) -> Machine:
    found = Machine()
    monkeypatch.setattr(machine, "capability", lambda name, site: found)
    return found


@pytest.fixture
def translation(english: Section) -> PageTranslation:
    page = english.article
    page.body = page.body.stream_block.to_python(
        [{"type": "paragraph", "value": BODY, "id": "00000001"}]
    )
    publish(page)
    sync_source(page)
    term = Term.objects.create(source="云湖市公安局", kind="agency", status="approved")
    TermName.objects.create(
        term=term, locale=locale("en"), name="Yunhu Public Security Bureau", status="approved"
    )
    return PageTranslation.objects.select_related("section__locale", "source__locale").get(
        section=english.row, source_id=page.pk
    )


def drafts(translation: PageTranslation) -> dict[str, str]:
    return {one.source_text: one.text for one in segments_of(translation)}


AGENCY = "到<b>云湖市公安局</b>办理，费用 400 元。"


def test_a_whole_page_is_drafted_as_a_machines_with_the_official_names(
    translation: PageTranslation, english: Section, translator: Machine
) -> None:
    result = machine.draft(translation=translation, user=english.team.translator)
    assert result.refused == []
    assert result.drafted == len(drafts(translation)) > 3
    text = drafts(translation)[AGENCY]
    assert "<b>Yunhu Public Security Bureau</b>" in text
    assert "400" in text
    assert not any("云湖市公安局" in text for text in translator.asked)
    assert set(made_by_of(translation).values()) == {MadeBy.MACHINE}
    translation.refresh_from_db()
    assert translation.status == PageTranslation.Status.MACHINE_DRAFT
    assert machine.draft(translation=translation, user=None).drafted == 0


def test_a_persons_text_is_neither_sent_nor_replaced(
    translation: PageTranslation, english: Section, translator: Machine
) -> None:
    unit = next(unit for unit in document_of(translation).units if unit.source == "请带护照。")
    save_segment(
        translation=translation, path=unit.path, position=0, source_hash=unit.source_hash,
        text="Bring your passport.", user=english.team.translator,
    )  # fmt: skip
    every = segments_of(translation)
    machine.draft(translation=translation, user=english.team.translator, segments=every)
    assert drafts(translation)["请带护照。"] == "Bring your passport."
    assert "请带护照。" not in translator.asked


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (lambda text: text.replace("400", "40"), "figures"),
        (lambda text: text.replace("<b>", ""), "tags"),
        (lambda text: text.replace("<b>", "").replace("</b>", ""), "tags out"),
        (lambda text: text.replace('<x id="n1"/>', ""), "official name"),
        (lambda text: text.replace('<x id="n1"/>', '<x id="n1"/><x id="n1"/>'), "official name"),
        (lambda text: "" if "400" in text else text, "official name"),
    ],
    ids=["figure", "tag", "tags", "name", "twice", "empty"],
)
def test_what_a_machine_got_wrong_is_thrown_away_and_told(
    translation: PageTranslation, english: Section, translator: Machine, fault: Any, words: str
) -> None:
    translator.fault = fault
    result = machine.draft(translation=translation, user=english.team.translator)
    (refused,) = [one for one in result.refused if one.source_text == AGENCY]
    assert words in refused.reason
    assert drafts(translation)[AGENCY] == ""
    assert drafts(translation)["请带护照。"]


def test_text_that_stays_chinese_is_no_draft() -> None:
    assert "Chinese" in refusal("请带护照", "请带护照", source_language="zh-hans", language="en")


def test_nothing_is_sent_beyond_the_budget(
    translation: PageTranslation, english: Section, translator: Machine
) -> None:
    MachineBudget.objects.create(section=english.row, characters=10)
    with pytest.raises(machine.BudgetSpent, match="is spent"):
        machine.draft(translation=translation, user=english.team.translator)
    assert translator.asked == []
    assert standing(english.row) == Standing(0, 10)
    MachineBudget.objects.update(characters=0)
    with pytest.raises(machine.BudgetSpent):
        machine.draft(translation=translation, user=english.team.translator)


def test_four_fifths_warn_and_each_language_has_its_own_budget(
    translation: PageTranslation, english: Section, japanese: Section, translator: Machine
) -> None:
    total = sum(
        len(one.source_text.replace("<b>", "").replace("</b>", ""))
        for one in segments_of(translation)
    )
    MachineBudget.objects.create(section=english.row, characters=total + 2)
    result = machine.draft(translation=translation, user=english.team.translator)
    assert result.characters == total == MachineUse.objects.get().characters
    assert "is used" in result.warning
    assert standing(japanese.row).used == 0


def test_a_failing_service_costs_nothing_and_says_so(
    translation: PageTranslation, english: Section, translator: Machine
) -> None:
    translator.fault = CapabilityUnavailable("down")
    with pytest.raises(machine.NoTranslator, match="does not answer"):
        machine.draft(translation=translation, user=english.team.translator)
    assert standing(english.row).used == 0
    assert not any(drafts(translation).values())


def test_without_a_translator_it_is_said(translation: PageTranslation, english: Section) -> None:
    with pytest.raises(machine.NoTranslator, match="PORTAL_TRANSLATOR"):
        machine.draft(translation=translation, user=english.team.translator)
    with pytest.raises(machine.NoTranslator):
        machine.start_run(translation=translation, user=english.team.translator)


def test_a_run_goes_on_where_it_was_interrupted(
    translation: PageTranslation, english: Section, translator: Machine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(machine, "_MOST_TEXTS", 1)
    total = len(drafts(translation))
    run = MachineRun.objects.create(translation=translation, user=None, total=total)
    assert machine.work_on(run, batches=2)
    assert sum(map(bool, drafts(translation).values())) == run.drafted == 2
    run = MachineRun.objects.get(pk=run.pk)
    while machine.work_on(run):
        pass
    assert (run.state, run.drafted) == ("done", total)
    assert len(translator.asked) == total


def test_a_run_that_is_refused_everything_ends(
    translation: PageTranslation, english: Section, translator: Machine
) -> None:
    translator.fault = lambda text: "7777 " + text
    run = MachineRun.objects.create(translation=translation, user=None, total=5)
    while machine.work_on(run):
        pass
    assert run.state == "done"
    assert run.drafted == 0
    assert len(run.refused) == len(drafts(translation))


def test_a_run_stops_with_the_reason_when_the_budget_is_spent(
    translation: PageTranslation, english: Section, translator: Machine
) -> None:
    MachineBudget.objects.create(section=english.row, characters=3)
    run = MachineRun.objects.create(translation=translation, user=None, total=5)
    assert not machine.work_on(run)
    assert run.state == "stopped"
    assert "is spent" in run.message


def test_names_survive_what_services_do_to_marks() -> None:
    hits_text = "到云湖市公安局。"
    assert protect(hits_text, []) == (hits_text, [])
    for answer in ('Go to <x id="n1"/>.', 'Go to <x id="n1"></x>.', 'Go to <x id="n1" /> .'):
        assert restore(answer, ["A & B"]) == "Go to A &amp; B."
    assert restore('<x id="n1"/>へ', ["雲湖市"]) == "雲湖市へ"
    assert restore('今日は <x id="n1"/> へ', ["雲湖市"]) == "今日は雲湖市へ"
    assert restore('to <b> <x id="n1"/> </b> <x id="n2"/> now', ["A", "B"]) == "to <b>A</b> B now"
    assert restore('x<x id="n2"/>', ["a"]) is None


# --- the services -------------------------------------------------------------------------------
class _Answer:
    def __init__(self, data: Any) -> None:
        self.data = data

    def json(self) -> Any:
        return self.data

    def raise_for_status(self) -> None:
        pass


def test_libretranslate_and_deepl_are_asked_in_their_own_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import requests

    sent: list[Any] = []

    def post(url: str, *args: Any, **kwargs: Any) -> _Answer:
        sent.append((url, args, kwargs))
        if "deepl" in url:
            return _Answer({"translations": [{"text": "A"}, {"text": "B"}, {"text": "C"}]})
        return _Answer({"translatedText": ["A", "B", "C"]})

    monkeypatch.setattr(requests, "post", post)
    base = {"url": "http://mt.example:5000", "key": "secret:fx", "model": "", "timeout": 5.0}
    for kind in ("libretranslate", "deepl"):
        found = made({"kind": kind, **base})
        assert isinstance(found, Translator)
        assert found.translate(["甲", "乙", "丙"], source="zh-hans", target="en") == ["A", "B", "C"]
        assert "secret" not in repr(found)
    assert sent[0][0] == "http://mt.example:5000/translate"
    assert "api-free.deepl.com" in sent[1][0]
    assert hosts({"kind": "deepl", **base}) == ("api-free.deepl.com",)
    assert hosts({"kind": "libretranslate", **base}) == ("mt.example",)
    assert hosts({}) == hosts({"kind": "dummy", "url": ""}) == ()


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (json.dumps({"translations": ["One"]}), True),
        ('Sure:\n```json\n{"translations": ["One"]}\n```', True),
        (json.dumps({"translations": ["One", "Two"]}), False),
        (json.dumps({"translations": [1]}), False),
        (json.dumps(["One"]), False),
        ("One", False),
        ("", False),
    ],
)
def test_a_models_answer_is_read_or_refused(answer: str, right: bool) -> None:
    if right:
        assert openai._read(answer, 1) == ["One"]
    else:
        with pytest.raises(openai.NoSense):
            openai._read(answer, 1)


def test_a_language_model_is_asked_through_haystack(monkeypatch: pytest.MonkeyPatch) -> None:
    from haystack.components.generators import chat
    from haystack.dataclasses import ChatMessage

    seen: list[Any] = []

    class Generator:
        def __init__(self, **options: Any) -> None:
            assert options["api_base_url"] == "http://llm.example/v1"
            assert options["generation_kwargs"] == {"temperature": 0}

        def run(self, messages: Any) -> Any:
            seen.append(json.loads(messages[1].text))
            return {"replies": [ChatMessage.from_assistant('{"translations": ["Hello"]}')]}

    monkeypatch.setattr(chat, "OpenAIChatGenerator", Generator)
    setting = {
        "kind": "openai",
        "url": "http://llm.example/v1",
        "model": "m",
        "key": "k",
        "timeout": 3.0,
    }
    found = made(setting)
    assert found is not None
    assert found.translate(["你好"], source="zh-hans", target="en") == ["Hello"]
    assert seen == [{"from": "zh-hans", "to": "en", "texts": ["你好"]}]
    assert "'k'" not in repr(found)


def test_a_budget_error_is_a_sentence_for_people(english: Section) -> None:
    assert issubclass(machine.BudgetSpent, ValidationError)
    assert not terms_in("", language="en")
