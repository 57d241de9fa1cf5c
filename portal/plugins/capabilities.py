"""Capabilities: the portal or a plugin asks whether somebody can do something for it.

class Translator(Protocol):
    \"\"\"Machine drafts of translations. …\"\"\"
    def translate(self, texts: list[str], *, source: str, target: str) -> list[str]: ...

translator = Capability("translator", Translator)              # the portal
translator.provide(CloudTranslator())                          # a plugin's capabilities.py
if provider := capability("translator", site): provider.translate(…)
"""

import functools
import inspect
from collections.abc import Iterator
from typing import Any, ClassVar, cast, overload

from .breaker import breaker
from .points import ExtensionPoint, catalogue
from .sites import SiteLike


class CapabilityUnavailable(Exception):
    """The provider failed or is being left out; the caller goes on without it."""


class Capability[T](ExtensionPoint[T]):
    """A typed protocol that plugins may implement; asked by name and site.

    The protocol must be ``runtime_checkable``; its docstring is the contract. The first provider
    in the one order answers, so an installation chooses by switching plugins.
    """

    kind: ClassVar[str] = "capability"

    def __init__(self, name: str, protocol: type[T], *, doc: str = "") -> None:
        super().__init__(name, doc=doc or inspect.getdoc(protocol) or "")
        self.protocol = protocol

    def provide(self, provider: T) -> T:
        """Offer a provider.

        Raises:
            TypeError: when it lacks a method of the protocol.
        """
        if not isinstance(provider, self.protocol):
            raise TypeError(
                f"{type(provider).__name__} is not a {self.protocol.__name__} ({self.name})"
            )
        self._add(provider, plugin=None)
        return provider

    def providers(self, site: SiteLike = None) -> Iterator[T]:
        """Yield every working provider for the site, in the one order.

        A provider whose circuit is open is left out. Failures inside a provider reach the caller
        as ``CapabilityUnavailable``.
        """
        for owner, item in self.active(site):
            if not breaker.is_open(owner, self.title):
                yield cast("T", _Guarded(item.target, owner, self.title))

    def provider(self, site: SiteLike = None) -> T | None:
        """Return the first working provider for the site, or None."""
        return next(self.providers(site), None)


@overload
def capability[T](name: Capability[T], site: SiteLike) -> T | None: ...
@overload
def capability(name: str, site: SiteLike) -> Any | None: ...
def capability(name: Capability[Any] | str, site: SiteLike) -> Any | None:
    """Return the provider of a capability for a site, or None when nobody provides it.

    Raises:
        LookupError: for a name that no capability has; a mistake in the code, not an absence.
    """
    point = name if isinstance(name, Capability) else catalogue.get(Capability.kind, name)
    if not isinstance(point, Capability):
        raise LookupError(f"There is no capability {name!r}")
    return point.provider(site)


class _Guarded:
    """A provider whose calls go through the breaker."""

    __slots__ = ("_owner", "_point", "_provider")

    def __init__(self, provider: object, owner: str, point: str) -> None:
        self._provider = provider
        self._owner = owner
        self._point = point

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """Pass for the provider's class, so that ``isinstance`` sees the protocol."""
        return type(self._provider)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._provider, name)
        if not callable(value):
            return value

        @functools.wraps(value)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            failed = object()
            result = breaker.call(self._owner, self._point, lambda: value(*args, **kwargs), failed)
            if result is failed:
                raise CapabilityUnavailable(f"{self._owner} cannot do {self._point} now")
            return result

        return guarded
