"""Which modes hold for a site at a moment, answered from memory.

What is switched on or planned is part of the structure (``core.structure``), so a page asks no
query for it, and every process learns of a change with the next request. Only the comparison with
the clock is made for each page: a start or end takes effect to the second, without anybody saving.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from .models import EmergencyBanner, GreyPeriod, SiteRecord
from .models.modes import TimedMode
from .page_reads import page_holds_until

# Sites that a mode covers; None stands for all of them, those made later included.
type Sites = frozenset[int] | None

_GRAVITY = {level: place for place, level in enumerate(EmergencyBanner.Level.values)}


@dataclass(frozen=True, slots=True)
class Words:
    """Title and text of a banner in one language."""

    language: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Period:
    """Where and when something holds."""

    sites: Sites
    starts_at: datetime.datetime
    ends_at: datetime.datetime | None

    def holds(self, site_pk: int | None, now: datetime.datetime) -> bool:
        if self.sites is not None and site_pk not in self.sites:
            return False
        page_holds_until(self.starts_at, self.ends_at)
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True)
class Banner:
    """What pages show of an emergency banner."""

    pk: int
    version: str
    level: str
    period: Period
    words: Mapping[str, Words]
    phone: str
    page_url_path: str
    link_url: str
    sign_language_url: str
    can_be_dismissed: bool

    @property
    def key(self) -> str:
        """By this a browser remembers that its visitor put the banner away."""
        return f"{self.pk}-{self.version}"

    def words_for(self, language: str) -> Words:
        """In the language, else in the source language (the caller says so to the visitor)."""
        return self.words.get(language) or self.words[settings.LANGUAGE_CODE]


@dataclass(frozen=True, slots=True)
class Grey:
    period: Period
    home_only: bool


@dataclass(frozen=True, slots=True)
class Modes:
    """All modes that hold or are planned; what is over is not in it."""

    banners: tuple[Banner, ...] = ()
    greys: tuple[Grey, ...] = ()

    def banners_of(
        self, site_pk: int | None, now: datetime.datetime | None = None
    ) -> tuple[Banner, ...]:
        """What stands on a site's pages at a moment, the gravest first."""
        if not self.banners:
            return ()
        now = now or timezone.now()
        return tuple(banner for banner in self.banners if banner.period.holds(site_pk, now))

    def is_grey(
        self, site_pk: int | None, *, on_home: bool, now: datetime.datetime | None = None
    ) -> bool:
        if not self.greys:
            return False
        now = now or timezone.now()
        return any(
            grey.period.holds(site_pk, now) for grey in self.greys if on_home or not grey.home_only
        )


def with_descendants(site_pk: int, parents: Mapping[int, int | None]) -> frozenset[int]:
    """A site and all below it; ``parents`` names the parent of each site."""
    found, size = {site_pk}, 0
    while size != len(found):
        size = len(found)
        found |= {pk for pk, parent in parents.items() if parent in found}
    return frozenset(found)


def parents_of_sites() -> dict[int, int | None]:
    return dict(SiteRecord.objects.values_list("pk", "parent_id"))


def covered(mode: TimedMode, parents: Mapping[int, int | None]) -> Sites:
    if mode.site_id is None:
        return None
    if not mode.with_sub_sites:
        return frozenset({mode.site_id})
    return with_descendants(mode.site_id, parents)


def load(parents: Mapping[int, int | None], private_paths: Iterable[str]) -> Modes:
    """What the database has, for one version of the structure."""
    now = timezone.now()
    private = tuple(private_paths)
    banners = EmergencyBanner.objects.not_over(now).select_related("page")
    return Modes(
        banners=tuple(
            sorted(
                (_banner(row, parents, private) for row in banners.prefetch_related("texts")),
                key=lambda banner: (_GRAVITY[banner.level], -banner.pk),
            )
        ),
        greys=tuple(
            Grey(_period(row, parents), row.home_only) for row in GreyPeriod.objects.not_over(now)
        ),
    )


def _period(mode: TimedMode, parents: Mapping[int, int | None]) -> Period:
    return Period(covered(mode, parents), mode.starts_at, mode.ends_at)


def _banner(
    row: EmergencyBanner, parents: Mapping[int, int | None], private: tuple[str, ...]
) -> Banner:
    page = row.page
    public = page is not None and page.live and not page.path.startswith(private)
    source = settings.LANGUAGE_CODE
    words = {text.language: Words(text.language, text.title, text.text) for text in row.texts.all()}
    return Banner(
        pk=row.pk,
        version=row.version,
        level=row.level,
        period=_period(row, parents),
        words=words | {source: Words(source, row.title, row.text)},
        phone=row.phone,
        page_url_path=page.url_path if page is not None and public else "",
        link_url=row.link_url,
        sign_language_url=row.sign_language_url,
        can_be_dismissed=row.can_be_dismissed and row.level != EmergencyBanner.Level.RED,
    )


def as_shown(row: EmergencyBanner) -> Banner:
    """A banner as pages would show it, stored or not; for previews."""
    return _banner(row, {}, ())
