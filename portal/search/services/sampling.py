"""Looks for published titles, picked at random, and sees whether each is on the first page."""

import datetime
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Min
from django.utils import timezone
from wagtail.models import Page

from portal.plugin_api import Publication, public_pages
from portal.search.engine.contract import EngineUnavailable
from portal.search.models import Document, Replica, SampleMiss, SampleRun
from portal.search.wordlists import same

from .contract import PER_PAGE, Outcome, Search
from .searching import find

PER_SITE = 30
KEPT_DAYS = 90
# So many further pages are looked through for where a title stands.
_LOOKED_THROUGH = 5
_REASON = SampleMiss.Reason


@dataclass(frozen=True, slots=True)
class Title:
    page: int
    title: str
    language: str


def sample_site(
    site: int,
    *,
    count: int = PER_SITE,
    seed: int | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> SampleRun:
    """Look for so many titles of one site, and record what was missed and why.

    Args:
        site: primary key of the site record.
        count: at most so many titles.
        seed: the same titles with the same seed, as long as the same is published.
        say: told a line for each title that was missed.
    """
    run = SampleRun(site_id=site)
    misses = []
    for title in titles(site, count, random.Random(seed)):  # noqa: S311 - a sample, no secret
        run.looked_for += 1
        reason, rank = look_for(title, site)
        if reason is None:
            run.found += 1
            continue
        misses.append(
            SampleMiss(
                page=title.page,
                title=title.title[:300],
                language=title.language,
                reason=reason,
                rank=rank,
            )
        )
        place = f" ({rank})" if rank else ""
        say(f"{title.title}: {_REASON(reason).label}{place}")
    run.save()
    for miss in misses:
        miss.run = run
    SampleMiss.objects.bulk_create(misses)
    return run


def titles(site: int, count: int, chance: random.Random) -> list[Title]:
    """Titles that are public at a site now, picked at random; translations as well.

    Of kinds of pages that search has none of (links that lead elsewhere) nothing is picked: they
    are not meant to be found.
    """
    rows = Publication.objects.public().filter(
        public_pages("page__path"), site=site, closed=False, page__live=True, page__alias_of=None
    )
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    chance.shuffle(pks)
    found: list[Title] = []
    for start in range(0, len(pks), max(count, 1)):
        some = {
            row.pk: row
            for row in rows.filter(pk__in=pks[start : start + count]).select_related("page")
        }
        for pk in pks[start : start + count]:
            row = some.get(pk)
            if row is None or row.page is None or not _is_searched(row.page.content_type_id):
                continue
            found.append(Title(row.page.pk, row.page.title, row.language))
            if len(found) == count:
                return found
    return found


def _is_searched(page_type: int) -> bool:
    """Whether anything of a type of pages can be found, or nothing at all."""
    entries = Document.objects.filter(is_removed=False)
    pages = Page.objects.filter(content_type=page_type).values("pk")
    return entries.filter(page__in=pages).exists() or not entries.exists()


def look_for(title: Title, site: int) -> tuple[str | None, int | None]:
    """(None, None) when it is on the first page; else why not, and its place if it has one."""
    title = _in_its_language(title)
    try:
        outcome = _find(title, site, 1)
    except EngineUnavailable:
        return _REASON.UNAVAILABLE, None
    if outcome.how == "titles_only":
        return _REASON.UNAVAILABLE, None
    if _place(outcome, title) is not None or _all_alike(outcome, title):
        return None, None
    reason = _why_not_there(title)
    if reason is not None:
        return reason, None
    for number in range(2, 2 + _LOOKED_THROUGH):
        if (number - 1) * PER_PAGE >= outcome.total:
            break
        place = _place(_find(title, site, number), title)
        if place is not None:
            return _REASON.RANKED_BELOW, (number - 1) * PER_PAGE + place
    return _REASON.NOT_RETURNED, None


def _in_its_language(title: Title) -> Title:
    """What is written in another language than the tree it stands in (a question of the knowledge
    base) is looked for in its own."""
    entry = Document.objects.filter(key=f"page:{title.page}", is_removed=False).first()
    return title if entry is None else replace(title, language=entry.language)


def _find(title: Title, site: int, page: int) -> Outcome:
    return find(Search(text=title.title, language=title.language, site=site, page=page))


def _place(outcome: Outcome, title: Title) -> int | None:
    places = enumerate(outcome.results, start=1)
    return next((place for place, found in places if found.page == title.page), None)


def _all_alike(outcome: Outcome, title: Title) -> bool:
    """Of more pages with one title than the first page holds, any may stand there."""
    alike = [same(found.title) == same(title.title) for found in outcome.results]
    return len(alike) >= PER_PAGE and all(alike)


def _why_not_there(title: Title) -> str | None:
    entry = Document.objects.filter(key=f"page:{title.page}", is_removed=False).first()
    if entry is None:
        return _REASON.NOT_INDEXED
    now = timezone.now()
    if (entry.public_from and entry.public_from > now) or (
        entry.public_until and entry.public_until <= now
    ):
        return _REASON.NOT_PUBLIC
    behind = Replica.objects.aggregate(least=Min("position"))["least"]
    return _REASON.WAITING if behind is not None and entry.seq > behind else None


def sample_all(_site: int | None = None, *, count: int = PER_SITE) -> list[SampleRun]:
    """``sample_site`` at every site, and old runs deleted; the nightly job."""
    old = timezone.now() - datetime.timedelta(days=KEPT_DAYS)
    SampleRun.objects.filter(at__lt=old).delete()
    return [sample_site(pk, count=count) for pk in site_pks()]


def site_pks() -> Sequence[int]:
    sites: Any = SampleRun._meta.get_field("site").related_model
    return list(sites._default_manager.order_by("pk").values_list("pk", flat=True))
