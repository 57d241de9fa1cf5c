"""Phrasings of visitors: what is counted, what never is, and who may take them."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from assistant.portal_plugin.models import IndexedEntry, PhrasingProposal, QuestionPage
from assistant.portal_plugin.selectors.tasks import open_proposals
from assistant.portal_plugin.services import proposals
from assistant.portal_plugin.services.proposals import accept, propose, refuse
from tests.factories import UserFactory, World, member

from .factories import make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(column: Page) -> QuestionPage:
    return make_question(column, "新生儿怎么上户口？", phrasings=["小孩咋落户"])


def asked() -> list[tuple[str, int, str]]:
    rows = PhrasingProposal.objects.order_by("pk")
    return list(rows.values_list("text", "count", "state"))


def ask(entry: QuestionPage, text: str) -> bool:
    return propose(entry=entry, text=text, language="zh-hans")


# --- counting -------------------------------------------------------------------------------------
def test_the_same_words_are_counted_once(entry: QuestionPage) -> None:
    assert ask(entry, "给娃上户口要带啥？")
    assert propose(entry=entry.pk, text="给娃 上户口要带啥", language="zh-hans")
    assert asked() == [("给娃上户口要带啥？", 2, "open")]


@pytest.mark.parametrize(
    "text", ["新生儿怎么上户口", "小孩咋落户？", "", "?", "1234567", "户" * 201, "13812345678"]
)
def test_what_is_known_or_says_nothing_is_not_proposed(entry: QuestionPage, text: str) -> None:
    assert not ask(entry, text)
    assert asked() == []


def test_personal_data_never_gets_there(entry: QuestionPage) -> None:
    ask(entry, "我叫王小明，电话13812345678，身份证110101199003070011，给娃上户口")
    [(text, _count, _state)] = asked()
    assert "给娃上户口" in text
    for secret in ("王小明", "13812345678", "110101199003070011"):
        assert secret not in text + PhrasingProposal.objects.get().same_as


def test_what_was_refused_is_not_proposed_again(entry: QuestionPage) -> None:
    ask(entry, "娃的本本咋弄")
    pk = PhrasingProposal.objects.get().pk
    assert refuse(pks=[pk], user=UserFactory(superuser=True)) == 1
    assert not ask(entry, "娃的本本咋弄")
    assert asked() == [("娃的本本咋弄", 1, "refused")]


def test_nobody_buries_an_owner(entry: QuestionPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "MOST_OPEN", 3)
    assert [ask(entry, f"问法甲{sign}") for sign in "一二三四"] == [True, True, True, False]
    assert ask(entry, "问法甲一")


def test_only_public_entries_get_proposals(entry: QuestionPage) -> None:
    entry.unpublish()
    assert not ask(entry, "给娃上户口")
    assert not propose(entry=99_999_999, text="给娃上户口", language="zh-hans")


# --- taking ---------------------------------------------------------------------------------------
def test_what_is_taken_counts_at_once_and_leaves_the_draft(entry: QuestionPage) -> None:
    entry.answer = "<p>草稿。</p>"
    entry.save_revision()
    ask(entry, "给娃上户口")
    ask(entry, "宝宝的户口")
    user = UserFactory(superuser=True)
    pks = PhrasingProposal.objects.values_list("pk", flat=True)
    assert accept(pks=list(pks), user=user) == 2
    entry.refresh_from_db()
    assert entry.phrasings == ["小孩咋落户", "给娃上户口", "宝宝的户口"]
    assert entry.answer == "<p>到户籍派出所办理，带出生医学证明。</p>"
    assert IndexedEntry.objects.get(page=entry.pk).phrasings == entry.phrasings
    draft = entry.get_latest_revision_as_object()
    assert (draft.answer, draft.phrasings) == ("<p>草稿。</p>", entry.phrasings)
    assert {state for _text, _count, state in asked()} == {"accepted"}
    assert accept(pks=list(pks), user=user) == 0
    assert not ask(entry, "给娃上户口")


@pytest.mark.own_world
def test_who_may_see_refuse_and_accept(provisioned_world: World) -> None:
    world = provisioned_world
    entry = make_question(world.hubin_column)
    ask(entry, "给娃上户口")
    pk = PhrasingProposal.objects.get().pk
    stranger, editor, releaser = (
        member("releaser", world.gaoxin), member("editor", world.hubin),
        member("releaser", world.hubin),
    )  # fmt: skip
    assert not open_proposals(stranger).exists()
    assert open_proposals(editor).count() == 1
    for user in (stranger, editor):
        with pytest.raises(PermissionDenied):
            accept(pks=[pk], user=user)
    with pytest.raises(PermissionDenied):
        refuse(pks=[pk], user=stranger)
    address = reverse("assistant_proposals")
    client = signed_in(member("auditor", world.hubin))
    assert client.get(address).status_code != 200
    client = signed_in(stranger)
    assert "给娃上户口" not in client.get(address).content.decode()
    client.post(address, {"proposal": [pk], "do": "accept"})
    assert asked()[0][2] == "open"
    client = signed_in(releaser)
    assert "给娃上户口" in client.get(address).content.decode()
    assert client.post(address, {"proposal": [pk, "x"], "do": "accept"}).status_code == 302
    assert asked()[0][2] == "accepted"
    assert QuestionPage.objects.get(pk=entry.pk).phrasings[-1] == "给娃上户口"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client
