"""Entries as watched texts: their figures are those of the clauses that they cite."""

from collections.abc import Collection, Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistant.portal_plugin.models import QuestionPage, SourceKind
from portal.plugin_api import CitedClauses, WatchedPart, WatchedText, site_of_path

ENTRIES = "assistant.entries"
# The public version of an entry beside a draft that is being worked on.
PUBLIC = ":public"


class Entries:
    label = gettext_lazy("Questions and answers")

    def texts(
        self,
        *,
        site: int | None,
        keys: Collection[str] | None = None,
        document: int | None = None,
    ) -> Iterator[WatchedText]:
        pages = QuestionPage.objects.filter(alias_of=None)
        if keys is not None:
            pks = [key.removesuffix(PUBLIC) for key in keys]
            pages = pages.filter(pk__in=[pk for pk in pks if pk.isdecimal()])
        if document is not None:
            cites = Q(sources__target=document) | Q(translation_of__sources__target=document)
            pages = pages.filter(cites).distinct()
        yield from _versions(pages, site)


def _versions(pages: QuerySet[QuestionPage], site: int | None) -> Iterator[WatchedText]:
    """The newest version of each entry and, beside a draft, the one that the public reads."""
    for page in pages.select_related("translation_of").order_by("pk").iterator(chunk_size=100):
        if site_of_path(page.path) != site:
            continue
        newest = page.get_latest_revision_as_object() if page.latest_revision_id else page
        found = [(newest, str(page.pk))]
        if page.live and page.has_unpublished_changes:
            found.append((page, f"{page.pk}{PUBLIC}"))
        for version, key in found:
            text = text_of(version, key)
            if text.cites:
                yield text


def text_of(page: QuestionPage, key: str = "") -> WatchedText:
    """The words of an entry as an object holds them; a translation cites what its source does."""
    rows = list(page.sources.all())
    if not rows and page.translation_of is not None:
        rows = list(page.translation_of.sources.all())
    title = page.title
    if key.endswith(PUBLIC):
        title = _("%(title)s (as it is public)") % {"title": title}
    return WatchedText(
        key=key or str(page.pk or ""),
        title=title,
        edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.pk else "",
        language=page.language,
        parts=tuple(
            WatchedPart(name, text)
            for name, text in (("question", page.question), ("answer", page.answer_text))
            if text
        ),
        cites=tuple(
            CitedClauses(row.target_id, tuple(row.clauses or ())) for row in rows if row.target_id
        ),
        page=page.pk,
        rests_on_more=any(row.kind != SourceKind.POLICY for row in rows),
    )
