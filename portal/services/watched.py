"""Guides as watched texts: limits, fees and the like are those of the clauses that they cite."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.plugin_api import CitedClauses, WatchedPart, WatchedText, plain_text, site_of_path

from .models import GuidePage

GUIDES = "services.guides"
# The public version of a guide beside a draft that is being worked on.
PUBLIC = ":public"
# Fields whose figures a regulation decides; telephone numbers and addresses are the office's own.
_FIELDS = ("summary", "promised_limit", "legal_limit", "fee_standard", "special_steps")


class WatchedGuides:
    """In the registry ``watched_texts``."""

    label = gettext_lazy("Service guides")

    def texts(
        self,
        *,
        site: int | None,
        keys: Collection[str] | None = None,
        document: int | None = None,
    ) -> Iterator[WatchedText]:
        pages = GuidePage.objects.filter(alias_of=None)
        if keys is not None:
            pks = [key.removesuffix(PUBLIC) for key in keys]
            pages = pages.filter(pk__in=[pk for pk in pks if pk.isdecimal()])
        if document is not None:
            pages = pages.filter(basis__target=document).distinct()
        yield from _versions(pages, site)


def _versions(pages: QuerySet[GuidePage], site: int | None) -> Iterator[WatchedText]:
    """The newest version of each guide and, beside a draft, the one that the public reads."""
    for page in pages.order_by("pk").iterator(chunk_size=100):
        if site_of_path(page.path) != site:
            continue
        newest: Any = page.get_latest_revision_as_object() if page.latest_revision_id else page
        found = [(newest, str(page.pk))]
        if page.live and page.has_unpublished_changes:
            found.append((page, f"{page.pk}{PUBLIC}"))
        for version, key in found:
            text = text_of(version, key)
            if text.cites:
                yield text


def text_of(page: GuidePage, key: str = "") -> WatchedText:
    """The words of a guide as an object holds them."""
    rows = list(page.basis.all())
    title = page.title
    if key.endswith(PUBLIC):
        title = _("%(title)s (as it is public)") % {"title": title}
    parts = [(name, getattr(page, name)) for name in _FIELDS]
    parts += [("conditions", plain_text(page.conditions)), ("notes", plain_text(page.notes))]
    parts.append(
        ("materials", "\n".join(f"{r.name} {r.instruction}" for r in page.materials.all()))
    )
    parts.append(("steps", "\n".join(f"{r.name} {r.text} {r.duration}" for r in page.steps.all())))
    return WatchedText(
        key=key or str(page.pk or ""),
        title=title,
        edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.pk else "",
        language=page.written_in,
        parts=tuple(WatchedPart(name, text) for name, text in parts if text.strip()),
        cites=tuple(
            CitedClauses(row.target_id, tuple(row.clauses or ())) for row in rows if row.target_id
        ),
        page=page.pk,
        # Practice knows more figures than the regulation does; only contradictions are told.
        rests_on_more=True,
    )
