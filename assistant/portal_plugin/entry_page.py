"""The public page of an entry: what stands beside its text. At most six queries of its own."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Page

from assistant.portal_plugin.answering import languages
from assistant.portal_plugin.answering.shown import TranslationShown
from assistant.portal_plugin.answering.translations import made_by_label, original_label, prevails
from assistant.portal_plugin.cards import SOURCE
from assistant.portal_plugin.clause_lookup import texts_of
from assistant.portal_plugin.forms import language_name
from assistant.portal_plugin.models import QuestionPage, QuestionSource, Trust
from assistant.portal_plugin.selectors.knowledge import current_entries, hold_until_next
from assistant.portal_plugin.selectors.staleness import Made, is_too_far_behind, stale_since
from portal.plugin_api import (
    PageTag,
    PortalContext,
    Publication,
    Standing,
    card_url,
    mark_text,
    public_urls,
    site_of_path,
)

RELATED = 6
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ug", "ur"})
_SCRIPTS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


@dataclass(frozen=True, slots=True)
class ShownSource:
    """What the answer rests on, as its page tells it. ``mark`` for what is not in force."""

    title: str
    url: str
    label: str = ""
    validity: str = ""
    mark: str = ""
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    language: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Why the entry must not be relied on; ``successor`` is what holds instead."""

    mark: str
    reason: str
    successor: Link | None = None


def tag_of(language: str) -> str:
    """The value of an HTML ``lang`` attribute."""
    return _SCRIPTS.get(language, language)


def tags_of(page: QuestionPage, portal: PortalContext) -> list[PageTag]:
    """The content tags of the national page-tag standard."""
    published = page.displayed_date()
    said = page
    if page.translation_of is not None and _is_withheld(page, _behind_since(page), portal):
        said = page.translation_of
    return [
        ("ArticleTitle", page.title),
        ("PubDate", timezone.localtime(published).strftime("%Y-%m-%d %H:%M") if published else ""),
        ("ContentSource", str(page.owner_unit or "")),
        ("Keywords", page.keywords or str(page.topic or "")),
        ("Description", said.search_description or said.answer_text[:150].replace("\n", " ")),
        ("Url", portal.canonical_url),
    ]


def entry_context(page: QuestionPage, portal: PortalContext) -> dict[str, Any]:
    """What the template shows beside the page's own fields; for drafts in a preview, too."""
    rows = list(page.sources.select_related("target").all() if page.pk else page.sources.all())
    original = page.translation_of
    since = _behind_since(page)
    links = _links([original], portal)[:1] if original is not None else []
    if not rows and original is not None:
        rows = list(original.sources.select_related("target").all())
    pages = {row.target_id for row in rows} | {page.pk}
    open_rows = Publication.objects.filter(page_id__in=pages - {None}, closed=False)
    published = {row.page_id: row for row in open_rows}
    own = published.get(page.pk) if page.live else None
    return {
        "tag": tag_of(page.language),
        "direction": "rtl" if page.language in _RIGHT_TO_LEFT else "ltr",
        "sources": _sources(rows, published),
        "state": _state(page, own),
        "validity": validity_text(own.valid_from, own.valid_until) if own is not None else "",
        "trust": "" if page.trust == Trust.HUMAN else page.get_trust_display(),
        "made": _made(page, own, links),
        "card_url": _card_url(page, own, portal),
        "is_stale": since is not None,
        "stale_since": since,
        "is_withheld": _is_withheld(page, since, portal),
        "original": links,
        "original_tag": tag_of(original.language) if original is not None else "",
        "languages": _links(page.others_in_force, portal),
        "related": _related(page, portal),
        "updated": page.last_published_at,
        "topic_url": _topic_url(page),
        "topic_name": page.topic.name_in(page.language) if page.topic else "",
    }


def _behind_since(page: QuestionPage) -> datetime.datetime | None:
    """Since when the source of a translation says something else; a preview has no key yet."""
    if page.translation_of is None:
        return None
    key = page.pk or 0
    return stale_since({key: Made(page.source_state, page.translation_of)}).get(key)


def _is_withheld(
    page: QuestionPage, since: datetime.datetime | None, portal: PortalContext
) -> bool:
    """Whether the page shows its source's text instead. Not to editors who look at a draft: there
    the translation itself is what is to be seen."""
    return is_too_far_behind(since) and not getattr(portal.request, "is_preview", False)


def _made(
    page: QuestionPage, own: Publication | None, originals: Sequence[Link]
) -> TranslationShown | None:
    """Who made a translation, that its original prevails, and the way to it."""
    if page.translation_of is None:
        return None
    is_chinese = page.translation_of.language.startswith("zh")
    with override(languages.interface(page.language)):
        return _translation_shown(page, own, originals, is_chinese=is_chinese)


def _translation_shown(
    page: QuestionPage, own: Publication | None, originals: Sequence[Link], *, is_chinese: bool
) -> TranslationShown:
    """In the language that is active: that of the entry, whatever that of the page around it."""
    assert page.translation_of is not None
    return TranslationShown(
        label=made_by_label(page.trust),
        reviewer="",
        reviewer_tag="",
        date=timezone.localdate(own.since).isoformat() if own is not None else "",
        prevails=prevails(is_chinese=is_chinese),
        original=originals[0].url if originals else "",
        original_tag=tag_of(page.translation_of.language),
        original_label=original_label(is_chinese=is_chinese),
    )


def _card_url(page: QuestionPage, own: Publication | None, portal: PortalContext) -> str:
    """A translation of a Chinese entry, in force, as a bilingual card."""
    original = page.translation_of
    if original is None or not original.language.startswith("zh"):
        return ""
    if own is None or not own.is_in_force():
        return ""
    return card_url(SOURCE, str(page.pk), language=page.language, site=portal.site_pk)


def _topic_url(page: QuestionPage) -> str:
    if page.topic is None:
        return ""
    if page.language == settings.LANGUAGE_CODE:
        return reverse("assistant:topic", args=[page.topic.slug])
    try:
        return reverse("assistant:topic_in", args=[page.language, page.topic.slug])
    except NoReverseMatch:
        return ""  # a language that the portal is not shown in


def validity_text(begin: datetime.datetime | None, end: datetime.datetime | None) -> str:
    """ "In force from … until …", whole days as days; "" for what simply holds."""
    since, until = _moment(begin), _moment(end, is_end=True)
    if since and until:
        return _("In force from %(since)s until %(until)s") % {"since": since, "until": until}
    if until:
        return _("In force until %(until)s") % {"until": until}
    return _("In force since %(since)s") % {"since": since} if since else ""


def _moment(moment: datetime.datetime | None, *, is_end: bool = False) -> str:
    """A day where the moment is its beginning; an end at midnight is the day before."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    if local.time() != datetime.time():
        return date_format(local, "DATETIME_FORMAT")
    day = local.date() - datetime.timedelta(days=1) if is_end else local.date()
    return date_format(day, "DATE_FORMAT")


def _sources(
    rows: Sequence[QuestionSource], published: dict[int | None, Publication]
) -> list[ShownSource]:
    cites = [(row.target, row.clauses) for row in rows if row.target is not None and row.clauses]
    texts = texts_of(cites) if cites else {}
    targets = [row.target for row in rows if row.target is not None and row.target.live]
    urls = public_urls([(target.pk, target.path, target.url_path) for target in targets])
    found = []
    for row in rows:
        target = row.target
        if target is None:
            if row.url:
                found.append(ShownSource(row.label or row.url, row.url))
            continue
        asked = [texts.get((target.pk, clause)) for clause in row.clauses or ()]
        clauses = [clause for clause in asked if clause is not None]
        publication = published.get(target.pk)
        url = urls.get(target.pk, "")
        found.append(
            ShownSource(
                title=row.label or target.title,
                url=clauses[0].url if url and len(clauses) == 1 else url,
                label="、".join(clause.label for clause in clauses),
                validity=validity_text(publication.valid_from, publication.valid_until)
                if publication is not None
                else "",
                mark=_mark(target, publication),
                passage="\n".join(clause.text for clause in clauses),
            )
        )
    return found


def _mark(target: Page, publication: Publication | None) -> str:
    if not target.live:
        return _("Withdrawn")
    return mark_text(publication.standing_now()) if publication is not None else ""


def _state(page: QuestionPage, own: Publication | None) -> State | None:
    """What readers must know before they read; None for what holds and for drafts."""
    if own is None:
        return None
    standing = own.standing_now()
    mark = mark_text(standing)
    if not mark:
        return None
    successor = page.superseded_by
    if standing == Standing.NOT_YET_EFFECTIVE:
        reason = _("This answer holds from %(day)s on.") % {"day": _moment(own.valid_from)}
    elif successor is not None and successor.live:
        reason = _("Another answer has taken its place.")
    elif standing == Standing.OUTDATED:
        reason = _("What this answer rests on has ended. Do not rely on it.")
    else:
        reason = _("This answer has ended. Do not rely on it.")
    link = None
    if successor is not None and successor.live:
        urls = public_urls([(successor.pk, successor.path, successor.url_path)])
        if successor.pk in urls:
            link = Link(successor.title, urls[successor.pk], tag=tag_of(successor.language))
    return State(mark, reason, link)


def _related(page: QuestionPage, portal: PortalContext) -> list[Link]:
    """Other questions of the topic at the same site, in the same language, the newest first."""
    if page.topic_id is None:
        return []
    site = site_of_path(page.path) if page.path else None
    same = {"topic": page.topic_id, "language": page.language}
    hold_until_next(QuestionPage.objects.filter(**same))
    found = current_entries().filter(**same)
    group = {page.pk, page.translation_of_id} - {None}
    candidates = found.exclude(pk__in=group).order_by("-first_published_at", "-pk")
    own = [other for other in candidates[: RELATED * 4] if site_of_path(other.path) == site]
    return _links(own[:RELATED], portal)


def _links(pages: Any, portal: PortalContext) -> list[Link]:
    found = list(pages)
    urls = public_urls([(page.pk, page.path, page.url_path) for page in found])
    return [
        Link(page.title, urls[page.pk], language_name(page.language), tag_of(page.language))
        for page in found
        if page.pk in urls and page.live
    ]
