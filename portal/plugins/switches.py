"""``is_enabled(slug, site)``: the one question, everywhere.

The whole table of switches (some dozens of rows) is held in memory. It is read again when the
version changes that the core reads with each request anyway, and otherwise when it is older than
``MAX_AGE``: every process is right within a second, and no question costs a query of its own.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import DatabaseError

from . import registry
from .metadata import Level
from .registry import PORTAL, Plugins
from .sites import SiteLike, site_pk

logger = logging.getLogger(__name__)

type Key = tuple[str, int | None]
type Rows = Mapping[Key, bool]
type VersionSource = Callable[[], Hashable | None]
type ChangeListener = Callable[[str, int | None, bool], None]

MAX_AGE = 0.9  # seconds without a version to follow
MAX_AGE_FOLLOWING = 10.0  # a net below the version, which some processes never look at


def resolve(slug: str, site: int | None, rows: Rows, plugins: Plugins) -> bool:
    """Answer the question from the table alone; a pure function.

    - A plugin that is not installed, or that has a problem, is off.
    - Platform plugins have one row, without a site.
    - For site plugins the row without a site is the platform's stop: off there is off everywhere.
      Otherwise the site's row decides, then ``default_enabled``. Asked without a site, the answer
      is whether the plugin is on anywhere.
    - A plugin whose requirements are not all on there is off there.
    """
    if slug == PORTAL:
        return True
    plugin = plugins.get(slug)
    if plugin is None or not plugins.usable(slug):
        return False
    if plugin.level is Level.PLATFORM:
        on = rows.get((slug, None), plugin.default_enabled)
    elif not rows.get((slug, None), True):
        on = False
    elif site is not None:
        on = rows.get((slug, site), plugin.default_enabled)
    else:
        on = plugin.default_enabled or any(
            enabled for (other, place), enabled in rows.items() if other == slug and place
        )
    # Circles are a problem of every plugin in them, so this ends.
    return on and all(resolve(need.slug, site, rows, plugins) for need in plugin.needs)


@dataclass(frozen=True, slots=True, eq=False)
class _Snapshot:
    rows: Rows
    version: Hashable | None
    loaded_at: float
    answers: dict[tuple[Plugins, str, int | None], bool] = field(default_factory=dict)


class SwitchBoard:
    """The table of switches, held in memory."""

    def __init__(
        self, load: Callable[[], Rows], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._load = load
        self._clock = clock
        self._snapshot: _Snapshot | None = None
        self._source: VersionSource | None = None
        self._override: tuple[Rows, bool] | None = None
        self._lock = threading.Lock()

    def is_enabled(self, slug: str, site: SiteLike = None) -> bool:
        """Tell whether the plugin is on for the site (a record, its pk, or None: the platform)."""
        if slug == PORTAL:
            return True
        place = site_pk(site)
        plugins = registry.installed()
        if plugins.get(slug) is None:
            return False
        if self._override is not None:
            return resolve(slug, place, self.rows(), plugins)
        snapshot = self._current()
        key = (plugins, slug, place)
        answer = snapshot.answers.get(key)
        if answer is None:
            answer = snapshot.answers[key] = resolve(slug, place, snapshot.rows, plugins)
        return answer

    def enabled(self, site: SiteLike = None) -> tuple[str, ...]:
        """Return the slugs of all plugins that are on for the site, in the one order."""
        return tuple(
            plugin.slug for plugin in registry.installed() if self.is_enabled(plugin.slug, site)
        )

    def rows(self) -> Rows:
        """Return the explicit switches: (slug, site pk or None) → on or off."""
        if self._override is None:
            return self._current().rows
        rows, exact = self._override
        return rows if exact else {**self._current().rows, **rows}

    def follow(self, source: VersionSource) -> None:
        """Read the table again whenever ``source()`` gives another version.

        ``source`` must be cheap. It may return None where it knows no version (outside requests);
        then the table's age decides.
        """
        self._source = source

    def invalidate(self) -> None:
        """Read the table again at the next question."""
        self._snapshot = None

    @contextmanager
    def override(self, rows: Rows, *, exact: bool = False) -> Iterator[None]:
        """Pretend that these rows are in the table; with ``exact``, only these. For tests."""
        before = self._override
        if before is not None and not exact:
            rows, exact = {**before[0], **rows}, before[1]
        self._override = (dict(rows), exact)
        try:
            yield
        finally:
            self._override = before

    def _current(self) -> _Snapshot:
        snapshot = self._snapshot
        version = self._source() if self._source is not None else None
        if snapshot is not None and version in (None, snapshot.version):
            max_age = MAX_AGE if version is None else MAX_AGE_FOLLOWING
            if self._clock() - snapshot.loaded_at < max_age:
                return snapshot
        with self._lock:
            if self._snapshot is snapshot or self._snapshot is None:
                self._snapshot = self._read(snapshot, version)
            return self._snapshot

    def _read(self, last: _Snapshot | None, version: Hashable | None) -> _Snapshot:
        try:
            rows = self._load()
        except DatabaseError:
            # Before the first migration, or with the database away: what was last known goes on.
            logger.warning("The switches of the plugins cannot be read", exc_info=True)
            rows = last.rows if last is not None else {}
            # Looked at again in a moment, also where a version would let it rest for longer.
            return _Snapshot(rows, version, self._clock() - MAX_AGE_FOLLOWING + MAX_AGE)
        return _Snapshot(rows, version, self._clock())


def _load_rows() -> Rows:
    from .models import PluginSwitch  # models cannot be imported before the apps are ready

    return {
        (slug, site): enabled
        for slug, site, enabled in PluginSwitch.objects.values_list("slug", "site_id", "enabled")
    }


board = SwitchBoard(_load_rows)
is_enabled = board.is_enabled
enabled = board.enabled
follow = board.follow
invalidate = board.invalidate
override = board.override
rows = board.rows

_listeners: list[ChangeListener] = []


def on_change(listener: ChangeListener) -> None:
    """Call ``listener(slug, site_pk, enabled)`` inside the transaction that flips a switch.

    The core uses it to renew the version that ``follow`` looks at.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def changed(slug: str, site: int | None, enabled: bool) -> None:
    """Tell the listeners; called by the service that writes the switch."""
    for listener in _listeners:
        listener(slug, site, enabled)
