"""Rules and settings of interpretations in the admin."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
)
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from portal.plugin_api import Action, OwnSitesForm, OwnViewSet, RolePolicy, sites_allowing

from .models import InterpretationSettings, ObligationRule
from .selectors.rules import Conditions, conditions_of, documents_under
from .tasks import recompute_after_commit

# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(ObligationRule, RolePolicy(ObligationRule, Action.SITE_SETTINGS))
register_permission_policy(
    InterpretationSettings, RolePolicy(InterpretationSettings, Action.SITE_SETTINGS)
)


class RuleForm(OwnSitesForm):
    """The conditions as check boxes; says beside them how many documents a rule is about."""

    site_action = Action.SITE_SETTINGS

    class Media:
        js = ("policy_interpretation/rule_count.js",)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        return cleaned

    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit)
        recompute_after_commit(saved.site_id)
        return saved


class SettingsForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS

    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit)
        recompute_after_commit(saved.site_id)
        return saved


ObligationRule.base_form_class = RuleForm
InterpretationSettings.base_form_class = SettingsForm  # type: ignore[attr-defined]


def documents_text(number: int) -> str:
    """How many documents a rule is about, in words."""
    return ngettext(
        "This rule would apply to %(count)d public document.",
        "This rule would apply to %(count)d public documents.",
        number,
    ) % {"count": number}


class RuleViewSet(OwnViewSet):
    model = ObligationRule
    url_prefix = "policy-rules"
    icon = "list-ol"
    menu_label = _("Interpretation rules")
    add_to_settings_menu = True
    menu_order = 641
    list_display = [
        "name",
        Column("site", label=_("Site"), accessor=lambda rule: rule.site or _("all sites")),
        "is_active",
        Column(
            "documents",
            label=_("Documents now"),
            accessor=lambda rule: documents_under(conditions_of(rule), rule.site_id).count(),
        ),
    ]
    search_fields = ["name"]
    search_backend_name = None
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("site")]),
        FieldRowPanel([FieldPanel("is_active"), FieldPanel("applies_from")]),
        MultiFieldPanel(
            [
                FieldPanel("match"),
                FieldPanel("only_major"),
                FieldPanel("genres"),
                FieldPanel("levels"),
                FieldPanel("themes", widget=forms.CheckboxSelectMultiple),
                FieldPanel("audience"),
                FieldPanel("units", widget=forms.CheckboxSelectMultiple),
                HelpPanel(template="policy_interpretation/admin/rule_count.html"),
            ],
            heading=_("Which documents"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("count"),
                InlinePanel("accepted", label=_("accepted product"), heading=_("One of these")),
            ],
            heading=_("What they owe"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("timing"),
                FieldRowPanel([FieldPanel("working_days"), FieldPanel("grace_days")]),
            ],
            heading=_("By when"),
        ),
    ]


class InterpretationSettingsViewSet(OwnViewSet):
    model = InterpretationSettings
    url_prefix = "policy-interpretation-settings"
    icon = "cog"
    menu_label = _("Interpretation settings")
    add_to_settings_menu = True
    menu_order = 642
    list_display = ["site", "follows_platform", "unready"]
    panels = [FieldPanel("site"), FieldPanel("follows_platform"), FieldPanel("unready")]


@require_POST
def count_documents(request: HttpRequest) -> JsonResponse:
    """How many documents the conditions of the open form hold for; nothing is stored."""
    sites = sites_allowing(request.user, Action.SITE_SETTINGS)
    if sites is not None and not sites:
        raise PermissionDenied
    data = request.POST
    site = int(data["site"]) if data.get("site", "").isdecimal() else None
    if sites is not None and site not in sites:
        raise PermissionDenied
    day = forms.DateField(required=False)
    try:
        applies_from = day.clean(data.get("applies_from"))
    except forms.ValidationError:
        applies_from = None
    conditions = Conditions(
        any_of_them=data.get("match") == ObligationRule.Match.ANY,
        only_major=bool(data.get("only_major")),
        genres=frozenset(data.getlist("genres")),
        levels=frozenset(data.getlist("levels")),
        themes=frozenset(data.getlist("themes")),
        audience=frozenset(data.getlist("audience")),
        units=frozenset(int(pk) for pk in data.getlist("units") if pk.isdecimal()),
        applies_from=applies_from,
    )
    number = documents_under(conditions, site).count()
    return JsonResponse({"count": number, "text": documents_text(number)})
