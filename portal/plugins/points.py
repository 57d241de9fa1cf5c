"""What all extension points share: a name, a documented signature, contributions in one order.

A point is defined by a function that is never called: its name, signature, types and docstring
*are* the contract, so that type checkers, the catalogue and the documentation read the same text.
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from . import registry, switches
from .breaker import breaker
from .sites import SiteLike, site_pk


@dataclass(frozen=True, slots=True, eq=False)
class Contribution[T]:
    """One thing that one plugin (or the portal itself) registered at a point."""

    target: T
    module: str
    name: str = ""
    plugin: str | None = None

    @property
    def owner(self) -> str:
        """The plugin's slug, found by the module that registered unless it was named."""
        return self.plugin or registry.installed().owner_of(self.module)


class ExtensionPoint[T]:
    """Base of events, filters, slots, registries and capabilities.

    Creating one enters it into the catalogue; a name is used once for each kind.
    """

    kind: ClassVar[str]

    def __init__(self, name: str, *, doc: str, arguments: tuple[str, ...] = ()) -> None:
        self.name = name
        self.doc = inspect.cleandoc(doc)
        self.arguments = arguments
        self._contributions: list[Contribution[T]] = []
        self._ordered: tuple[registry.Plugins, list[tuple[str, Contribution[T]]]] | None = None
        if not self.doc:
            raise ValueError(f"The {self.kind} {name!r} has no docstring")
        catalogue.add(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    @property
    def title(self) -> str:
        """``kind:name``: how logs, incidents and the breaker call this point."""
        return f"{self.kind}:{self.name}"

    def contributions(self) -> list[tuple[str, Contribution[T]]]:
        """Return (owner's slug, contribution) in the one order, whether switched on or not."""
        plugins = registry.installed()
        if self._ordered is None or self._ordered[0] is not plugins:
            owned = [(item.owner, item) for item in self._contributions]
            owned.sort(key=lambda pair: (*plugins.sort_key(pair[0]), pair[1].name))
            self._ordered = (plugins, owned)
        return self._ordered[1]

    def active(self, site: SiteLike) -> Iterator[tuple[str, Contribution[T]]]:
        """Yield what belongs to plugins that are on for the site, in the one order."""
        if not self._contributions:
            return
        place = site_pk(site)
        for owner, item in self.contributions():
            if switches.is_enabled(owner, place):
                yield owner, item

    @contextmanager
    def temporarily(self, target: T, *, plugin: str, name: str = "") -> Iterator[None]:
        """Add a contribution for the length of a test."""
        item = Contribution(target, module="", name=name, plugin=plugin)
        self._put(item)
        try:
            yield
        finally:
            self._contributions.remove(item)
            self._ordered = None

    def _add(self, target: T, *, plugin: str | None, name: str = "", depth: int = 2) -> None:
        module = sys._getframe(depth).f_globals.get("__name__", "")
        self._put(Contribution(target, str(module), name, plugin))

    def _put(self, item: Contribution[T]) -> None:
        self._contributions.append(item)
        self._ordered = None

    def _call[R](
        self,
        owner: str,
        work: Callable[[], R],
        default: R,
        passes: tuple[type[Exception], ...] = (),
        isolate: bool = False,
    ) -> R:
        return breaker.call(owner, self.title, work, default, passes=passes, isolate=isolate)


class Catalogue:
    """Every extension point of this process, for documentation, tests and the curious."""

    def __init__(self) -> None:
        self._points: dict[tuple[str, str], ExtensionPoint[Any]] = {}

    def add(self, point: ExtensionPoint[Any]) -> None:
        key = (point.kind, point.name)
        if key in self._points:
            raise ValueError(f"The {point.kind} {point.name!r} is defined twice")
        self._points[key] = point

    def get(self, kind: str, name: str) -> ExtensionPoint[Any] | None:
        return self._points.get((kind, name))

    def forget(self, point: ExtensionPoint[Any]) -> None:
        """Take a point out again; for tests that define their own."""
        self._points.pop((point.kind, point.name), None)

    def __iter__(self) -> Iterator[ExtensionPoint[Any]]:
        return iter(sorted(self._points.values(), key=lambda point: (point.kind, point.name)))

    def __len__(self) -> int:
        return len(self._points)


catalogue = Catalogue()


def keywords(signature: Callable[..., object], *, first_is_value: bool = False) -> tuple[str, ...]:
    """Return the keyword-only arguments of a point's defining function.

    Raises:
        TypeError: when other kinds of arguments occur, or ``site`` is missing: without it nobody
            could tell which plugins are meant.
    """
    parameters = list(inspect.signature(signature).parameters.values())
    if first_is_value:
        parameters = parameters[1:]
    names = tuple(parameter.name for parameter in parameters)
    if any(parameter.kind is not parameter.KEYWORD_ONLY for parameter in parameters):
        raise TypeError(f"{signature.__name__}: arguments of an extension point are keyword-only")
    if "site" not in names:
        raise TypeError(f"{signature.__name__}: an extension point has the argument 'site'")
    return names
