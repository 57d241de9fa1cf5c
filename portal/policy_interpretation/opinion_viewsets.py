"""Topics of public opinion, hot questions and the channel log in the admin."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from portal.plugin_api import Action, OwnSitesForm, OwnViewSet, RolePolicy, may, site_of_path

from .models import ChannelPush, HotQuestion, OpinionTopic
from .services import opinion

# Registered before anything asks for a fallback (Wagtail's rule).
for _model in (OpinionTopic, HotQuestion, ChannelPush):
    register_permission_policy(_model, RolePolicy(_model, Action.PAGE_CHANGE))


class TopicForm(OwnSitesForm):
    site_action = Action.PAGE_CHANGE

    def clean_raised_at(self) -> Any:
        from django.utils import timezone

        raised = self.cleaned_data["raised_at"]
        if raised > timezone.now():
            raise ValidationError(_("This lies in the future."))
        return raised

    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit)
        if commit and "grade" in self.changed_data:
            opinion.follow_grade(topic=saved, by=self.for_user)
        return saved


class QuestionForm(OwnSitesForm):
    site_action = Action.PAGE_CHANGE


class PushForm(OwnSitesForm):
    """The site is the page's; nobody enters what another site did."""

    site_action = Action.PAGE_CHANGE

    def clean_page(self) -> Any:
        page = self.cleaned_data["page"]
        site = site_of_path(page.path)
        if self.for_user is not None and not may(self.for_user, Action.PAGE_CHANGE, site):
            raise ValidationError(_("This page belongs to another site."))
        return page

    def save(self, commit: bool = True) -> Any:
        self.instance.site_id = site_of_path(self.instance.page.path)
        return super().save(commit)


OpinionTopic.base_form_class = TopicForm  # type: ignore[attr-defined]
HotQuestion.base_form_class = QuestionForm  # type: ignore[attr-defined]
ChannelPush.base_form_class = PushForm  # type: ignore[attr-defined]


class TopicViewSet(OwnViewSet):  # type: ignore[misc]
    model = OpinionTopic
    url_prefix = "policy-opinion-topics"
    icon = "comment"
    menu_label = _("Public opinion")
    add_to_admin_menu = True
    menu_order = 470
    list_display = [
        TitleColumn(
            "title",
            label=_("Title"),
            get_url=lambda topic: reverse("policy_opinion", args=[topic.pk]),
        ),
        "grade",
        Column("state", label=_("State"), accessor="get_state_display"),
        "unit",
        "site",
        "raised_at",
    ]
    list_filter = ["grade", "state"]
    search_fields = ["title"]
    search_backend_name = None
    panels = [
        FieldRowPanel([FieldPanel("title"), FieldPanel("site")]),
        FieldRowPanel([FieldPanel("grade"), FieldPanel("raised_at")]),
        FieldPanel("unit"),
        FieldPanel("summary"),
    ]


class QuestionViewSet(OwnViewSet):  # type: ignore[misc]
    model = HotQuestion
    url_prefix = "policy-hot-questions"
    icon = "help"
    menu_label = _("Hot questions")
    list_display = ["text", "kind", "count", "topic", "site"]
    list_filter = ["kind"]
    search_fields = ["text"]
    search_backend_name = None
    panels = [
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("count")]),
        FieldRowPanel([FieldPanel("site"), FieldPanel("url")]),
    ]


class PushViewSet(OwnViewSet):  # type: ignore[misc]
    model = ChannelPush
    url_prefix = "policy-channel-log"
    icon = "globe"
    menu_label = _("Channel log")
    list_display = ["page", "channel", "outlet", "pushed_at", "site"]
    list_filter = ["channel", "pushed_at"]
    list_export = ["page", "channel", "outlet", "url", "pushed_at", "note"]
    search_fields = ["outlet"]
    search_backend_name = None
    panels = [
        PageChooserPanel("page"),
        FieldRowPanel([FieldPanel("channel"), FieldPanel("outlet")]),
        FieldRowPanel([FieldPanel("pushed_at"), FieldPanel("url")]),
        FieldPanel("note"),
    ]
