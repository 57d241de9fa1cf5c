"""The core's hooks into Wagtail's admin."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from portal.core import addresses, mode_switches, roles
from portal.core.admin.api import OwnDocumentsEndpoint, OwnImagesEndpoint
from portal.core.admin.audit_log import AuditLogView, may_read_audit_log
from portal.core.admin.clock_terms import ClockTermsListView, ClockTermsView
from portal.core.admin.dashboard import panels_for
from portal.core.admin.deadlines import DeadlineHistoryView, DeadlineListView, may_see_deadlines
from portal.core.admin.editing import copy_script, editor_scripts, our_checks
from portal.core.admin.embed_hosts import EmbedHostViewSet
from portal.core.admin.emergency import EmergencyView, emergency_button
from portal.core.admin.functions import FunctionsView
from portal.core.admin.media_choosers import audio_chooser, video_chooser
from portal.core.admin.members import MembersView
from portal.core.admin.modes import BannerViewSet, GreyViewSet, SiteModesView, preview_banner
from portal.core.admin.preview_links import (
    PreviewLinksView,
    SetPreviewLinksView,
    share_button,
)
from portal.core.admin.proposals import propose, title_twins
from portal.core.admin.reports import PublicationRecordView, sites_readable
from portal.core.admin.review_records import ReviewRecordView
from portal.core.admin.review_routes import RouteFormView, RoutesView
from portal.core.admin.reviews import ReviewsView, ReviewView, review_preview
from portal.core.admin.sheets import read_sheet
from portal.core.admin.sub_sites import CreateSubSiteView
from portal.core.admin.translations import (
    add_to_row,
    ask_of_translations_only,
    ask_once_a_list,
)
from portal.core.admin.users import same_rules_for_many
from portal.core.admin.viewsets import MessageViewSet, OrganisationViewSet, SiteRecordViewSet
from portal.core.admin.work_calendar import AddYearView, CalendarDayViewSet, CalendarYearViewSet
from portal.core.base_page import BasePage
from portal.core.models import SiteRecord
from portal.core.permissions import first_site_allowing, own_tree
from portal.core.public_files import not_before_its_page
from portal.core.repointing import LOG_REPOINTED
from portal.core.reviews.words import LOG_ACTIONS as REVIEW_LOG_ACTIONS
from portal.core.rich_text import PublicPageLinkHandler
from portal.core.roles import Action
from portal.core.shared_previews import LOG_ACTIONS


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[Any]:
    return [
        OrganisationViewSet(),
        SiteRecordViewSet(),
        MessageViewSet(),
        BannerViewSet(),
        GreyViewSet(),
        EmbedHostViewSet(),
        CalendarDayViewSet(),
        CalendarYearViewSet(),
        video_chooser,
        audio_chooser,
    ]


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    return [
        path("work-calendar/add-year/", AddYearView.as_view(), name="portal_calendar_year"),
        path(
            "deadlines/limits/<int:site_pk>/",
            ClockTermsListView.as_view(),
            name="portal_clock_terms",
        ),
        path(
            "deadlines/limits/<int:site_pk>/<str:kind>/",
            ClockTermsView.as_view(),
            name="portal_clock_terms_edit",
        ),
        path("deadlines/<int:pk>/", DeadlineHistoryView.as_view(), name="portal_deadline_history"),
        path("reports/audit/", AuditLogView.as_view(), name="portal_audit_log"),
        path(
            "reports/audit/results/",
            AuditLogView.as_view(results_only=True),
            name="portal_audit_log_results",
        ),
        path("reports/functions/", FunctionsView.as_view(), name="portal_functions"),
        path("reports/deadlines/", DeadlineListView.as_view(), name="portal_deadlines"),
        path(
            "reports/deadlines/results/",
            DeadlineListView.as_view(results_only=True),
            name="portal_deadlines_results",
        ),
        path("reviews/", ReviewsView.as_view(), name="portal_reviews"),
        path("reviews/<int:pk>/", ReviewView.as_view(), name="portal_review"),
        path("reviews/<int:pk>/preview/", review_preview, name="portal_review_preview"),
        path("reviews/routes/<int:site_pk>/", RoutesView.as_view(), name="portal_review_routes"),
        path(
            "reviews/routes/<int:site_pk>/<int:page_pk>/",
            RouteFormView.as_view(),
            name="portal_review_route",
        ),
        path("reports/reviews/", ReviewRecordView.as_view(), name="portal_review_record"),
        path(
            "reports/reviews/results/",
            ReviewRecordView.as_view(results_only=True),
            name="portal_review_record_results",
        ),
        path(
            "pages/<int:page_id>/emergency/",
            EmergencyView.as_view(),
            name="portal_emergency_withdrawal",
        ),
        path("site-modes/", SiteModesView.as_view(), name="portal_site_modes"),
        path("site-modes/preview/", preview_banner, name="portal_banner_preview"),
        path("sheets/read/", read_sheet, name="portal_read_sheet"),
        path("sub-sites/new/", CreateSubSiteView.as_view(), name="portal_create_sub_site"),
        path("members/<int:site_pk>/", MembersView.as_view(), name="portal_members"),
        path("pages/proposals/", propose, name="portal_propose"),
        path("pages/<int:page_id>/twins/", title_twins, name="portal_title_twins"),
        path(
            "pages/<int:page_id>/preview-links/",
            PreviewLinksView.as_view(),
            name="portal_preview_links",
        ),
        path(
            "preview-links/<str:key>/<int:number>/",
            SetPreviewLinksView.as_view(),
            name="portal_set_preview_links",
        ),
        path(
            "reports/publications/",
            PublicationRecordView.as_view(),
            name="portal_publication_record",
        ),
        path(
            "reports/publications/results/",
            PublicationRecordView.as_view(results_only=True),
            name="portal_publication_record_results",
        ),
    ]


# Wagtail's own ways around the steps of a review.
HIDDEN_ACTIONS = ("action-publish", "action-restart-workflow")


class _AllowedMenuItem(MenuItem):
    def __init__(self, *args: Any, allowed: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed = allowed

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(self.allowed(request.user))


@hooks.register("register_admin_menu_item")
def organisations_menu_item() -> MenuItem:
    return _viewset_item(OrganisationViewSet, Action.ORGANISATIONS, 400)


@hooks.register("register_settings_menu_item")
def site_settings_menu_item() -> MenuItem:
    return _viewset_item(SiteRecordViewSet, Action.SITE_SETTINGS, 50)


@hooks.register("register_settings_menu_item")
def messages_menu_item() -> MenuItem:
    return _viewset_item(MessageViewSet, Action.MESSAGES, 60)


@hooks.register("register_admin_menu_item")
def site_modes_menu_item() -> MenuItem:
    def allowed(user: Any) -> bool:
        sites = roles.sites_allowing(user, Action.SITE_MODES)
        return sites is None or bool(sites)

    return _AllowedMenuItem(
        _("Site modes"),
        reverse("portal_site_modes"),
        name="site-modes",
        icon_name="warning",
        order=450,
        allowed=allowed,
    )


@hooks.register("register_log_actions")
def mode_log_actions(actions: Any) -> None:
    actions.register_action(mode_switches.STARTED, _("Began"), _("Began to show"))
    actions.register_action(mode_switches.ENDED, _("Ended"), _("No longer shown"))


@hooks.register("register_settings_menu_item")
def embed_hosts_menu_item() -> MenuItem:
    return _viewset_item(EmbedHostViewSet, Action.EMBED_HOSTS, 65)


def _viewset_item(viewset: type[Any], action: Action, order: int) -> MenuItem:
    def allowed(user: Any) -> bool:
        sites = roles.sites_allowing(user, action)
        return sites is None or bool(sites)

    return _AllowedMenuItem(
        viewset.menu_label,
        f"/admin/{viewset.url_prefix}/",
        name=viewset.name,
        icon_name=viewset.icon,
        order=order,
        allowed=allowed,
    )


class _FirstSiteItem(MenuItem):
    """Leads to a page of the first own site; the others are linked from there."""

    def __init__(self, *args: Any, action: Action, view_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action, self.view_name = action, view_name

    def is_shown(self, request: HttpRequest) -> bool:
        sites = roles.sites_allowing(request.user, self.action)
        return sites is None or bool(sites)

    def render_component(self, request: HttpRequest) -> Any:
        first = first_site_allowing(request.user, self.action)
        if first is not None:
            self.url = reverse(self.view_name, args=[first])
        return super().render_component(request)


@hooks.register("register_admin_menu_item")
def reviews_menu_item() -> MenuItem:
    return MenuItem(
        _("Reviews"), reverse("portal_reviews"), name="reviews", icon_name="tasks", order=150
    )


@hooks.register("register_settings_menu_item")
def review_routes_menu_item() -> MenuItem:
    return _FirstSiteItem(
        _("Who reviews"),
        "#",
        name="review-routes",
        icon_name="tasks",
        order=56,
        action=Action.REVIEW_ROUTES,
        view_name="portal_review_routes",
    )


def _reads_records(user: Any) -> bool:
    sites = sites_readable(user)
    return sites is None or bool(sites)


@hooks.register("register_reports_menu_item")
def review_record_menu_item() -> MenuItem:
    return _AllowedMenuItem(
        _("Record of reviews"),
        reverse("portal_review_record"),
        name="review-record",
        icon_name="tasks",
        order=51,
        allowed=_reads_records,
    )


@hooks.register("register_reports_menu_item")
def audit_log_menu_item() -> MenuItem:
    return _AllowedMenuItem(
        _("Audit log"),
        reverse("portal_audit_log"),
        name="audit-log",
        icon_name="lock",
        order=53,
        allowed=may_read_audit_log,
    )


@hooks.register("register_reports_menu_item")
def functions_menu_item() -> MenuItem:
    return _AllowedMenuItem(
        _("How the functions do"),
        reverse("portal_functions"),
        name="functions",
        icon_name="glasses",
        order=52,
        allowed=_reads_records,
    )


@hooks.register("construct_page_action_menu")
def no_way_around_the_reviews(items: list[Any], request: HttpRequest, context: Any) -> None:
    """Nobody publishes from the editor: what is written is handed in."""
    items[:] = [item for item in items if item.name not in HIDDEN_ACTIONS]


@hooks.register("register_settings_menu_item")
def members_menu_item() -> MenuItem:
    return _FirstSiteItem(
        _("Members"),
        "#",
        name="members",
        icon_name="group",
        order=55,
        action=Action.MEMBERS,
        view_name="portal_members",
    )


@hooks.register("register_settings_menu_item")
def clock_terms_menu_item() -> MenuItem:
    return _FirstSiteItem(
        _("Limits of deadlines"),
        "#",
        name="clock-terms",
        icon_name="time",
        order=57,
        action=Action.SITE_SETTINGS,
        view_name="portal_clock_terms",
    )


@hooks.register("register_settings_menu_item")
def work_calendar_menu_item() -> MenuItem:
    return _viewset_item(CalendarDayViewSet, Action.CALENDAR, 58)


@hooks.register("register_reports_menu_item")
def deadlines_menu_item() -> MenuItem:
    return _AllowedMenuItem(
        _("Deadlines"),
        reverse("portal_deadlines"),
        name="deadlines",
        icon_name="time",
        order=40,
        allowed=may_see_deadlines,
    )


@hooks.register("register_settings_menu_item")
def new_sub_site_menu_item() -> MenuItem:
    return _AllowedMenuItem(
        _("New sub-site"),
        reverse("portal_create_sub_site"),
        name="new-sub-site",
        icon_name="plus",
        order=52,
        allowed=lambda user: roles.may(user, Action.SUB_SITES, None),
    )


@hooks.register("register_reports_menu_item")
def publication_record_menu_item() -> MenuItem:
    return _AllowedMenuItem(
        _("Publication record"),
        reverse("portal_publication_record"),
        name="publication-record",
        icon_name="history",
        order=50,
        allowed=_reads_records,
    )


@hooks.register("register_rich_text_features", order=100)
def links_to_public_pages(features: Any) -> None:
    features.register_link_type(PublicPageLinkHandler)


@hooks.register("before_edit_page")
def ask_once_for_the_review(request: HttpRequest, page: Page) -> None:
    if request.method in ("GET", "HEAD") and isinstance(page, BasePage):
        page.ask_once_for_the_review()


@hooks.register("construct_page_chooser_queryset")
def choose_from_own_tree(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Stock choosers show the whole tree of all sites, titles of drafts included."""
    wanted = own_tree(request.user)
    return pages if wanted is None else pages.filter(wanted)


@hooks.register("construct_admin_api", order=100)  # after those that Wagtail's apps register
def own_media_in_admin_api(router: Any) -> None:
    """Stock endpoints hand out the images and documents of all sites."""
    router.register_endpoint("images", OwnImagesEndpoint)
    router.register_endpoint("documents", OwnDocumentsEndpoint)


@hooks.register("construct_reports_menu")
def reports_of_own_sites(request: HttpRequest, items: list[Any]) -> None:
    """The report on page types adds up all sites (the guard refuses it)."""
    if own_tree(request.user) is not None:
        items[:] = [item for item in items if item.name != "page-types-usage"]


hooks.register("before_bulk_action", same_rules_for_many)
hooks.register("before_serve_document", not_before_its_page)

ask_once_a_list()
ask_of_translations_only()
hooks.register("construct_page_listing_buttons", add_to_row)


@hooks.register("construct_homepage_panels")
def dashboard(request: HttpRequest, panels: list[Any]) -> None:
    """Our to-do panels in place of Wagtail's; "waiting for me" is that of the reviews."""
    panels[:] = panels_for(request)


@hooks.register("construct_main_menu")
def quiet_menu(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name != "help"]


@hooks.register("insert_global_admin_css")
def admin_colours() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/css/admin.css"))


hooks.register("insert_editor_js", editor_scripts)
hooks.register("register_page_header_buttons", share_button)
hooks.register("register_page_header_buttons", emergency_button)


hooks.register("insert_global_admin_js", copy_script)
hooks.register("construct_wagtail_userbar", our_checks)


@hooks.register("register_log_actions")
def shared_previews_in_history(actions: Any) -> None:
    for action, (label, message) in LOG_ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_log_actions")
def reviews_in_history(actions: Any) -> None:
    for action, (label, message) in REVIEW_LOG_ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_log_actions")
def repointing_in_history(actions: Any) -> None:
    actions.register_action(
        LOG_REPOINTED, _("Link moved"), _("Let links lead to the page that replaced another")
    )


@hooks.register("before_delete_page")
def keep_site_roots(request: HttpRequest, page: Page) -> HttpResponse | None:
    record = SiteRecord.objects.filter(root_page__path__startswith=page.path).first()
    if record is None:
        return None
    messages.error(
        request,
        gettext("%(site)s stands here. A site is closed in its settings, not deleted.")
        % {"site": record.name},
    )
    return redirect("wagtailadmin_explore", page.pk)


@hooks.register("before_move_page")
def not_to_a_fixed_address(
    request: HttpRequest, page: Page, destination: Page
) -> HttpResponse | None:
    if not addresses.is_taken(page.slug, destination):
        return None
    messages.error(request, addresses.taken_message(page.slug))
    return redirect("wagtailadmin_pages:move", page.pk)


@hooks.register("before_copy_page")
def sites_are_not_copied(request: HttpRequest, page: Page) -> HttpResponse | None:
    if not SiteRecord.objects.filter(root_page=page).exists():
        return None
    messages.error(
        request, gettext("A site cannot be copied. Create a sub-site; it brings its groups along.")
    )
    return redirect("wagtailadmin_explore", page.pk)
