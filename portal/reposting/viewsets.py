"""Registers of a site: the sources that it watches, its channels, its distribution groups."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, PageChooserPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from portal.plugin_api import Action, ColumnPage, OwnSitesForm, OwnViewSet, RolePolicy, site_of_path

from .models import Channel, DistributionGroup, UpstreamSource
from .permissions import may_set_up, sites_below, sites_set_up
from .selectors.channels import kind_choices, name_of_kind, page_kind_choices, problem_of
from .services import polling, pushing

# Registered before anything asks for a fallback (Wagtail's rule).
for _model in (UpstreamSource, Channel, DistributionGroup):
    register_permission_policy(_model, RolePolicy(_model, Action.SITE_SETTINGS))


class SourceForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS

    def clean(self) -> Any:
        cleaned = super().clean()
        site, column = cleaned.get("site"), cleaned.get("column")
        if site and column and site_of_path(column.path) != site.pk:
            self.add_error("column", _("This column belongs to another site."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if "feed_url" in self.changed_data:
            # Another feed: what the old one said of itself counts no more.
            row = self.instance
            row.etag = row.last_modified = row.note = ""
            row.failures, row.next_poll_at = 0, None
        return super().save(commit)


class ChannelForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, kinds, columns = (self.fields[name] for name in ("kind", "page_kinds", "columns"))
        self.fields["kind"] = forms.ChoiceField(label=kind.label, choices=kind_choices())
        self.fields["page_kinds"] = forms.MultipleChoiceField(
            label=kinds.label,
            choices=page_kind_choices(),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("None: all kinds."),
        )
        self.fields["columns"] = forms.ModelMultipleChoiceField(
            label=columns.label,
            queryset=_columns_for(self.for_user),
            required=False,
            help_text=columns.help_text,
        )

    def clean(self) -> Any:
        cleaned = super().clean()
        site = cleaned.get("site")
        for column in cleaned.get("columns") or ():
            if site and site_of_path(column.path) != site.pk:
                self.add_error("columns", _("This column belongs to another site."))
                break
        if cleaned.get("is_active") and site and not self.errors:
            told = Channel(
                site=site,
                name=cleaned.get("name", ""),
                kind=cleaned.get("kind", ""),
                address=cleaned.get("address", ""),
                secret_name=cleaned.get("secret_name", ""),
            )
            problem = problem_of(told)
            if problem:
                self.add_error("is_active", problem)
        return cleaned


def _columns_for(user: Any) -> QuerySet[ColumnPage]:
    """Columns of the sites that somebody sets up; those of others are not even named."""
    columns: QuerySet[ColumnPage] = ColumnPage.objects.order_by("path")
    own = sites_set_up(user) if user is not None else None
    if own is None:
        return columns
    places = columns.values_list("pk", "path")
    return columns.filter(pk__in=[pk for pk, path in places if site_of_path(path) in own])


class GroupForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = sites_set_up(self.for_user) if self.for_user is not None else None
        if own is not None:
            below = {pk for site in own for pk in sites_below(site)}
            field: Any = self.fields["sites"]
            field.queryset = field.queryset.filter(pk__in=below)

    def clean(self) -> Any:
        cleaned = super().clean()
        site, held = cleaned.get("site"), cleaned.get("sites") or ()
        below = sites_below(site.pk) if site else {row.pk for row in held}
        outside = [row.short_name for row in held if row.pk not in below]
        if outside:
            told = _("These sites are not below the one that hands on: %(sites)s.")
            self.add_error("sites", told % {"sites": "、".join(outside)})
        return cleaned


UpstreamSource.base_form_class = SourceForm  # type: ignore[attr-defined]
Channel.base_form_class = ChannelForm  # type: ignore[attr-defined]
DistributionGroup.base_form_class = GroupForm  # type: ignore[attr-defined]


class SourceViewSet(OwnViewSet):
    model = UpstreamSource
    url_prefix = "reposting-sources"
    icon = "download"
    menu_label = _("Sources of reposts")
    list_display: ClassVar[list[Any]] = [
        TitleColumn(
            "name",
            label=_("name of the source"),
            get_url=lambda row: reverse("reposting_sources:edit", args=[row.pk]),
        ),
        "level",
        "site",
        "is_active",
        Column("state", label=_("State"), accessor="get_state_display"),
        Column("note", label=_("What it said"), accessor="note"),
        Column("polled_at", label=_("Asked"), accessor="polled_at"),
        Column("next_poll_at", label=_("Asked again"), accessor="next_poll_at"),
    ]
    list_filter: ClassVar[list[str]] = ["site", "level", "is_active"]
    search_fields: ClassVar[list[str]] = ["name"]
    search_backend_name = None
    edit_template_name = "reposting/admin/source_edit.html"
    panels: ClassVar[list[Any]] = [
        HelpPanel(
            content=_(
                "New items come into the queue of reposts. The twelve hours count from the time "
                "that the source states."
            )
        ),
        FieldRowPanel([FieldPanel("name"), FieldPanel("site")]),
        FieldRowPanel([FieldPanel("level"), FieldPanel("every_minutes")]),
        FieldPanel("feed_url"),
        PageChooserPanel("column", ["pages.ColumnPage"]),
        FieldPanel("keywords"),
        FieldPanel("is_active"),
    ]


class ChannelViewSet(OwnViewSet):
    model = Channel
    url_prefix = "reposting-channels"
    icon = "redirect"
    menu_label = _("Channels")
    list_display: ClassVar[list[Any]] = [
        TitleColumn(
            "name",
            label=_("Name"),
            get_url=lambda row: reverse("reposting_channels:edit", args=[row.pk]),
        ),
        "site",
        Column("kind", label=_("Kind"), accessor=lambda row: name_of_kind(row.kind)),
        "is_active",
        Column("test", label=_("Last test"), accessor="test_note"),
        Column("tested_at", label=_("Tested"), accessor="tested_at"),
    ]
    list_filter: ClassVar[list[str]] = ["site", "is_active"]
    search_fields: ClassVar[list[str]] = ["name"]
    search_backend_name = None
    edit_template_name = "reposting/admin/channel_edit.html"
    panels: ClassVar[list[Any]] = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("site")]),
        FieldPanel("kind"),
        FieldPanel("address"),
        FieldPanel("secret_name"),
        FieldPanel("pushes"),
        FieldPanel("columns"),
        FieldPanel("page_kinds"),
        FieldPanel("is_active"),
    ]


class GroupViewSet(OwnViewSet):
    model = DistributionGroup
    url_prefix = "reposting-groups"
    icon = "group"
    menu_label = _("Distribution groups")
    list_display: ClassVar[list[Any]] = [
        TitleColumn(
            "name",
            label=_("name of the group"),
            get_url=lambda row: reverse("reposting_groups:edit", args=[row.pk]),
        ),
        "kind",
        "site",
        Column("held", label=_("Sites"), accessor=lambda row: row.sites.count()),
    ]
    list_filter: ClassVar[list[str]] = ["site", "kind"]
    search_fields: ClassVar[list[str]] = ["name"]
    search_backend_name = None
    panels: ClassVar[list[Any]] = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("kind")]),
        FieldPanel("site"),
        FieldPanel("sites", widget=forms.CheckboxSelectMultiple),
    ]


@require_POST
def ask_source(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a source now, instead of at its next time."""
    row = get_object_or_404(UpstreamSource, pk=pk)
    if not may_set_up(request.user, row.site_id):
        raise PermissionDenied
    report = polling.poll(row.pk)
    if report.was_taken:
        messages.warning(request, gettext("Another process asks this source at the moment."))
    elif report.problem:
        told = gettext("It did not answer well: %(problem)s")
        messages.error(request, told % {"problem": report.problem})
    else:
        told = gettext("Asked: %(new)d new, %(revised)d changed, %(known)d known.")
        messages.success(
            request, told % {"new": report.new, "revised": report.revised, "known": report.known}
        )
    return HttpResponseRedirect(reverse("reposting_sources:edit", args=[row.pk]))


@require_POST
def test_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test to a channel, switched on or not."""
    row = get_object_or_404(Channel, pk=pk)
    if not may_set_up(request.user, row.site_id):
        raise PermissionDenied
    if pushing.test_channel(channel=row):
        messages.success(request, gettext("The test arrived. %(note)s") % {"note": row.test_note})
    else:
        told = gettext("The test did not arrive: %(note)s")
        messages.error(request, told % {"note": row.test_note})
    return HttpResponseRedirect(reverse("reposting_channels:edit", args=[row.pk]))
