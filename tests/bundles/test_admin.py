"""The screens: what people see and press, and who may not."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.users.models import UserProfile

from portal.bundles.models import Bundle
from portal.bundles.release import release
from tests.factories import World, member
from tests.policy_interpretation.factories import make_policy, make_product

from .factories import Staff, draft, live_of, make_bundle, ready_bundle, signed

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    """Whoever reads the admin in the words of the code, whatever the catalogues hold."""
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


def body(response: Any) -> str:
    return str(response.content.decode())


def address(bundle: Bundle) -> str:
    return reverse("bundles_set", args=[bundle.pk])


def post(user: Any, bundle: Bundle, **data: Any) -> Any:
    return signed_in(user).post(address(bundle), data, follow=True)


def test_from_nothing_to_the_public(provisioned_world: World, staff: Staff) -> None:
    editor = signed_in(staff.editor)
    assert "No set is open" in body(editor.get(reverse("bundles_sets")))
    made = editor.post(reverse("bundles_add"), {"title": "养老新政", "site": staff_site(staff)})
    bundle = Bundle.objects.get()
    assert made.url == address(bundle)
    assert "The set is empty" in body(editor.get(address(bundle)))
    page = draft(provisioned_world, staff.editor, title="办法")
    assert "1 page put in" in body(post(staff.editor, bundle, action="add", page=page.pk))
    assert "1 draft handed in" in body(post(staff.editor, bundle, action="hand_in"))
    assert "First check" in body(editor.get(address(bundle)))
    Page.objects.get(pk=page.pk).current_workflow_state.cancel(user=staff.editor)
    signed(page, staff)
    shown = body(signed_in(staff.releaser).get(address(bundle)))
    assert "Release 1 page now" in shown
    assert "The whole set is public" in body(post(staff.releaser, bundle, action="release"))
    assert live_of(bundle) == {True}
    assert "Released the set" in body(editor.get(address(bundle)))
    done = post(staff.releaser, bundle, action="withdraw", reason="有误")
    assert "The whole set is withdrawn" in body(done)
    assert live_of(bundle) == {False}


def staff_site(staff: Staff) -> int:
    site: int = staff.editor.groups.get().site_role.site_id
    return site


def test_an_editor_sees_no_button_and_presses_none(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, 1)
    assert "pages now" not in body(signed_in(staff.editor).get(address(bundle)))
    assert "Releasing is for releasers" in body(post(staff.editor, bundle, action="release"))
    assert live_of(bundle) == {False}


def test_a_refusal_is_told_with_its_page(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, 2)
    page = Page.objects.get(pk=bundle.items.last().page_id).specific
    page.source = ""
    page.save_revision(user=staff.editor)
    signed(page, staff)
    found = body(post(staff.releaser, bundle, action="release"))
    assert "made nothing public" in found
    assert "第1篇：" in found
    assert live_of(bundle) == {False}


def test_the_trial_is_shown(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, 1)
    assert "find nothing against" in body(post(staff.editor, bundle, action="try_out"))
    assert live_of(bundle) == {False}


def test_a_time_is_chosen_and_taken_back(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, 1)
    assert "time to come" in body(
        post(staff.releaser, bundle, action="schedule", at="2020-01-01 09:00")
    )
    chosen = post(staff.releaser, bundle, action="schedule", at="2099-01-01 09:00")
    assert "The set goes public 2099-01-01 09:00" in body(chosen)
    post(staff.editor, bundle, action="take_time_back")
    bundle.refresh_from_db()
    assert bundle.state == Bundle.State.PREPARING


def test_dissolving_asks_for_a_reason(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, 1)
    post(staff.editor, bundle, action="dissolve", reason="")
    bundle.refresh_from_db()
    assert bundle.is_open
    post(staff.editor, bundle, action="dissolve", reason="暂缓")
    bundle.refresh_from_db()
    assert bundle.state == Bundle.State.DISSOLVED


def test_items_of_other_sets_cannot_be_named(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, 1)
    other = make_bundle(provisioned_world.hubin, draft(provisioned_world))
    for key in (str(other.items.get().pk), "x", "", "-1", "9" * 30):
        assert post(staff.editor, bundle, action="remove", item=key).status_code == 404
    assert other.items.count() == 1


@pytest.mark.parametrize("role", ["editor", "releaser", "site_admin", "auditor"])
def test_other_sites_see_nothing(provisioned_world: World, staff: Staff, role: str) -> None:
    bundle = ready_bundle(provisioned_world, staff, 1, title="秘而未宣")
    client = signed_in(member(role, provisioned_world.hubin))
    for name, args in (("bundles_set", [bundle.pk]), ("bundles_change", [bundle.pk])):
        answer = client.get(reverse(name, args=args))
        assert answer.status_code in (302, 403)
        assert "秘而未宣" not in body(client.get(reverse(name, args=args), follow=True))
    assert "秘而未宣" not in body(client.get(reverse("bundles_sets")))
    assert "秘而未宣" not in body(client.get(reverse("wagtailadmin_home")))
    for action in ("release", "dissolve", "hand_in", "try_out", "withdraw", "take_time_back"):
        client.post(address(bundle), {"action": action, "reason": "x"})
    bundle.refresh_from_db()
    assert (bundle.state, live_of(bundle)) == (Bundle.State.PREPARING, {False})


@pytest.mark.parametrize("role", ["secrecy_reviewer", "auditor"])
def test_readers_of_records_look_and_change_nothing(
    provisioned_world: World, staff: Staff, role: str
) -> None:
    bundle = ready_bundle(provisioned_world, staff, 1)
    client = signed_in(member(role, provisioned_world.site))
    shown = body(client.get(address(bundle)))
    assert "第0篇" in shown
    assert 'name="action"' not in shown
    for action in ("release", "dissolve", "hand_in", "try_out", "remove", "add"):
        client.post(
            address(bundle), {"action": action, "reason": "x", "item": bundle.items.get().pk}
        )
    bundle.refresh_from_db()
    assert (bundle.state, bundle.items.count()) == (Bundle.State.PREPARING, 1)


def test_the_editor_leads_to_the_set(provisioned_world: World, staff: Staff) -> None:
    page = draft(provisioned_world, staff.editor, title="办法")
    client = signed_in(staff.editor)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    join = reverse("bundles_join", args=[page.pk])
    assert join in body(client.get(edit))
    assert "give the new one a title" in body(client.post(join, {"title": " "}))
    client.post(join, {"title": "养老新政"})
    bundle = Bundle.objects.get()
    assert bundle.items.get().page_id == page.pk
    assert "In the set “养老新政”" in body(client.get(edit))
    assert client.get(join).url == address(bundle)


def test_a_page_of_a_set_can_be_handed_in_from_its_editor(
    provisioned_world: World, staff: Staff
) -> None:
    """The embargo is the gate's; it does not stand in the way of the reviews."""
    from portal.core import gate

    page = draft(provisioned_world, staff.editor)
    make_bundle(provisioned_world.site, page)
    assert not [found for found in gate.problems_of(page) if found.blocking]


def test_strangers_put_no_page_into_a_set(provisioned_world: World, staff: Staff) -> None:
    page = draft(provisioned_world, staff.editor)
    client = signed_in(member("editor", provisioned_world.hubin))
    client.post(reverse("bundles_join", args=[page.pk]), {"title": "我的"})
    assert not Bundle.objects.exists()


def test_what_belongs_to_a_policy_is_proposed(provisioned_world: World, staff: Staff) -> None:
    column = provisioned_world.column
    policy = make_policy(column, live=False, title="养老服务办法", owner=staff.editor)
    policy.save_revision(user=staff.editor)
    product = make_product(column, policy, live=False, title="一图读懂养老", owner=staff.editor)
    product.save_revision(user=staff.editor)
    unrelated = draft(provisioned_world, staff.editor, title="与此无关")
    bundle = make_bundle(provisioned_world.site, policy)
    shown = body(signed_in(staff.editor).get(address(bundle)))
    assert "一图读懂养老" in shown
    assert "rests on “养老服务办法”" in shown
    assert unrelated.title not in shown
    post(staff.editor, bundle, action="add_proposed", page=[product.pk, unrelated.pk])
    assert set(bundle.items.values_list("page", flat=True)) == {policy.pk, product.pk}


def test_the_list_is_filtered(provisioned_world: World, staff: Staff) -> None:
    ready_bundle(provisioned_world, staff, 1, title="备好的")
    make_bundle(provisioned_world.site, draft(provisioned_world), title="刚开始的")
    gone = ready_bundle(provisioned_world, staff, 1, title="已公开的")
    release(bundle=gone, user=staff.releaser)
    client = signed_in(staff.editor)
    titles = {"备好的", "刚开始的", "已公开的"}

    def seen(query: str) -> set[str]:
        shown = body(client.get(f"{reverse('bundles_sets')}?{query}"))
        return {title for title in titles if title in shown}

    assert seen("") == {"备好的", "刚开始的"}
    assert seen("state=ready") == {"备好的"}
    assert seen("state=draft") == {"刚开始的"}
    assert seen("state=released") == {"已公开的"}
    assert seen("state=all") == titles
    assert seen("state=nonsense&site=x&p=y") == titles
    assert seen(f"site={'9' * 30}") == set()


def test_the_first_page_names_what_waits(provisioned_world: World, staff: Staff) -> None:
    ready_bundle(provisioned_world, staff, 1, title="备好的")
    assert "备好的" in body(signed_in(staff.releaser).get(reverse("wagtailadmin_home")))


def test_queries_do_not_grow_with_the_pages(
    provisioned_world: World, staff: Staff, django_assert_max_num_queries: Any
) -> None:
    few, many = (ready_bundle(provisioned_world, staff, count) for count in (2, 20))
    client = signed_in(staff.releaser)
    client.get(address(few))
    for bundle in (few, many):  # of the few, what belongs to them is looked for as well
        with django_assert_max_num_queries(45):
            client.get(address(bundle))
    with django_assert_max_num_queries(45):
        client.get(reverse("bundles_sets"))


def test_titles_of_others_drafts_are_not_told(provisioned_world: World, staff: Staff) -> None:
    """Neither for their number, nor because they rest on a page of the set."""
    mine = draft(provisioned_world, staff.editor, title="办法")
    link = f'<p>见<a linktype="page" id="{mine.pk}">办法</a>。</p>'
    stranger = member("editor", provisioned_world.hubin)
    secret = draft(
        provisioned_world, stranger, parent=provisioned_world.hubin_column,
        title="尚未公布的拆迁范围", body=[("paragraph", link)],
    )  # fmt: skip
    own = draft(provisioned_world, staff.editor, title="解读", body=[("paragraph", link)])
    bundle = make_bundle(provisioned_world.site, mine, owner=staff.editor)
    shown = body(signed_in(staff.editor).get(address(bundle)))
    assert "解读" in shown
    assert secret.title not in shown
    answer = body(post(staff.editor, bundle, action="add", page=secret.pk))
    assert "who may puts it in" in answer
    assert secret.title not in answer
    answer = body(post(staff.editor, bundle, action="add_proposed", page=[secret.pk, own.pk]))
    assert "1 page put in" in answer
    assert not bundle.items.filter(page=secret.pk).exists()
