"""Repeal cases: what rests on a document is listed, decided one by one, and never forgotten."""

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.core import outbox
from portal.core.extension_points import Dependant, DependantAction, dependants
from portal.policy_interpretation.components import CaseFollower
from portal.policy_interpretation.dependants import PlainAddresses
from portal.policy_interpretation.models import (
    CascadeCase,
    CascadeItem,
    EffectKind,
    InterpretationLink,
    InterpretationPage,
    PolicyPage,
    PolicyRelation,
)
from portal.policy_interpretation.selectors.cascade import open_cases
from portal.policy_interpretation.services import cascade, effects
from tests.factories import ArticleFactory, UserFactory, World, member, publish

from .factories import clause, make_policy, republish

pytestmark = pytest.mark.django_db

DAY = datetime.date
State = CascadeItem.State


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime.datetime(2026, 9, 1, 4, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def chief(db: None) -> Any:
    return UserFactory(is_superuser=True)


def link_to(page: Page) -> str:
    return f'<p>见<a linktype="page" id="{page.pk}">这里</a>。</p>'


def make_article(column: Page, target: Page, title: str = "引用文章") -> Any:
    body = [{"type": "paragraph", "value": link_to(target)}]
    return publish(ArticleFactory(parent=column, title=title, body=body, draft=True))


def make_product(column: Page, *policies: PolicyPage, title: str = "解读") -> InterpretationPage:
    page = InterpretationPage(title=title, source="云湖市政府办", live=False)
    page.interprets = [InterpretationLink(policy=policy) for policy in policies]
    page.body = page.body.stream_block.to_python([{"type": "paragraph", "value": "<p>说明。</p>"}])
    column.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def end(page: PolicyPage, user: Any, **values: Any) -> CascadeCase:
    wanted: dict[str, Any] = {"kind": EffectKind.REPEALED, "since": DAY(2026, 9, 1), "basis": "令"}
    effects.end_document(policy=page, user=user, **wanted | values)
    return CascadeCase.objects.get(policy=page)


def items(case: CascadeCase) -> dict[str, str]:
    return dict(case.items.values_list("label", "state"))


def item(case: CascadeCase, label: str) -> CascadeItem:
    return case.items.get(label=label)


# --- what is found --------------------------------------------------------------------------------
def test_everything_that_rests_on_it_is_listed_once(world: World, chief: Any) -> None:
    policy = make_policy(world.column, title="旧办法")
    make_product(world.column, policy)
    make_article(world.hubin_column, policy)
    follower = make_policy(world.column, title="实施细则", live=False)
    follower.relations = [PolicyRelation(kind="implements", target=policy)]
    republish(follower)
    policy.create_alias(parent=world.hubin_column)
    make_article(world.column, world.home, title="无关")
    ArticleFactory(parent=world.column, title="草稿", draft=True)
    case = end(policy, chief)
    assert items(case) == dict.fromkeys(["解读", "引用文章", "实施细则", "旧办法"], State.OPEN)
    assert item(case, "引用文章").site_id == world.hubin.pk
    assert item(case, "解读").source == "policy_interpretation.products"


def test_publishing_the_replacing_document_opens_the_case(world: World) -> None:
    policy = make_policy(world.column, title="旧办法")
    product = make_product(world.column, policy)
    new = make_policy(world.column, title="新办法", live=False)
    new.relations = [PolicyRelation(kind="replaces", target=policy)]
    new.save()
    assert not CascadeCase.objects.exists()
    republish(new)
    case = CascadeCase.objects.get()
    assert (case.policy_id, list(items(case))) == (policy.pk, [product.title])
    found = cascade.successor(case)
    assert found is not None
    assert found.pk == new.pk


def test_the_successor_is_the_last_of_a_chain(world: World) -> None:
    first, second, third = (
        make_policy(world.column, title=title, effective_on=DAY(2026, month, 1))
        for title, month in (("一", 6), ("二", 7), ("三", 8))
    )
    for new, old in ((second, first), (third, second)):
        new.relations = [PolicyRelation(kind="replaces", target=old)]
        republish(new)
    found = cascade.successor(CascadeCase.objects.get(policy=first))
    assert found is not None
    assert found.pk == third.pk


def test_a_document_that_is_amended_calls_for_no_case(world: World) -> None:
    policy = make_policy(world.column, title="旧办法")
    new = make_policy(world.column, title="修改决定", live=False)
    new.relations = [PolicyRelation(kind="amends", target=policy)]
    republish(new)
    assert not CascadeCase.objects.exists()


def test_part_of_a_document_calls_for_a_case(world: World, chief: Any) -> None:
    body = [clause("第一条", "一"), clause("第二条", "二")]
    policy = make_policy(world.column, body=body)
    make_product(world.column, policy)
    case = end(policy, chief, kind=EffectKind.PARTLY, chosen=[body[0]["id"]])
    assert items(case) == {"解读": State.OPEN}


def test_expiry_by_the_calendar_opens_a_case_once(world: World) -> None:
    policy = make_policy(world.column, valid_through=DAY(2026, 9, 30))
    make_product(world.column, policy)
    outbox.run_consumers([CaseFollower()])
    assert not CascadeCase.objects.exists()
    with time_machine.travel(datetime.datetime(2026, 10, 1, 1, tzinfo=datetime.UTC)):
        from portal.core import validity

        validity.follow_calendar()
        for _again in range(2):
            outbox.run_consumers([CaseFollower()])
    assert items(CascadeCase.objects.get()) == {"解读": State.OPEN}


def test_a_source_that_fails_loses_nothing(
    world: World, chief: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    policy = make_policy(world.column)
    make_product(world.column, policy)
    case = end(policy, chief)
    settings.PORTAL_PLUGIN_ERRORS_RAISE = False

    def broken(self: object, *, item: str) -> list[Dependant]:
        raise ValueError(item)

    monkeypatch.setattr("portal.policy_interpretation.dependants.Products.dependants", broken)
    cascade.refresh(case=case)
    assert item(case, "解读").source == "policy_interpretation.products"
    assert item(case, "解读").state == State.OPEN


# --- what is decided ------------------------------------------------------------------------------
def test_a_case_is_done_when_each_item_is(world: World, chief: Any) -> None:
    policy = make_policy(world.column)
    make_product(world.column, policy)
    make_article(world.column, policy)
    case = end(policy, chief)
    assert [found.pk for found in open_cases(chief)] == [case.pk]
    cascade.decide(item=item(case, "解读"), action=DependantAction.MARK, user=chief)
    assert open_cases(chief).exists()
    cascade.decide(
        item=item(case, "引用文章"), action=DependantAction.KEEP, reason="旧闻", user=chief
    )
    assert not open_cases(chief).exists()
    kept = item(case, "引用文章")
    assert (kept.state, kept.reason, kept.decided_by) == (State.KEPT, "旧闻", chief)


def test_a_new_dependant_opens_a_finished_case_again(world: World, chief: Any) -> None:
    policy = make_policy(world.column)
    case = end(policy, chief)
    case.refresh_from_db()
    assert case.done_at is not None
    outbox.run_consumers([CaseFollower()])
    make_article(world.column, policy, title="后来的")
    outbox.run_consumers([CaseFollower()])
    case.refresh_from_db()
    assert (case.done_at, items(case)) == (None, {"后来的": State.OPEN})


def test_the_nightly_job_finds_what_no_event_told(world: World, chief: Any) -> None:
    policy = make_policy(world.column)
    case = end(policy, chief)
    make_article(world.column, policy, title="后来的")
    cascade.follow_site(world.hubin.pk)
    assert items(case) == {}
    cascade.follow_site(world.site.pk)
    assert items(case) == {"后来的": State.OPEN}


def test_withdrawing_withdraws_and_coming_back_reopens(world: World, chief: Any) -> None:
    policy = make_policy(world.column)
    product = make_product(world.column, policy)
    case = end(policy, chief)
    cascade.decide(item=item(case, "解读"), action=DependantAction.WITHDRAW, user=chief)
    product.refresh_from_db()
    assert not product.live
    product.save_revision().publish()
    cascade.refresh(case=case)
    assert item(case, "解读").state == State.OPEN


def test_what_an_editor_mended_elsewhere_is_done_by_itself(world: World, chief: Any) -> None:
    policy = make_policy(world.column)
    article = make_article(world.column, policy)
    case = end(policy, chief)
    publish(article, body=[{"type": "paragraph", "value": "<p>没有链接了。</p>"}])
    outbox.run_consumers([CaseFollower()])
    assert item(case, "引用文章").state == State.UPDATED


def test_pointing_to_the_new_document(world: World, chief: Any) -> None:
    policy = make_policy(world.column, title="旧办法")
    new = make_policy(world.column, title="新办法")
    body = [
        {"type": "paragraph", "value": link_to(policy)},
        {"type": "links", "value": {"title": "", "items": [
            {"page": policy.pk, "url": "", "title": "", "summary": ""}
        ]}},
    ]  # fmt: skip
    article = publish(ArticleFactory(parent=world.column, title="引用", body=body, draft=True))
    ids = [block["id"] for block in article.body.raw_data]
    case = end(policy, chief, kind=EffectKind.REPLACED, by=new)
    cascade.decide(item=item(case, "引用"), action=DependantAction.REPOINT, user=chief)
    article.refresh_from_db()
    raw = article.body.get_prep_value()
    assert f'id="{policy.pk}"' not in str(raw)
    assert f'id="{new.pk}"' in str(raw)
    assert raw[1]["value"]["items"][0]["value"]["page"] == new.pk
    assert [block["id"] for block in raw] == ids
    assert article.live_revision is not None


def test_nothing_is_pointed_anywhere_without_a_successor(world: World, chief: Any) -> None:
    policy = make_policy(world.column)
    make_article(world.column, policy)
    case = end(policy, chief)
    with pytest.raises(ValidationError):
        cascade.decide(item=item(case, "引用文章"), action=DependantAction.REPOINT, user=chief)
    assert item(case, "引用文章").state == State.OPEN


def test_a_draft_is_not_published_along(world: World, chief: Any) -> None:
    policy = make_policy(world.column, title="旧办法")
    new = make_policy(world.column, title="新办法")
    article = make_article(world.column, policy)
    article.title = "未完成的标题"
    article.save_revision()
    case = end(policy, chief, kind=EffectKind.REPLACED, by=new)
    with pytest.raises(ValidationError):
        cascade.decide(item=item(case, "引用文章"), action=DependantAction.REPOINT, user=chief)
    article.refresh_from_db()
    assert article.title == "引用文章"


def test_keeping_needs_a_reason(world: World, chief: Any) -> None:
    policy = make_policy(world.column)
    make_article(world.column, policy)
    case = end(policy, chief)
    with pytest.raises(ValidationError):
        cascade.decide(item=item(case, "引用文章"), action=DependantAction.KEEP, user=chief)
    assert item(case, "引用文章").state == State.OPEN


def test_undoing_the_end_closes_the_case_and_a_new_end_opens_it(world: World, chief: Any) -> None:
    policy = make_policy(world.column)
    make_product(world.column, policy)
    case = end(policy, chief)
    effects.undo_effect(effect=policy.effects.get(), reason="误登", user=chief)
    assert not open_cases(chief).exists()
    end(policy, chief)
    assert [found.pk for found in open_cases(chief)] == [case.pk]


def test_a_plugin_acts_on_what_is_no_page(world: World, chief: Any) -> None:
    told: list[Any] = []

    class Questions:
        def dependants(self, *, item: str) -> list[Dependant]:
            actions = (DependantAction.WITHDRAW,)
            return [Dependant(key="question:5", label="问", kind="问答", actions=actions)]

        def act(self, **wanted: Any) -> None:
            told.append((wanted["key"], wanted["action"], wanted["item"], wanted["replacement"]))

    policy = make_policy(world.column, title="旧办法")
    new = make_policy(world.column, title="新办法")
    with dependants.temporarily(Questions(), plugin="policy_interpretation", name="questions"):
        case = end(policy, chief, kind=EffectKind.REPLACED, by=new)
        cascade.decide(item=item(case, "问"), action=DependantAction.WITHDRAW, user=chief)
    assert told == [("question:5", DependantAction.WITHDRAW, f"page:{policy.pk}", f"page:{new.pk}")]


# --- what readers see -----------------------------------------------------------------------------
def test_a_marked_page_tells_its_readers(
    world: World, chief: Any, client: Client, django_assert_num_queries: Any
) -> None:
    policy = make_policy(world.column, title="旧办法")
    article = make_article(world.column, policy)
    case = end(policy, chief)
    assert "validity-notice" not in client.get(article.url).content.decode()
    cascade.decide(item=item(case, "引用文章"), action=DependantAction.MARK, user=chief)
    assert "validity-notice" in client.get(article.url).content.decode()
    effects.undo_effect(effect=policy.effects.get(), reason="误登", user=chief)
    assert "validity-notice" not in client.get(article.url).content.decode()


def test_a_product_of_an_ended_document_tells_its_readers_by_itself(
    world: World, chief: Any, client: Client
) -> None:
    policy = make_policy(world.column, title="旧办法")
    product = make_product(world.column, policy)
    assert "notice--warning" not in client.get(product.url).content.decode()
    end(policy, chief)
    assert "notice--warning" in client.get(product.url).content.decode()


def test_a_product_of_two_documents_holds_while_one_does(world: World, chief: Any) -> None:
    one, two = make_policy(world.column, title="一"), make_policy(world.column, title="二")
    product = make_product(world.column, one, two)
    end(one, chief)
    assert product.standing() == "in_force"
    end(two, chief)
    assert product.standing() == "outdated"


# --- who may not ----------------------------------------------------------------------------------
@pytest.fixture
def staff(provisioned_world: World) -> dict[str, Any]:
    world = provisioned_world
    return {
        "world": world,
        "releaser": member("releaser", world.site),
        "editor": member("editor", world.site),
        "hubin": member("releaser", world.hubin),
        "gaoxin": member("releaser", world.gaoxin),
    }


def ending_data() -> dict[str, str]:
    return {"kind": "repealed", "since": "2026-09-01", "by": "", "basis": "市政府令第1号"}


@pytest.mark.parametrize(
    ("who", "status"), [("releaser", 302), ("editor", 403), ("hubin", 403), ("gaoxin", 403)]
)
def test_who_may_end_a_document(staff: Any, client: Client, who: str, status: int) -> None:
    policy = make_policy(staff["world"].column)
    client.force_login(staff[who])
    address = reverse("policy_ending", args=[policy.pk])
    shown = client.get(address).status_code
    answer = client.post(address, ending_data())
    # Who may not is led away with a message, as everywhere in the admin.
    allowed = CascadeCase.objects.filter(policy=policy).exists()
    assert allowed is (status == 302)
    assert (shown == 200) is allowed
    assert answer.status_code in (302, 403)
    if who == "editor":
        assert not policy.effects.exists()


def test_each_site_decides_about_its_own(staff: Any, client: Client) -> None:
    world = staff["world"]
    policy = make_policy(world.column)
    make_article(world.hubin_column, policy, title="湖滨")
    make_article(world.column, policy, title="市里")
    case = end(policy, staff["releaser"])
    assert [c.pk for c in open_cases(staff["hubin"])] == [case.pk]
    assert not open_cases(staff["gaoxin"]).exists()
    assert not open_cases(staff["editor"]).exists()
    mark = DependantAction.MARK
    with pytest.raises(PermissionDenied):
        cascade.decide(item=item(case, "市里"), action=mark, user=staff["hubin"])
    with pytest.raises(PermissionDenied):
        cascade.decide(item=item(case, "湖滨"), action=mark, user=staff["releaser"])
    cascade.decide(item=item(case, "湖滨"), action=mark, user=staff["hubin"])
    done, refused = cascade.decide_many(items=case.items.all(), action=mark, user=staff["releaser"])
    assert (done, len(refused)) == (1, 1)
    address = reverse("policy_case", args=[case.pk])
    for who, sees in (("releaser", True), ("hubin", True), ("gaoxin", False), ("editor", False)):
        client.force_login(staff[who])
        assert (client.get(address).status_code == 200) is sees, who


# --- screens --------------------------------------------------------------------------------------
def test_the_screens_work_without_losing_anything(world: World, chief: Any, client: Client) -> None:
    policy = make_policy(world.column, title="旧办法")
    make_article(world.column, policy)
    client.force_login(chief)
    ending = reverse("policy_ending", args=[policy.pk])
    answer = client.post(ending, ending_data() | {"basis": "", "kind": "partly"})
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"by", "chosen"}
    answer = client.post(ending, ending_data())
    case = CascadeCase.objects.get()
    screen = reverse("policy_case", args=[case.pk])
    assert answer["Location"] == screen
    found = case.items.get()
    answer = client.post(screen, {"do": f"keep:{found.pk}", f"reason-{found.pk}": ""})
    assert item(case, "引用文章").state == State.OPEN
    client.post(screen, {"do": "many", "many": "mark", "item": [str(found.pk)]})
    assert item(case, "引用文章").state == State.MARKED
    for bad in ({"do": ""}, {"do": "withdraw:x"}, {"do": "many", "many": "withdraw", "item": "1"}):
        assert client.post(screen, bad).status_code == 302
    effect = policy.effects.get()
    client.post(ending, {"undo": str(effect.pk), f"reason-{effect.pk}": "误登"})
    effect.refresh_from_db()
    assert effect.undone_reason == "误登"
    assert client.get(screen).status_code == 404
    assert client.get(ending).status_code == 200


def test_the_screen_of_many_items_stays_in_the_bar(
    world: World, chief: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    policy = make_policy(world.column)
    for number in range(12):
        make_article(world.column, policy, title=f"文章{number}")
    case = end(policy, chief)
    client.force_login(chief)
    client.get("/admin/")
    with django_assert_max_num_queries(45):
        assert client.get(reverse("policy_case", args=[case.pk])).status_code == 200
    with django_assert_max_num_queries(45):
        shown = client.get(reverse("policy_cases")).content.decode()
    assert policy.title in shown


def test_typed_addresses_are_found(world: World) -> None:
    policy = make_policy(world.column, title="旧办法")
    path = urlsplit(policy.get_url()).path
    clause_path = f"/policies/c/{policy.pk}-0f1e2d3c4b/"

    def article(title: str, href: str) -> Any:
        body = [("paragraph", f'<p>见<a href="{href}">办法</a>。</p>')]
        return ArticleFactory(parent=world.column, title=title, slug=title, body=body)

    wanted = [
        article("a", path), article("b", f"https://testserver{path}#c-1"), article("c", clause_path),
    ]  # fmt: skip
    article("d", f"{path}x/")
    article("e", "/policies/c/9999999-0f1e2d3c4b/")
    found = PlainAddresses().dependants(item=f"page:{policy.pk}")
    assert {row.page for row in found} == {page.pk for page in wanted}
    assert list(PlainAddresses().dependants(item=f"page:{world.column.pk}")) == []
