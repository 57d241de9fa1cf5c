"""Topics in the admin: shared by all sites, so only roles that cover all of them change one."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from portal.plugin_api import Action, PlatformRolePolicy

from .forms import TopicNamesField
from .models import Topic

# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(Topic, PlatformRolePolicy(Topic, Action.SITE_SETTINGS))


class TopicForm(WagtailAdminModelForm):
    """An address stays: links and files know a topic by it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].disabled = not self.instance._state.adding
        names = self.fields["names"]
        self.fields["names"] = TopicNamesField(
            label=names.label, initial=self.instance.names, required=False
        )


Topic.base_form_class = TopicForm  # type: ignore[attr-defined]


class TopicViewSet(ModelViewSet):
    model = Topic
    url_prefix = "question-topics"
    icon = "tag"
    menu_label = _("Topics of questions")
    add_to_settings_menu = True
    menu_order = 645
    list_display = ["name", "slug", "sort_order"]
    search_fields = ["name", "slug"]
    search_backend_name = None
    copy_view_enabled = False
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        FieldPanel("names"),
        FieldRowPanel([FieldPanel("sort_order"), FieldPanel("icon")]),
    ]
