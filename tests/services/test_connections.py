"""What other parts of the portal learn of guides: repeals, figures, drafts of questions, cards."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.core.repointing import repoint
from portal.plugin_api import (
    DependantAction,
    QADraftsMade,
    QASource,
    card_sources,
    dependants,
    qa_drafts,
    watched_texts,
)
from portal.plugins.registry import PORTAL
from portal.services.cards import GuideCards
from portal.services.dependants import Guides
from portal.services.models import GuideBasis, GuideMaterial
from portal.services.services.drafts import draft_questions
from portal.services.watched import WatchedGuides
from tests.factories import UserFactory, World, member
from tests.policy_interpretation.factories import clause, ids_of, make_policy

from .factories import make_guide

pytestmark = pytest.mark.django_db


# --- repeals --------------------------------------------------------------------------------------
def test_a_repeal_finds_the_guides_that_rest_on_the_document(column: Page) -> None:
    policy = make_policy(column, body=[clause("第一条", "甲。"), clause("第二条", "乙。")])
    basis = [GuideBasis(target=policy, clauses=ids_of(policy)[1:])]
    guide = make_guide(column, basis=basis)
    make_guide(column, title="草稿", live=False, basis=[GuideBasis(target=policy)])
    guide.create_alias(parent=column, update_slug="alias")
    (found,) = Guides().dependants(item=f"page:{policy.pk}")
    assert (found.page, found.place, found.unit) == (guide.pk, "第二条", str(guide.owner_unit))
    assert {DependantAction.UPDATE, DependantAction.REPOINT, DependantAction.WITHDRAW} <= set(
        found.actions
    )
    assert list(Guides().dependants(item="unit:1")) == []


def test_a_guide_follows_the_document_that_replaces_another(column: Page) -> None:
    old = make_policy(column)
    new = make_policy(column, title="新办法", document_number="云政发〔2026〕20号")
    guide = make_guide(column, basis=[GuideBasis(target=old)])
    chief = UserFactory(superuser=True)
    assert repoint(guide, old=old.pk, new=new.pk, user=chief) == 1
    guide.refresh_from_db()
    assert [row.target_id for row in guide.basis.all()] == [new.pk]


# --- figures --------------------------------------------------------------------------------------
def test_limits_and_fees_are_compared_with_the_clauses(world: World) -> None:
    policy = make_policy(world.column, body=[clause("第一条", "自受理之日起7个工作日内办结。")])
    guide = make_guide(
        world.column,
        promised_limit="9个工作日",
        basis=[GuideBasis(target=policy, clauses=ids_of(policy))],
    )
    make_guide(world.column, title="只有外部依据")
    texts = list(WatchedGuides().texts(site=world.site.pk))
    assert [text.page for text in texts] == [guide.pk]
    assert ("promised_limit", "9个工作日") in [(part.name, part.text) for part in texts[0].parts]
    assert not list(WatchedGuides().texts(site=world.hubin.pk))
    assert list(WatchedGuides().texts(site=world.site.pk, document=policy.pk))
    assert not list(WatchedGuides().texts(site=world.site.pk, keys=["999999"]))


def test_the_registries_know_the_guides() -> None:
    for registry in (dependants, watched_texts, card_sources):
        assert "services.guides" in {entry.key for entry in registry.entries()}


# --- drafts of questions --------------------------------------------------------------------------
class Provider:
    def __init__(self) -> None:
        self.sources: list[QASource] = []

    def draft(self, sources: Any, *, page: Any, site: Any, user: Any) -> QADraftsMade:
        self.sources = list(sources)
        return QADraftsMade(len(self.sources), "/admin/drafts/")


def test_questions_are_drafted_from_what_the_guide_says(
    provisioned_world: World, client: Client
) -> None:
    guide = make_guide(
        provisioned_world.column,
        materials=[GuideMaterial(name="居民身份证"), GuideMaterial(name="照片")],
    )
    provider = Provider()
    client.force_login(member("editor", provisioned_world.site))
    with qa_drafts.temporarily(provider, plugin=PORTAL):
        answer = client.post(reverse("services_drafts", args=[guide.pk]))
        assert (answer.status_code, answer["Location"]) == (302, "/admin/drafts/")
        with pytest.raises(PermissionDenied):
            draft_questions(page=guide, by=member("editor", provisioned_world.hubin))
    texts = [source.text for source in provider.sources]
    assert any("居民身份证" in text and "照片" in text for text in texts)
    assert any("云水路1号" in text for text in texts)
    assert all(guide.title in source.question for source in provider.sources)
    assert len({source.question for source in provider.sources}) == len(provider.sources) >= 4


# --- cards ----------------------------------------------------------------------------------------
def test_a_card_holds_the_essentials_of_a_public_guide(column: Page) -> None:
    guide = make_guide(column)
    draft = make_guide(column, title="草稿", live=False)
    card = GuideCards().card_text(str(guide.pk), language="en")
    assert card is not None
    assert (card.title, card.chinese_title) == ("", "居住证办理")
    assert "居民身份证" in card.chinese_html
    assert "云水路1号" in card.contacts
    for key in (str(draft.pk), "0", "x", "１", "9" * 30):
        assert GuideCards().card_text(key, language="en") is None


def test_what_editors_typed_is_no_markup_on_a_card(column: Page) -> None:
    guide = make_guide(column, materials=[GuideMaterial(name="<b>照片</b>")])
    card = GuideCards().card_text(str(guide.pk), language="en")
    assert card is not None
    assert "&lt;b&gt;照片" in card.chinese_html
