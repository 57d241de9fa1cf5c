"""What the plugin says before something is published, by subject."""

from . import release_checks  # noqa: F401 - register
