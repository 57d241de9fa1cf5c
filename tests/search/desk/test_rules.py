"""Rules: what is refused, what holds where, what is recorded, what can be undone."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.core.models import Publication, Standing
from portal.search.models import (
    BestBet,
    BlockedWord,
    RuleChange,
    SiteWeights,
    StopPhrase,
    SynonymRule,
)
from portal.search.rules import Rules, Synonym, Weights
from portal.search.services.changing import delete_rule, readable, save_rule, undo
from portal.search.services.checking import warnings
from portal.search.services.rules import rules_for
from tests.factories import ArticleFactory, DocumentFactory, World, member

pytestmark = pytest.mark.django_db


def synonym(words: str, meanings: str = "", **values: Any) -> SynonymRule:
    rule = SynonymRule(words=words, meanings=meanings, **values)
    save_rule(rule=rule, by=None)
    return rule


# --- what is refused ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (SynonymRule(words="", meanings="出生登记"), "at least one word"),
        (SynonymRule(words="、，", meanings="出生登记"), "at least one word"),
        (SynonymRule(words="——", meanings="出生登记"), "neither letters nor digits"),
        (SynonymRule(words="上户口", meanings=""), "at least one word"),
        (SynonymRule(words="上户口，上户口", meanings="出生登记"), "more than once: 上户口"),
        (SynonymRule(words="上户口", meanings="上户口"), "both sides: 上户口"),
        (SynonymRule(words="公积金", both_ways=True), "at least two words"),
        (SynonymRule(words="字" * 61, meanings="出生登记"), "too long"),
        (StopPhrase(phrase="请"), "One character"),
        (StopPhrase(phrase="？？"), "letters or digits"),
        (BlockedWord(word="赌"), "Too short"),
        (BlockedWord(word="abc"), "Too short"),
        (BestBet(queries="落户"), "a page or a file"),
        (SiteWeights(title=-1), "greater than or equal to 0"),
        (SiteWeights(recency=2), "less than or equal to 1"),
    ],
)
def test_what_is_wrong_in_itself_is_refused(world: World, rule: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        save_rule(rule=rule, by=None)
    assert not RuleChange.objects.exists()


def test_synonyms_do_not_go_in_a_circle(world: World) -> None:
    synonym("上户口", "落户")
    synonym("落户", "户口迁入", site=world.site)
    with pytest.raises(ValidationError, match="户口迁入 → 上户口 → 落户 → 户口迁入"):
        synonym("户口迁入", "上户口", site=world.site)
    # At another site the second rule does not hold: there it is no circle.
    synonym("户口迁入", "上户口", site=world.gaoxin)


def test_what_leads_there_already_is_named(world: World) -> None:
    synonym("公积金\n住房公积金", both_ways=True)
    with pytest.raises(ValidationError, match="公积金 = 住房公积金"):
        synonym("公积金", "住房公积金", site=world.site)
    save_rule(rule=StopPhrase(phrase="怎么办理", site=world.site), by=None)
    with pytest.raises(ValidationError, match="already: “怎么办理”, 云湖市"):
        save_rule(rule=StopPhrase(phrase="怎么办理", site=world.site), by=None)
    # Elsewhere, or switched off: no matter.
    save_rule(rule=StopPhrase(phrase="怎么办理", site=world.gaoxin), by=None)
    save_rule(rule=StopPhrase(phrase="怎么办理", site=world.site, is_active=False), by=None)


def test_a_best_bet_leads_to_something_public_that_holds(world: World) -> None:
    draft = ArticleFactory(parent=world.column, live=False)
    with pytest.raises(ValidationError, match="not public"):
        save_rule(rule=BestBet(queries="落户", page=draft), by=None)
    page = ArticleFactory(parent=world.column)
    save_rule(rule=BestBet(queries="落户", page=page), by=None)
    with pytest.raises(ValidationError, match="leads there already"):
        save_rule(rule=BestBet(queries="入户、落户", page=page), by=None)
    Publication.objects.filter(page=page).update(
        valid_until=timezone.now(), standing=Standing.REPEALED
    )
    with pytest.raises(ValidationError, match="no longer in force"):
        save_rule(rule=BestBet(queries="入户", page=page), by=None)


def test_who_sets_a_best_bet_hears_when_its_target_ends(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    end = timezone.now() + datetime.timedelta(days=9)
    Publication.objects.filter(page=page).update(until=end)
    bet = BestBet(queries="落户", page=page)
    save_rule(rule=bet, by=None)
    assert f"{timezone.localtime(end):%Y-%m-%d}" in warnings(bet)[0]
    assert rules_for(None).best_bets[0].until == end


# --- what holds where -----------------------------------------------------------------------------
def test_own_rules_come_before_those_of_all_sites(world: World) -> None:
    synonym("公积金\n住房公积金", both_ways=True)
    synonym("上户口", "出生登记", site=world.site)
    synonym("落户", "户口迁入", site=world.gaoxin)
    synonym("停用", "不算", site=world.site, is_active=False)
    assert rules_for(world.site.pk).synonyms == (
        Synonym(("上户口",), ("出生登记",)),
        Synonym(("公积金", "住房公积金"), ("公积金", "住房公积金"), both_ways=True),
    )
    assert [rule.words for rule in rules_for(world.gaoxin.pk).synonyms] == [
        ("落户",),
        ("公积金", "住房公积金"),
    ]
    assert rules_for(None) == rules_for(world.site.pk)


def test_of_weights_the_own_ones_count(world: World) -> None:
    save_rule(rule=SiteWeights(title=5), by=None)
    save_rule(rule=SiteWeights(site=world.site, title=12, kinds={"policy": 1.5}), by=None)
    assert rules_for(world.site.pk).weights == Weights(title=12, kinds={"policy": 1.5})
    assert rules_for(world.gaoxin.pk).weights.title == 5
    with pytest.raises(ValidationError, match="already"):
        save_rule(rule=SiteWeights(title=3), by=None)


def test_without_rules_there_are_the_usual_ones(world: World) -> None:
    found = rules_for(world.site.pk)
    assert Rules(version=found.version) == found
    assert found.version


def test_long_phrases_come_before_those_within_them(world: World) -> None:
    for phrase in ("怎么", "怎么办理", "请问"):
        save_rule(rule=StopPhrase(phrase=phrase), by=None)
    assert rules_for(None).stop_phrases == ("怎么办理", "怎么", "请问")


def test_a_change_holds_at_once_and_changes_the_version(world: World) -> None:
    before = rules_for(world.site.pk)
    rule = synonym("上户口", "出生登记")
    middle = rules_for(world.site.pk)
    assert (len(before.synonyms), len(middle.synonyms)) == (0, 1)
    delete_rule(rule=rule, by=None)
    after = rules_for(world.site.pk)
    assert after.synonyms == ()
    assert len({before.version, middle.version, after.version}) == 3


def test_rules_cost_a_search_no_query_of_their_own(
    world: World, django_assert_num_queries: Any
) -> None:
    synonym("上户口", "出生登记")
    save_rule(rule=BestBet(queries="落户", page=ArticleFactory(parent=world.column)), by=None)
    rules_for(world.site.pk)
    # The token of structure and content, twice outside of a request; in one it is read anyway.
    with django_assert_num_queries(3):
        rules_for(world.site.pk)


@pytest.mark.parametrize("how", ["withdrawn", "repealed", "deleted", "hidden", "file"])
def test_a_best_bet_ends_with_what_it_leads_to(world: World, how: str) -> None:
    page = ArticleFactory(parent=world.column)
    document = DocumentFactory()
    target = {"document": document} if how == "file" else {"page": page}
    save_rule(rule=BestBet(queries="落户", **target), by=None)
    assert [bet.key for bet in rules_for(None).best_bets] == [
        f"file:{document.pk}" if how == "file" else f"page:{page.pk}"
    ]
    if how == "withdrawn":
        page.unpublish()
    elif how == "deleted":
        page.delete()
    elif how == "hidden":
        world.column.unpublish()
    elif how == "file":
        document.delete()
    else:
        from portal.core import outbox

        Publication.objects.filter(page=page).update(
            valid_until=timezone.now(), standing=Standing.REPEALED
        )
        outbox.append("page.validity", f"page:{page.pk}", {})
    assert rules_for(None).best_bets == ()


# --- what is recorded -----------------------------------------------------------------------------
def test_each_change_is_recorded_with_before_and_after(provisioned_world: World) -> None:
    world = provisioned_world
    person = member("site_admin", world.site)
    rule = SynonymRule(words="上户口", meanings="出生登记", site=world.site)
    save_rule(rule=rule, by=person)
    rule.meanings = "出生登记\n户口登记"
    change = save_rule(rule=rule, by=person, reason="热线反馈")
    assert change is not None
    assert (change.act, change.user, change.site) == ("changed", person, world.site)
    assert readable(change) == [("official words", "出生登记", "出生登记、户口登记")]
    assert save_rule(rule=rule, by=person) is None
    delete_rule(rule=rule, by=person)
    assert [row.act for row in RuleChange.objects.order_by("pk")] == ["added", "changed", "deleted"]


def test_changes_are_undone_from_the_last_one_back(world: World) -> None:
    rule = SynonymRule(words="上户口", meanings="出生登记")
    added = save_rule(rule=rule, by=None)
    rule.meanings = "户口登记"
    changed = save_rule(rule=rule, by=None)
    deleted = delete_rule(rule=rule, by=None)
    assert added is not None
    assert changed is not None
    with pytest.raises(ValidationError, match="changed again"):
        undo(change=changed, by=None)
    undo(change=deleted, by=None)
    assert SynonymRule.objects.get(pk=rule.pk).meanings == "户口登记"
    undo(change=changed, by=None)
    assert SynonymRule.objects.get(pk=rule.pk).meanings == "出生登记"
    with pytest.raises(ValidationError, match="undone already"):
        undo(change=changed, by=None)
    undo(change=added, by=None)
    assert not SynonymRule.objects.exists()
    assert rules_for(None).synonyms == ()
    assert RuleChange.objects.count() == 6


def test_what_does_not_fit_any_more_is_not_brought_back(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    bet = BestBet(queries="落户", page=page)
    save_rule(rule=bet, by=None)
    deleted = delete_rule(rule=bet, by=None)
    page.unpublish()
    with pytest.raises(ValidationError, match="not public"):
        undo(change=deleted, by=None)
    assert not BestBet.objects.exists()
