"""The list of entries in the admin: columns, filters, search, within the own sites."""

import datetime
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import (
    BulkActionsColumn,
    PageStatusColumn,
    PageTitleColumn,
)
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from portal.plugin_api import Publication, Standing

from .forms import language_choices, language_name
from .models import Audience, QuestionPage, Topic
from .selectors.tasks import may_work_on_entries

STATES = [
    ("public", _("public")),
    ("changed", _("public, with an unpublished draft")),
    ("draft", _("draft")),
    ("review", _("in review")),
]
IN_FORCE = [
    ("now", _("in force now")),
    ("later", _("not yet in force")),
    ("ended", _("ended or replaced")),
    ("outdated", _("its basis has ended")),
]


class QuestionFilterSet(WagtailFilterSet):
    """Every filter narrows; together they find what has to be done."""

    topic = django_filters.ModelMultipleChoiceFilter(
        queryset=Topic.objects.all(), label=pgettext_lazy("questions", "topic")
    )
    language = django_filters.MultipleChoiceFilter(choices=language_choices(), label=_("language"))
    owner_unit = django_filters.ModelChoiceFilter(
        queryset=lambda _request: _units_in_use(), label=_("answered by")
    )
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label=_("state"))
    standing = django_filters.ChoiceFilter(
        choices=IN_FORCE, method="by_standing", label=_("in force")
    )
    audience = django_filters.ChoiceFilter(
        choices=Audience.choices, method="by_audience", label=_("for whom")
    )
    without_source = django_filters.BooleanFilter(method="by_source", label=_("without a source"))
    lacks = django_filters.ChoiceFilter(
        choices=language_choices(), method="by_missing", label=_("not translated into")
    )
    outdated = django_filters.BooleanFilter(
        method="by_stale", label=_("translation older than its source")
    )

    class Meta:
        model = QuestionPage
        fields: list[str] = []

    def by_state(self, entries: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        if value == "review":
            active = QuestionPage.workflow_states.rel.model.objects.active()
            return entries.filter(_workflow_states__in=active.values("pk"))
        if value == "draft":
            return entries.filter(live=False)
        if value == "changed":
            return entries.filter(live=True, has_unpublished_changes=True)
        return entries.filter(live=True)

    def by_standing(self, entries: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        now = timezone.now()
        rows = Publication.objects.filter(page=OuterRef("pk"), closed=False)
        ended = Q(valid_until__lte=now)
        wanted = {
            "now": rows.current(now),
            "later": rows.filter(valid_from__gt=now),
            "ended": rows.filter(ended).exclude(standing=Standing.OUTDATED),
            "outdated": rows.filter(ended, standing=Standing.OUTDATED),
        }
        return entries.filter(Exists(wanted[value]))

    def by_audience(self, entries: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return entries.filter(audience__contains=value)

    def by_source(self, entries: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:
        own = QuestionPage.objects.filter(pk=OuterRef("pk"), sources__isnull=False)
        bare = ~Exists(own) & Q(translation_of=None)
        return entries.filter(bare if value else ~bare)

    def by_missing(self, entries: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        there = QuestionPage.objects.filter(translation_of=OuterRef("pk"), language=value)
        return entries.filter(~Exists(there), translation_of=None).exclude(language=value)

    def by_stale(self, entries: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:
        stale = stale_translations()
        return entries.filter(pk__in=stale) if value else entries.exclude(pk__in=stale)


def stale_translations() -> list[int]:
    """Translations whose source says something else than when they were made. One query."""
    rows = QuestionPage.objects.exclude(source_state="").filter(translation_of__isnull=False)
    return [
        page.pk
        for page in rows.select_related("translation_of").only(
            "source_state", "translation_of__question", "translation_of__answer"
        )
        if page.translation_of and page.source_state != page.translation_of.text_state
    ]


def _units_in_use() -> QuerySet[Any]:
    units: Any = QuestionPage._meta.get_field("owner_unit").related_model
    used = QuestionPage.objects.values("owner_unit")
    found: QuerySet[Any] = units._default_manager.filter(pk__in=used)
    return found


class StandingColumn(Column):
    """The mark of what is not in force; nothing for what simply holds."""

    def get_value(self, instance: Any) -> Any:
        if not instance.live:
            return ""
        begin, end = instance.shown_from, instance.shown_until
        now = timezone.now()
        if end is not None and end <= now:
            ended = Standing(instance.standing_stored or Standing.EXPIRED)
            known = ended in (Standing.OUTDATED, Standing.EXPIRED)
            return (ended if known else Standing.EXPIRED).label
        if begin is not None and begin > now:
            return Standing.NOT_YET_EFFECTIVE.label
        if end is not None:
            # An end at midnight is the day before, as people say it.
            last = timezone.localtime(end - datetime.timedelta(microseconds=1))
            return _("until %(day)s") % {"day": last.strftime("%Y-%m-%d")}
        return Standing.IN_FORCE.label


class QuestionIndexView(IndexView):
    template_name = "assistant/admin/question_list.html"
    show_locale_labels = False  # of the tree; an entry has a language of its own, in a column

    def get_base_queryset(self) -> QuerySet[Any]:
        """The entries of the own sites, whatever is typed; originals only."""
        return self.annotate_queryset(own_entries(self.request.user))

    def annotate_queryset(self, pages: Any) -> QuerySet[Any]:
        """As Wagtail's, without asking for the specific pages: these are of one type already."""
        found: QuerySet[Any] = (
            with_validity(pages)
            .select_related("topic", "owner_unit", "locale")
            .prefetch_related("content_type", "sites_rooted_here")
            .prefetch_workflow_states()
            .annotate_has_untranslated_locale()
            .annotate_site_root_state()
            .annotate_approved_schedule()
        )
        return found

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By primary keys: Wagtail's search takes no filter by fields that it does not index."""
        return matching(queryset, self.search_query) if self.is_searching else queryset

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["entry_actions"] = _actions()
        return context

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Also: take out what the list shows, for those who may."""
        buttons: list[Button] = super().header_more_buttons
        if may_work_on_entries(self.request.user):
            narrowed = self.request.GET.copy()
            narrowed.pop("p", None)
            buttons += [
                Button(
                    _("Take out what is listed (%(kind)s)") % {"kind": kind.upper()},
                    url=f"{reverse('assistant_export', args=[kind])}?{narrowed.urlencode()}",
                    icon_name="download",
                    priority=90 + number,
                )
                for number, kind in enumerate(("xlsx", "csv", "jsonl"))
            ]
        return buttons


def _actions() -> list[dict[str, Any]]:
    """What is offered for many entries at once."""
    from .bulk_actions import ACTIONS

    return [
        {
            "name": action.display_name,
            "label": action.aria_label,
            "classes": sorted(action.classes),
            "url": reverse("assistant_admin:many", args=[name]),
        }
        for name, action in ACTIONS.items()
    ]


def own_entries(user: Any) -> QuerySet[Any]:
    """The entries that an account may see in the admin."""
    policy: PagePermissionPolicy = policy_registry.get_by_type(Page)
    pages = policy.explorable_instances(user).values("pk")
    found: QuerySet[Any] = QuestionPage.objects.filter(pk__in=pages, alias_of=None)
    return found


def with_validity(entries: QuerySet[Any]) -> Any:
    """Entries with what is stored of their validity; for lists, without a query for each."""
    row = Publication.objects.filter(page_id=OuterRef("pk"), closed=False)
    return entries.annotate(
        standing_stored=Subquery(row.values("standing")[:1]),
        shown_from=Subquery(row.values("valid_from")[:1]),
        shown_until=Subquery(row.values("valid_until")[:1]),
    )


def filtered_entries(request: HttpRequest) -> QuerySet[Any]:
    """What the list shows for the filters and the search in an address; for "all in the list"."""
    own = own_entries(request.user)
    filters = QuestionFilterSet(request.GET, queryset=own, request=request)
    found: QuerySet[Any] = filters.qs if filters.is_valid() else own.none()
    query = request.GET.get("q", "").replace("\0", "").strip()
    return matching(found, query) if query else found


def matching(entries: QuerySet[Any], query: str) -> QuerySet[Any]:
    """Those entries in whose question, phrasings or answer the words stand, anywhere."""
    every: Any = QuestionPage.objects.all()
    found: QuerySet[Any] = entries.filter(pk__in=[page.pk for page in every.autocomplete(query)])
    return found


class QuestionListViewSet(PageListingViewSet):
    model = QuestionPage
    url_prefix = "questions"
    icon = "help"
    menu_label = _("Questions and answers")
    add_to_admin_menu = True
    menu_order = 250
    index_view_class = QuestionIndexView
    filterset_class = QuestionFilterSet
    columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label=_("Question"), sort_key="title", classname="title"),
        Column(
            "topic",
            label=pgettext_lazy("questions", "Topic"),
            accessor="topic",
            sort_key="topic__sort_order",
        ),
        Column(
            "language",
            label=_("Language"),
            accessor=lambda page: language_name(page.language),
            sort_key="language",
        ),
        Column("owner_unit", label=_("Answered by"), accessor="owner_unit"),
        StandingColumn("standing", label=_("In force")),
        DateColumn(
            "latest_revision_created_at",
            label=_("Updated"),
            sort_key="latest_revision_created_at",
            width="10%",
        ),
        PageStatusColumn("status", label=_("Status"), sort_key="live", width="10%"),
    ]
