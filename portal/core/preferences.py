"""How a visitor wants to read: size, contrast, elder view, motion, reading aloud.

Pages are the same for everybody, so that they can be stored. With JavaScript the browser keeps the
choices and sets the attributes of ``<html>`` itself before the first paint (``preferences.js``).
Without it the form at ``/preferences/`` sets one cookie, and requests with this cookie, and only
these, get the attributes from the server, in an answer that no shared cache keeps.

``docs/decisions/0012-settings-of-visitors.md`` has the reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

COOKIE = "portal_preferences"
CHANGE_MARK = "+"
COOKIE_AGE = 365 * 24 * 3600
# Parameters of addresses that are handed on: a poster's code, a link to a site of another host.
VIEW_PARAMETER = "view"
SETTINGS_PARAMETER = "settings"


@dataclass(frozen=True, slots=True)
class Setting:
    """One question to the visitor. The first option is what pages are without any choice."""

    key: str
    attribute: str
    label: Promise
    options: Mapping[str, Promise]

    @property
    def default(self) -> str:
        return next(iter(self.options))


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "view",
        "data-view",
        _("View"),
        {"standard": _("Standard view"), "elder": _("Elder view")},
    ),
    Setting(
        "size",
        "data-font-size",
        _("Text size"),
        {
            "normal": pgettext_lazy("text size", "Standard"),
            "large": pgettext_lazy("text size", "Large"),
            "larger": pgettext_lazy("text size", "Larger"),
        },
    ),
    Setting(
        "contrast",
        "data-contrast",
        _("Colours"),
        {
            "normal": _("As designed"),
            "high": _("High contrast, black on white"),
            "dark": _("High contrast, white on black"),
        },
    ),
    Setting(
        "motion",
        "data-motion",
        _("Motion"),
        {"normal": _("As designed"), "less": _("No motion")},
    ),
    Setting(
        "reading",
        "data-reading",
        _("Reading aloud"),
        {"off": _("Off"), "on": _("Show the reading bar on every page")},
    ),
)
BY_KEY: Mapping[str, Setting] = MappingProxyType({setting.key: setting for setting in SETTINGS})

type Choices = dict[str, str]


def parse(text: str) -> Choices:
    """Choices from ``view:elder&size:large``; whatever is unknown in it is left out.

    Only what differs from the default is kept, so that no choice at all is an empty text. The
    mark of a change to some settings only (see ``as_change``) does not matter here.
    """
    found: Choices = {}
    for pair in text[:200].removeprefix(CHANGE_MARK).replace(",", "&").split("&"):
        key, _separator, value = pair.partition(":")
        setting = BY_KEY.get(key)
        if setting is not None and value in setting.options and value != setting.default:
            found[key] = value
    return found


def write(choices: Mapping[str, str]) -> str:
    """The text of a cookie; the order is fixed, so that equal choices are equal texts."""
    return "&".join(
        f"{setting.key}:{choices[setting.key]}"
        for setting in SETTINGS
        if choices.get(setting.key, setting.default) != setting.default
    )


def as_change(choices: Mapping[str, str]) -> str:
    """The text of a cookie that a script adds to what it has, where it else replaces it."""
    return CHANGE_MARK + "&".join(f"{key}:{value}" for key, value in choices.items())


def attributes(choices: Mapping[str, str]) -> dict[str, str]:
    """The attributes of ``<html>``."""
    return {
        setting.attribute: choices[setting.key] for setting in SETTINGS if setting.key in choices
    }
