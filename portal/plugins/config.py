"""The Django app configuration that every plugin subclasses."""

import logging
import sys
from importlib import import_module
from types import ModuleType
from typing import ClassVar, final

from django.apps import AppConfig
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.module_loading import module_has_submodule

from .metadata import Metadata, read_metadata

logger = logging.getLogger(__name__)

# Where a plugin registers what it contributes. Loaded when the apps are ready, each at most once.
EXTENSION_MODULES = (
    "events",
    "filters",
    "slots",
    "components",
    "capabilities",
    "wagtail_hooks",
)


class PortalPluginConfig(AppConfig):
    """Base of every plugin's app configuration.

    Subclasses declare an inner class ``PluginMeta`` (see ``docs/plugins/metadata.md``) and may
    override ``on_ready``. The modules named in ``EXTENSION_MODULES`` are imported for them.

    A plugin that fails while it is loaded is logged, keeps its place in ``INSTALLED_APPS`` (its
    tables stay) and is off everywhere; ``load_errors`` says why.
    """

    # Authors import this class into their ``apps.py``: Django must not take it for theirs.
    default = False
    PluginMeta: ClassVar[type | None] = None

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if "default" not in vars(cls):
            cls.default = True

    def __init__(self, app_name: str, app_module: ModuleType | None) -> None:
        super().__init__(app_name, app_module)
        self.load_errors: dict[str, str] = {}

    @cached_property
    def metadata(self) -> Metadata:
        """The validated declaration.

        Raises:
            PluginMetadataError: one message that names the plugin and every wrong field.
        """
        return read_metadata(self.PluginMeta, app=self.name)

    @final
    def ready(self) -> None:
        """Load the extension modules, then let the plugin prepare itself."""
        for name in EXTENSION_MODULES:
            if self.module is not None and module_has_submodule(self.module, name):
                self._load(name)
        try:
            self.on_ready()
        except Exception as error:
            self._failed("on_ready", error)

    def on_ready(self) -> None:
        """Override for what must happen once at start; no database access here."""

    def _load(self, name: str) -> None:
        dotted = f"{self.name}.{name}"
        try:
            import_module(dotted)
        except Exception as error:
            self._failed(name, error)
            # Wagtail imports ``wagtail_hooks`` by itself later, without a guard: an empty module
            # in its place keeps the failure from reaching every page.
            sys.modules[dotted] = ModuleType(dotted)

    def _failed(self, where: str, error: Exception) -> None:
        if getattr(settings, "PORTAL_PLUGIN_ERRORS_RAISE", False):
            raise error
        self.load_errors[where] = f"{type(error).__name__}: {error}"
        logger.error("Plugin %s cannot be loaded (%s); it is off", self.name, where, exc_info=error)
