"""What belongs to the platform: accounts, workflows, new sites. ``place`` is whose it is."""

from wagtail.models import Workflow, WorkflowPage

from portal.core.models import (
    DutyShift,
    ReviewDelegation,
    ReviewStep,
    ReviewTask,
    SiteRecord,
    User,
)
from portal.core.roles import Action
from tests.factories import OrganisationFactory

from ..actors import Actor
from ..places import Place
from .registry import attempt


def account_form(user: User, **changes: object) -> dict[str, object]:
    return {
        "username": user.username,
        "email": user.email or "a@yunhu.example",
        "first_name": user.first_name or "名",
        "last_name": user.last_name or "姓",
        "is_active": "on" if user.is_active else "",
        "groups": [group.pk for group in user.groups.all()],
    } | changes


# --- accounts ---------------------------------------------------------------------------------
@attempt(Action.USERS)
def add_account(actor: Actor, place: Place) -> bool:
    secret = "Four unlikely words 7"
    form = {
        "username": "somebody", "email": "s@yunhu.example", "first_name": "名", "last_name": "姓",
        "password1": secret, "password2": secret,
        "groups": [place.record.role_groups.get(role="editor").group_id],
    }  # fmt: skip
    actor.post("wagtailusers_users:add", data=form)
    return User.objects.filter(username="somebody", groups__site_role__site=place.record).exists()


@attempt(Action.USERS)
def change_account(actor: Actor, place: Place) -> bool:
    form = account_form(place.member, last_name="改")
    actor.post("wagtailusers_users:edit", place.member.pk, data=form)
    return User.objects.get(pk=place.member.pk).last_name == "改"


@attempt(Action.USERS)
def delete_account(actor: Actor, place: Place) -> bool:
    actor.post("wagtailusers_users:delete", place.member.pk)
    return not User.objects.filter(pk=place.member.pk).exists()


@attempt(Action.USERS)
def switch_account_off_by_bulk_action(actor: Actor, place: Place) -> bool:
    names = ("wagtail_bulk_action", "core", "user", "set_active_state")
    query = f"?id={place.member.pk}&next=/admin/"
    actor.post(*names, query=query, data={"mark_as_active": "False"})
    return not User.objects.get(pk=place.member.pk).is_active


@attempt(Action.USERS)
def read_accounts(actor: Actor, place: Place) -> bool:
    return actor.reads(place.member.username, "wagtailusers_users:index")


# --- workflows --------------------------------------------------------------------------------
@attempt(Action.WORKFLOWS)
def change_workflow(actor: Actor, place: Place) -> bool:
    workflow = place.record.workflow
    assert workflow is not None
    form = {
        "name": "改了的流程", "active": "on",
        "workflow_tasks-TOTAL_FORMS": 0, "workflow_tasks-INITIAL_FORMS": 0,
        "workflow_tasks-MIN_NUM_FORMS": 0, "workflow_tasks-MAX_NUM_FORMS": 1000,
        "pages-TOTAL_FORMS": 0, "pages-INITIAL_FORMS": 0,
        "pages-MIN_NUM_FORMS": 0, "pages-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    actor.post("wagtailadmin_workflows:edit", workflow.pk, data=form)
    return Workflow.objects.get(pk=workflow.pk).name == "改了的流程"


@attempt(Action.WORKFLOWS)
def switch_workflow_off(actor: Actor, place: Place) -> bool:
    workflow = place.record.workflow
    assert workflow is not None
    actor.post("wagtailadmin_workflows:disable", workflow.pk)
    return not Workflow.objects.get(pk=workflow.pk).active


@attempt(Action.WORKFLOWS)
def change_review_step(actor: Actor, place: Place) -> bool:
    workflow = place.record.workflow
    assert workflow is not None
    task = workflow.tasks[0]
    group = place.record.role_groups.get(role="partner").group
    form = {"name": task.name, "step": "first_check", "groups": [group.pk]}
    actor.post("wagtailadmin_workflows:edit_task", task.pk, data=form)
    return group in ReviewTask.objects.get(pk=task.pk).groups.all()


# --- reviews ----------------------------------------------------------------------------------
def _route(place: Place, role: str) -> dict[str, object]:
    return {f"{step}_roles": [role] for step in ReviewStep}


@attempt(Action.REVIEW_ROUTES)
def settle_who_reviews(actor: Actor, place: Place) -> bool:
    args = (place.record.pk, place.home.pk)
    actor.post("portal_review_route", *args, data=_route(place, "partner"))
    tasks = ReviewTask.objects.filter(workflow_tasks__workflow=place.record.workflow)
    roles = {group.site_role.role for task in tasks for group in task.groups.all()}
    return roles == {"partner"}


@attempt(Action.REVIEW_ROUTES)
def settle_who_reviews_a_column(actor: Actor, place: Place) -> bool:
    args = (place.record.pk, place.column.pk)
    actor.post("portal_review_route", *args, data=_route(place, "editor"))
    return WorkflowPage.objects.filter(page=place.column.pk).exists()


@attempt(Action.REVIEW_ROUTES)
def name_a_stand_in(actor: Actor, place: Place) -> bool:
    form = {
        "add-stand-in": "1", "stand-in-absent": place.member.username,
        "stand-in-stand_in": place.author.username, "stand-in-since": "2020-01-01 09:00",
        "stand-in-until": "2020-02-01 09:00", "stand-in-reason": "休假",
    }  # fmt: skip
    actor.post("portal_review_routes", place.record.pk, data=form)
    return ReviewDelegation.objects.filter(site=place.record).exists()


@attempt(Action.REVIEW_ROUTES)
def put_somebody_on_duty(actor: Actor, place: Place) -> bool:
    form = {
        "add-duty": "1", "duty-account": place.member.username,
        "duty-since": "2020-01-01 09:00", "duty-until": "2020-01-02 09:00",
    }  # fmt: skip
    actor.post("portal_review_routes", place.record.pk, data=form)
    return DutyShift.objects.filter(site=place.record).exists()


# --- sites ------------------------------------------------------------------------------------
@attempt(Action.SUB_SITES)
def create_sub_site(actor: Actor, place: Place) -> bool:
    owner = OrganisationFactory()
    form = {
        "name": "新区", "short_name": "新区", "code": "xinqu", "owner": owner.pk, "theme": "pine",
        "parent": SiteRecord.objects.get(kind=SiteRecord.Kind.PORTAL).pk, "hostname": "",
    }  # fmt: skip
    actor.post("portal_create_sub_site", data=form)
    return SiteRecord.objects.filter(code="xinqu").exists()
