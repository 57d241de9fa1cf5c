"""What a role may not read: every address of the admin is opened, none may tell of other sites.

The addresses come from the URL configuration, so that a view which somebody adds is tried too.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.log_actions import log
from wagtail.models import Page

from portal.core.roles import ROLES, Action, Scope
from portal.library.services.records import record_of_draft

from .actors import Actor, body_of
from .places import FOUND_BY, City, Place

pytestmark = pytest.mark.one_database

NOT_FOR_READING = re.compile(
    r"^admin/(failwhale|logout|password_reset|test404|sprite|jsi18n)|jsi18n"
)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


def patterns(found: Any, prefix: str = "") -> Iterator[str]:
    for entry in found:
        address = prefix + str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, address)
        elif isinstance(entry, URLPattern) and address not in ("admin/", "admin/^"):
            yield address


def admin_patterns() -> list[str]:
    found = sorted(set(patterns(get_resolver().url_patterns)))
    return [a for a in found if a.startswith("admin/") and not NOT_FOR_READING.search(a)]


def values_for(address: str, place: Place) -> dict[str, Any]:
    """What stands for each parameter of an address so that it leads to something of a place."""
    workflow = place.record.workflow
    assert workflow is not None
    task = workflow.tasks[0]
    translation = place.translation
    segment = translation.source.stringsegment_set.first() if translation else None
    abroad = place.languages
    by_prefix = {
        "admin/foreign/": {"pk": abroad["translation"]},
        "admin/foreign/columns/": {"pk": abroad["column"]},
        "admin/foreign/core-content/": {"pk": abroad["rule"]},
        "admin/foreign/import/": {"pk": abroad["file"]},
        "admin/foreign/names/": {"pk": abroad["term_change"]},
        "admin/foreign/pages/": {"pk": place.live.pk},
        "admin/foreign/script/corrections/": {"pk": abroad["correction"]},
        "admin/foreign/script/page/": {"pk": place.live.pk},
        "admin/foreign/sections/": {"pk": abroad["section"]},
        "admin/official-name-rules/": {"pk": abroad["name_rule"]},
        "admin/official-names/": {"pk": abroad["term"]},
        "admin/script-settings/": {"pk": abroad["script_setting"]},
        "admin/script-terms/": {"pk": abroad["script_term"]},
        "admin/collections/": {"pk": place.collection.pk},
        "admin/library/records/": {"pk": record_of_draft(page=place.draft.specific).pk},
        "admin/library/pages/": {"pk": place.draft.pk},
        "admin/library/columns/": {"pk": place.column.pk},
        "admin/documents/": {"pk": place.document.pk},
        "admin/emergency-banners/": {"pk": place.banner.pk},
        "admin/groups/": {"pk": place.record.role_groups.all()[0].group_id},
        "admin/images/": {"pk": place.image.pk},
        "admin/locales/": {"pk": place.home.locale_id},
        "admin/localize/": {"app_label": "core", "model_name": "organisation", "pk": place.organisation.pk},
        "admin/deadlines/": {"pk": place.clock.pk},
        "admin/choose-video/": {"pk": place.video.pk},
        "admin/choose-audio/": {"pk": place.video.pk},
        "admin/messages/": {"pk": place.message.pk},
        "admin/organisations/": {"pk": place.organisation.pk},
        "admin/pages/": {"pk": place.draft.pk},
        "admin/api/main/pages/": {"pk": place.draft.pk},
        "admin/api/main/images/": {"pk": place.image.pk},
        "admin/api/main/documents/": {"pk": place.document.pk},
        "admin/settings/": {"pk": place.record.pk, "app_name": "core", "model_name": "siterecord"},
        "admin/site-records/": {"pk": place.record.pk},
        "admin/sites/": {"pk": place.record.wagtail_site_id or 0},
        "admin/starters/": {"page_id": place.home.pk, "model_name": "topicpage", "parent_page_id": place.home.pk},
        "admin/users/": {"pk": place.member.pk},
        "admin/workflows/tasks/add": {"app_label": "wagtailcore", "model_name": "groupapprovaltask"},
        "admin/workflows/": {"pk": task.pk if "/tasks/" in address else workflow.pk},
    }  # fmt: skip
    values = {
        "action": "delete",
        "action_name": "publish",
        "answer_id": "x",
        "app_label": "pages",
        "model_name": "articlepage",
        "content_type_app_name": "pages",
        "content_type_model_name": "articlepage",
        "app_name": "taggit",
        "collection_id": place.collection.pk,
        "destination_id": place.column.pk,
        "doc_id": place.document.pk,
        "document_id": place.document.pk,
        "filter_spec": "original",
        "image_id": place.image.pk,
        "key": "event",
        "kind": "dummy.answer",
        "media_id": place.video.pk,
        "media_type": "video",
        "member_pk": abroad["member"],
        "mode": "",
        "number": 1,
        "object_id": place.draft.pk,
        "overridable_segment_id": 1,
        "page_id": place.draft.pk,
        "page_pk": place.draft.pk,
        "page_to_move_id": place.draft.pk,
        "parent_page_id": place.column.pk,
        "pk": 1,
        "place": place.record.pk,
        "redirect_id": 1,
        "rest": "x/",
        "revision_id": place.revision.pk,
        "scheme": "theme",
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "section": abroad["section"],
        "session_id": 1,
        "site_pk": place.record.pk,
        "slug": "dummy",
        "string_segment_id": segment.pk if segment else 1,
        "target": "on",
        "task_id": task.pk,
        "task_state_id": place.task_state.pk,
        "translation_id": translation.pk if translation else 1,
        "translation_source_id": translation.source_id if translation else 1,
        "uploaded_file_id": 1,
        "uidb64": "x",
        "version": "1.0",
        "token": "x",
        "workflow_pk": workflow.pk,
        "workflow_state_id": place.task_state.workflow_state_id,
    }
    for prefix, own in by_prefix.items():
        if address.startswith(prefix):
            values |= own
    return values


def fill(address: str, values: dict[str, Any]) -> str:
    return "/" + PARAMETER.sub(
        lambda found: str(values[found.group(1) or found.group(2)]), address
    ).replace("\\.", ".")


def requests_for(address: str, place: Place) -> Iterator[str]:
    filled = fill(address.replace("^", ""), values_for(address, place))
    yield filled
    if filled == "/" + address.replace("^", ""):
        yield f"{filled}?q={FOUND_BY}"
        if "reports/" in filled:
            yield f"{filled}?export=csv"
    if "/bulk/" in filled:
        for model, pk in (
            ("wagtailcore/page", place.draft.pk),
            ("wagtailimages/image", place.image.pk),
        ):
            yield f"/admin/bulk/{model}/delete/?id={pk}"
    if filled.startswith("/admin/choose-page/"):
        yield f"{filled}?page_type=wagtailcore.page&q={FOUND_BY}"
        yield f"{filled}?id={place.draft.pk}"
    if filled.endswith("chosen-multiple/"):
        yield f"{filled}?id={place.image.pk}&id={place.document.pk}&id={place.draft.pk}&id={place.video.pk}"
    if filled.startswith("/admin/api/main/pages") and "action" not in filled:
        yield f"{filled}?fields=*&child_of={place.column.pk}"
        yield f"{filled}?for_explorer=1"


def test_nothing_of_another_site_is_shown(city: City, act_as: Callable[..., Actor]) -> None:
    """To who sees the most: the administrator of the portal, below which the other site lies, and
    of a sub-site beside it. Titles of what is not public must not appear anywhere.
    """
    actor, foreign = act_as("site_admin", "yunhu"), city.places["gaoxin"]
    actor.user.groups.add(*act_as("site_admin", "hubin").user.groups.all())
    actor.client.raise_request_exception = False
    seen, broken = [], []
    # The library shows what is public at other sites: it can be brought in by reference.
    public = list(Page.objects.filter(live=True).values_list("title", flat=True))
    for address in admin_patterns():
        for url in requests_for(address, foreign):
            response = actor.client.get(url)
            if response.status_code >= 500:
                broken.append(url)
            body = body_of(response)
            for title in public if url.startswith("/admin/library/") else ():
                body = body.replace(title, "")
            if foreign.marker in body and response.status_code < 500:
                seen.append(url)
    assert (seen, broken) == ([], [])


@pytest.mark.parametrize(
    "address",
    [
        "admin/api/main/documents/", "admin/api/main/images/", "admin/choose-page/chosen-multiple/",
        "admin/pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/", "admin/images/",
        "admin/media/", "admin/media/usage/<int:media_id>/", "admin/choose-video/",
        "admin/choose-video/chosen/<str:pk>/", "admin/choose-video/chosen-multiple/",
        "admin/reports/site-history/", "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/",
        "admin/localize/reports/translations/", "admin/reports/deadlines/",
        "admin/deadlines/<int:pk>/",
    ],
)  # fmt: skip
def test_the_own_people_see_it(address: str, city: City, act_as: Callable[..., Actor]) -> None:
    """Otherwise the test above would prove nothing."""
    actor, place = act_as("site_admin", "gaoxin"), city.places["gaoxin"]
    pages = (body_of(actor.client.get(url)) for url in requests_for(address, place))
    assert any(place.marker in page for page in pages)


@pytest.mark.parametrize("role", ROLES)
def test_the_history_tells_of_the_own_site(
    role: str, city: City, act_as: Callable[..., Actor]
) -> None:
    """Entries on settings, units and members; Wagtail shows them to who may change any of these."""
    for name in ("hubin", "gaoxin"):
        log(instance=city.places[name].record, action="wagtail.edit", title=f"entry-of-{name}")
    actor = act_as(role)
    seen = {
        name
        for name in ("hubin", "gaoxin")
        if actor.reads(f"entry-of-{name}", "wagtailadmin_reports:site_history", export="csv")
    }
    if Action.SITE_SETTINGS not in actor.role.actions:
        assert seen == set()
    elif actor.role.scope is Scope.SITE:
        assert seen == {"hubin"}
    else:
        assert seen == {"hubin", "gaoxin"}


@pytest.mark.parametrize("role", ROLES)
def test_what_belongs_to_the_platform_opens_for_its_roles_only(
    role: str, city: City, act_as: Callable[..., Actor]
) -> None:
    client = act_as(role).client
    opened = {a for a in OF_THE_PLATFORM if client.get(f"/admin/{a}").status_code == 200}
    assert opened == {a for a, roles in OF_THE_PLATFORM.items() if role in roles}


OF_THE_PLATFORM: dict[str, set[str]] = {
    "redirects/": set(),
    "redirects/add/": set(),
    "locales/": set(),
    "locales/new/": set(),
    "collections/add/": set(),
    "sites/": set(),
    "sites/new/": set(),
    "workflows/add/": {"platform_admin"},
    "workflows/list/": {"platform_admin"},
    "reports/page-types-usage/": {"platform_admin"},
    "sub-sites/new/": {"platform_admin"},
    "work-calendar/": {"platform_admin"},
    "work-calendar/new/": {"platform_admin"},
    "work-calendar/add-year/": {"platform_admin"},
    "work-calendar-years/": {"platform_admin"},
    "groups/new/": {"security_admin"},
    "users/new/": {"security_admin"},
}
