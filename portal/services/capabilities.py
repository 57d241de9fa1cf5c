"""What the plugin does for others: guides by everyday words, for search, assistant and desk."""

from collections.abc import Sequence

from django.utils.translation import gettext, override

from portal.plugin_api import ServiceGuide, main_site_pk, service_guides

from .selectors.finding import find
from .selectors.lists import GuideRow, read_rows
from .selectors.shelf import SITE, shelf


class EverydayWords:
    """Answers ``service_guides``. One query once the guides of a language are in memory."""

    def find(
        self, text: str, *, site: int | None, language: str, count: int = 5
    ) -> Sequence[ServiceGuide]:
        found = shelf(language)
        among = found.all
        if site is not None:
            among = found.having(SITE, str(site)) | found.having(SITE, str(main_site_pk() or ""))
        pks = find(found, text, among=among, count=count)
        if not pks:
            return ()
        with override(language):
            return [_guide(row) for row in read_rows(found, pks)]


def _guide(row: GuideRow) -> ServiceGuide:
    facts = [
        (gettext("Time limit"), row.limit),
        (gettext("Fee"), row.fee),
        (gettext("Online level"), row.level),
        (gettext("Telephone"), row.phone),
    ]
    return ServiceGuide(
        key=f"page:{row.pk}",
        title=row.title,
        url=row.url,
        summary=row.summary,
        unit=row.unit,
        facts=[(label, value) for label, value in facts if value],
    )


service_guides.provide(EverydayWords())
