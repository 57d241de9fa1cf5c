"""Sections in the admin: the list, a new one, and one with its gate, team and columns."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from portal.foreign.models import ForeignSection, TeamRole
from portal.foreign.permissions import may_manage, may_see, sections_of
from portal.foreign.section_tasks import sync_after_commit
from portal.foreign.selectors.columns import columns_of, misplaced
from portal.foreign.selectors.coverage import figures
from portal.foreign.selectors.gate import lacks_of
from portal.foreign.selectors.sections import root_of
from portal.foreign.services.columns import move_translations
from portal.foreign.services.sections import (
    NotReady,
    close_section,
    create_section,
    open_section,
)
from portal.plugin_api import Action, sites_allowing

from .section_forms import ClosingForm, SectionForm, SettingsForm, put_errors


def may_see_sections(user: Any) -> bool:
    """Who runs a site, and whoever is in a team."""
    sites = sites_allowing(user, Action.MEMBERS)
    return sites is None or bool(sites) or sections_of(user).exists()


class SectionsView(WagtailAdminTemplateMixin, TemplateView):
    """All sections of the own sites, with what one must know of each at a glance."""

    template_name = "foreign/admin/sections.html"
    page_title = _("Foreign-language sections")
    header_icon = "globe"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_sections(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        sections = list(
            sections_of(self.request.user)
            .annotate(
                people=Count("team__user", filter=Q(team__active=True), distinct=True),
                number_of_columns=Count("columns", distinct=True),
            )
            .order_by("site__kind", "site__code", "locale_id")
        )
        numbers = figures([section.pk for section in sections])
        context["rows"] = [
            {
                "section": section,
                "figures": numbers[section.pk],
                "manages": may_manage(self.request.user, section),
            }
            for section in sections
        ]
        sites = sites_allowing(self.request.user, Action.MEMBERS)
        context["may_add"] = sites is None or bool(sites)
        return context


class AddSectionView(WagtailAdminTemplateMixin, FormView):
    template_name = "foreign/admin/section_form.html"
    page_title = _("New foreign-language section")
    header_icon = "globe"
    form_class = SectionForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        sites = sites_allowing(request.user, Action.MEMBERS)
        if sites is not None and not sites:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: SectionForm) -> HttpResponse:
        values = form.cleaned_data
        if not may_manage(self.request.user, values["site"]):
            raise PermissionDenied
        try:
            section = create_section(
                site=values["site"],
                locale=form.locale(),
                title=values["title"],
                needs=values["needs"],
                minimum_coverage=values["minimum_coverage"],
                user=self.request.user,
            )
        except ValidationError as error:
            put_errors(form, error)
            return self.form_invalid(form)
        sync_after_commit(section.site_id)
        messages.success(
            self.request,
            gettext("The section is there, not public yet. Next: its team and what feeds it."),
        )
        return HttpResponseRedirect(reverse("foreign_section", args=[section.pk]))


class SectionView(WagtailAdminTemplateMixin, TemplateView):
    """One section: the gate with its reasons, settings, team, columns, what stands elsewhere."""

    template_name = "foreign/admin/section.html"
    header_icon = "globe"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.section = get_object_or_404(
            ForeignSection.objects.select_related("site", "locale"), pk=kwargs["pk"]
        )
        if not may_see(request.user, self.section):
            raise PermissionDenied
        self.manages = may_manage(request.user, self.section)
        if request.method == "POST" and not self.manages:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.section)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        section, root = self.section, root_of(self.section)
        is_open = section.state == ForeignSection.State.OPEN
        context |= {
            "section": section,
            "root": root,
            "manages": self.manages,
            "is_open": is_open,
            "is_closed": section.state == ForeignSection.State.CLOSED,
            "lacks": [] if is_open else lacks_of(section),
            "figures": figures([section.pk])[section.pk],
            "columns": self._columns(root),
            "team": section.team.select_related("user").prefetch_related("columns__page"),
            "roles": TeamRole,
            "misplaced": misplaced(section) if self.manages else [],
        }
        context.setdefault("settings_form", SettingsForm(instance=section))
        context.setdefault("closing_form", ClosingForm(initial={"notice": section.closing_notice}))
        return context

    def _columns(self, root: Page | None) -> list[dict[str, Any]]:
        feeds: dict[int, list[str]] = {}
        for feed in self.section.columns.values_list("pk", "feeds__source__title"):
            feeds.setdefault(feed[0], [])
            if feed[1]:
                feeds[feed[0]].append(feed[1])
        return [
            {
                "column": column,
                "is_front": root is not None and column.page_id == root.pk,
                "feeds": feeds.get(column.pk, []),
                "indent": column.page.depth - (root.depth if root else column.page.depth),
            }
            for column in columns_of(self.section)
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actions = {
            "open": self._open,
            "close": self._close,
            "settings": self._settings,
            "move": self._move,
        }
        action = actions.get(request.POST.get("action", ""))
        if action is None:
            return self._here()
        return action(request)

    def _here(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("foreign_section", args=[self.section.pk]))

    def _again(self, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context))

    def _open(self, request: HttpRequest) -> HttpResponse:
        try:
            open_section(section=self.section, user=request.user)
        except NotReady as error:
            for message in error.messages:
                messages.error(request, message)
            return self._here()
        messages.success(request, gettext("The section is open: everybody can read it now."))
        return self._here()

    def _close(self, request: HttpRequest) -> HttpResponse:
        form = ClosingForm(request.POST)
        if not form.is_valid():
            return self._again(closing_form=form)
        close_section(
            section=self.section,
            reason=form.cleaned_data["reason"],
            notice=form.cleaned_data["notice"],
            user=request.user,
        )
        messages.success(
            request,
            gettext(
                "The section is closed: its addresses answer with the notice. Nothing is lost."
            ),
        )
        return self._here()

    def _settings(self, request: HttpRequest) -> HttpResponse:
        form = SettingsForm(request.POST, instance=self.section)
        if not form.is_valid():
            return self._again(settings_form=form)
        form.save()
        messages.success(request, gettext("Kept."))
        return self._here()

    def _move(self, request: HttpRequest) -> HttpResponse:
        wanted = [int(pk) for pk in request.POST.getlist("translation") if pk.isdecimal()]
        moved = move_translations(
            section=self.section,
            translations=self.section.translations.filter(pk__in=wanted),
            user=request.user,
        )
        messages.success(request, gettext("%(count)d pages moved.") % {"count": moved})
        return self._here()
