"""What each site sets for its letters: kinds, channels, templates, programs that are told, keys."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel
from wagtail.permissions import register_permission_policy

from portal.interaction.deadlines import CLOCK_KINDS
from portal.interaction.models import (
    IntakeKey,
    LetterKind,
    LetterProfile,
    NoticeHook,
    OtherChannel,
    ReplyTemplate,
)
from portal.interaction.permissions import letters_settings
from portal.interaction.services.keys import make_key, switch_key
from portal.interaction.typed import row_key
from portal.plugin_api import Action, OwnSitesForm, OwnViewSet, RolePolicy

from .base import ScreenMixin

# Registered before anything asks for a fallback (Wagtail's rule).
for _model in (LetterProfile, OtherChannel, NoticeHook):
    register_permission_policy(_model, RolePolicy(_model, Action.SITE_SETTINGS))
register_permission_policy(ReplyTemplate, RolePolicy(ReplyTemplate, Action.LETTERS_DESK))


def sets_somewhere(user: Any) -> bool:
    sites = letters_settings(user)
    return sites is None or bool(sites)


class ProfileForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(key, str(kind.label)) for key, kind in CLOCK_KINDS.items()]
        field = self.fields.get("clock_kind")
        if field is not None:
            self.fields["clock_kind"] = forms.ChoiceField(
                label=field.label,
                help_text=field.help_text,
                required=False,
                choices=[("", _("the usual one of the kind")), *names],
            )


class ChannelForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS


class HookForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS


class TemplateForm(OwnSitesForm):
    site_action = Action.LETTERS_DESK

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("kinds")
        if field is not None:
            self.fields["kinds"] = forms.MultipleChoiceField(
                label=field.label,
                required=False,
                choices=LetterKind.choices,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("None: for all kinds."),
            )


LetterProfile.base_form_class = ProfileForm  # type: ignore[attr-defined]
OtherChannel.base_form_class = ChannelForm  # type: ignore[attr-defined]
NoticeHook.base_form_class = HookForm  # type: ignore[attr-defined]
ReplyTemplate.base_form_class = TemplateForm  # type: ignore[attr-defined]


class ProfileViewSet(OwnViewSet):
    model = LetterProfile
    url_prefix = "letter-kinds"
    icon = "cog"
    menu_label = gettext_lazy("Kinds of letters")
    list_display: ClassVar[list[str]] = ["kind", "site", "is_open", "unit", "keep_months"]
    list_filter: ClassVar[list[str]] = ["site", "kind"]
    search_backend_name = None
    panels: ClassVar[list[Any]] = [
        HelpPanel(
            content=gettext_lazy(
                "Without an entry a kind is taken with its usual deadline and goes to no unit."
            )
        ),
        FieldRowPanel([FieldPanel("site"), FieldPanel("kind")]),
        FieldRowPanel([FieldPanel("is_open"), FieldPanel("clock_kind")]),
        FieldPanel("unit"),
        FieldPanel("intro"),
        FieldPanel("keep_months"),
    ]


class OtherChannelViewSet(OwnViewSet):
    model = OtherChannel
    url_prefix = "letter-channels"
    icon = "redirect"
    menu_label = gettext_lazy("Channels of their own")
    list_display: ClassVar[list[str]] = ["name", "site", "phone", "is_active"]
    list_filter: ClassVar[list[str]] = ["site"]
    search_backend_name = None
    panels: ClassVar[list[Any]] = [
        FieldPanel("site"),
        FieldPanel("name"),
        FieldPanel("words"),
        FieldPanel("explanation"),
        FieldRowPanel([FieldPanel("url"), FieldPanel("phone")]),
        FieldPanel("is_active"),
    ]


class TemplateViewSet(OwnViewSet):
    model = ReplyTemplate
    url_prefix = "letter-templates"
    icon = "form"
    menu_label = gettext_lazy("Templates for replies")
    list_display: ClassVar[list[str]] = ["title", "unit", "site", "is_active"]
    list_filter: ClassVar[list[str]] = ["site", "unit"]
    search_backend_name = None
    panels: ClassVar[list[Any]] = [
        HelpPanel(
            content=gettext_lazy(
                "Write {…} where something of the letter belongs: nothing is sent with a gap."
            )
        ),
        FieldRowPanel([FieldPanel("site"), FieldPanel("unit")]),
        FieldPanel("title"),
        FieldPanel("text"),
        FieldPanel("kinds"),
        FieldPanel("is_active"),
    ]


class HookViewSet(OwnViewSet):
    model = NoticeHook
    url_prefix = "letter-hooks"
    icon = "link"
    menu_label = gettext_lazy("Programs that are told")
    list_display: ClassVar[list[str]] = ["name", "url", "site", "is_active"]
    list_filter: ClassVar[list[str]] = ["site"]
    search_backend_name = None
    panels: ClassVar[list[Any]] = [
        HelpPanel(
            content=gettext_lazy(
                "Told are number, state and link of a letter, never what it says or who wrote."
            )
        ),
        FieldPanel("site"),
        FieldPanel("name"),
        FieldPanel("url"),
        FieldPanel("secret_name"),
        FieldPanel("is_active"),
    ]


# --- keys -----------------------------------------------------------------------------------------
class KeyForm(forms.Form):
    site: Any = forms.ModelChoiceField(label=gettext_lazy("Site"), queryset=None)
    name = forms.CharField(label=gettext_lazy("Name of the program"), max_length=60)
    per_minute = forms.IntegerField(
        label=gettext_lazy("Letters in a minute"), min_value=1, max_value=1000, initial=30
    )
    per_day = forms.IntegerField(
        label=gettext_lazy("Letters in a day"), min_value=1, max_value=100_000, initial=2000
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        records: Any = IntakeKey._meta.get_field("site").related_model
        sites = letters_settings(user)
        rows = records._default_manager.all()
        fields: Any = self.fields
        fields["site"].queryset = rows if sites is None else rows.filter(pk__in=sites)
        if sites is not None and len(sites) == 1:
            fields["site"].initial = next(iter(sites))


class KeysView(ScreenMixin, TemplateView):
    """Keys of programs that send letters. A key is shown once, right after it was made."""

    template_name = "interaction/admin/keys.html"
    page_title = gettext_lazy("Keys of programs")
    header_icon = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not sets_somewhere(request.user):
            raise PermissionDenied
        self.form = KeyForm(user=request.user)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        switched = request.POST.get("switch", "")
        if switched:
            key = get_object_or_404(IntakeKey, pk=row_key(switched))
            switch_key(key=key, is_active=not key.is_active, by=request.user)
            messages.success(request, _("Stored; it holds at once."))
            return HttpResponseRedirect(reverse("interaction_keys"))
        self.form = KeyForm(request.POST, user=request.user)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        told = self.form.cleaned_data
        key, text = make_key(by=request.user, **told | {"site": told["site"].pk})
        self.form = KeyForm(user=request.user)
        # Shown in this very answer: nowhere is it kept, so that a reload does not show it again.
        response = self.render_to_response(self.get_context_data(made=key, text=text))
        response["Cache-Control"] = "private, no-store"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sites = letters_settings(self.request.user)
        keys = IntakeKey.objects.select_related("site")
        if sites is not None:
            keys = keys.filter(site__in=sites)
        return super().get_context_data(**kwargs) | {"form": self.form, "keys": list(keys)}
