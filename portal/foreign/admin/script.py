"""Traditional characters in the admin: the table of terms, trying out, corrections by paragraph."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from portal.foreign.models import ScriptCorrection, ScriptSetting, ScriptTerm, Standard
from portal.foreign.script.converting import converter_for, standard_of
from portal.foreign.script.reading import paragraphs_of_page
from portal.foreign.services import script as services
from portal.plugin_api import (
    Action,
    OwnSitesForm,
    OwnViewSet,
    PlatformRolePolicy,
    RolePolicy,
    may,
    page_site,
    sites_allowing,
)
from portal.text.script import TAIWAN, to_simplified

# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(ScriptTerm, PlatformRolePolicy(ScriptTerm, Action.SITE_SETTINGS))
register_permission_policy(ScriptSetting, RolePolicy(ScriptSetting, Action.SITE_SETTINGS))

_LONGEST = 4000


class ScriptTermForm(WagtailAdminModelForm):
    """The model says what a term must be."""


ScriptTerm.base_form_class = ScriptTermForm  # type: ignore[attr-defined]


class SettingForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS


ScriptSetting.base_form_class = SettingForm  # type: ignore[attr-defined]


class TermViewSet(ModelViewSet):
    model = ScriptTerm
    url_prefix = "script-terms"
    icon = "pilcrow"
    menu_label = gettext_lazy("Traditional characters: terms")
    add_to_settings_menu = True
    menu_order = 652
    list_display = ["simplified", "becomes", "standard", "protect", "note"]
    list_filter = ["standard", "protect"]
    search_fields = ["simplified", "traditional", "note"]
    search_backend_name = None
    copy_view_enabled = False
    panels = [
        FieldPanel("simplified"),
        FieldPanel("traditional"),
        FieldPanel("protect"),
        FieldPanel("standard"),
        FieldPanel("note"),
    ]


class SettingViewSet(OwnViewSet):
    model = ScriptSetting
    url_prefix = "script-settings"
    icon = "pilcrow"
    menu_label = gettext_lazy("Traditional characters: sites")
    add_to_settings_menu = True
    menu_order = 651
    list_display = ["__str__", "site", "offered"]
    panels = [FieldPanel("site"), FieldPanel("offered")]


class TryForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Simplified text"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=_LONGEST,
        required=False,
    )


def _keeps_terms(user: Any) -> bool:
    """Terms hold on all sites: those who run the platform keep them."""
    return sites_allowing(user, Action.SITE_SETTINGS) is None


def _looks(user: Any) -> bool:
    allowed = sites_allowing(user, Action.PAGE_CHANGE)
    return allowed is None or bool(allowed)


def workbench(request: HttpRequest) -> HttpResponse:
    """Try a text out in both standards; take terms in and out as a file."""
    if not _looks(request.user):
        raise PermissionDenied
    form = TryForm(request.POST if "text" in request.POST else None)
    tried = []
    if form.is_valid() and form.cleaned_data["text"].strip():
        text = form.cleaned_data["text"]
        for standard in Standard:
            converter = converter_for(standard)
            converted = converter.text(text)
            tried.append(
                {
                    "label": standard.label,
                    "text": converted,
                    "terms": dict(converter.term_hits(text)),
                    "comes_back": to_simplified(converted, standard=standard.value) == text,
                }
            )
    return render(
        request,
        "foreign/admin/script_workbench.html",
        {
            "page_title": _("Traditional characters"),
            "page_subtitle": _("Try a text out"),
            "header_icon": "pilcrow",
            "form": form,
            "tried": tried,
            "keeps_terms": _keeps_terms(request.user),
        },
    )


def export_terms(request: HttpRequest) -> HttpResponse:
    if not _keeps_terms(request.user):
        raise PermissionDenied
    response = HttpResponse(
        "\ufeff" + services.write_terms(), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="script-terms.csv"'
    return response


@require_POST
def import_terms(request: HttpRequest) -> HttpResponse:
    if not _keeps_terms(request.user):
        raise PermissionDenied
    file = request.FILES.get("file")
    try:
        if file is None:
            raise ValidationError(_("Choose a file first."))
        read = services.read_terms(data=file.read())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("foreign_script"))
    messages.success(
        request,
        _("%(added)d terms are new, %(changed)d changed, %(same)d are as they were.")
        % {"added": read.added, "changed": read.changed, "same": read.same},
    )
    for line, reason in read.errors[:20]:
        messages.warning(
            request, _("Line %(line)d was left out: %(reason)s") % {"line": line, "reason": reason}
        )
    if len(read.errors) > 20:
        left = len(read.errors) - 20
        messages.warning(
            request,
            ngettext(
                "%(count)d more line was left out.", "%(count)d more lines were left out.", left
            )
            % {"count": left},
        )
    return HttpResponseRedirect(reverse("foreign_script"))


def page_paragraphs(request: HttpRequest, pk: int) -> HttpResponse:
    """A page paragraph by paragraph, before and after, with a field to correct each."""
    page = get_object_or_404(Page, pk=pk)
    if not services.may_propose(request.user, page):
        raise PermissionDenied
    site = page_site(page)
    site_pk = getattr(site, "pk", site)
    standard = request.GET.get("standard", "") or standard_of(site_pk) or TAIWAN
    if standard not in Standard.values:
        standard = str(TAIWAN)
    typed: dict[str, str] = {}
    if request.method == "POST":
        source = request.POST.get("source", "")
        try:
            services.propose_correction(
                page=page,
                site=site_pk,
                standard=standard,
                source=source,
                text=request.POST.get("text", ""),
                reason=request.POST.get("reason", ""),
                user=request.user,
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            typed[source] = request.POST.get("text", "")
        else:
            messages.success(request, _("Kept. It holds as soon as another person confirms it."))
            return HttpResponseRedirect(request.get_full_path())
    paragraphs = paragraphs_of_page(page, standard)
    known = {
        row.source_text: row
        for row in ScriptCorrection.objects.filter(
            standard=standard, source_text__in=[one.source for one in paragraphs]
        )
    }
    rows = [
        {
            "source": one.source,
            "text": one.text,
            "typed": typed.get(one.source, one.text),
            "is_open": one.source in typed,
            "correction": known.get(one.source),
        }
        for one in paragraphs
    ]
    return render(
        request,
        "foreign/admin/script_page.html",
        {
            "page_title": _("Traditional characters"),
            "page_subtitle": page.get_admin_display_title(),
            "header_icon": "pilcrow",
            "page": page,
            "rows": rows,
            "standard": standard,
            "standards": Standard.choices,
        },
    )


def corrections(request: HttpRequest) -> HttpResponse:
    """All corrections of the own sites: waiting, in force, orphaned."""
    sites = sites_allowing(request.user, Action.PAGE_CHANGE)
    if sites is not None and not sites:
        raise PermissionDenied
    rows = ScriptCorrection.objects.select_related("page", "site", "proposed_by", "reviewed_by")
    if sites is not None:
        rows = rows.filter(site__in=sites)
    groups = {
        "waiting": rows.filter(reviewed_at=None, orphaned_at=None),
        "in_force": rows.filter(reviewed_at__isnull=False, orphaned_at=None),
        "orphaned": rows.filter(orphaned_at__isnull=False) | rows.filter(page=None),
    }
    wanted = request.GET.get("status", "waiting")
    wanted = wanted if wanted in groups else "waiting"
    return render(
        request,
        "foreign/admin/script_corrections.html",
        {
            "page_title": _("Corrections of traditional characters"),
            "header_icon": "pilcrow",
            "wanted": wanted,
            "tabs": [
                ("waiting", _("to be confirmed"), groups["waiting"].count()),
                ("in_force", _("in force"), groups["in_force"].count()),
                ("orphaned", _("their paragraph is gone"), groups["orphaned"].count()),
            ],
            "rows": [
                {
                    "row": row,
                    "may_confirm": services.may_confirm(request.user, row),
                    "may_remove": row.proposed_by_id == request.user.pk
                    or may(request.user, Action.PAGE_PUBLISH, row.site_id),
                }
                for row in groups[wanted][:200]
            ],
        },
    )


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ScriptCorrection, pk=pk)
    if "confirm" in request.POST:
        services.confirm_correction(correction=row, user=request.user)
        messages.success(request, _("Confirmed. It holds from now on."))
    else:
        services.remove_correction(correction=row, user=request.user)
        messages.success(request, _("Removed. The paragraph is converted by the tables again."))
    return HttpResponseRedirect(reverse("foreign_script_corrections"))
