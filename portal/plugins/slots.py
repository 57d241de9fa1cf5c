"""Slots and registries: places where plugins show something, and named things they contribute.

@Slot.define
def footer(*, request: HttpRequest, site: SiteLike) -> Shown:
    \"\"\"Below the footer's links. …\"\"\"

footer.render(request=request, site=site).html                 # the portal
@footer.show                                                   # a plugin's slots.py
def badge(*, request, site): return Badge(site)

dashboard_panels = Registry("dashboard_panels", Panel, doc=…)  # the portal
dashboard_panels.register("letters", LettersPanel())           # a plugin's slots.py
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Protocol, runtime_checkable

from django.forms import Media
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from .breaker import breaker
from .points import ExtensionPoint, keywords
from .sites import SiteLike


@runtime_checkable
class Renderable(Protocol):
    """A component: HTML with the styles and scripts that it needs.

    Wagtail's ``Component`` is one. ``media`` may be left out where nothing is needed.
    """

    def render_html(self, parent_context: Any = None) -> str: ...


# What a plugin gives for a slot: nothing, text (escaped unless marked safe) or a component.
type Shown = Renderable | str | None


@dataclass(frozen=True, slots=True)
class Part:
    """What one plugin shows in a slot."""

    plugin: str
    html: SafeString
    media: Media


@dataclass(frozen=True, slots=True)
class Output:
    """Everything that a slot shows. Falsy, and empty as text, when nobody had anything.

    ``complete`` is False when a plugin failed or is being left out: do not keep such an output
    longer than the request.
    """

    parts: tuple[Part, ...] = ()
    complete: bool = True

    @property
    def html(self) -> SafeString:
        return mark_safe("".join(part.html for part in self.parts))  # noqa: S308 - parts are safe

    @property
    def media(self) -> Media:
        media = Media()
        for part in self.parts:
            media += part.media
        return media

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __str__(self) -> str:
        return self.html


_FAILED = Part("", SafeString(), Media())


class Slot[**P](ExtensionPoint[Callable[P, Shown]]):
    """A place in a page. A plugin that fails there shows nothing; the others are shown."""

    kind: ClassVar[str] = "slot"

    def __init__(self, signature: Callable[P, Shown]) -> None:
        super().__init__(
            signature.__name__,
            doc=inspect.getdoc(signature) or "",
            arguments=keywords(signature),
        )

    @classmethod
    def define(cls, signature: Callable[P, Shown]) -> "Slot[P]":
        """Make a slot of a function's name, signature and docstring."""
        return cls(signature)

    def show(self, function: Callable[P, Shown]) -> Callable[P, Shown]:
        """Register a function that gives what to show; usable as a decorator."""
        self._add(function, plugin=None)
        return function

    def render(self, *args: P.args, **kwargs: P.kwargs) -> Output:
        """Return what the plugins show that are on for ``site``, in the one order."""
        parts: list[Part] = []
        complete = True
        for owner, item in self.active(kwargs["site"]):  # type: ignore[arg-type]
            work = partial(self._part, owner, item.target, kwargs, *args, **kwargs)
            part = self._call(owner, work, _FAILED)
            if part is _FAILED:
                complete = False
            elif part.html:
                parts.append(part)
        return Output(tuple(parts), complete)

    @staticmethod
    def _part(
        owner: str,
        function: Callable[P, Shown],
        context: dict[str, Any],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Part:
        shown = function(*args, **kwargs)
        html, media = render_component("" if shown is None else shown, context)
        return Part(owner, html, media)


def render_component(shown: Renderable | str, context: Any = None) -> tuple[SafeString, Media]:
    """Return the HTML, escaped unless it is marked safe, and the media of what is shown.

    Not guarded: callers run it through ``Entry.run`` or a slot.
    """
    if not isinstance(shown, Renderable):
        return conditional_escape(str(shown)), Media()
    html = conditional_escape(shown.render_html(context))
    media = getattr(shown, "media", None)
    if media is not None and not isinstance(media, Media):
        raise TypeError(f"{type(shown).__name__}.media is not a Media object")
    if media is not None:
        str(media)  # a static file that is missing must fail here, not in the page's head
    return html, media or Media()


@dataclass(frozen=True, slots=True)
class Entry[T]:
    """One thing in a registry. ``key`` (``slug.name``) is stable: it may be stored."""

    key: str
    plugin: str
    item: T
    point: str = field(default="", compare=False)

    def run[R](self, work: Callable[[T], R], default: R) -> R:
        """Return ``work(item)``, or ``default`` when the plugin fails or is being left out."""
        return breaker.call(self.plugin, self.point, partial(work, self.item), default)


class Registry[T](ExtensionPoint[T]):
    """Named things of one type: panels, components, checks, providers of documents …

    Whoever uses an entry calls into it through ``Entry.run``, which keeps failures local.
    """

    kind: ClassVar[str] = "registry"

    def __init__(self, name: str, item_type: type[T], *, doc: str) -> None:
        super().__init__(name, doc=doc)
        self.item_type = item_type

    def register(self, name: str, item: T) -> T:
        """Contribute ``item`` under ``name``; its key becomes ``<plugin's slug>.<name>``.

        Raises:
            TypeError: when ``item`` is not of the registry's type.
            ValueError: when the name is not a name, or the same module uses it twice.
        """
        self._check(name, item)
        self._add(item, plugin=None, name=name)
        *earlier, added = self._contributions
        if any((other.module, other.name) == (added.module, name) for other in earlier):
            self._contributions.pop()
            raise ValueError(f"{added.module} registers {name!r} twice in {self.name}")
        return item

    def entries(self, site: SiteLike = None) -> Iterator[Entry[T]]:
        """Yield the entries of the plugins that are on for the site, in the one order."""
        for owner, item in self.active(site):
            yield Entry(f"{owner}.{item.name}", owner, item.target, self.title)

    def get(self, key: str, site: SiteLike = None) -> Entry[T] | None:
        """Return the entry with this key if its plugin is installed and on for the site."""
        return next((entry for entry in self.entries(site) if entry.key == key), None)

    def _check(self, name: str, item: T) -> None:
        if not name.replace("_", "").isalnum() or not name.isascii():
            raise ValueError(f"{name!r} is not a name of letters, digits and '_'")
        if not isinstance(item, self.item_type):
            raise TypeError(
                f"{self.name} takes {self.item_type.__name__}, not {type(item).__name__}"
            )
