"""What the assistant enters into the portal's registries for asking and answering."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import ApiRoutes, ScheduledJob, api_routers, components, scheduled_jobs

from . import gap_registration, oversight_registration, task_registration
from .api import make_router
from .apps import FORGET_CONVERSATIONS
from .dialogue import registration as dialogue_registration
from .embedding import is_listed
from .index import registration
from .services.retention import forget_old_conversations

registration.register()
dialogue_registration.register()
task_registration.register()
api_routers.register("assistant", ApiRoutes("assistant", make_router, origins=is_listed))
gap_registration.register()
oversight_registration.register()


def _forget(site: int | None) -> int:
    return forget_old_conversations(site=site)


scheduled_jobs.register(
    "forget_conversations",
    ScheduledJob(
        label=FORGET_CONVERSATIONS,
        work=_forget,
        at=datetime.time(3, 30),
    ),
)


class AskBox:
    """One field that leads to the answer page: in homes, and wherever editors place it."""

    media = forms.Media(css={"all": ["assistant/ask_box.css"]})

    def __init__(self, language: str) -> None:
        self.language = language

    def render_html(self, parent_context: Any = None) -> SafeString:
        return render_to_string("assistant/ask_box.html", {"language": self.language})


class AskComponent:
    """The field for the component block."""

    label = _("Ask the city: a field for questions")

    def render(self, *, site: int | None, context: Mapping[str, Any]) -> AskBox:
        return AskBox(get_language() or "zh-hans")


components.register("ask", AskComponent())
