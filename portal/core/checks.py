"""System checks of the core."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError
from wagtail.models import Page


@register()
def page_types_pass_the_gate(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Every page type is a ``BasePage``: one that is not would be published past the gate."""
    from .base_page import BasePage

    return [
        Error(
            f"{model._meta.label} is a page type but no BasePage.",
            hint="Inherit from portal.plugin_api.BasePage.",
            id="core.E001",
        )
        for model in apps.get_models()
        if issubclass(model, Page) and model is not Page and not issubclass(model, BasePage)
    ]


@register(Tags.database)
def work_calendar_is_known(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The work calendar knows this year, and from November on the next one.

    Asked with ``portal check --database default``; administrators see the same on their first page.
    """
    from .clocks.selectors import unknown_year

    if not kwargs.get("databases"):
        return []
    try:
        year = unknown_year()
    except DatabaseError:  # the tables come with the first migration
        return []
    if year is None:
        return []
    return [
        Warning(
            f"The work calendar knows no holidays of {year}: deadlines count Monday to Friday.",
            hint="Settings → Work calendar → Add a year.",
            id="core.W002",
        )
    ]
