"""What guides rest on: documents of the portal down to the clause, and laws elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.plugin_api import ClauseText, PublishProblem, mark_text, public_urls
from portal.services.clause_lookup import texts_of
from portal.services.models import GuideBasis, GuidePage


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of the basis: a clause with its name and permalink, or what an editor wrote."""

    text: str
    label: str = ""
    url: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ShownBasis:
    """``mark`` for what is not in force; ``is_external`` where the address leads elsewhere."""

    title: str
    url: str = ""
    mark: str = ""
    is_external: bool = False
    excerpts: Sequence[Excerpt] = ()


def shown_basis(page: GuidePage) -> list[ShownBasis]:
    """Four queries where clauses are cited, one otherwise.

    Documents that were never public are named by nobody: only what the editor wrote is shown.
    """
    rows = list(page.basis.all() if not page.pk else page.basis.select_related("target").all())
    urls = addresses_of(rows)
    texts = texts_of(cite for row in rows if row.target_id in urls for cite in _cites_of(row))
    return [shown for row in rows if (shown := _shown(row, urls, texts)) is not None]


def addresses_of(rows: Iterable[GuideBasis]) -> Mapping[int, str]:
    """The addresses of the documents among the rows that are public now, by primary key."""
    targets = [row.target for row in rows if row.target is not None and row.target.live]
    return public_urls([(page.pk, page.path, page.url_path) for page in targets])


def may_be_named(row: GuideBasis, urls: Mapping[int, str]) -> bool:
    """Whether the document is public, or was before it was withdrawn."""
    target = row.target
    if target is None:
        return False
    return target.pk in urls or (not target.live and target.first_published_at is not None)


def _shown(
    row: GuideBasis, urls: Mapping[int, str], texts: Mapping[tuple[int, str], ClauseText]
) -> ShownBasis | None:
    own = [Excerpt(row.excerpt)] if row.excerpt else []
    target = row.target
    if target is None or not may_be_named(row, urls):
        return ShownBasis(row.label, row.url, "", bool(row.url), own) if row.label else None
    clauses = [texts.get((target.pk, clause)) for clause in row.clauses or ()]
    excerpts = [
        Excerpt(text.text, text.label, text.url, _mark(text.standing))
        for text in clauses
        if text is not None
    ]
    whole = texts.get((target.pk, ""))
    mark = _("Withdrawn") if not target.live else _mark(whole.standing if whole else "")
    return ShownBasis(
        row.label or target.title, urls.get(target.pk, ""), mark, False, excerpts or own
    )


def _cites_of(row: GuideBasis) -> list[tuple[object, Sequence[str]]]:
    """The document as a whole, for its standing, and the clauses."""
    cites: list[tuple[object, Sequence[str]]] = [(row.target, ())]
    if row.clauses:
        cites.append((row.target, tuple(row.clauses)))
    return cites


def _mark(standing: str) -> str:
    return mark_text(standing) if standing else ""


def ended_problems(page: GuidePage) -> list[PublishProblem]:
    """A warning for each document or clause that is not in force now, or not public."""
    now = timezone.now()
    named = [row for row in page.basis.all() if row.target is not None]
    rows = [row for row in named if row.target.live]
    texts = texts_of(cite for row in rows for cite in _cites_of(row))
    problems = [
        PublishProblem(
            _("The basis “%(name)s” is not public: visitors do not see it.")
            % {"name": row.target.title},
            None,
            blocking=False,
            code="basis",
        )
        for row in named
        if not row.target.live
    ]
    for text in texts.values():
        if text.is_in_force(now) and not _ended(text.standing):
            continue
        name = f"{text.title} {text.label}".strip()
        message = _("The basis “%(name)s” is not in force (%(state)s).") % {
            "name": name,
            "state": _mark(text.standing),
        }
        problems.append(PublishProblem(message, None, blocking=False, code="basis"))
    return problems


def _ended(standing: str) -> bool:
    return standing in ("repealed", "expired", "not_yet_effective")
