"""Results as the page shows them: names of sites and kinds, marks, cards, absolute where needed."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from portal.plugin_api import (
    PortalContext,
    SearchCard,
    chinese,
    local_day,
    local_phone,
    mark_text,
    phone_address,
    search_cards,
    search_kinds,
    trust_labels,
)
from portal.search.services.contract import Found
from portal.search.services.rules import rules_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """``language`` is set where it is not that of the page; ``site_name`` where it is not the site
    that asks. ``position`` is counted from 1, over all pages."""

    found: Found
    url: str
    title: SafeString
    snippet: SafeString
    position: int
    day: str
    kind_label: str
    site_name: str
    mark: str
    trust: str
    is_recommended: bool
    language: str
    card: SearchCard | None

    @property
    def is_over(self) -> bool:
        return bool(self.mark)

    @property
    def html(self) -> SafeString:
        """The item of the list. Not in a template: twenty results there are half the page."""
        classes, picture = "result", ""
        if self.is_recommended:
            classes += " result--first"
        if self.card is not None and self.card.picture:
            classes += " result--person"
            picture = (
                f'<img class="result__picture" src="{escape(self.card.picture)}" alt=""'
                ' width="72" height="96" loading="lazy">\n'
            )
        language = f' lang="{escape(self.language)}"' if self.language else ""
        parts = (self._heading(language), self._text(language), self._facts(), self._card())
        words = "\n".join(part for part in parts if part)
        return mark_safe(  # noqa: S308 - each part is escaped
            f'<li class="{classes}">\n{picture}<div class="result__words">\n{words}\n</div>\n</li>'
        )

    def _heading(self, language: str) -> str:
        link = f'{language} hreflang="{escape(self.language)}" dir="auto"' if language else ""
        first = ""
        if self.is_recommended:
            first = f'<span class="result__first">{escape(gettext("Recommended"))}</span> '
        mark = f' <span class="mark">{escape(self.mark)}</span>' if self.mark else ""
        return (
            f'<h2 class="result__title">{first}<a href="{escape(self.url)}"'
            f' data-key="{escape(self.found.key)}" data-position="{self.position}"{link}>'
            f"{self.title}</a>{mark}</h2>"
        )

    def _text(self, language: str) -> str:
        if self.card is not None and self.card.text:
            return f'<p class="result__snippet">{chinese(self.card.text)}</p>'
        if not self.snippet:
            return ""
        direction = ' dir="auto"' if language else ""
        return f'<p class="result__snippet"{language}{direction}>{self.snippet}</p>'

    def _facts(self) -> str:
        parts = []
        if self.kind_label:
            parts.append(f'<span class="result__kind">{escape(self.kind_label)}</span>')
        parts += [
            f"<span>{chinese(fact)}</span>" for fact in (self.found.number, self.site_name) if fact
        ]
        if self.day:
            shown = escape(local_day(self.day))
            parts.append(f'<time datetime="{self.day}">{shown}</time>')
        if self.trust:
            parts.append(f'<span class="result__trust">{escape(self.trust)}</span>')
        return f'<p class="result__facts">{"".join(parts)}</p>'

    def _card(self) -> str:
        if self.card is None:
            return ""
        facts = [(label, chinese(value)) for label, value in self.card.facts]
        if self.card.phone:
            shown = conditional_escape(local_phone(self.card.phone))
            link = f'<a href="{escape(phone_address(self.card.phone))}">{shown}</a>'
            facts.append((gettext("Telephone"), mark_safe(link)))  # noqa: S308 - escaped above
        rows = (f"<div><dt>{escape(label)}</dt><dd>{value}</dd></div>" for label, value in facts)
        card = f'<dl class="result-card">{"".join(rows)}</dl>' if facts else ""
        return f"{card}{self._links()}"

    def _links(self) -> str:
        if self.card is None or not self.card.links:
            return ""
        label = ""
        if self.card.links_label:
            label = f'<p class="result-links__label">{escape(self.card.links_label)}</p>'
        items = []
        for link in self.card.links:
            note = f' <span class="result-links__note">{escape(link.note)}</span>' * bool(link.note)
            items.append(f'<li><a href="{escape(link.url)}">{chinese(link.label)}</a>{note}</li>')
        listed = f'<ul class="result-links__list">{"".join(items)}</ul>'
        return f'<div class="result-links">{label}{listed}</div>'


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of results at a site, as visitors call them, in their order."""

    labels: Mapping[str, str]

    def label(self, kind: str) -> str:
        return self.labels.get(kind, "")


def kinds_of(site: int | None) -> Kinds:
    entries = sorted(search_kinds.entries(site), key=lambda entry: entry.item.order)
    return Kinds({entry.key.rpartition(".")[2]: str(entry.item.label) for entry in entries})


def results_of(
    found: Sequence[Found], portal: PortalContext, *, kinds: Kinds, first: int, language: str
) -> list[Result]:
    """What a page of results shows.

    Args:
        found: as search gives them.
        portal: the surroundings that they are shown in.
        kinds: of the site.
        first: the position of the first of them.
        language: what was looked for in; results in it need no mark when it is the page's.
    """
    cards = cards_of(found, portal)
    trusted = _trusted(found, portal)
    recommended = _recommended(portal.site_pk, found)
    return [
        Result(
            found=one,
            url=shown_url(one.url, portal),
            title=mark_safe(one.title_html or escape(one.title)),  # noqa: S308 - search escapes
            snippet=mark_safe(one.snippet_html),  # noqa: S308 - search escapes
            position=position,
            day=_day(one.date),
            kind_label=kinds.label(one.kind),
            site_name=site_name(one.site, portal),
            mark=mark_text(one.standing) if one.standing else "",
            trust=trusted.get(one.key, ""),
            is_recommended=one.key in recommended,
            language="" if one.language == portal.language else html_language(one.language),
            card=cards.get(one.key),
        )
        for position, one in enumerate(found, first)
    ]


def _day(date: datetime.datetime | None) -> str:
    """In ISO form: templates that format twenty moments cost more than the search."""
    return timezone.localtime(date).date().isoformat() if date is not None else ""


def shown_url(url: str, portal: PortalContext) -> str:
    """An address as this host needs it: those without a host lie at the portal's own."""
    if not url.startswith("/"):
        return url
    found = portal.structure
    main = next((root for root in found.roots if root.is_default), None)
    return url if main is None or main.host == portal.host else main.origin + url


def site_name(site: int | None, portal: PortalContext) -> str:
    """The name of another site than the one that is shown."""
    if site is None or site == portal.site_pk:
        return ""
    identity = portal.structure.identity(site, portal.language, portal.host)
    return identity.name if identity is not None else ""


def html_language(language: str) -> str:
    """As HTML writes it."""
    name, _, script = language.partition("-")
    return f"{name}-{script.title()}" if script else name


def cards_of(found: Sequence[Found], portal: PortalContext) -> dict[str, SearchCard]:
    """What plugins and the portal know more of these; who fails has none."""
    cards: dict[str, SearchCard] = {}
    for entry in search_cards.entries(portal.site_pk):
        kinds = entry.item.kinds
        pages = {o.key: o.page for o in found if o.kind in kinds and o.page is not None}
        if pages:
            cards |= entry.run(_asked(pages, portal), {})
    return cards


def _asked(pages: Mapping[str, int], portal: PortalContext) -> Any:
    def ask(item: Any) -> Mapping[str, SearchCard]:
        told: Mapping[str, SearchCard] = item.cards(
            pages, site=portal.site_pk, language=portal.language
        )
        return told

    return ask


def _trusted(found: Iterable[Found], portal: PortalContext) -> dict[str, str]:
    """Who made what stands in other languages than the source's, by key. One query."""
    pages = {
        one.key: one.page
        for one in found
        if one.page is not None and one.language != settings.LANGUAGE_CODE
    }
    labels = trust_labels(list(pages.values()), portal.site_pk)
    told = {key: str(labels[page].label) for key, page in pages.items() if page in labels}
    for one in found:
        if one.key not in told and one.trust != "human":
            told[one.key] = trust_words(one.trust)
    return told


def trust_words(trust: str) -> str:
    """How a text came to be, in words; "" for what people wrote."""
    return {
        "reviewed_machine": gettext("Machine translation, reviewed by a person"),
        "machine": gettext("Machine translation"),
    }.get(trust, "")


def _recommended(site: int | None, found: Sequence[Found]) -> frozenset[str]:
    """Those that editors have put first, while that holds. Exact hits stand first by themselves."""
    pinned = {one.key for one in found if one.pinned}
    if not pinned:
        return frozenset()
    now = timezone.now()
    bets = rules_for(site).best_bets
    return frozenset(
        bet.key for bet in bets if bet.key in pinned and _holds(bet.since, bet.until, now)
    )


def _holds(
    since: datetime.datetime | None, until: datetime.datetime | None, now: datetime.datetime
) -> bool:
    return (since is None or since <= now) and (until is None or now < until)
