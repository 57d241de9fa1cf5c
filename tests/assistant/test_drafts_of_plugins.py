"""Drafts that services and answered letters hand in: the whole page is their source."""

import pytest

from assistant.portal_plugin.models import QuestionPage
from portal.plugin_api import QASource, capability, qa_drafts
from tests.factories import ArticleFactory, UserFactory, World

pytestmark = pytest.mark.django_db


def test_an_answered_letter_becomes_one_draft_tied_to_its_page(world: World) -> None:
    letter = ArticleFactory(parent=world.column, title="关于路灯的来信")
    source = QASource(
        "", "来信答复", "路灯已修好。\n夜间故障请拨12345。", "/l/", question="路灯坏了找谁？"
    )
    provider = capability(qa_drafts, world.site.pk)
    assert provider is not None
    user = UserFactory(superuser=True)
    for _time in range(2):
        made = provider.draft([source], page=letter, site=world.site.pk, user=user)
        assert made.count == 1
    draft = QuestionPage.objects.get()
    assert (draft.live, draft.question) == (False, "路灯坏了找谁？")
    assert draft.answer == "<p>路灯已修好。</p><p>夜间故障请拨12345。</p>"
    [row] = draft.sources.all()
    assert (row.kind, row.target_id, row.clauses, row.label) == (
        "page", letter.pk, [], "来信答复",
    )  # fmt: skip
    other = QASource("", "来信答复", "可以。", "/l/", question="新装路灯怎么申请？")
    assert provider.draft([other], page=letter, site=world.site.pk, user=user).count == 2
