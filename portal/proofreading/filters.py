"""The step in the publish gate; registered by being imported."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from portal.plugin_api import PublishProblem, acting_person, publish_checks
from portal.text.detectors import Grade

from .selectors.findings import PageScan, Placed, reasons_for, scan_page
from .services import records

logger = logging.getLogger(__name__)
_MOST_NAMED = 4


@publish_checks.step
def nothing_that_may_not_be_public(
    problems: list[PublishProblem], *, page: Page, site: Any
) -> list[PublishProblem]:
    """Blocking findings refuse; warnings need a reason of the person who publishes.

    A check that fails refuses too: what nobody could look at does not become public.
    """
    records.forget()
    if page.alias_of_id is not None:
        return problems  # the same words as the page that it shows
    try:
        scan = scan_page(page)
        found = [*_blocking(scan), *_warnings(page, scan)]
    except Exception:
        logger.exception("Page %s could not be checked", page.pk)
        message = _(
            "The text could not be checked for personal data, secret marks and hidden links, so it "
            "was not published. Nothing is lost. Try again; if it stays so, tell the administrator."
        )
        return [*problems, PublishProblem(message, code="proofreading_failed")]
    records.remember(scan)
    return [*problems, *found]


def _blocking(scan: PageScan) -> Iterable[PublishProblem]:
    for (_label, field, _file), found in _grouped(scan.graded(Grade.BLOCKING)).items():
        message = _("%(kind)s: %(words)s. %(advice)s") % {
            "kind": _named(found[0]),
            "words": _words(found),
            "advice": found[0].advice,
        }
        yield PublishProblem(message, field or None, code="proofreading")


def _warnings(page: Page, scan: PageScan) -> Iterable[PublishProblem]:
    warned = scan.graded(Grade.WARNING)
    if not warned:
        return
    needs_reason = acting_person() is not None
    if needs_reason:
        given = reasons_for(page.pk, {one.key for one in warned})
        warned = [one for one in warned if one.key not in given]
    for (_label, field, _file), found in _grouped(warned).items():
        message = _("%(kind)s: %(words)s. %(advice)s") % {
            "kind": _named(found[0]),
            "words": _words(found),
            "advice": found[0].advice,
        }
        if needs_reason:
            message = f"{message} " + _(
                "If it is right as it is, give the reason under “Proofread”."
            )
        yield PublishProblem(message, field or None, needs_reason, "proofreading_reason")


def _named(placed: Placed) -> str:
    if not placed.file:
        return placed.label
    return _("%(kind)s in the file “%(file)s”") % {"kind": placed.label, "file": placed.file}


def _grouped(found: list[Placed]) -> dict[tuple[str, str, str], list[Placed]]:
    groups: dict[tuple[str, str, str], list[Placed]] = defaultdict(list)
    for one in found:
        groups[one.label, one.field, one.file].append(one)
    return groups


def _words(found: list[Placed]) -> str:
    words = list(dict.fromkeys(one.words for one in found))
    named = "、".join(words[:_MOST_NAMED])
    more = len(words) - _MOST_NAMED
    if more > 0:
        named += " " + ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
    return named
