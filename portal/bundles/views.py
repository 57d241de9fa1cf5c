"""The screens of sets: all of them, a new one, one with its pages and what hinders it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import registry
from wagtail.models import Page

from portal.plugin_api import site_of_path

from . import release as releases
from . import services
from .forms import AddPageForm, BundleForm, JoinForm, ReasonForm, ScheduleForm
from .models import Bundle, BundleItem
from .permissions import (
    has_right_to_release,
    may_include,
    may_see,
    may_see_some,
    may_work_on,
    may_work_somewhere,
    objection_to_release,
    visible_to,
    workable_by,
)
from .previews import KEY, SetPreviews
from .proposals import proposals_for
from .selectors import Stage, hindrances, item_hindrances, open_item_of, row_of, rows_of

ON_A_PAGE = 30
HISTORY = 50
PROPOSED_UP_TO = 3
_OPEN_STAGES = (Stage.DRAFT, Stage.IN_REVIEW, Stage.READY)


class _View(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "folder-open-inverse"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        style = forms.Media(css={"all": ["bundles/admin/sets.css"]})
        context["media"] = context.get("media", forms.Media()) + style
        return context


class BundlesView(_View):
    """The sets of the own sites: open ones first, the newest first."""

    template_name = "bundles/admin/sets.html"
    page_title = _("Joint releases")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_some(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        mine = visible_to(self.request.user).select_related("site", "released_by")
        wanted = self.request.GET.get("state", "")
        site = self.request.GET.get("site", "")
        found = mine.filter(site=int(site)) if site.isdecimal() else mine
        if wanted == "":
            found = found.open()
        elif wanted in _OPEN_STAGES:
            # Told by the reviews of the pages: few sets are open at a time.
            open_rows = rows_of(found.filter(state=Bundle.State.PREPARING))
            keep = [row.bundle.pk for row in open_rows if row.stage == wanted]
            found = found.filter(pk__in=keep)
        elif wanted in Stage:
            found = found.filter(state=wanted)
        page = Paginator(found, ON_A_PAGE).get_page(self.request.GET.get("p"))
        sites = dict(mine.order_by().values_list("site", "site__short_name").distinct())
        return context | {
            "rows": rows_of(page.object_list),
            "page": page,
            "stages": list(Stage),
            "sites": sites,
            "state": wanted,
            "site": int(site) if site.isdecimal() else None,
            "may_add": may_work_somewhere(self.request.user),
        }


class BundleFormView(_View, FormView):
    """A new set; with a number, another title, note or embargo of one."""

    template_name = "bundles/admin/set_form.html"
    form_class = BundleForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.bundle: Bundle | None = None
        if "pk" in kwargs:
            self.bundle = get_object_or_404(Bundle, pk=kwargs["pk"])
            if not may_work_on(request.user, self.bundle):
                raise PermissionDenied
        elif not may_work_somewhere(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return gettext("Change the set") if self.bundle else gettext("New set")

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"instance": self.bundle or Bundle(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["media"] += context["form"].media
        back = reverse("bundles_set", args=[self.bundle.pk]) if self.bundle else None
        return context | {"back": back or reverse("bundles_sets")}

    def form_valid(self, form: BundleForm) -> HttpResponse:
        bundle: Bundle = form.save(commit=False)
        try:
            if self.bundle is None:
                services.made(bundle=bundle, by=self.request.user)
            else:
                services.changed(bundle=bundle, by=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(self.request, gettext("Saved."))
        return HttpResponseRedirect(reverse("bundles_set", args=[bundle.pk]))


class BundleView(_View):
    """One set: its pages and their reviews, what hinders it, and everything one can do about it."""

    template_name = "bundles/admin/set.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.bundle = get_object_or_404(
            Bundle.objects.select_related("site", "owner", "problem_item"), pk=kwargs["pk"]
        )
        if not may_see(request.user, self.bundle):
            raise PermissionDenied
        self.extra: dict[str, Any] = {}
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.bundle.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user: Any = self.request.user
        row = row_of(self.bundle)
        works = may_work_on(user, self.bundle)
        is_preparing = self.bundle.state == Bundle.State.PREPARING
        # Looking for what belongs to a large set takes a while: then only when somebody asks.
        asked = "propose" in self.request.GET or len(row.rows) <= PROPOSED_UP_TO
        looks = works and is_preparing and asked
        objection = objection_to_release(user, self.bundle, row.pages, row.writers)
        context |= {
            "bundle": self.bundle,
            "row": row,
            "works": works,
            "is_preparing": is_preparing,
            "hindrances": hindrances(row) if self.bundle.is_open else [],
            "may_schedule": bool(row.rows) and not item_hindrances(row) and not objection,
            "has_right": has_right_to_release(user, self.bundle, row.pages),
            "objection": objection,
            "drafts": sum(each.is_draft for each in row.rows),
            "proposals": proposals_for(self.bundle, user) if looks else [],
            "looks": looks,
            "add_form": AddPageForm(),
            "schedule_form": ScheduleForm(initial={"at": self.bundle.embargo_until}),
            "reason_form": ReasonForm(),
            "entries": registry.get_logs_for_instance(self.bundle).select_related("user")[:HISTORY],
            "preview_url": reverse("portal_set_preview_links", args=[KEY, self.bundle.pk]),
            "may_share": self.bundle.is_open
            and SetPreviews().may_share(number=self.bundle.pk, user=user),
            "is_withdrawable": self.bundle.state == Bundle.State.RELEASED,
            "were_public": [each for each in row.rows if each.item.was_public],
        } | self.extra
        for name in ("add_form", "schedule_form"):
            context["media"] += context[name].media
        return context

    # --- what one can do -------------------------------------------------------------------------
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        work = self._ACTIONS.get(request.POST.get("action", ""))
        if work is None:
            return HttpResponseRedirect(request.path)
        try:
            answer = work(self, request)
        except PermissionDenied as refusal:
            if not str(refusal):
                raise
            messages.error(request, str(refusal))
            answer = None
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            answer = None
        return answer or HttpResponseRedirect(request.path)

    def _again(self, **extra: Any) -> HttpResponse:
        self.extra = extra
        response: HttpResponse = self.render_to_response(self.get_context_data())
        return response

    def _add(self, request: HttpRequest) -> HttpResponse | None:
        form = AddPageForm(request.POST)
        if not form.is_valid():
            return self._again(add_form=form)
        self._put_in([form.cleaned_data["page"]])
        return None

    def _add_proposed(self, request: HttpRequest) -> None:
        wanted = {int(key) for key in request.POST.getlist("page") if key.isdecimal()}
        found = proposals_for(self.bundle, request.user)
        proposed = [one.page for one in found if one.page.pk in wanted]
        self._put_in(proposed)

    def _put_in(self, pages: list[Page]) -> None:
        """One refusal stops no other."""
        done = 0
        for page in pages:
            try:
                services.add(bundle=self.bundle, page=page, by=self.request.user)
                done += 1
            except PermissionDenied:
                # Without its title: by their numbers anybody could ask for those of all drafts.
                messages.error(
                    self.request, gettext("You may not edit this page; who may puts it in.")
                )
            except ValidationError as error:
                messages.error(self.request, " ".join(error.messages))
        if done:
            messages.success(
                self.request,
                ngettext("%(count)s page put in.", "%(count)s pages put in.", done)
                % {"count": done},
            )

    def _item(self, request: HttpRequest) -> BundleItem:
        # Found by this set: pages of other sets cannot be named.
        key = request.POST.get("item", "")
        items = self.bundle.items.select_related("page", "bundle")
        return get_object_or_404(items, pk=int(key) if key.isdecimal() else 0)

    def _remove(self, request: HttpRequest) -> None:
        item = self._item(request)
        services.remove(item=item, by=request.user, reason=request.POST.get("reason", ""))
        messages.success(
            request, gettext("“%(page)s” is no longer in the set.") % {"page": item.title}
        )

    def _hand_in(self, request: HttpRequest) -> None:
        found = services.hand_in_drafts(bundle=self.bundle, by=request.user)
        for title, reason in found.refused:
            messages.error(request, f"{title}：{reason}")
        if found.done:
            messages.success(
                request,
                ngettext(
                    "%(count)s draft handed in.", "%(count)s drafts handed in.", len(found.done)
                )
                % {"count": len(found.done)},
            )

    def _try_out(self, request: HttpRequest) -> HttpResponse:
        return self._again(
            tried=True, findings=releases.try_out(bundle=self.bundle, user=request.user)
        )

    def _release(self, request: HttpRequest) -> None:
        releases.release(bundle=self.bundle, user=request.user)
        messages.success(request, gettext("The whole set is public."))

    def _schedule(self, request: HttpRequest) -> HttpResponse | None:
        form = ScheduleForm(request.POST)
        if not form.is_valid():
            return self._again(schedule_form=form)
        at = form.cleaned_data["at"]
        releases.schedule(bundle=self.bundle, at=at, user=request.user)
        messages.success(
            request,
            gettext("The set goes public %(at)s.") % {"at": services.moment_text(at)},
        )
        return None

    def _take_time_back(self, request: HttpRequest) -> None:
        releases.take_time_back(bundle=self.bundle, by=request.user)
        messages.success(request, gettext("The set waits again for somebody to release it."))

    def _dissolve(self, request: HttpRequest) -> HttpResponse | None:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self._again(reason_form=form)
        services.dissolve(bundle=self.bundle, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, gettext("The set is dissolved; nothing of it became public."))
        return None

    def _withdraw(self, request: HttpRequest) -> HttpResponse | None:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self._again(reason_form=form)
        releases.withdraw(bundle=self.bundle, user=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, gettext("The whole set is withdrawn."))
        return None

    _ACTIONS: dict[str, Callable[["BundleView", HttpRequest], HttpResponse | None]] = {
        "add": _add,
        "add_proposed": _add_proposed,
        "remove": _remove,
        "hand_in": _hand_in,
        "try_out": _try_out,
        "release": _release,
        "schedule": _schedule,
        "take_time_back": _take_time_back,
        "dissolve": _dissolve,
        "withdraw": _withdraw,
    }


class JoinView(_View, FormView):
    """From a page's editor: into an open set, or a new one."""

    template_name = "bundles/admin/join.html"
    page_title = _("Add to a set")
    form_class = JoinForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.page = get_object_or_404(Page, pk=kwargs["page_pk"])
        if not may_include(request.user, self.page):
            raise PermissionDenied
        held = open_item_of(self.page.pk)
        if held is not None:
            return HttpResponseRedirect(reverse("bundles_set", args=[held.bundle_id]))
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        title: str = self.page.get_admin_display_title()
        return title

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"bundles": workable_by(self.request.user)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        return super().get_context_data(**kwargs) | {"back": back}

    def form_valid(self, form: JoinForm) -> HttpResponse:
        bundle = form.cleaned_data["bundle"]
        try:
            with transaction.atomic():
                bundle = self._put_in(bundle, form.cleaned_data["title"].strip())
        except ValidationError as error:
            form.add_error(None, error)
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(self.request, gettext("The page is in the set and goes public with it."))
        return HttpResponseRedirect(reverse("bundles_set", args=[bundle.pk]))

    def _put_in(self, bundle: Bundle | None, title: str) -> Bundle:
        """A new set that cannot take the page is not kept."""
        user = self.request.user
        if bundle is None:
            site = site_of_path(self.page.path)
            if site is None:
                raise ValidationError(gettext("This page belongs to no site."))
            bundle = services.made(bundle=Bundle(site_id=site, title=title), by=user)
        services.add(bundle=bundle, page=self.page, by=user)
        return bundle
