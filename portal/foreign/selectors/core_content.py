"""Which pages are core content, by the nearest rule; for one page and for many."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from wagtail.models import Locale, Page

from portal.foreign.models import CoreRule
from portal.plugin_api import SiteLike, site_of_path, site_pk

_STEPLEN = 4  # treebeard's digits for each level of ``path``


class CoreRules:
    """All rules, read once with two queries; asking for a page's rule costs none.

    The nearest rule counts: the page's own, then that of the nearest column above, then that of its
    type at its site.
    """

    def __init__(self, rules: Iterable[CoreRule]) -> None:
        self.by_path: dict[str, CoreRule] = {}
        self.by_type: dict[tuple[int, int], CoreRule] = {}
        for rule in rules:
            if rule.page is not None:
                self.by_path[rule.page.path] = rule
            elif rule.page_type_id is not None:
                self.by_type[rule.site_id, rule.page_type_id] = rule

    def nearest(self, page: Page) -> CoreRule | None:
        """The rule that decides about a page, also one that takes it out."""
        path = page.path
        while path:
            if path in self.by_path:
                return self.by_path[path]
            path = path[:-_STEPLEN]
        site = site_of_path(page.path)
        return self.by_type.get((site, page.content_type_id)) if site is not None else None

    def rule_for(self, page: Page) -> CoreRule | None:
        """The rule that makes a Chinese page core content; None where it is not.

        Homes, columns and topics never are: each language has its own. Nor is what is translated
        apart: an English entry of the knowledge base stands in the Chinese tree.
        """
        kind = page.specific_class
        if getattr(kind, "is_container", True) or kind.is_translated_apart:
            return None
        rule = self.nearest(page)
        return rule if rule is not None and rule.is_core else None


def _rules() -> QuerySet[CoreRule]:
    locales: Prefetch[Any] = Prefetch("languages", queryset=Locale.objects.all())
    return CoreRule.objects.select_related("page").prefetch_related(locales)


def all_core_rules() -> CoreRules:
    """For pages of any site."""
    return CoreRules(_rules())


def core_rules_of(site: SiteLike) -> CoreRules:
    """For many pages of one site: rules of columns above it count, too."""
    return CoreRules(_rules().filter(Q(site_id=site_pk(site)) | Q(page__isnull=False)))


def core_rule(page: Page) -> CoreRule | None:
    """The rule that makes a Chinese page core content; None where it is not."""
    paths = [page.path[:end] for end in range(_STEPLEN, len(page.path) + 1, _STEPLEN)]
    rules = _rules().filter(
        Q(page__path__in=paths) | Q(page_type_id=page.content_type_id, site=site_of_path(page.path))
    )
    return CoreRules(rules).rule_for(page)


def concerns(rule: CoreRule, locale_pk: int) -> bool:
    """Whether a rule asks for a language; ``languages`` is prefetched. None chosen: all."""
    chosen = [locale.pk for locale in rule.languages.all()]
    return not chosen or locale_pk in chosen


def core_pages(site: SiteLike, rules: CoreRules | None = None) -> list[Page]:
    """The public Chinese pages of a site that are core content, in the order of the tree."""
    rules = rules or core_rules_of(site)
    pk = site_pk(site)
    wanted = Q(content_type_id__in=[kind for site_id, kind in rules.by_type if site_id == pk])
    for path in rules.by_path:
        wanted |= Q(path__startswith=path)
    pages = Page.objects.filter(
        wanted, live=True, alias_of=None, locale__language_code=settings.LANGUAGE_CODE
    ).order_by("path")
    return [
        page for page in pages if rules.rule_for(page) is not None and site_of_path(page.path) == pk
    ]
