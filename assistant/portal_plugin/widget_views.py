"""How the widget comes into a page: the launcher of our own pages, one script for others."""

import json
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.plugin_api import main_site_pk

from .answering import contact

LAUNCHER = "assistant/modules/launcher.js"
WIDGET = "assistant/modules/widget.js"
EMBED = "assistant/modules/embed.js"
STYLE = "assistant/widget.css"


class Launcher:
    """A link to the answer page that a small script turns into a button.

    Everything else of the widget is loaded when somebody comes near the button.
    """

    media = forms.Media(js=[LAUNCHER])

    def __init__(self, site: int, language: str) -> None:
        self.site, self.language = site, language

    def render_html(self, parent_context: Any = None) -> SafeString:
        code = apps.get_model("core", "SiteRecord").objects.get(pk=self.site).code
        query = {
            "site": code if self.site != main_site_pk() else "",
            "lang": self.language if self.language != "zh-hans" else "",
        }
        wanted = urlencode({name: value for name, value in query.items() if value})
        return render_to_string(
            "assistant/widget/launcher.html",
            {
                "site": code,
                "language": self.language,
                "url": reverse("assistant:ask") + (f"?{wanted}" if wanted else ""),
                "module": static(WIDGET),
                "style": static(STYLE),
                "failed": failure_text(),
            },
        )


def failure_text() -> str:
    """What the launcher says where not even the words of the widget can be loaded."""
    phone = contact.hotline_only()
    if not phone:
        return gettext("The assistant cannot be reached. Try again in a few minutes.")
    return gettext(
        "The assistant cannot be reached. Try again in a few minutes, or call %(phone)s."
    ) % {"phone": phone}


@require_safe
@cache_control(public=True, max_age=300)
def embed_script(request: HttpRequest) -> HttpResponse:
    """The one script that another website names.

    It is public and the same for everybody: who may use what it loads is asked there.
    """
    text = (
        f"import {{ embed }} from {json.dumps(static(EMBED))};\n"
        f"embed(import.meta.url, {json.dumps(static(STYLE))});\n"
    )
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    # Browsers hand module scripts of another website over only with this.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
