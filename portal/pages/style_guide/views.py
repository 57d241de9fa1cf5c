"""Two addresses in the admin: the guide with its switches, and the sheet that it frames."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from portal.core.context import context_for_request
from portal.core.models import SiteRecord

from . import samples

VIEWS = [
    ("normal", _("Standard view")),
    ("elder", _("Elder view")),
    ("high", _("High contrast")),
    ("dark", _("Light on dark")),
]
DIRECTIONS = [("ltr", _("Left to right")), ("rtl", _("Right to left"))]
WIDTHS = [("full", _("Desktop")), ("768", _("Tablet")), ("390", _("Phone")), ("320", "400 %")]

# What colours stand upon each other; the sheet measures them in the browser.
PAIRS = [
    ("ink", "surface"),
    ("ink", "paper"),
    ("ink-soft", "surface"),
    ("ink-soft", "paper"),
    ("ink-soft", "brand-soft"),
    ("brand", "surface"),
    ("brand", "sky"),
    ("brand-strong", "brand-soft"),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-brand-soft", "brand-strong"),
    ("link", "surface"),
    ("link-visited", "surface"),
    ("alert", "surface"),
    ("alert", "alert-soft"),
]
TEXT_SIZES = ["h1", "h2", "h3", "body", "ui", "small"]
SPACES = range(1, 9)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The switches of a request; what is not offered counts as the first choice."""
    offered: dict[str, list[Any]] = {
        "theme": SiteRecord.Theme.choices,
        "view": VIEWS,
        "direction": DIRECTIONS,
        "width": WIDTHS,
    }
    chosen = {}
    for name, choices in offered.items():
        keys = [key for key, _label in choices]
        wanted = request.GET.get(name, "")
        chosen[name] = wanted if wanted in keys else keys[0]
    return chosen


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    chosen = _chosen(request)
    switches = [
        ("theme", _("Theme"), SiteRecord.Theme.choices, chosen["theme"]),
        ("view", _("View"), VIEWS, chosen["view"]),
        ("direction", _("Direction of writing"), DIRECTIONS, chosen["direction"]),
        ("width", _("Width"), WIDTHS, chosen["width"]),
    ]
    query = "&".join(f"{name}={value}" for name, value in chosen.items() if name != "width")
    return render(
        request,
        "portal/admin/style_guide.html",
        {
            "switches": switches,
            "width": chosen["width"],
            "sheet_url": f"{reverse('portal_style_sheet')}?{query}",
        },
    )


@require_safe
@xframe_options_sameorigin
def sheet(request: HttpRequest) -> HttpResponse:
    """Public styles and templates only, as visitors get them."""
    portal = context_for_request(request)
    return render(
        request,
        "pages/style_guide/sheet.html",
        {
            **_chosen(request),
            "portal": portal,
            "language": get_language(),
            "pairs": PAIRS,
            "text_sizes": TEXT_SIZES,
            "spaces": SPACES,
            "components": list(samples.components(portal)),
            "families": list(samples.families(portal)),
        },
    )
