"""Pages: writing, publishing, moving, hiding, reading what is not public."""

from functools import partial

from wagtail.models import Page, PageViewRestriction, Revision

from portal.core.roles import Action
from portal.pages.models import ArticlePage

from ..actors import Actor
from ..places import Place, article_form
from .registry import Kind, attempt

on_pages = partial(attempt, kind=Kind.PAGES)
ADD, CHANGE, PUBLISH, LOCK = (
    Action.PAGE_ADD,
    Action.PAGE_CHANGE,
    Action.PAGE_PUBLISH,
    Action.PAGE_LOCK,
)


def _fresh(page: Page) -> Page:
    return Page.objects.get(pk=page.pk)


def _children(page: Page) -> int:
    return Page.objects.child_of(_fresh(page)).count()


# --- writing --------------------------------------------------------------------------------------
def _write_new(actor: Actor, place: Place, **more: object) -> ArticlePage | None:
    form = article_form("新写", slug="new-article", **more)
    actor.post("wagtailadmin_pages:add", "pages", "articlepage", place.column.pk, data=form)
    return ArticlePage.objects.filter(slug="new-article").first()


@on_pages(ADD)
def add_page(actor: Actor, place: Place) -> bool:
    page = _write_new(actor, place)
    return page is not None and not page.live


@on_pages(CHANGE)
def change_page_of_another(actor: Actor, place: Place) -> bool:
    actor.post("wagtailadmin_pages:edit", place.draft.pk, data=article_form("改了"))
    title: str = _fresh(place.draft).get_latest_revision().content["title"]
    return title == "改了"


@on_pages(CHANGE)
def go_back_to_a_version(actor: Actor, place: Place) -> bool:
    args = (place.draft.pk, place.revision.pk)
    before = Revision.objects.filter(object_id=str(place.draft.pk)).count()
    form = article_form("改回") | {"revision": place.revision.pk}
    actor.post("wagtailadmin_pages:edit", args[0], data=form)
    return Revision.objects.filter(object_id=str(place.draft.pk)).count() > before


@on_pages(CHANGE)
def share_a_preview(actor: Actor, place: Place) -> bool:
    form = {"days": "1", "version": "newest"}
    actor.post("portal_preview_links", place.draft.pk, data=form)
    return place.draft.shared_previews.exists()


@on_pages(CHANGE)
def submit_for_review(actor: Actor, place: Place) -> bool:
    form = article_form("送审", **{"action-submit": "yes"})
    actor.post("wagtailadmin_pages:edit", place.draft.pk, data=form)
    return _fresh(place.draft).workflow_in_progress is True


# --- publishing -----------------------------------------------------------------------------------
@on_pages(PUBLISH)
def unpublish(actor: Actor, place: Place) -> bool:
    actor.post("wagtailadmin_pages:unpublish", place.live.pk)
    return not _fresh(place.live).live


@on_pages(PUBLISH)
def unpublish_by_admin_api(actor: Actor, place: Place) -> bool:
    actor.post(f"/admin/api/main/pages/{place.live.pk}/action/unpublish/")
    return not _fresh(place.live).live


@on_pages(PUBLISH)
def unpublish_by_bulk_action(actor: Actor, place: Place) -> bool:
    _bulk(actor, "unpublish", place.live)
    return not _fresh(place.live).live


@on_pages(PUBLISH)
def unschedule(actor: Actor, place: Place) -> bool:
    revision = place.scheduled.scheduled_revision
    args = (place.scheduled.pk, revision.pk)
    actor.post("wagtailadmin_pages:revisions_unschedule", *args)
    return Revision.objects.get(pk=revision.pk).approved_go_live_at is None


@on_pages(PUBLISH)
def make_private(actor: Actor, place: Place) -> bool:
    actor.post("wagtailadmin_pages:set_privacy", place.live.pk, data={"restriction_type": "login"})
    return PageViewRestriction.objects.filter(page=place.live).exists()


# --- places in the tree ---------------------------------------------------------------------------
@on_pages(CHANGE, ADD)
def move(actor: Actor, place: Place) -> bool:
    args = (place.draft.pk, place.second_column.pk)
    actor.post("wagtailadmin_pages:move_confirm", *args)
    return _fresh(place.draft).is_child_of(_fresh(place.second_column))


@on_pages(ADD, CHANGE, PUBLISH)
def reorder(actor: Actor, place: Place) -> bool:
    before = list(_fresh(place.column).get_children().values_list("pk", flat=True))
    last = before[-1]
    actor.post("wagtailadmin_pages:set_page_position", last, query="?position=0")
    return list(_fresh(place.column).get_children().values_list("pk", flat=True)) != before


@on_pages(CHANGE)
def delete_draft(actor: Actor, place: Place) -> bool:
    actor.post("wagtailadmin_pages:delete", place.draft.pk)
    return not Page.objects.filter(pk=place.draft.pk).exists()


@on_pages(CHANGE, PUBLISH)
def delete_live_page(actor: Actor, place: Place) -> bool:
    actor.post("wagtailadmin_pages:delete", place.live.pk)
    return not Page.objects.filter(pk=place.live.pk).exists()


@on_pages(CHANGE, PUBLISH)
def delete_by_bulk_action(actor: Actor, place: Place) -> bool:
    _bulk(actor, "delete", place.live)
    return not Page.objects.filter(pk=place.live.pk).exists()


@on_pages(CHANGE)
def delete_by_admin_api(actor: Actor, place: Place) -> bool:
    actor.post(f"/admin/api/main/pages/{place.draft.pk}/action/delete/")
    return not Page.objects.filter(pk=place.draft.pk).exists()


@on_pages(CHANGE, ADD)
def copy(actor: Actor, place: Place) -> bool:
    form = {"new_title": "副本", "new_slug": "a-copy", "new_parent_page": place.column.pk}
    actor.post("wagtailadmin_pages:copy", place.draft.pk, data=form)
    return Page.objects.filter(slug="a-copy").exists()


def _bulk(actor: Actor, action: str, page: Page) -> None:
    address = ("wagtail_bulk_action", "wagtailcore", "page", action)
    actor.post(*address, query=f"?id={page.pk}&next=/admin/", data={"next": "/admin/"})


# --- locks ----------------------------------------------------------------------------------------
@on_pages(LOCK)
def lock(actor: Actor, place: Place) -> bool:
    actor.post("wagtailadmin_pages:lock", place.draft.pk)
    return _fresh(place.draft).locked


@on_pages(LOCK)
def unlock_what_another_locked(actor: Actor, place: Place) -> bool:
    actor.post("wagtailadmin_pages:unlock", place.locked.pk)
    return not _fresh(place.locked).locked


# --- reading what is not public -------------------------------------------------------------------
def _reader(name: str, address: str, *arguments: str) -> None:
    def read(actor: Actor, place: Place) -> bool:
        values = {"page": place.draft.pk, "revision": place.revision.pk}
        args = [values.get(argument, argument) for argument in arguments]
        return actor.reads(place.marker, f"wagtailadmin_pages:{address}", *args)

    read.__name__ = name
    attempt(kind=Kind.PAGES, any_of=(CHANGE, PUBLISH))(read)


_reader("preview_draft", "view_draft", "page")
_reader("open_version", "revisions_view", "page", "revision")
_reader("compare_versions", "revisions_compare", "page", "earliest", "latest")


@on_pages(CHANGE)
def read_history(actor: Actor, place: Place) -> bool:
    return actor.reads(place.marker, "wagtailadmin_pages:history", place.draft.pk)


@on_pages(CHANGE)
def read_usage(actor: Actor, place: Place) -> bool:
    return actor.reads(place.marker, "wagtailadmin_pages:usage", place.draft.pk)


@on_pages(any_of=(CHANGE, PUBLISH, LOCK))
def find_drafts_in_explorer(actor: Actor, place: Place) -> bool:
    return actor.reads(place.draft.title, "wagtailadmin_explore", place.column.pk)


@on_pages(PUBLISH)
def read_aging_report(actor: Actor, place: Place) -> bool:
    return actor.reads(place.live.title, "wagtailadmin_reports:aging_pages")


@on_pages(CHANGE, LOCK)
def read_locked_report(actor: Actor, place: Place) -> bool:
    return actor.reads(place.locked.title, "wagtailadmin_reports:locked_pages")
