"""The part of a publishing receipt: whether the assistant answers with it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from assistant.portal_plugin.models import IndexedEntry, QuestionPage
from portal.plugin_api import ReceiptLine, consumer_line

from . import embedding, serving
from .followers import IndexFollower


class AssistantPart:
    """Questions have entries of their own. Other pages are quoted by way of the search."""

    order = 60

    def lines(self, publication: Any, *, event: int) -> Sequence[ReceiptLine]:
        label = gettext("Assistant")
        page = publication.page
        if page is None:
            return []
        if not issubclass(page.specific_class or object, QuestionPage):
            text = gettext("Quotes this page as soon as search finds it; it keeps no copy.")
            return [ReceiptLine(label, "none", detail=text)]
        told = consumer_line(label, IndexFollower.name, event=event)
        row = IndexedEntry.objects.filter(pk=page.pk, live=True).first()
        if row is None:
            # Written in the transaction that publishes; the outbox makes up for what was missed.
            text = gettext("It is not among the answers: not for everybody, or no longer in force.")
            return [told if told.state != "done" else ReceiptLine(label, "none", detail=text)]
        lines = [ReceiptLine(label, "done", at=publication.since), told]
        wanted = embedding.fingerprint(serving.embedders().models)
        if wanted:
            lines.append(
                ReceiptLine(
                    gettext("Assistant: found by meaning"),
                    "done" if row.embedded == wanted else "waiting",
                    detail="" if row.embedded == wanted else gettext("Waits for vectors."),
                )
            )
        return lines
