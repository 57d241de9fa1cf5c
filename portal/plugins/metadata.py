"""What a plugin says about itself: reading and validating ``PluginMeta``.

Everything that is wrong with one plugin's metadata is told in one message that names the plugin
and each field, so that an author does not meet his mistakes one start at a time.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import override
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from .version import satisfies

type Text = str | Promise

# The portal's own addresses; a plugin may not lie in front of them.
RESERVED_PREFIXES = frozenset(
    {"admin", "api", "documents", "healthz", "media", "qr", "readyz", "sitemap", "static"}
)


class Level(StrEnum):
    """Where a plugin is switched: once for the platform, or for each site."""

    PLATFORM = "platform"
    SITE = "site"


class PluginMetadataError(Exception):
    """The metadata of one plugin is wrong; the message names the plugin and every field."""

    def __init__(self, plugin: str, errors: Mapping[str, str]) -> None:
        self.plugin = plugin
        self.errors = dict(errors)
        told = "; ".join(f"{name}: {message}" for name, message in self.errors.items())
        super().__init__(f"Plugin {plugin}: wrong metadata. {told}")


@dataclass(frozen=True, slots=True)
class Need:
    """Another plugin that must be installed and on: ``library`` or ``library>=1.2``."""

    slug: str
    specifier: str = ""

    @classmethod
    def parse(cls, text: str) -> "Need":
        """Read one entry of ``requires``; raises ValueError when it is not one."""
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            raise ValueError(f"{text!r} is not a plugin slug with an optional version") from error
        if requirement.extras or requirement.marker or requirement.url:
            raise ValueError(f"{text!r} may hold a slug and a version only")
        if not _SLUG.fullmatch(requirement.name):
            raise ValueError(f"{requirement.name!r} is not a plugin slug")
        return cls(requirement.name, str(requirement.specifier))

    def accepts(self, version: str) -> bool:
        return satisfies(version, self.specifier)

    def __str__(self) -> str:
        return f"{self.slug}{self.specifier}"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the activation gate shows, as it was shown; ``digest`` does not depend on language."""

    permissions: tuple[str, ...]
    data: tuple[str, ...]
    jobs: tuple[str, ...]
    outbound_hosts: tuple[str, ...]
    version: str
    digest: str

    def as_json(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "permissions": list(self.permissions),
            "data": list(self.data),
            "jobs": list(self.jobs),
            "outbound_hosts": list(self.outbound_hosts),
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class Metadata:
    """A plugin's validated ``PluginMeta`` and the app that it belongs to."""

    slug: str
    title: Text
    version: str
    description: Text = ""
    level: Level = Level.SITE
    requires_portal: str = ""
    requires: tuple[str, ...] = ()
    order: int = 100
    default_enabled: bool = False
    permissions: tuple[str, ...] = ()
    data: tuple[Text, ...] = ()
    jobs: tuple[Text, ...] = ()
    outbound_hosts: tuple[str, ...] = ()
    urls: str = ""
    url_prefix: str = ""
    language_urls: str = ""
    app: str = field(default="", compare=False)

    @property
    def sort_key(self) -> tuple[int, str]:
        """The one order of everything that plugins contribute."""
        return (self.order, self.slug)

    @property
    def needs(self) -> tuple[Need, ...]:
        return tuple(Need.parse(text) for text in self.requires)

    @property
    def declaration(self) -> Declaration:
        """The declared rights in the reader's language."""
        return Declaration(
            permissions=self.permissions,
            data=tuple(str(line) for line in self.data),
            jobs=tuple(str(line) for line in self.jobs),
            outbound_hosts=self.outbound_hosts,
            version=self.version,
            digest=self._digest(),
        )

    def _digest(self) -> str:
        """Change when a declared right changes, not with the version or the language."""
        with override(None):
            said = [
                sorted(self.permissions),
                sorted(str(line) for line in self.data),
                sorted(str(line) for line in self.jobs),
                sorted(self.outbound_hosts),
            ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def read_metadata(declared: type | None, *, app: str) -> Metadata:
    """Return the validated metadata of the plugin app ``app``.

    Args:
        declared: the inner ``PluginMeta`` class, or None when there is none.

    Raises:
        PluginMetadataError: naming the plugin and everything that is wrong.
    """
    if declared is None:
        raise PluginMetadataError(app, {"PluginMeta": "is missing"})
    values = _attributes(declared)
    slug = values.get("slug")
    name = slug if isinstance(slug, str) and slug else app
    errors: dict[str, str] = {}
    clean: dict[str, Any] = {}
    for key in sorted(values.keys() - _READERS.keys()):
        errors[key] = "is not a field of PluginMeta"
    for key, reader in _READERS.items():
        if key not in values:
            if key in _REQUIRED:
                errors[key] = "is missing"
            continue
        try:
            clean[key] = reader(values[key])
        except ValueError as error:
            errors[key] = str(error)
    if any(Need.parse(text).slug == slug for text in clean.get("requires", ())):
        errors["requires"] = "a plugin cannot require itself"
    if errors:
        raise PluginMetadataError(name, errors)
    if not clean.get("url_prefix"):
        clean["url_prefix"] = clean["slug"].replace("_", "-") + "/"
    return Metadata(**clean, app=app)


def _attributes(declared: type) -> dict[str, Any]:
    """The public attributes of ``PluginMeta`` and its bases."""
    values: dict[str, Any] = {}
    for cls in reversed(declared.__mro__[:-1]):
        values |= {key: value for key, value in vars(cls).items() if not key.startswith("_")}
    return values


_SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_PERMISSION = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:\*\.)?(?:{_LABEL}\.)*{_LABEL}")
_PREFIX = re.compile(r"([a-z0-9][a-z0-9_-]*/)+")
_MAX_SLUG = 50  # the column in PluginSwitch


def _read_slug(value: object) -> str:
    if not isinstance(value, str) or not _SLUG.fullmatch(value) or len(value) > _MAX_SLUG:
        raise ValueError("must be lower-case words joined by '_', at most 50 characters")
    return value


def _read_text(value: object) -> Text:
    if not isinstance(value, str | Promise) or (isinstance(value, str) and not value.strip()):
        raise ValueError("must be a text")
    return value


def _read_optional_text(value: object) -> Text:
    return value if value == "" and isinstance(value, str) else _read_text(value)


def _read_version(value: object) -> str:
    try:
        return str(Version(value if isinstance(value, str) else ""))
    except InvalidVersion as error:
        raise ValueError(f"{value!r} is not a version such as '1.2.0'") from error


def _read_specifier(value: object) -> str:
    try:
        return str(SpecifierSet(value if isinstance(value, str) else "?"))
    except InvalidSpecifier as error:
        raise ValueError(f"{value!r} is not a version specifier such as '>=0.1,<1'") from error


def _read_level(value: object) -> Level:
    try:
        return Level(str(value))
    except ValueError as error:
        raise ValueError("must be 'platform' or 'site'") from error


def _read_order(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("must be a whole number")
    return value


def _read_bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be True or False")
    return value


def _read_sequence[T](item: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    def read(value: object) -> tuple[T, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError("must be a list or a tuple")
        return tuple(item(entry) for entry in value)

    return read


def _read_need(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a plugin slug with an optional version")
    return str(Need.parse(value))


def _pattern(pattern: re.Pattern[str], what: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError(f"{value!r} is not {what}")
        return value

    return read


_read_urls = _pattern(_MODULE, "a dotted module name")


def _read_prefix(value: object) -> str:
    if not isinstance(value, str) or not _PREFIX.fullmatch(value):
        raise ValueError("must be lower-case path segments that end in '/', as in 'open-data/'")
    if value.partition("/")[0] in RESERVED_PREFIXES:
        raise ValueError(f"{value!r} belongs to the portal")
    return value


_READERS: dict[str, Callable[[object], Any]] = {
    "slug": _read_slug,
    "title": _read_text,
    "version": _read_version,
    "description": _read_optional_text,
    "level": _read_level,
    "requires_portal": _read_specifier,
    "requires": _read_sequence(_read_need),
    "order": _read_order,
    "default_enabled": _read_bool,
    "permissions": _read_sequence(_pattern(_PERMISSION, "a permission 'app_label.codename'")),
    "data": _read_sequence(_read_text),
    "jobs": _read_sequence(_read_text),
    "outbound_hosts": _read_sequence(_pattern(_HOST, "a host name")),
    "urls": lambda value: "" if value == "" else _read_urls(value),
    "url_prefix": lambda value: "" if value == "" else _read_prefix(value),
    "language_urls": lambda value: "" if value == "" else _read_urls(value),
}
_REQUIRED = frozenset({"slug", "title", "version"})
