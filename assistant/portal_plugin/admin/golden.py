"""Golden questions in the admin: the list, files, runs, and what a draft would move."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, PageChooserPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import register_permission_policy

from assistant.portal_plugin.exchange.golden import GoldenFileRefused, bring, lines_of
from assistant.portal_plugin.forms import language_choices, language_name
from assistant.portal_plugin.models import (
    Expects,
    GoldenQuestion,
    GoldenRun,
    QuestionPage,
)
from assistant.portal_plugin.models.conversations import AnswerStatus
from assistant.portal_plugin.selectors.golden import with_last_result
from assistant.portal_plugin.selectors.tasks import may_work_on_entries
from assistant.portal_plugin.services import golden, golden_moves
from portal.plugin_api import Action, OwnSitesForm, OwnViewSet, RolePolicy, sites_allowing

PER_PAGE = 50
# A run on a web worker must not keep its visitors waiting.
MOST_AT_ONCE = 300

# Registered before anything asks for a fallback (Wagtail's rule).
POLICY = RolePolicy(GoldenQuestion, Action.PAGE_CHANGE)
register_permission_policy(GoldenQuestion, POLICY)


class GoldenForm(OwnSitesForm):
    """An answer needs something to be measured by; what is to be declined has nothing."""

    site_action = Action.PAGE_CHANGE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            self.fields["language"] = forms.ChoiceField(
                label=self.fields["language"].label,
                choices=language_choices(self.instance.language),
                initial=self.instance.language,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        lines = self.formsets.get("expectations")
        pages = []
        if lines is not None:
            lines.is_valid()
            data = [getattr(line, "cleaned_data", {}) for line in lines.forms]
            pages = [row["page"] for row in data if row.get("page") and not row.get("DELETE")]
        wanted = bool(pages or cleaned.get("source"))
        if cleaned.get("expects") == Expects.ANSWER and not wanted:
            self.add_error("expects", gettext("Name the entry, or the source, that is expected."))
        if cleaned.get("expects") == Expects.DECLINED and wanted:
            self.add_error("expects", gettext("What is to be declined has no entry and no source."))
        return cleaned


GoldenQuestion.base_form_class = GoldenForm


def last_of(question: Any) -> str:
    """How it was answered in the last run."""
    if question.last_right is None:
        return "–"
    mark = "✓" if question.last_right else "✗"
    return f"{mark} {AnswerStatus(question.last_status).label}"


class GoldenIndexView(OwnViewSet.index_view_class):  # type: ignore[misc,valid-type]
    def get_base_queryset(self) -> QuerySet[GoldenQuestion]:
        rows = super().get_base_queryset().select_related("site", "owner_unit", "topic")
        return with_last_result(rows)

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [
            *super().header_more_buttons,
            HeaderButton(_("Runs"), reverse("assistant_golden_runs"), icon_name="history"),
            HeaderButton(
                _("From and to a file"), reverse("assistant_golden_files"), icon_name="upload"
            ),
        ]


class GoldenViewSet(OwnViewSet):
    model = GoldenQuestion
    url_prefix = "questions/golden"
    icon = "tick-inverse"
    menu_label = _("Golden questions")
    add_to_admin_menu = False
    index_view_class = GoldenIndexView
    search_fields = ["question", "key", "note"]
    search_backend_name = None
    list_filter = ["expects", "language", "topic", "is_active"]
    list_per_page = PER_PAGE
    ordering = ["key"]
    list_display = [
        TitleColumn(
            "question",
            label=_("Question"),
            get_url=lambda row: reverse("assistant_golden:edit", args=[row.pk]),
        ),
        Column("expects", label=_("Expected"), accessor="get_expects_display"),
        Column("last", label=_("Last night"), accessor=last_of),
        Column("language", label=_("Language"), accessor=lambda row: language_name(row.language)),
        Column("owner", label=_("Kept by"), accessor="owner_unit"),
        Column("site", label=_("Site"), accessor="site.short_name"),
        Column("key", label=_("Identifier"), accessor="key"),
    ]
    panels = [
        FieldPanel("question", widget=forms.Textarea(attrs={"rows": 2})),
        FieldRowPanel([FieldPanel("language"), FieldPanel("key")]),
        FieldPanel("expects", widget=forms.RadioSelect),
        InlinePanel(
            "expectations",
            [PageChooserPanel("page", "assistant.QuestionPage")],
            heading=_("Expected entries"),
            label=_("entry"),
            help_text=_("Any of them will do; a translation counts as its source."),
        ),
        PageChooserPanel("source"),
        FieldRowPanel([FieldPanel("owner_unit"), FieldPanel("topic"), FieldPanel("site")]),
        FieldPanel("note"),
        FieldPanel("is_active"),
    ]


class WorkView(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "tick-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_work_on_entries(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class MovesView(WorkView):
    """Which golden questions the latest version of an entry would move, were it public."""

    template_name = "assistant/admin/golden_moves.html"
    page_title = _("What publishing would move")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.page = get_object_or_404(QuestionPage, pk=kwargs["pk"])
        if (
            request.user.is_authenticated
            and not self.page.permissions_for_user(request.user).can_edit()
        ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.page.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = self.page.get_latest_revision_as_object()
        return super().get_context_data(**kwargs) | {
            "entry": self.page,
            "preview": golden_moves.on_publishing([draft]),
            "asked": GoldenQuestion.objects.filter(is_active=True).count(),
        }


class RunsView(WorkView):
    """The runs so far; one of them beside the one before; a new one."""

    template_name = "assistant/admin/golden_runs.html"
    page_title = _("Runs of golden questions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = GoldenRun.objects.filter(ended_at__isnull=False).order_by("-pk")
        wanted = self.request.GET.get("run", "")
        run = (
            runs.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 19 else None
        )
        run = run or runs.first()
        earlier = runs.filter(pk__lt=run.pk).first() if run else None
        return super().get_context_data(**kwargs) | {
            "runs": Paginator(runs, 30).get_page(self.request.GET.get("p")),
            "run": run,
            "earlier": earlier,
            "moved": golden.moved_between(earlier, run) if run and earlier else (),
            "wrong": golden.wrong_in(run)[:200] if run else (),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        count = GoldenQuestion.objects.filter(is_active=True).count()
        if not count:
            messages.warning(request, gettext("There are no golden questions yet."))
        elif count > MOST_AT_ONCE:
            from assistant.portal_plugin.golden_tasks import run_golden

            run_golden.enqueue(request.user.pk)
            messages.success(request, gettext("They are asked in the background."))
        else:
            run = golden.run(cause=GoldenRun.Cause.HAND, by=request.user)
            messages.success(
                request,
                gettext("%(right)d of %(asked)d are answered as they should be.")
                % {"right": run.right, "asked": run.asked},
            )
        return HttpResponseRedirect(reverse("assistant_golden_runs"))


class GoldenFileForm(forms.Form):
    site: Any = forms.ModelChoiceField(
        label=_("Asked at the site"), queryset=None, required=False, empty_label=_("the portal")
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("JSON lines as “portal evaluate” reads them: id, text, language, relevant."),
        widget=forms.FileInput(attrs={"accept": ".jsonl"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        sites = sites_allowing(user, Action.PAGE_CHANGE)
        model: Any = GoldenQuestion._meta.get_field("site").related_model
        rows = model._default_manager.all()
        field: Any = self.fields["site"]
        field.queryset = rows if sites is None else rows.filter(pk__in=sites)
        field.required = sites is not None


class GoldenFilesView(WorkView):
    template_name = "assistant/admin/golden_files.html"
    page_title = _("Golden questions from a file")
    header_icon = "upload"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or GoldenFileForm(user=self.request.user),
            "brought": kwargs.get("brought"),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = GoldenFileForm(request.POST, request.FILES, user=request.user)
        brought = None
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                brought = bring(upload.read(), name=upload.name, site=form.cleaned_data["site"])
            except GoldenFileRefused as refused:
                form.add_error("file", str(refused))
        status = 200 if brought is not None and not brought.refused else 422
        context = self.get_context_data(form=form, brought=brought)
        return self.render_to_response(context, status=status)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The golden questions of the own sites, as ``portal evaluate`` reads them."""
    if not may_work_on_entries(request.user):
        raise PermissionDenied
    allowed = POLICY.instances_user_has_permission_for(request.user, "change")
    rows = GoldenQuestion.objects.filter(pk__in=allowed.values("pk"))
    rows = rows.select_related("site", "owner_unit", "topic").prefetch_related("expectations__page")
    text = "".join(f"{line}\n" for line in lines_of(rows.order_by("key")))
    return HttpResponse(
        text,
        content_type="application/x-ndjson; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="golden-questions.jsonl"'},
    )
