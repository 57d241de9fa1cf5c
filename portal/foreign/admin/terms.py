"""Official names in the admin: the terms, what a changed name touches, tables in and out."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Locale
from wagtail.permissions import register_permission_policy

from portal.foreign.models import NameRule, Term, TermChange
from portal.foreign.selectors.chinese_names import chinese_pages
from portal.foreign.selectors.memory import difference
from portal.foreign.selectors.term_changes import is_chinese_change, touched
from portal.foreign.services import chinese_names, terms
from portal.plugin_api import (
    LARGEST_TABLE,
    Action,
    OwnSitesForm,
    OwnViewSet,
    RolePolicy,
    TableError,
    may,
    read_table,
    sites_allowing,
    table_response,
)

from .links import desk_url

MOST_ROWS = 5_000
STYLE = forms.Media(css={"all": ["foreign/admin/exchange.css"]})
policy = RolePolicy(Term, Action.SITE_SETTINGS)
register_permission_policy(Term, policy)
register_permission_policy(NameRule, RolePolicy(NameRule, Action.SITE_SETTINGS))


class TermForm(OwnSitesForm):
    """Remembers which approved names were changed."""

    site_action = Action.SITE_SETTINGS
    changes: list[TermChange]

    def clean_source(self) -> str:
        source: str = self.cleaned_data["source"].strip()
        if len(source) < 2:
            raise forms.ValidationError(gettext("A name has at least two characters."))
        return source

    def save(self, commit: bool = True) -> Any:
        before = terms.names_of(self.instance)
        saved = super().save(commit)
        self.changes = (
            terms.note_changes(term=saved, before=before, user=self.for_user) if commit else []
        )
        return saved


class NameRuleForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS


Term.base_form_class = TermForm
NameRule.base_form_class = NameRuleForm  # type: ignore[attr-defined]


class TermEditView(OwnViewSet.edit_view_class):  # type: ignore[misc, valid-type]
    def get_success_url(self) -> str:
        changes = getattr(self.form, "changes", [])
        if changes:
            return reverse("foreign_term_change", args=[changes[0].pk])
        return str(super().get_success_url())


def _names(term: Term) -> str:
    return " · ".join(
        f"{name.locale.language_code}: {name.name}"
        for name in sorted(term.names.all(), key=lambda name: name.locale_id)
    )


class TermIndexView(OwnViewSet.index_view_class):  # type: ignore[misc, valid-type]
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().prefetch_related("names__locale")

    @property
    def header_more_buttons(self) -> list[Any]:
        from wagtail.admin.widgets.button import Button

        return [
            *super().header_more_buttons,
            Button(
                gettext("Changed names"), reverse("foreign_term_changes"), icon_name="history",
                priority=5,
            ),
            Button(
                gettext("Table: in and out"), reverse("foreign_terms_table"), icon_name="table",
                priority=6,
            ),
        ]  # fmt: skip


class TermViewSet(OwnViewSet):
    model = Term
    url_prefix = "official-names"
    icon = "tag"
    menu_label = _("Official names")
    menu_name = "official-names"
    add_to_settings_menu = True
    menu_order = 621
    index_view_class = TermIndexView
    edit_view_class = TermEditView
    list_display = [
        "source", "kind", "status", Column("names", label=_("Names"), accessor=_names), "site",
    ]  # fmt: skip
    list_filter = ["kind", "status", "site"]
    search_fields = ["source", "names__name", "note"]
    search_backend_name = None
    panels = [
        FieldRowPanel([FieldPanel("source"), FieldPanel("kind")]),
        FieldRowPanel([FieldPanel("status"), FieldPanel("site")]),
        FieldPanel("note"),
        InlinePanel(
            "names",
            heading=_("In other languages"),
            label=_("Name"),
            panels=[
                FieldRowPanel([FieldPanel("locale"), FieldPanel("status")]),
                FieldPanel("name"),
                FieldPanel("variants_forbidden"),
            ],
        ),
    ]


class NameRuleViewSet(OwnViewSet):
    model = NameRule
    url_prefix = "official-name-rules"
    icon = "tag"
    menu_label = _("Rules for official names")
    add_to_settings_menu = True
    menu_order = 622
    list_display = ["__str__", "stops_agency", "stops_law", "stops_place", "stops_title"]
    panels = [
        FieldPanel("site"),
        FieldRowPanel([FieldPanel("stops_agency"), FieldPanel("stops_law")]),
        FieldRowPanel([FieldPanel("stops_place"), FieldPanel("stops_title")]),
    ]


# --- changed names --------------------------------------------------------------------------------
class _TermScreen(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "tag"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policy.user_has_permission(request.user, "change"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["media"] = context.get("media", forms.Media()) + STYLE
        return context


def _changes(user: Any) -> Any:
    mine = policy.instances_user_has_any_permission_for(user, ["change"])
    return TermChange.objects.filter(term__in=mine).select_related("term", "locale", "user")


class ChangesView(_TermScreen):
    template_name = "foreign/admin/term_changes.html"
    page_title = _("Changed names")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"changes": _changes(self.request.user)[:100]}


class ChangeView(_TermScreen):
    """Every paragraph that a changed name is about, before and after; prepare, or take back.

    Of a Chinese name: the Chinese pages, from which those to prepare are chosen.
    """

    page_title = _("Changed name")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.change = get_object_or_404(
            TermChange.objects.select_related("term", "locale"), pk=kwargs["pk"]
        )
        if not policy.user_has_permission_for_instance(request.user, "change", self.change.term):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.change)

    def get_template_names(self) -> list[str]:
        name = "term_change_chinese" if is_chinese_change(self.change) else "term_change"
        return [f"foreign/admin/{name}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = self._chinese() if is_chinese_change(self.change) else self._translated()
        return (
            super().get_context_data(**kwargs)
            | {
                "change": self.change,
                "others": _changes(self.request.user)
                .filter(term=self.change.term, prepared_at=None, undone_at=None)
                .exclude(pk=self.change.pk),
            }
            | told
        )

    def _chinese(self) -> dict[str, Any]:
        prepared = chinese_names.prepared_pages(self.change)
        found = chinese_pages(self.change, self.request.user)
        drafted = {page.pk for page in prepared if page.has_unpublished_changes}
        pages = [named for named in found.pages if named.page.pk not in drafted]
        return {
            "pages": [
                {
                    "named": named,
                    "url": reverse("wagtailadmin_pages:edit", args=[named.page.pk]),
                    "texts": [
                        {"label": text.label, "pieces": difference(text.before, text.after)}
                        for text in named.texts
                    ],
                }
                for named in pages
            ],
            "more": found.more,
            "ready": sum(not named.reason for named in pages),
            "prepared": [
                {"page": page, "url": reverse("wagtailadmin_pages:edit", args=[page.pk])}
                for page in prepared
            ],
        }

    def _translated(self) -> dict[str, Any]:
        found = touched(self.change)
        edits = self.change.edits.select_related(
            "translation__source", "translation__section__locale"
        )
        rows = [
            {
                "one": one,
                "pieces": difference(one.before, one.after) if one.after else [],
                "url": desk_url(one.translation.pk),
            }
            for one in found
        ]
        return {
            "rows": rows,
            "ready": sum(bool(one.after) for one in found),
            "pages": len({one.page.pk for one in found}),
            "edits": [
                {
                    "edit": edit,
                    "pieces": difference(edit.before, edit.after),
                    "url": desk_url(edit.translation_id),
                }
                for edit in edits
            ],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_chinese_change(self.change):
            self._post_chinese(request)
        elif request.POST.get("do") == "undo":
            left = terms.undo(change=self.change, user=request.user)
            if left:
                messages.warning(
                    request,
                    ngettext(
                        "%(count)d paragraph was changed since, or is in review; it stays.",
                        "%(count)d paragraphs were changed since, or are in review; they stay.",
                        len(left),
                    )
                    % {"count": len(left)},
                )
            else:
                messages.success(request, gettext("The prepared drafts were taken back."))
        elif self.change.undone_at is None:
            made = terms.prepare(change=self.change, user=request.user)
            messages.success(
                request,
                ngettext(
                    "%(count)d paragraph was prepared as a draft; nothing was published.",
                    "%(count)d paragraphs were prepared as drafts; nothing was published.",
                    len(made),
                )
                % {"count": len(made)},
            )
        return HttpResponseRedirect(reverse("foreign_term_change", args=[self.change.pk]))

    def _post_chinese(self, request: HttpRequest) -> None:
        if request.POST.get("do") == "undo":
            left = chinese_names.undo_chinese(change=self.change, user=request.user)
            if not left:
                messages.success(request, gettext("The prepared drafts were taken back."))
                return
            sentence = ngettext(
                "%(count)d page was changed or published since, is in review or not yours to "
                "edit; it stays.",
                "%(count)d pages were changed or published since, are in review or not yours to "
                "edit; they stay.",
                len(left),
            )
            messages.warning(request, sentence % {"count": len(left)})
        elif self.change.undone_at is None:
            chosen = {
                int(pk) for pk in request.POST.getlist("page") if pk.isascii() and pk.isdigit()
            }
            made, left_out = chinese_names.prepare_chinese(
                change=self.change, user=request.user, pages=chosen
            )
            sentence = ngettext(
                "A draft of %(count)d page was prepared; nothing was published.",
                "Drafts of %(count)d pages were prepared; nothing was published.",
                len(made),
            )
            messages.success(request, sentence % {"count": len(made)})
            for page, reason in left_out:
                messages.warning(request, f"{page.title}: {reason}")


# --- tables ---------------------------------------------------------------------------------------
def _languages() -> list[str]:
    codes = Locale.objects.exclude(language_code=settings.LANGUAGE_CODE)
    return list(codes.order_by("pk").values_list("language_code", flat=True))


class TableView(_TermScreen):
    """A table of all terms in or out."""

    template_name = "foreign/admin/terms_table.html"
    page_title = _("Official names as a table")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "columns": terms.table([], _languages())[0],
            "refused": kwargs.get("refused", []),
            "problem": kwargs.get("problem", ""),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        upload = request.FILES.get("file")
        if upload is None:
            return self._problem(gettext("Choose a file."))
        columns = terms.table([], _languages())[0]
        try:
            rows = read_table(
                upload.read(LARGEST_TABLE + 1),
                columns=columns,
                needed=("source",),
                most_rows=MOST_ROWS,
            )
        except TableError as error:
            return self._problem(str(error))
        sites = sites_allowing(request.user, Action.SITE_SETTINGS)
        done, changes, refused = terms.read_table(
            rows,
            user=request.user,
            site_pk=None if sites is None else min(sites),
            may_change=lambda term: may(request.user, Action.SITE_SETTINGS, term.site_id),
        )
        messages.success(
            request,
            ngettext("%(count)d line was taken over.", "%(count)d lines were taken over.", done)
            % {"count": done},
        )
        if refused:
            return self.render_to_response(self.get_context_data(refused=refused), status=422)
        return HttpResponseRedirect(
            reverse("foreign_term_changes" if changes else "foreign_terms_table")
        )

    def _problem(self, text: str) -> HttpResponse:
        return self.render_to_response(self.get_context_data(problem=text), status=422)


@require_safe
def download_table(request: HttpRequest) -> HttpResponse:
    if not policy.user_has_permission(request.user, "change"):
        raise PermissionDenied
    found = Term.objects.prefetch_related("names__locale")
    sites = sites_allowing(request.user, Action.SITE_SETTINGS)
    if sites is not None:  # as in the list: the platform's and one's own
        found = found.filter(Q(site__in=sites) | Q(site=None))
    headings, *rows = terms.table(found, _languages())
    return table_response("csv", "official-names", headings, rows)


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Terms for the units of the registry."""
    if not may(request.user, Action.SITE_SETTINGS, None):
        raise PermissionDenied
    made = terms.propose_organisations()
    messages.success(
        request,
        ngettext("%(count)d name was proposed.", "%(count)d names were proposed.", made)
        % {"count": made},
    )
    return HttpResponseRedirect(reverse("official-names:index"))
