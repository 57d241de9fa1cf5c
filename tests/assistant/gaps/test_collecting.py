"""What counts as asked in vain, what is kept of it, and that it is read once."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from assistant.portal_plugin.models import (
    AnswerRecord,
    Channel,
    Conversation,
    GapQuestion,
    GapSource,
)
from assistant.portal_plugin.models.conversations import AnswerStatus
from assistant.portal_plugin.services import gap_collecting
from assistant.portal_plugin.services.gap_collecting import collect
from portal.plugin_api import Entry, GapSignal, gap_signals
from tests.assistant.gaps.seeding import ask
from tests.factories import World

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

STATUS, KIND = AnswerStatus, GapQuestion.Kind


@pytest.fixture
def site(world: World) -> int:
    return int(world.site.pk)


def kinds() -> dict[str, str]:
    return dict(GapQuestion.objects.values_list("text", "kind"))


def test_what_was_asked_in_vain(site: int) -> None:
    ask("充电桩怎么装？", site=site)
    ask("狗证去哪办？", site=site, status=STATUS.CLARIFY)
    ask("借书证怎么办？", site=site, status=STATUS.ANSWERED, useful=False)
    assert collect(site) == 3
    assert kinds() == {
        "充电桩怎么装？": KIND.UNANSWERED,
        "狗证去哪办？": KIND.UNCHOSEN,
        "借书证怎么办？": KIND.RATED,
    }


def test_what_was_not(site: int) -> None:
    ask("身份证怎么办？", site=site, status=STATUS.ANSWERED)
    ask("户口怎么迁？", site=site, status=STATUS.ANSWERED, useful=True)
    ask("狗证去哪办？", site=site, status=STATUS.CLARIFY, chosen=True)
    ask("讲个笑话", site=site)
    ask("你好", site=site)
    ask("充电桩怎么装？", site=site, channel=Channel.COMMAND)
    record = ask("去年的补贴多少？", site=site)
    AnswerRecord.objects.filter(pk=record.pk).update(as_of=timezone.now())
    assert collect(site) == 0
    assert kinds() == {}


def test_a_visitor_still_has_time_to_choose(site: int) -> None:
    now = timezone.now()
    ask("狗证去哪办？", site=site, status=STATUS.CLARIFY, at=now - datetime.timedelta(minutes=5))
    assert collect(site, now=now) == 0
    assert collect(site, now=now + datetime.timedelta(hours=2)) == 1


def test_each_is_read_once_and_late_ratings_are_read(site: int) -> None:
    now = timezone.now()
    ask("充电桩怎么装？", site=site, at=now - datetime.timedelta(days=3))
    old = ask(
        "借书证？怎么办", site=site, status=STATUS.ANSWERED, at=now - datetime.timedelta(days=3)
    )
    assert collect(site, now=now) == 1
    assert collect(site, now=now) == 0
    from assistant.portal_plugin.models import Feedback

    Feedback.objects.create(answer=old, useful=False, at=now + datetime.timedelta(hours=1))
    assert collect(site, now=now + datetime.timedelta(days=1)) == 1


def test_sites_are_apart(world: World, site: int) -> None:
    ask("充电桩怎么装？", site=site)
    assert collect(world.hubin.pk) == 0
    assert collect(site) == 1


def test_people_are_told_apart_without_the_key_of_their_conversation(site: int) -> None:
    talk = Conversation.objects.create(site_id=site, language="zh-hans", channel=Channel.PAGE)
    ask("充电桩怎么装？", site=site, conversation=talk)
    ask("充电桩去哪装？", site=site, conversation=talk)
    ask("充电桩谁来装？", site=site)
    collect(site)
    askers = list(GapQuestion.objects.values_list("asker", flat=True))
    assert len(set(askers)) == 2
    assert not any(talk.pk.hex in asker or str(talk.pk) in asker for asker in askers)


def test_it_is_forgotten_with_the_conversation(site: int) -> None:
    record = ask("充电桩怎么装？", site=site)
    collect(site)
    AnswerRecord.objects.filter(pk=record.pk).delete()
    assert not GapQuestion.objects.exists()
    GapSource.objects.all().delete()
    assert collect(site) == 0


# --- other plugins --------------------------------------------------------------------------------
class Letters:
    """A source with what a test wants; fails on demand."""

    def __init__(self, *texts: str) -> None:
        self.texts, self.fails = texts, False

    def gap_signals(self, *, site: int, since: Any, until: Any) -> Iterator[GapSignal]:
        for number, text in enumerate(self.texts):
            yield GapSignal(str(number), text, "zh-hans", until, kind="letter", url="/letters/1/")
        if self.fails:
            raise RuntimeError("broken for a test")


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    found = Letters("充电桩怎么装？", "我叫王小明，电话13812345678，路灯坏了找谁？")
    entry = Entry("letters.all", "dummy", found, "gap_signals")
    monkeypatch.setattr(gap_signals, "entries", lambda site=None: iter([entry]))
    return found


def test_words_of_other_plugins_are_scrubbed_too(site: int, letters: Letters) -> None:
    assert collect(site) == 2
    assert collect(site) == 0
    texts = " ".join(GapQuestion.objects.values_list("text", flat=True))
    assert "路灯坏了找谁" in texts
    assert "13812345678" not in texts
    assert "王小明" not in texts
    assert set(GapQuestion.objects.values_list("kind", "answer", "url")) == {
        ("letter", None, "/letters/1/")
    }


def test_a_source_that_fails_is_read_again(site: int, letters: Letters, settings: Any) -> None:
    settings.PORTAL_PLUGIN_ERRORS_RAISE = False
    letters.fails = True
    assert collect(site) == 0
    assert not GapSource.objects.exists()
    letters.fails = False
    assert collect(site) == 2


def test_an_interrupted_night_goes_on(
    site: int, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters.texts = tuple(f"第{number}条路的路灯坏了找谁？" for number in range(5))
    monkeypatch.setattr(gap_collecting, "_BATCH", 2)
    real, calls = gap_collecting._store, []

    def dies(*args: Any) -> int:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(gap_collecting, "_store", dies)
        with pytest.raises(KeyboardInterrupt):
            collect(site)
    assert GapQuestion.objects.count() == 2
    assert collect(site) == 3
