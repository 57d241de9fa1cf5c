"""Who may only add works on the own pages; translators work abroad; each step of a review is its own."""

from collections.abc import Callable

import pytest
from wagtail.models import Page

from portal.core.models import ReviewRound
from portal.core.reviews.secrecy import QUESTIONS
from portal.core.roles import ROLES, SITE_ROLES, Scope
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, member, signed_by

from .actors import Actor, undone
from .places import FOUND_BY, City, article_form

pytestmark = pytest.mark.database

ADD_ONLY = ["information_officer", "partner"]


@pytest.fixture
def own(city: City) -> Callable[[Actor], ArticlePage]:
    def write(actor: Actor) -> ArticlePage:
        page: ArticlePage = ArticleFactory(
            parent=actor.home.column, draft=True, title="自己写的", owner=actor.user
        )
        page.save_revision(user=actor.user)
        return page

    return write


@pytest.mark.parametrize("role", ADD_ONLY)
def test_the_own_contribution_can_be_changed_and_submitted_but_not_published(
    role: str, act_as: Callable[..., Actor], own: Callable[[Actor], ArticlePage]
) -> None:
    actor = act_as(role)
    page = own(actor)
    actor.post("wagtailadmin_pages:edit", page.pk, data=article_form("改过"))
    assert Page.objects.get(pk=page.pk).get_latest_revision().content["title"] == "改过"
    form = article_form("改过", **{"action-publish": "yes"})
    actor.post("wagtailadmin_pages:edit", page.pk, data=form)
    assert not Page.objects.get(pk=page.pk).live
    form = article_form("改过", **{"action-submit": "yes"})
    actor.post("wagtailadmin_pages:edit", page.pk, data=form)
    assert Page.objects.get(pk=page.pk).workflow_in_progress


@pytest.mark.parametrize("role", ADD_ONLY)
@pytest.mark.parametrize(
    "address",
    [
        "/admin/pages/{column}/", "/admin/pages/search/?q={word}", "/admin/", "/admin/pages/{home}/",
        "/admin/api/main/pages/?child_of={column}", "/admin/reports/site-history/",
        "/admin/reports/workflow/", "/admin/reports/locked/", "/admin/pages/usage/pages/articlepage/",
        "/admin/choose-page/{column}/", "/admin/choose-page/search/?q={word}",
        "/admin/choose-page/chosen-multiple/?id={draft}",
    ],
)  # fmt: skip
def test_drafts_of_others_are_not_shown_to_who_may_only_add(
    role: str, address: str, act_as: Callable[..., Actor], own: Callable[[Actor], ArticlePage]
) -> None:
    actor = act_as(role)
    page, place = own(actor), actor.home
    url = address.format(
        column=place.column.pk, home=place.home.pk, draft=place.draft.pk, word=FOUND_BY
    )
    for hidden in (place.draft, place.in_review, place.scheduled):
        assert not actor.reads(hidden.title, url)
    if url == f"/admin/pages/{place.column.pk}/":
        assert actor.reads(page.title, url), "the own page is there"


@pytest.mark.parametrize("role", ["translator", "language_reviewer"])
def test_translators_do_not_enter_the_source_language(
    role: str, act_as: Callable[..., Actor], city: City
) -> None:
    actor = act_as(role)
    abroad = city.places["hubin-en"]
    assert actor.reads(abroad.draft.title, "wagtailadmin_explore", abroad.column.pk)
    assert not actor.reads(actor.home.draft.title, "wagtailadmin_explore", actor.home.column.pk)
    assert not actor.reads(actor.home.draft.title, "wagtailadmin_pages:edit", actor.home.draft.pk)


def test_a_new_language_of_a_site_is_provisioned(city: City, act_as: Callable[..., Actor]) -> None:
    """The English home is another tree: its workflow is the site's."""
    abroad = city.places["hubin-en"]
    assert abroad.in_review.current_workflow_state.workflow == abroad.record.workflow


# --- the three reviews ----------------------------------------------------------------------------
REVIEWS = {
    "first_check": "first_checker",
    "secrecy": "secrecy_reviewer",
    "review": "reviewer",
    "release": "releaser",
}


def signs(actor: Actor, page: Page, step: str) -> bool:
    """Whether an account can open the item that waits and sign its step."""
    review = ReviewRound.objects.open().get(page=page)
    actor.get("portal_review", review.pk)
    answers = dict.fromkeys(QUESTIONS, "none") if step == "secrecy" else {}
    actor.post("portal_review", review.pk, data={"step": step, "sign": "1", **answers})
    return review.signatures.filter(step=step).exists()


@pytest.mark.parametrize("step", list(REVIEWS))
@pytest.mark.parametrize("where", ["hubin", "gaoxin", "yunhu", "hubin-en"])
def test_each_review_belongs_to_one_role_of_the_site(
    step: str, where: str, city: City, act_as: Callable[..., Actor]
) -> None:
    place = city.places[where]
    for earlier in list(REVIEWS)[: list(REVIEWS).index(step)]:
        signed_by(member(REVIEWS[earlier], place.record), place.in_review)
    able = []
    for role in ROLES if where == "hubin" else REVIEWS.values():
        actor = act_as(role)
        with undone():
            if signs(actor, place.in_review, step):
                able.append(role)
    is_own = place.record == city.places["hubin"].record
    if place.is_foreign and step == "release":
        is_own = False  # who releases the Chinese pages publishes nothing in another language
    assert able == ([REVIEWS[step]] if is_own else [])


def test_the_last_review_publishes(city: City, act_as: Callable[..., Actor]) -> None:
    place = city.places["hubin"]
    for step, role in REVIEWS.items():
        assert not Page.objects.get(pk=place.in_review.pk).live
        assert signs(act_as(role), place.in_review, step)
    assert Page.objects.get(pk=place.in_review.pk).live


# --- homes ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("where", ["hubin", "yunhu"])
def test_the_home_of_a_site_is_neither_deleted_nor_moved_nor_copied(
    where: str, city: City, act_as: Callable[..., Actor]
) -> None:
    actor, home = act_as("platform_admin"), city.places[where].home
    before = list(Page.objects.order_by("path").values_list("pk", "path"))
    actor.post("wagtailadmin_pages:delete", home.pk)
    actor.post(f"/admin/api/main/pages/{home.pk}/action/delete/")
    names = ("wagtail_bulk_action", "wagtailcore", "page", "delete")
    actor.post(*names, query=f"?id={home.pk}&next=/admin/")
    actor.post("wagtailadmin_pages:move_confirm", home.pk, city.places["gaoxin"].column.pk)
    actor.post(f"/admin/api/main/pages/{home.pk}/action/copy/", data={"recursive": "true"})
    form = {
        "new_title": "副本",
        "new_slug": "a-copy",
        "new_parent_page": city.places["yunhu"].home.pk,
    }
    actor.post("wagtailadmin_pages:copy", home.pk, data=form)
    assert list(Page.objects.order_by("path").values_list("pk", "path")) == before


# --- from one site into another -------------------------------------------------------------------
@pytest.mark.parametrize("role", [role.key for role in SITE_ROLES if role.scope is Scope.SITE])
def test_nothing_is_carried_into_another_site(
    role: str, city: City, act_as: Callable[..., Actor]
) -> None:
    actor = act_as(role)
    own, foreign = actor.home, city.places["gaoxin"]

    def inside() -> list[int]:
        tree = Page.objects.get(pk=foreign.home.pk).get_descendants()
        return list(tree.values_list("pk", flat=True))

    before = inside()
    form = {"new_title": "副本", "new_slug": "a-copy", "new_parent_page": foreign.column.pk}
    actor.post("wagtailadmin_pages:copy", own.draft.pk, data=form)
    actor.post("wagtailadmin_pages:copy", own.draft.pk, data=form | {"alias": "on"})
    actor.post("wagtailadmin_pages:move_confirm", own.draft.pk, foreign.column.pk)
    api = f"/admin/api/main/pages/{own.draft.pk}/action"
    actor.post(f"{api}/copy/", data={"destination_page_id": foreign.column.pk})
    actor.post(f"{api}/create_alias/", data={"destination_page_id": foreign.column.pk})
    actor.post(f"{api}/move/", data={"destination_page_id": foreign.column.pk})
    names = ("wagtail_bulk_action", "wagtailcore", "page", "move")
    query = f"?id={own.draft.pk}&next=/admin/"
    actor.post(*names, query=query, data={"chooser": foreign.column.pk, "move_applied": "on"})
    assert inside() == before
