"""Addresses for new pages: pinyin of the title, free among the siblings."""

from wagtail.models import Page

from portal.text import pinyin

from .addresses import fixed, is_taken


def free_slug(title: str, parent: Page | None, page: Page | None = None) -> str:
    """A slug for ``title`` that no other child of ``parent`` has (``tongzhi``, ``tongzhi-2`` …)."""
    base = pinyin.slug(title, max_length=80)
    siblings = parent.get_children() if parent is not None else Page.objects.none()
    if parent is None and page is not None and page.pk:
        siblings = page.get_siblings(inclusive=False)
    if page is not None and page.pk:
        siblings = siblings.exclude(pk=page.pk)
    taken = set(siblings.filter(slug__startswith=base).values_list("slug", flat=True))
    above = page.get_parent() if parent is None and page is not None and page.path else parent
    if is_taken(base, above):
        taken |= fixed()
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
