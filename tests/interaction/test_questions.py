"""A public reply becomes a question and answer that ends with the clauses it rests on."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistant.portal_plugin.dependants import Entries
from assistant.portal_plugin.models import QuestionPage, Topic
from assistant.portal_plugin.selectors.knowledge import answerable
from portal.interaction.models import Letter
from portal.interaction.services import flow
from portal.interaction.services.moving import MoveRefused
from portal.interaction.services.questions import draft_question
from portal.policy_interpretation.models import EffectKind, PolicyPage
from portal.policy_interpretation.services.effects import end_document
from tests.policy_interpretation.factories import clause, ids_of, make_policy

from .people import Desk

REPLY = "赵小明您好：骑行补贴每人每月300元，凭身份证申请。如有疑问请拨13800138000。"


@pytest.fixture
def policy(desk: Desk) -> PolicyPage:
    return make_policy(
        desk.world.column,
        body=[
            clause("第一条", "为了方便出行，制定本办法。"),
            clause("第二条", "申请公共自行车卡，应当提交身份证。"),
            clause("第三条", "每人每月补贴300元。"),
        ],
    )


@pytest.fixture
def public_letter(desk: Desk, policy: PolicyPage) -> Callable[..., Letter]:
    def make(*, clauses: list[str] | None = None, with_basis: bool = True) -> Letter:
        letter = desk.handling(subject="骑行补贴有多少", text="请问骑行补贴每月有多少钱？谢谢。")
        rests = [flow.Rests(policy, clauses or [], policy.title)] if with_basis else []
        flow.save_draft(letter=letter, text=REPLY, by=desk.handler, basis=rests)
        flow.hand_in(letter=letter, by=desk.handler, guard_reason="核对无误")
        flow.approve(letter=letter, by=desk.head)
        flow.release(letter=letter, by=desk.releaser)
        return flow.publish(
            letter=letter,
            by=desk.clerk,
            masked_subject="骑行补贴有多少？",
            masked_text="请问骑行补贴每月有多少钱？",
            # Somebody put the number back: it is masked once more.
            masked_reply=REPLY.replace("赵小明", "***"),
        )

    return make


def test_repeal_of_the_clause_flags_what_came_of_the_letter(
    desk: Desk, policy: PolicyPage, public_letter: Callable[..., Letter]
) -> None:
    _first, second, third = ids_of(policy)
    letter = public_letter(clauses=[second, third])
    for _time in range(2):  # asked again, no second draft
        assert draft_question(letter=letter, by=desk.admin).count == 1
    draft = QuestionPage.objects.get()
    assert (draft.live, draft.question) == (False, "骑行补贴有多少？")
    assert "300元" in draft.answer
    assert "赵小明" not in draft.answer
    assert "13800138000" not in draft.answer
    [source] = draft.sources.all()
    assert (source.target_id, source.clauses) == (policy.pk, [second, third])

    draft.topic = Topic.objects.get(slug="household")
    draft.save_revision().publish()
    assert answerable([draft.pk])
    [told] = Entries().dependants(item=f"page:{policy.pk}")
    assert (told.page, told.place) == (draft.pk, "第二条、第三条")
    end_document(
        policy=policy, kind=EffectKind.PARTLY, since=timezone.localdate(), chosen=[third],
        basis="修改决定", user=None,
    )  # fmt: skip
    assert answerable([draft.pk]) == {}


def test_without_a_basis_or_before_publishing_there_is_none(
    desk: Desk, public_letter: Callable[..., Letter]
) -> None:
    with pytest.raises(MoveRefused, match="names no document"):
        draft_question(letter=public_letter(with_basis=False), by=desk.admin)
    with pytest.raises(MoveRefused, match="Publish"):
        draft_question(letter=desk.answered(), by=desk.admin)
    assert not QuestionPage.objects.exists()


def test_who_may_not_publish_makes_no_draft(
    client: Client, desk: Desk, public_letter: Callable[..., Letter]
) -> None:
    letter = public_letter()
    for account in (desk.handler, desk.head, desk.editor, desk.strange_clerk):
        with pytest.raises(PermissionDenied):
            draft_question(letter=letter, by=account)
        client.force_login(account)
        client.post(reverse("interaction_question", args=[letter.pk]))
    assert not QuestionPage.objects.exists()
    client.force_login(desk.admin)
    page = client.get(reverse("interaction_publish", args=[letter.pk])).content.decode()
    assert "转成问答草稿" in page
    client.post(reverse("interaction_question", args=[letter.pk]))
    assert QuestionPage.objects.count() == 1
