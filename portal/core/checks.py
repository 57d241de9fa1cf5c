"""System checks of the core."""

from typing import Any

from django.apps import apps
from django.core.checks import Error, register
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
