"""Synonyms, stop phrases, best bets, blocked words and saved queries in the admin."""

from typing import Any
from urllib.parse import urlencode, urljoin

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, PageChooserPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets.button import Button
from wagtail.permissions import register_permission_policy

from portal.plugin_api import OwnSitesForm, OwnViewSet, RolePolicy, public_place, site_home
from portal.search.models import (
    BestBet,
    BlockedWord,
    SavedQuery,
    SiteWeights,
    StopPhrase,
    SynonymRule,
)
from portal.search.permissions import RULES, SETTINGS, action_of
from portal.search.services.checking import Target, targets_of_pages

from .base import RuleForm, RuleViewSet

# Registered before anything asks for a fallback (Wagtail's rule).
for _model in (SynonymRule, StopPhrase, BestBet, BlockedWord, SiteWeights, SavedQuery):
    register_permission_policy(_model, RolePolicy(_model, action_of(_model)))


class SettingForm(RuleForm):
    site_action = SETTINGS


class SavedQueryForm(OwnSitesForm):
    site_action = RULES


for _model in (SynonymRule, StopPhrase, BestBet):
    _model.base_form_class = RuleForm  # type: ignore[union-attr]
BlockedWord.base_form_class = SettingForm  # type: ignore[attr-defined]
SavedQuery.base_form_class = SavedQueryForm  # type: ignore[attr-defined]


def _site(rule: Any) -> str:
    return str(rule.site.short_name) if rule.site_id else _("all sites")


_SITE = Column("site", label=gettext_lazy("Site"), accessor=_site)
_IN_USE = BooleanColumn("is_active", label=gettext_lazy("in use"), sort_key="is_active")
_WHERE = FieldRowPanel([FieldPanel("site"), FieldPanel("is_active")])


def search_url(text: str, site: int | None = None) -> str:
    """The public page of results for a query, as a visitor of a site sees it."""
    from django.conf import settings

    home = site_home(site, settings.LANGUAGE_CODE)
    place = public_place(home.pk) if home is not None else None
    return urljoin(place[1] if place else "/", "/search/") + "?" + urlencode({"q": text})


# --- synonyms -------------------------------------------------------------------------------------
class SynonymIndexView(RuleViewSet.index_view_class):  # type: ignore[misc, valid-type]
    @property
    def header_more_buttons(self) -> list[Any]:
        table = Button(
            _("As a table: in and out"),
            url=reverse("portal_search_synonyms_table"),
            icon_name="table",
            priority=80,
        )
        return [*super().header_more_buttons, table]

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("site")


class SynonymViewSet(RuleViewSet):
    model = SynonymRule
    url_prefix = "search-desk/synonyms"
    icon = "resubmit"
    menu_label = gettext_lazy("Synonyms")
    index_view_class = SynonymIndexView
    list_display = [
        Column("rule", label=gettext_lazy("Synonym"), accessor=str),
        _SITE,
        _IN_USE,
        Column("note", label=gettext_lazy("Note")),
        Column("changed_at", label=gettext_lazy("Changed"), sort_key="changed_at"),
    ]
    list_filter = ["both_ways", "is_active", "site"]
    search_fields = ["words", "meanings", "note"]
    panels = [
        HelpPanel(
            gettext_lazy(
                "Who types everyday words finds what has the official ones: 上户口 → 出生登记. "
                "It holds at once, for searches only; no page is changed."
            )
        ),
        FieldPanel("words"),
        FieldPanel("meanings"),
        FieldPanel("both_ways"),
        _WHERE,
        FieldPanel("note"),
    ]


# --- stop phrases and blocked words ---------------------------------------------------------------
class _WithSiteIndexView(RuleViewSet.index_view_class):  # type: ignore[misc, valid-type]
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("site")


class StopPhraseViewSet(RuleViewSet):
    model = StopPhrase
    url_prefix = "search-desk/stop-phrases"
    icon = "cut"
    menu_label = gettext_lazy("Stop phrases")
    index_view_class = _WithSiteIndexView
    list_display = ["phrase", _SITE, _IN_USE, Column("note", label=gettext_lazy("Note"))]
    list_filter = ["is_active", "site"]
    search_fields = ["phrase", "note"]
    panels = [FieldPanel("phrase"), _WHERE, FieldPanel("note")]


class BlockedWordViewSet(RuleViewSet):
    model = BlockedWord
    url_prefix = "search-desk/blocked-words"
    icon = "no-view"
    menu_label = gettext_lazy("Blocked words")
    index_view_class = _WithSiteIndexView
    list_display = ["word", _SITE, _IN_USE, Column("note", label=gettext_lazy("Note"))]
    list_filter = ["is_active", "site"]
    search_fields = ["word", "note"]
    panels = [FieldPanel("word"), _WHERE, FieldPanel("note")]


# --- best bets ------------------------------------------------------------------------------------
def _state(bet: Any) -> str:
    """How a best bet stands, in words."""
    target: Target | None = bet.shown_target
    if not bet.is_active:
        return _("not in use")
    if bet.is_over:
        return _("over")
    if target is None or not target.is_public:
        return _("not shown: leads to nothing public")
    if target.has_ended:
        return _("not shown: no longer in force")
    return _("shown")


def _try_it(bet: Any) -> SafeString | str:
    queries = bet.query_list
    if not queries:
        return ""
    label = _("Try “%(query)s”") % {"query": queries[0]}
    url = search_url(queries[0], bet.site_id)
    return format_html('<a href="{}" target="_blank" rel="noreferrer">{}</a>', url, label)


class BestBetIndexView(RuleViewSet.index_view_class):  # type: ignore[misc, valid-type]
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("site", "page", "document")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds how each target of this page of the list stands, with two queries for all."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = list(context["object_list"])
        targets = targets_of_pages([row.page_id for row in rows if row.page_id])
        for row in rows:
            file = Target(True) if row.document_id else None
            row.shown_target = targets.get(row.page_id) if row.page_id else file
        return context


class BestBetViewSet(RuleViewSet):
    model = BestBet
    url_prefix = "search-desk/best-bets"
    icon = "pick"
    menu_label = gettext_lazy("Best bets")
    index_view_class = BestBetIndexView
    list_display = [
        Column(
            "queries",
            label=gettext_lazy("Queries"),
            accessor=lambda bet: "、".join(bet.query_list),
        ),
        Column("target", label=gettext_lazy("Leads to"), accessor=lambda bet: bet.target or "—"),
        Column("state", label=gettext_lazy("State"), accessor=_state),
        Column("until", label=gettext_lazy("Until"), sort_key="until"),
        _SITE,
        Column("try", label=gettext_lazy("Try it"), accessor=_try_it),
    ]
    list_filter = ["is_active", "site"]
    search_fields = ["queries", "note"]
    panels = [
        FieldPanel("queries"),
        FieldRowPanel([PageChooserPanel("page"), FieldPanel("document")]),
        FieldRowPanel([FieldPanel("since"), FieldPanel("until")]),
        _WHERE,
        FieldPanel("note"),
    ]


# --- saved queries --------------------------------------------------------------------------------
class SavedQueryIndexView(OwnViewSet.index_view_class):  # type: ignore[misc, valid-type]
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("site", "expected")


class SavedQueryViewSet(OwnViewSet):
    model = SavedQuery
    url_prefix = "search-desk/queries"
    icon = "list-ul"
    menu_label = gettext_lazy("Saved queries")
    index_view_class = SavedQueryIndexView
    add_to_reference_index = False
    search_backend_name = None
    list_display = [
        "text",
        _SITE,
        Column(
            "expected",
            label=gettext_lazy("Ought to be found"),
            accessor=lambda query: query.expected or "—",
        ),
        Column("note", label=gettext_lazy("Note")),
    ]
    list_filter = ["site"]
    search_fields = ["text", "note"]
    panels = [
        HelpPanel(
            gettext_lazy(
                "Before the weights are changed, the results of these queries are shown as they "
                "are and as they would be."
            )
        ),
        FieldRowPanel([FieldPanel("text"), FieldPanel("site")]),
        PageChooserPanel("expected"),
        FieldPanel("note"),
    ]
