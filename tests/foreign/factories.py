"""Sections for tests: a tree of their own, columns with feeds, a team."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from wagtail.models import Locale, Page

from portal.core import structure
from portal.core.models import SiteRecord, User
from portal.foreign.models import (
    ColumnFeed,
    CoreRule,
    ForeignColumn,
    ForeignSection,
    Need,
    TeamMember,
    TeamRole,
)
from portal.pages.models import ArticlePage, ColumnPage
from tests.factories import ArticleFactory, ColumnFactory, UserFactory, World

ROLES = (
    TeamRole.LEAD,
    TeamRole.TRANSLATOR,
    TeamRole.LANGUAGE_REVIEWER,
    TeamRole.CONTENT_REVIEWER,
)


def locale(language: str) -> Locale:
    found, _created = Locale.objects.get_or_create(language_code=language)
    return found


@dataclass
class Team:
    """One account for each role, in one section."""

    lead: User
    translator: User
    language_reviewer: User
    content_reviewer: User


@dataclass
class Section:
    """A section with two columns: ``living`` is fed by ``source`` (Chinese), ``news`` by nothing."""

    row: ForeignSection
    root: Page
    living: ForeignColumn
    news: ForeignColumn
    source: ColumnPage
    rule: CoreRule
    article: ArticlePage
    team: Team
    more: dict[str, Any] = field(default_factory=dict)


def add_member(
    section: ForeignSection, role: TeamRole, user: User | None = None, **fields: Any
) -> TeamMember:
    """Somebody in the team; ``columns`` narrows the membership."""
    columns = fields.pop("columns", ())
    row = TeamMember.objects.create(
        section=section, role=role, user=user or UserFactory(), qualification="CATTI 2", **fields
    )
    row.columns.set(columns)
    return row


def add_column(
    section: ForeignSection, parent: Page, title: str, need: Need, *feeds: Page, **fields: Any
) -> ForeignColumn:
    page = ColumnFactory(parent=Page.objects.get(pk=parent.pk).specific, title=title, **fields)
    column = ForeignColumn.objects.create(section=section, page_id=page.pk, need=need)
    for source in feeds:
        ColumnFeed.objects.create(column=column, source_id=source.pk)
    return ForeignColumn.objects.select_related("page", "section").get(pk=column.pk)


def add_root(site: SiteRecord, language: str, *, live: bool = True) -> Page:
    """The home of a site in a language, without Chinese text."""
    source = site.root_page.specific
    at = timezone.now()
    root = type(source)(
        title=f"Yunhu {site.code} {language}",
        slug=f"{source.slug}-{language}" if source.depth == 2 else source.slug,
        locale=locale(language),
        translation_key=source.translation_key,
        live=live,
        show_in_menus=source.depth > 2,
        first_published_at=at if live else None,
        last_published_at=at if live else None,
    )
    parent = source.get_parent()
    if source.depth > 2:
        parent = Page.objects.get(
            translation_key=site.parent.root_page.translation_key, locale=locale(language)
        ).specific
    parent.add_child(instance=root)
    structure.touch()
    return Page.objects.get(pk=root.pk).specific


def make_section(
    world: World, language: str = "en", *, site: SiteRecord | None = None, is_open: bool = True
) -> Section:
    """A section of the portal (or of ``site``): root, two columns, a feed, a rule, a team.

    ``source`` is a Chinese column below the site's home; ``article`` a public core page in it.
    """
    site = site or world.site
    row = ForeignSection.objects.create(
        site=site,
        locale=locale(language),
        state=ForeignSection.State.OPEN if is_open else ForeignSection.State.PREPARING,
        opened_at=timezone.now() if is_open else None,
    )
    root = add_root(site, language, live=is_open)
    source_home = Page.objects.get(pk=site.root_page_id).specific
    source = ColumnPage.objects.child_of(source_home).filter(slug="juzhu").first()
    source = source or ColumnFactory(parent=source_home, title="居住", slug="juzhu")
    living = add_column(row, root, f"Living {language}", Need.LIVING, source, slug="living")
    news = add_column(row, root, f"News {language}", Need.NEWS, slug="news")
    article = ArticlePage.objects.child_of(source).filter(slug="banli").first()
    article = article or ArticleFactory(
        parent=source, title="居留许可怎么办", slug="banli", date=timezone.now()
    )
    rule, _created = CoreRule.objects.get_or_create(
        site=site, page_id=source.pk, defaults={"lag_days": 5}
    )
    people = {role.value: add_member(row, role).user for role in ROLES}
    return Section(row, root, living, news, source, rule, article, Team(**people))


def days_ago(number: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=number)
