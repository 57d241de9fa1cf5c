"""Drafts of questions and answers from a guide: what people ask of every service."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.plugin_api import (
    QADraftsMade,
    QASource,
    capability,
    is_enabled,
    plain_text,
    public_urls,
    qa_drafts,
    site_of_path,
)
from portal.services.models import GuidePage
from portal.services.opening_hours import week_lines


def drafts_possible(page: GuidePage) -> bool:
    """Whether a plugin makes drafts of questions at the guide's site."""
    site = site_of_path(page.path)
    return (
        page.live
        and page.alias_of_id is None
        and not page.is_translation
        and is_enabled("services", site)
        and capability(qa_drafts, site) is not None
    )


def draft_questions(*, page: GuidePage, by: Any) -> QADraftsMade | None:
    """Have drafts made in the account of ``by``; None where no plugin makes them.

    Raises:
        PermissionDenied: the account may not edit the guide.
        CapabilityUnavailable: the plugin fails just now.
    """
    if not page.permissions_for_user(by).can_edit():
        raise PermissionDenied
    site = site_of_path(page.path)
    provider = capability(qa_drafts, site) if drafts_possible(page) else None
    if provider is None:
        return None
    return provider.draft(list(sources_of(page)), page=page, site=site, user=by)


def sources_of(page: GuidePage) -> Iterator[QASource]:
    """A question for each part of the guide that says something, in the source language."""
    urls = public_urls([(page.pk, page.path, page.url_path)])
    with override(settings.LANGUAGE_CODE):
        for question, answer in _questions(page):
            yield QASource(
                clause="",
                label=page.title,
                text=answer,
                url=urls.get(page.pk, ""),
                question=question,
            )


def _questions(page: GuidePage) -> Iterator[tuple[str, str]]:
    title = {"title": page.title}
    materials = [
        f"{number}. {row.name}{f' ({row.case_note})' if row.case_note else ''}"
        for number, row in enumerate(page.materials.all(), start=1)
    ]
    if materials:
        yield _("What does one bring for “%(title)s”?") % title, "\n".join(materials)
    if plain_text(page.conditions):
        yield _("Who may apply for “%(title)s”?") % title, plain_text(page.conditions)
    places = [_place_text(place) for place in page.places.all()]
    if places:
        yield _("Where and when is “%(title)s” handled?") % title, "\n".join(places)
    if page.limit_text:
        yield _("How long does “%(title)s” take?") % title, page.limit_text
    fee = page.fee_standard if page.is_charged else _("Free of charge")
    if fee:
        yield _("What does “%(title)s” cost?") % title, fee
    if page.online_url:
        answer = _("Yes: %(url)s") % {"url": page.online_url}
        yield _("Can “%(title)s” be handled online?") % title, answer


def _place_text(place: Any) -> str:
    hours = [f"{line.days} {line.hours}" for line in week_lines(place.hours)]
    words = [f"{place.name} {place.counter}".strip(), place.address, *hours, place.phone]
    return _(", ").join(word for word in words if word)
