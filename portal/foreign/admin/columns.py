"""Columns and team members of a section in the admin."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.foreign.models import ForeignColumn, ForeignSection, TeamMember
from portal.foreign.permissions import may_manage
from portal.foreign.services import columns as column_services
from portal.foreign.services import team as team_services

from .section_forms import ColumnForm, FeedFormSet, MemberForm, NeedForm, put_errors


class _OfSection(WagtailAdminTemplateMixin):
    """For screens about a part of a section: only for who runs its site."""

    section: ForeignSection

    def _guard(self, request: HttpRequest, section: ForeignSection) -> None:
        self.section = section
        if not may_manage(request.user, section):
            raise PermissionDenied

    def get_page_subtitle(self) -> str:
        return str(self.section)

    def _back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("foreign_section", args=[self.section.pk]))


def _section(pk: int) -> ForeignSection:
    found = ForeignSection.objects.select_related("site__root_page", "locale")
    return get_object_or_404(found, pk=pk)


class AddColumnView(_OfSection, FormView):
    template_name = "foreign/admin/section_form.html"
    page_title = _("New column")
    header_icon = "folder-open-inverse"
    form_class = ColumnForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._guard(request, _section(kwargs["pk"]))
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: ColumnForm) -> HttpResponse:
        try:
            column = column_services.add_column(
                section=self.section, user=self.request.user, **form.cleaned_data
            )
        except ValidationError as error:
            put_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, gettext("The column is there. Now say what feeds it."))
        if self.section.state == ForeignSection.State.OPEN:
            messages.info(self.request, gettext("Another person who runs the site opens it."))
        return HttpResponseRedirect(reverse("foreign_column", args=[column.pk]))


class ColumnView(_OfSection, TemplateView):
    """Need and feeds of one column."""

    template_name = "foreign/admin/column.html"
    header_icon = "folder-open-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = ForeignColumn.objects.select_related("page")
        self.column = get_object_or_404(rows, pk=kwargs["pk"])
        self._guard(request, _section(self.column.section_id))
        self.column.section = self.section
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        title: str = self.column.page.title
        return title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        feeds = [{"source": feed.source_id} for feed in self.column.feeds.order_by("id")]
        context.setdefault("form", NeedForm(initial={"need": self.column.need}))
        context.setdefault("formset", FeedFormSet(initial=feeds, prefix="feeds"))
        context["column"], context["section"] = self.column, self.section
        home = self.section.site.root_page
        context["may_remove"] = (
            self.column.page.is_leaf() and self.column.page.translation_key != home.translation_key
        )
        context["may_open"] = (
            self.section.state == ForeignSection.State.OPEN and not self.column.page.live
        )
        context["is_own"] = context["may_open"] and column_services.wrote(
            self.request.user, self.column.page
        )
        context["media"] = context["formset"].media
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "remove" in request.POST:
            return self._remove(request)
        if "open" in request.POST:
            return self._open(request)
        form = NeedForm(request.POST)
        feeds = [{"source": feed.source_id} for feed in self.column.feeds.order_by("id")]
        formset = FeedFormSet(request.POST, initial=feeds, prefix="feeds")
        if form.is_valid() and formset.is_valid():
            kept = [
                row["source"]
                for row in formset.cleaned_data
                if row.get("source") and not row.get("DELETE")
            ]
            try:
                column_services.save_feeds(
                    column=self.column,
                    need=form.cleaned_data["need"],
                    sources=list({page.pk: page for page in kept}.values()),
                    user=request.user,
                )
            except ValidationError as error:
                put_errors(form, error)
            else:
                messages.success(request, gettext("Kept. New translations go by these feeds."))
                return self._back()
        return self.render_to_response(self.get_context_data(form=form, formset=formset))

    def _open(self, request: HttpRequest) -> HttpResponse:
        try:
            column_services.open_column(column=self.column, user=request.user)
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
        else:
            messages.success(request, gettext("The column is open: everybody can read it now."))
        return HttpResponseRedirect(reverse("foreign_column", args=[self.column.pk]))

    def _remove(self, request: HttpRequest) -> HttpResponse:
        try:
            column_services.remove_column(column=self.column, user=request.user)
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return HttpResponseRedirect(reverse("foreign_column", args=[self.column.pk]))
        messages.success(request, gettext("The column is removed."))
        return self._back()


class MemberView(_OfSection, FormView):
    """A new member of the team, or an entry to change."""

    template_name = "foreign/admin/section_form.html"
    page_title = _("Member of the team")
    header_icon = "group"
    form_class = MemberForm
    member: TeamMember | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "member_pk" in kwargs:
            rows = TeamMember.objects.select_related("user")
            self.member = get_object_or_404(rows, pk=kwargs["member_pk"])
            self._guard(request, _section(self.member.section_id))
            self.member.section = self.section
        else:
            self._guard(request, _section(kwargs["pk"]))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"section": self.section, "member": self.member}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["may_remove"] = self.member is not None
        context["remove_text"] = gettext("Take out of the team")
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "remove" in request.POST and self.member is not None:
            name = self.member.user.get_username()
            team_services.remove_member(member=self.member, user=request.user)
            messages.success(
                request, gettext("%(user)s is no longer in the team.") % {"user": name}
            )
            return self._back()
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: MemberForm) -> HttpResponse:
        try:
            team_services.save_member(
                section=self.section, member=self.member, user=self.request.user,
                **form.cleaned_data,
            )  # fmt: skip
        except ValidationError as error:
            put_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, gettext("Kept."))
        return self._back()
