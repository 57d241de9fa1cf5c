"""The feed of one answer: that it was given, and every change of how it stands since."""

from urllib.parse import urljoin

from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext, override

from assistant.portal_plugin.models.receipts import BasisChange, ReceiptState
from assistant.portal_plugin.selectors.receipts import Receipt
from assistant.portal_plugin.texts import to_traditional

from . import languages
from .shown import AnswerShown, day_text

_MOST = 20


def atom(receipt: Receipt, language: str, base: str) -> str:
    """The feed as text; ``base`` is the origin for addresses. The newest change stands first."""
    record = receipt.record
    page = urljoin(base, reverse("assistant:answer", args=[record.pk]))
    changes = (
        BasisChange.objects.filter(basis=record.basis_id, noticed_at__gt=record.asked_at)[:_MOST]
        if record.basis_id
        else ()
    )
    with override(languages.interface(language)):
        feed = Atom1Feed(
            title=gettext("How this answer stands: %(title)s") % {"title": _title(receipt)},
            link=page,
            description="",
            language=languages.html_tag(language),
            feed_url=urljoin(base, reverse("assistant:feed", args=[record.pk])),
            feed_guid=page,
        )
        newest = next(iter(changes), None)
        if receipt.is_over and (newest is None or newest.state != receipt.state):
            # It happened a moment ago, and is not noted yet.
            moment = receipt.since or record.asked_at
            line = AnswerShown(receipt, language).state_line
            feed.add_item(line, page, line, unique_id=f"{page}#now", updateddate=moment)
        for change in changes:
            line = _line(change)
            feed.add_item(
                line, page, line, unique_id=f"{page}#{change.pk}", updateddate=change.noticed_at
            )
        feed.add_item(
            gettext("The answer was given"),
            page,
            _title(receipt),
            unique_id=page,
            updateddate=record.asked_at,
        )
        text = str(feed.writeString("utf-8"))
    return to_traditional(text) if language == languages.ZH_HANT else text


def _title(receipt: Receipt) -> str:
    return str(receipt.record.title or gettext("The answer"))


def _line(change: BasisChange) -> str:
    date = {"date": day_text(change.since or change.noticed_at)}
    match change.state:
        case ReceiptState.SUPERSEDED:
            return gettext("This answer was replaced on %(date)s. It no longer holds.") % date
        case ReceiptState.ENDED:
            return gettext("This answer has not been in force since %(date)s.") % date
        case ReceiptState.SOURCE_AMENDED:
            return gettext(
                "What this answer rests on was changed on %(date)s. Compare it with the source."
            ) % date  # fmt: skip
    return gettext("This answer holds again since %(date)s.") % date
