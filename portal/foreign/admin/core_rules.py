"""Core content in the admin: which columns, page types and pages the languages owe."""

from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel
from wagtail.admin.ui.tables import Column
from wagtail.models import Locale, Page
from wagtail.permissions import register_permission_policy

from portal.foreign.models import CoreRule, ForeignSection
from portal.foreign.selectors.core_content import core_pages, core_rules_of
from portal.foreign.services.catching_up import follow_rules
from portal.plugin_api import (
    Action,
    BasePage,
    OwnSitesForm,
    OwnViewSet,
    RolePolicy,
    site_of_path,
)

register_permission_policy(CoreRule, RolePolicy(CoreRule, Action.SITE_SETTINGS))


def translatable_types() -> list[type[Page]]:
    """The page types that hold texts of their own; homes and columns are each language's own."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, BasePage)
        and not (model.is_container or model.is_translated_apart or model._meta.abstract)
    ]


class _TypeField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        model = obj.model_class()
        return str(model._meta.verbose_name) if model is not None else str(obj)


class CoreRuleForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = ContentType.objects.get_for_models(*translatable_types()).values()
        self.fields["page_type"] = _TypeField(
            ContentType.objects.filter(pk__in=[kind.pk for kind in types]),
            required=False,
            label=CoreRule._meta.get_field("page_type").verbose_name,
            help_text=_("Instead of a column or page: all public pages of this type at the site."),
        )
        self.fields["languages"].queryset = Locale.objects.exclude(
            language_code=settings.LANGUAGE_CODE
        ).filter(pk__in=ForeignSection.objects.values("locale"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        page, kind, site = (cleaned.get(name) for name in ("page", "page_type", "site"))
        if bool(page) == bool(kind) and "page" not in self.errors:
            self.add_error("page", _("Choose a column or page, or a page type: one of them."))
            return cleaned
        if page is not None and page.locale.language_code != settings.LANGUAGE_CODE:
            self.add_error("page", _("Choose the Chinese page: translations follow it."))
        elif page is not None and site is not None and site_of_path(page.path) != site.pk:
            self.add_error("page", _("This page belongs to another site."))
        same = CoreRule.objects.exclude(pk=self.instance.pk)
        if page is not None and same.filter(page=page).exists():
            self.add_error("page", _("There is a rule for this page already: change that one."))
        if (
            kind is not None
            and site is not None
            and same.filter(page_type=kind, site=site).exists()
        ):
            self.add_error(
                "page_type", _("There is a rule for this type already: change that one.")
            )
        return cleaned

    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit)
        transaction.on_commit(lambda: follow_rules(saved.site_id))
        return saved


CoreRule.base_form_class = CoreRuleForm  # type: ignore[attr-defined]


def _languages(rule: CoreRule) -> str:
    chosen = [str(locale) for locale in rule.languages.all()]
    return "、".join(chosen) if chosen else _t("all sections of the site")


def _pages_now(rule: CoreRule) -> int:
    """How many public pages this very rule makes core content."""
    rules = core_rules_of(rule.site_id)
    return sum(rules.nearest(page) == rule for page in core_pages(rule.site_id, rules))


class CoreRuleViewSet(OwnViewSet):
    model = CoreRule
    name = "core_content"
    url_prefix = "foreign/core-content"
    icon = "check"
    menu_label = _("Core content of the languages")
    add_to_settings_menu = True
    menu_order = 621
    list_display = [
        Column("subject", label=_("Column, type or page"), accessor=str),
        Column("site", label=_("Site"), accessor="site"),
        Column("languages", label=_("Languages"), accessor=_languages),
        "is_core",
        "lag_days",
        "harm",
        "legal",
        Column("pages", label=_("Pages now"), accessor=_pages_now),
    ]
    list_filter = ["site", "harm", "legal"]
    search_backend_name = None
    panels = [
        FieldPanel("site"),
        MultiFieldPanel(
            [PageChooserPanel("page"), FieldPanel("page_type"), FieldPanel("is_core")],
            heading=_("Which pages"),
            help_text=_(
                "The nearest rule counts: that of the page itself, then that of the nearest column "
                "above it, then that of its type. A rule that is not “core content” takes out."
            ),
        ),
        FieldPanel("languages", widget=forms.CheckboxSelectMultiple),
        FieldRowPanel([FieldPanel("lag_days"), FieldPanel("harm")]),
        FieldRowPanel([FieldPanel("legal"), FieldPanel("hide_after_days")]),
    ]
