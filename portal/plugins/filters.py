"""Filters: plugins change a value on its way, one after the other.

@Filter.define(version=1, refusals=(PublishRefused,))
def publish_checks(problems: list[PublishProblem], *, page: Page, site: SiteLike) -> …:
    \"\"\"What keeps a page from being published. …\"\"\"

problems = publish_checks.apply([], page=page, site=site)      # the portal
@publish_checks.step                                           # a plugin's filters.py
def no_phone_numbers(problems, *, page, site): return [*problems, …]
"""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Concatenate

from .points import ExtensionPoint, keywords


class Refused(Exception):
    """Base of the named exceptions by which a step says no instead of failing.

    A filter lists the ones it allows; they reach whoever applied the filter.
    """


class Filter[V, **P](ExtensionPoint[Callable[Concatenate[V, P], V]]):
    """A value that plugins may change, in the one order.

    The version is part of the name (``publish_checks.v1``): an incompatible change is a new
    filter beside the old one, which is applied for one more release of the portal.

    A step that fails, returns None or something of another type is logged and skipped, and the
    next step receives the value from before it: containers are copied for each step.
    """

    kind: ClassVar[str] = "filter"

    def __init__(
        self,
        signature: Callable[Concatenate[V, P], V],
        *,
        version: int = 1,
        refusals: tuple[type[Refused], ...] = (),
        isolate: bool = False,
    ) -> None:
        super().__init__(
            f"{signature.__name__}.v{version}",
            doc=inspect.getdoc(signature) or "",
            arguments=keywords(signature, first_is_value=True),
        )
        self.version = version
        self.refusals = refusals
        self.isolate = isolate

    @staticmethod
    def define(
        *,
        version: int = 1,
        refusals: tuple[type[Refused], ...] = (),
        isolate: bool = False,
    ) -> "_Define":
        """Make a filter of a function's name, signature and docstring.

        Args:
            version: raised with an incompatible change.
            refusals: the exceptions that a step may raise to refuse.
            isolate: give each step a savepoint; for filters applied in a write transaction.
        """

        return _Define(version, refusals, isolate)

    def step(self, function: Callable[Concatenate[V, P], V]) -> Callable[Concatenate[V, P], V]:
        """Register a step of the pipeline; usable as a decorator."""
        self._add(function, plugin=None)
        return function

    def apply(self, value: V, *args: P.args, **kwargs: P.kwargs) -> V:
        """Return the value after every step of the plugins that are on for ``site``.

        Raises:
            Refused: one of the filter's ``refusals``, when a plugin says no.
        """
        for owner, item in self.active(kwargs["site"]):  # type: ignore[arg-type]
            work = partial(self._step, item.target, value, *args, **kwargs)
            value = self._call(owner, work, value, self.refusals, self.isolate)
        return value

    def _step(
        self,
        function: Callable[Concatenate[V, P], V],
        value: V,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> V:
        given = copy.copy(value) if isinstance(value, list | dict | set) else value
        result = function(given, *args, **kwargs)
        if isinstance(value, list | dict | set | str | tuple) and not isinstance(
            result, _family(value)
        ):
            raise TypeError(
                f"A step of {self.name} returned {type(result).__name__}"
                f" where {type(value).__name__} is expected"
            )
        if result is None and value is not None:
            raise TypeError(f"A step of {self.name} returned nothing")
        return result


@dataclass(frozen=True, slots=True)
class _Define:
    """The decorator that ``Filter.define`` gives; a class, since its call is what is generic."""

    version: int
    refusals: tuple[type[Refused], ...]
    isolate: bool

    def __call__[W, **Q](self, signature: Callable[Concatenate[W, Q], W]) -> Filter[W, Q]:
        return Filter(signature, version=self.version, refusals=self.refusals, isolate=self.isolate)


def _family(value: object) -> type:
    """The built-in type that a result must share with the value."""
    return next(kind for kind in (list, dict, set, str, tuple) if isinstance(value, kind))
