"""The texts of this plugin that are watched: interpretations, and translations of documents."""

from collections.abc import Collection, Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing

from portal.plugin_api import CitedClauses, WatchedPart, WatchedText, site_of_path
from portal.policy_interpretation.models import InterpretationPage, PolicyPage
from portal.policy_interpretation.picture.content import Picture, from_blocks, words_of

INTERPRETATIONS = "policy_interpretation.interpretations"
TRANSLATIONS = "policy_interpretation.translations"
# The public version of a page beside a draft that is being worked on.
PUBLIC = ":public"


class Interpretations:
    label = gettext_lazy("Interpretations")

    def texts(
        self,
        *,
        site: int | None,
        keys: Collection[str] | None = None,
        document: int | None = None,
    ) -> Iterator[WatchedText]:
        pages = InterpretationPage.objects.filter(alias_of=None).select_related("locale")
        if document is not None:
            # A draft may cite what the public page does not; the night finds those.
            pages = pages.filter(interprets__policy=document).distinct()
        yield from _versions(_at(pages, site, keys), interpretation_text)


class Translations:
    """Documents in other languages, clause by clause beside the original."""

    label = gettext_lazy("Translations of documents")

    def texts(
        self,
        *,
        site: int | None,
        keys: Collection[str] | None = None,
        document: int | None = None,
    ) -> Iterator[WatchedText]:
        pages = PolicyPage.objects.filter(alias_of=None).select_related("locale")
        pages = pages.exclude(locale__language_code=settings.LANGUAGE_CODE)
        if document is not None:
            original = PolicyPage.objects.filter(pk=document).values("translation_key")
            pages = pages.filter(translation_key__in=original)
        yield from _versions(_at(pages, site, keys), translation_text)


def interpretation_text(page: InterpretationPage, key: str = "") -> WatchedText:
    """The words of an interpretation as an object holds them, stored or not.

    What explains single clauses is compared with these; the rest with all that it interprets.
    """
    links = [link for link in page.interprets.all() if link.policy_id]
    cites = tuple(CitedClauses(link.policy_id, tuple(link.clauses or ())) for link in links)
    sections = from_blocks(page.picture.raw_data)
    picture = words_of(Picture(title="", subtitle="", sections=sections)) if sections else ""
    fields = {
        "title": page.title,
        "summary": page.summary,
        "meaning": page.meaning,
        "body": "\n".join(_body_words(page)),
        "picture": picture,
    }
    parts = [WatchedPart(name, words) for name, words in fields.items() if words]
    parts += _explanations(page, links[0].policy_id if links else None)
    return _text(page, key, parts, cites)


def _body_words(page: InterpretationPage) -> Iterator[str]:
    for child in page.body:
        if child.block_type == "key_figures":
            # A figure and its unit are two fields: together they state something.
            for item in child.value["items"]:
                yield f"{item['label']}: {item['value']}{item['unit']} {item['change']}".strip()
        else:
            yield from child.block.get_searchable_content(child.value)


def _explanations(page: InterpretationPage, first: int | None) -> Iterator[WatchedPart]:
    for block in page.plain_words.raw_data:
        value = block["value"]
        policy, words = value.get("policy") or first, get_text_for_indexing(value.get("text") or "")
        clauses = tuple(value.get("clauses") or ())
        if policy and clauses and words.strip():
            cites = (CitedClauses(int(policy), clauses),)
            yield WatchedPart(f"plain_words:{block['id']}", words, cites)


def translation_text(page: PolicyPage, key: str = "") -> WatchedText | None:
    """A translated document, each clause beside its original; None without an original."""
    original = (
        PolicyPage.objects.filter(
            translation_key=page.translation_key, locale__language_code=settings.LANGUAGE_CODE
        )
        .values_list("pk", flat=True)
        .first()
    )
    if original is None:
        return None
    parts = [
        WatchedPart(clause.id, clause.text, (CitedClauses(original, (clause.id,)),))
        for clause in page.clauses()
        if clause.text
    ]
    head = [WatchedPart("title", page.title), WatchedPart("summary", page.summary)]
    cites = (CitedClauses(original),)
    return _text(page, key, [part for part in head if part.text] + parts, cites)


def text_of(page: Page) -> WatchedText | None:
    """What is watched of a page as the object holds it; None for other pages."""
    if page.alias_of_id is not None:
        return None
    if isinstance(page, InterpretationPage):
        return interpretation_text(page)
    if isinstance(page, PolicyPage) and page.locale.language_code != settings.LANGUAGE_CODE:
        return translation_text(page)
    return None


def source_of(page: Page) -> str:
    return INTERPRETATIONS if isinstance(page, InterpretationPage) else TRANSLATIONS


def _text(
    page: Page, key: str, parts: list[WatchedPart], cites: tuple[CitedClauses, ...]
) -> WatchedText:
    title = page.title
    if key.endswith(PUBLIC):
        title = _("%(title)s (as it is public)") % {"title": title}
    return WatchedText(
        key=key or str(page.pk or ""),
        title=title,
        edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.pk else "",
        language=page.locale.language_code,
        parts=tuple(parts),
        cites=cites,
        page=page.pk,
    )


def _at(pages: Any, site: int | None, keys: Collection[str] | None) -> Iterator[Any]:
    if keys is not None:
        pks = {key.removesuffix(PUBLIC) for key in keys}
        pages = pages.filter(pk__in=[pk for pk in pks if pk.isdecimal()])
    for page in pages.order_by("pk").iterator(chunk_size=100):
        if site_of_path(page.path) == site:
            yield page


def _versions(pages: Iterator[Any], read: Any) -> Iterator[WatchedText]:
    """The newest version of each page and, beside a draft, the one that the public reads."""
    for page in pages:
        newest = page.get_latest_revision_as_object() if page.latest_revision_id else page
        found = [(newest, str(page.pk))]
        if page.live and page.has_unpublished_changes:
            found.append((page, f"{page.pk}{PUBLIC}"))
        for version, key in found:
            text = read(version, key)
            if text is not None:
                yield text
