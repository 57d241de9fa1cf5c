"""What search results show of documents and their interpretations."""

from collections.abc import Mapping, Sequence

from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import CardLink, SearchCard, date_text, page_today, public_urls

from .models import InterpretationLink, PolicyRecord, ProductForm
from .selectors.library import DATES
from .validity import Dates, validity_on

SHOWN = 3
_FORMS = dict(ProductForm.choices)


class DocumentCards:
    """The body that issued a document, whether it is in force, and what interprets it."""

    kinds: Sequence[str] = ("policy",)

    def cards(
        self, pages: Mapping[str, int], *, site: int | None, language: str
    ) -> Mapping[str, SearchCard]:
        """Two queries, whatever the number of documents."""
        pks = set(pages.values())
        today = page_today()
        facts = {}
        for row in PolicyRecord.objects.filter(page__in=pks).values("page_id", "bodies", *DATES):
            validity = validity_on(Dates(**{name: row[name] for name in DATES}), today)
            found = [(_("Validity"), validity.label)]
            if row["bodies"]:
                found.insert(0, (_("Issuing body"), row["bodies"]))
            facts[row["page_id"]] = found
        links = _interpretations(pks)
        return {
            key: SearchCard(
                facts=facts.get(pk, ()),
                links=links.get(pk, ())[:SHOWN],
                links_label=gettext("Interpretations") if pk in links else "",
            )
            for key, pk in pages.items()
            if pk in facts
        }


class InterpretationCards:
    """The documents that a product interprets."""

    kinds: Sequence[str] = ("interpretation",)

    def cards(
        self, pages: Mapping[str, int], *, site: int | None, language: str
    ) -> Mapping[str, SearchCard]:
        """One query."""
        rows = list(
            InterpretationLink.objects.filter(page__in=set(pages.values()), policy__live=True)
            .order_by("page_id", "sort_order")
            .values_list(
                "page_id", "policy__title", "policy_id", "policy__path", "policy__url_path"
            )
        )
        urls = public_urls(row[2:] for row in rows)
        links: dict[int, list[CardLink]] = {}
        for page, title, policy, _path, _url_path in rows:
            if policy in urls:
                links.setdefault(page, []).append(CardLink(title, urls[policy]))
        return {
            key: SearchCard(links=links[pk][:SHOWN], links_label=gettext("Interprets"))
            for key, pk in pages.items()
            if pk in links
        }


def _interpretations(policies: set[int]) -> dict[int, list[CardLink]]:
    """By document, the newest first."""
    rows = list(
        InterpretationLink.objects.filter(
            policy__in=policies,
            page__live=True,
            page__alias_of__isnull=True,
            page__locale_id=F("policy__locale_id"),
        )
        .order_by(F("page__date").desc(nulls_last=True), "-page_id")
        .values_list(
            "policy_id", "page_id", "page__path", "page__url_path", "page__title", "page__form",
            "page__date",
        )
    )  # fmt: skip
    urls = public_urls(row[1:4] for row in rows)
    found: dict[int, list[CardLink]] = {}
    for policy, page, _path, _url_path, title, form, date in rows:
        if page in urls:
            note = " ".join(t for t in (str(_FORMS.get(form, "")), date_text(date)[:10]) if t)
            found.setdefault(policy, []).append(CardLink(title, urls[page], note))
    return found
